"""The second factor of staff: six digits of an application, by time (RFC 6238), and recovery codes for a lost phone.

The secret is kept sealed, recovery codes as keyed hashes. A code is accepted once: whoever looked over a shoulder
comes too late.
"""

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from hmac import compare_digest
from uuid import UUID

from pyotp import TOTP, random_base32
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from core.account import admission, handing_out, logins, sessions
from core.account.account_keeper import AccountKeeper
from core.account.account_tables import SecondFactor
from core.account.accounts import CODE_ALPHABET
from core.account.admission import Kind
from core.actor import Act
from core.journal import first_time
from core.refusals import Conflict, Forbidden, NotFound
from core.tables import Account

USE = "second-factor"
STEP_SECONDS = 30
DRIFT = 1
"""Steps by which a phone's clock may be wrong. Source: RFC 6238 §5.2."""
RECOVERY_CODES, RECOVERY_LENGTH = 8, 10
ISSUER = "Звонок"


@dataclass(frozen=True, slots=True)
class Begun:
    """What an application is given, once."""

    secret: str = field(repr=False)
    uri: str = field(repr=False)
    """``otpauth://…``, for a QR code."""


async def begin(session: AsyncSession, act: Act, keeper: AccountKeeper) -> Begun:
    """Make a secret for the actor's application; nothing is asked at the door until ``confirm``.

    Whoever lets browsers call this has asked for the password anew (``Passwords.prove``): a stay left open must not
    lock its owner out. Raises ``Forbidden`` for those who do not work here, ``Conflict`` if a second factor is set up
    already.
    """
    account = await _own(session, act)
    secret = random_base32()
    sealed = keeper.seal(USE, secret)
    # Of two beginnings at once the second waits for the first, and its secret is the one that counts.
    put = insert(SecondFactor).values(account_id=account, secret_sealed=sealed, recovery=[])
    anew = put.on_conflict_do_update(
        index_elements=["account_id"], set_={"secret_sealed": sealed}, where=SecondFactor.confirmed_at.is_(None)
    )
    if (await session.execute(anew.returning(SecondFactor.account_id))).scalar_one_or_none() is None:
        raise Conflict("second-factor-set-up")
    login = (await session.get_one(Account, account)).external_id
    return Begun(secret, TOTP(secret, interval=STEP_SECONDS).provisioning_uri(name=login, issuer_name=ISSUER))


async def confirm(session: AsyncSession, act: Act, keeper: AccountKeeper, code: str, machine: datetime) -> list[str]:
    """Put the second factor in force by its first code; return the recovery codes, shown once.

    Raises ``Conflict`` (in force already), ``NotFound`` (not begun), ``Forbidden`` (wrong code).
    """
    account = await _own(session, act)
    row = await session.get(SecondFactor, account, with_for_update=True)
    if row is None:
        raise NotFound("second-factor-not-begun")
    if row.confirmed_at is not None:
        raise Conflict("second-factor-set-up")
    row.last_step = _step_of(row, keeper, code, machine)
    row.confirmed_at = act.at
    codes = ["".join(secrets.choice(CODE_ALPHABET) for _ in range(RECOVERY_LENGTH)) for _ in range(RECOVERY_CODES)]
    row.recovery = [_hash(keeper, account, one) for one in codes]
    await session.flush()
    await logins.note(session, act.actor, account, act.at, "second-factor.on")
    return codes


async def accept(session: AsyncSession, keeper: AccountKeeper, account: UUID, code: str, machine: datetime) -> None:
    """Accept a code of the application once. Raises ``Forbidden`` for a wrong one, and for one accepted before."""
    row = await _confirmed(session, account)
    row.last_step = _step_of(row, keeper, code, machine)
    await session.flush()


async def accept_recovery(session: AsyncSession, act: Act, keeper: AccountKeeper, account: UUID, code: str) -> bool:
    """Accept a recovery code once, and write down that one was used; tell whether it is one.

    Fifty bits need no count of tries, so that no stranger's tries take this way from the owner.
    """
    row = await _confirmed(session, account)
    used = _hash(keeper, account, code)
    if used not in row.recovery:
        return False
    row.recovery = [one for one in row.recovery if one != used]
    await session.flush()
    await logins.note(session, act.actor, account, act.at, "second-factor.recovery")
    return True


async def _confirmed(session: AsyncSession, account: UUID) -> SecondFactor:
    row = await session.get(SecondFactor, account, with_for_update=True, populate_existing=True)
    if row is None or row.confirmed_at is None:
        raise Forbidden("second-factor-not-due")
    return row


async def take_off(session: AsyncSession, act: Act, account: UUID) -> None:
    """Take an account's second factor off: its owner's wish, whose code was accepted in this transaction.

    Raises ``NotFound`` if there is none.
    """
    row = await session.get(SecondFactor, account, with_for_update=True)
    if row is None:
        raise NotFound("second-factor-not-begun")
    await session.delete(row)
    await session.flush()
    await logins.note(session, act.actor, account, act.at, "second-factor.off")


async def take_off_for(session: AsyncSession, act: Act, person: UUID) -> None:
    """Take off the second factor of somebody who has lost phone and recovery codes; his identity was checked by eye.

    Raises ``Forbidden``, ``NotFound``.
    """
    await handing_out.demand_manage(session, act.actor, person, act.at)
    account = await logins.of_person(session, person)
    if account is None:
        raise NotFound("login-unknown")
    if await first_time(session, act.key, act.at):
        await take_off(session, act, account.id)


async def _own(session: AsyncSession, act: Act) -> UUID:
    """Return the actor's own account. Raises ``Forbidden`` for those who do not work here."""
    actor = act.actor
    if actor.account is None or actor.person is None:
        raise Forbidden("second-factor-staff-only")
    await sessions.demand_own(session, actor, act.at)
    if Kind.STAFF not in (await admission.of_person(session, actor.person, act.at)).kinds:
        raise Forbidden("second-factor-staff-only")
    return actor.account


def _step_of(row: SecondFactor, keeper: AccountKeeper, code: str, machine: datetime) -> int:
    """Return the time step of a code. Raises ``Forbidden`` if it is of none now, or not newer than the last one."""
    generator = TOTP(keeper.open(USE, row.secret_sealed), interval=STEP_SECONDS)
    now = int(machine.timestamp()) // STEP_SECONDS
    typed = code.replace(" ", "").encode()
    # Every step is compared, so that the time taken tells nothing.
    fits = [step for step in range(now - DRIFT, now + DRIFT + 1) if compare_digest(_at(generator, step), typed)]
    fresh = [step for step in fits if row.last_step is None or step > row.last_step]
    if not fresh:
        raise Forbidden("second-factor-wrong")
    return fresh[0]


def _at(generator: TOTP, step: int) -> bytes:
    return generator.generate_otp(step).encode()


def _hash(keeper: AccountKeeper, account: UUID, code: str) -> str:
    plain = code.upper().replace(" ", "").replace("-", "")
    return keeper.hash("recovery", f"{account}:{plain}").hex()
