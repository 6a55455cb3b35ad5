"""Stays in a messenger's Mini App: begun for the owner of a chat, whom the messenger itself has named.

They open the Mini App and nothing else (``sessions.Door.APP``): a teacher does there what his chat lets him do anyway.
A chat that was closed, or that its owner has left, opens nothing.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.account import admission, logins, sessions
from core.account.account_keeper import AccountKeeper
from core.account.accounts import MessengerAccount
from core.account.admission import Kind
from core.account.sessions import Arrival, Door, Opened, Proof, Visitor
from core.actor import Actor
from core.refusals import Forbidden
from core.rule_book.values import LoginMethod
from core.tables import Account


async def begin(
    session: AsyncSession, keeper: AccountKeeper, chat: MessengerAccount, device: str, now: datetime
) -> Opened:
    """Begin a stay of an employee. Raises ``Forbidden``: a stranger's or a closed chat, nobody who works here."""
    query = select(Account.id).where(
        Account.channel == chat.channel, Account.external_id == chat.external_id, Account.closed_at.is_(None)
    )
    account = (await session.execute(query.with_for_update(read=True))).scalar_one_or_none()
    persons = [] if account is None else await logins.persons_of(session, account)
    if account is None or not persons:
        raise Forbidden("account-not-linked")
    for person in persons:
        kinds = (await admission.of_person(session, person.id, now)).kinds
        if Kind.STAFF in kinds:
            # As a chat does, it asks for no way to enter (CONF-11): it is the chat.
            arrival = Arrival(account, person.id, kinds, LoginMethod.PASSWORD, device, Proof.APP)
            return await sessions.begin(session, keeper, arrival, now)
    raise Forbidden("app-for-employees")


async def visitor(session: AsyncSession, keeper: AccountKeeper, token: str, now: datetime) -> Visitor:
    """Tell who shows a token of a Mini App. Raises ``Forbidden`` ("session-over") as ``sessions.visitor`` does."""
    return await sessions.visitor(session, keeper, token, now, Door.APP)


async def actors(session: AsyncSession, here: Visitor) -> tuple[Actor, ...]:
    """Return as whom the visitor may act: each person of his chat, such as the same teacher at two schools."""
    if here.actor.account is None:
        raise Forbidden("session-over")
    persons = await logins.persons_of(session, here.actor.account)
    return tuple(Actor(via=here.actor.via, person=person.id, account=here.actor.account) for person in persons)
