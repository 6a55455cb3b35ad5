"""``zvonok logins``: logins with first passwords, printed to be cut apart and handed out; closing them again."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from core.account import identity_documents, identity_provider, logins, second_factor
from core.account.identity_documents import Document
from core.account.logins import Issued, IssuedLogin
from core.account.password_hashing import Hasher
from core.actor import OFFICE, Act
from core.person import people
from core.school import schools
from core.school.schools import SchoolCard
from texts.reader import load
from zvonok import named
from zvonok.installation import Installation
from zvonok.trouble import OfficeError


@dataclass(frozen=True, slots=True)
class Whose:
    """Parents of a class, its pupils, the staff, or one person."""

    parents_of: str | None = None
    pupils_of: str | None = None
    person: str | None = None
    staff: bool = False


def check_whose(whose: Whose) -> None:
    """Look whether anybody is named. Raises ``OfficeError``."""
    if not (whose.parents_of or whose.pupils_of or whose.person or whose.staff):
        raise OfficeError("Скажите, кому выдать логины: --class 5А, --pupils 5А, --staff или --person «Фамилия Имя».")


async def issue(here: Installation, school_name: str | None, whose: Whose) -> list[str]:
    """Issue logins, or new first passwords to those who have them; return the lines to hand out."""
    check_whose(whose)
    now = here.school_clock.now()
    async with here.journal() as database, database.begin() as session:
        school = await schools.find(session, school_name)
        persons = await _persons(session, school, whose, now)
        made = await logins.issue(session, _act(now), Hasher(), persons)
    if not made.logins and not made.left_out:
        raise OfficeError("Выдавать некому: подходящих людей в журнале нет.")
    return _lines(here, made)


async def close(here: Installation, school_name: str | None, name: str, why: str) -> list[str]:
    """Close the login of one person."""
    now = here.school_clock.now()
    async with here.journal() as database, database.begin() as session:
        person = await named.the_one(session, await schools.find(session, school_name), name)
        await logins.close(session, _act(now), person, why)
    return [load("ru").format("office-login-closed", name=name)]


async def drop_second_factor(here: Installation, school_name: str | None, name: str) -> list[str]:
    """Take off the second factor of somebody who has lost his phone and his recovery codes."""
    now = here.school_clock.now()
    async with here.journal() as database, database.begin() as session:
        person = await named.the_one(session, await schools.find(session, school_name), name)
        await second_factor.take_off_for(session, _act(now), person)
    return [load("ru").format("office-second-factor-off", name=name)]


async def reopen_provider(here: Installation, school_name: str | None, name: str) -> list[str]:
    """Open the identity provider's way for one person again, which a reported stranger's entering had closed."""
    now = here.school_clock.now()
    async with here.journal() as database, database.begin() as session:
        person = await named.the_one(session, await schools.find(session, school_name), name)
        await identity_provider.reopen(session, _act(now), person)
    return [load("ru").format("office-provider-reopened", name=name)]


async def put_document(here: Installation, school_name: str | None, name: str, document: Document) -> list[str]:
    """Keep the hash of one person's identity document, by which a provider's word is compared."""
    now = here.school_clock.now()
    async with here.journal() as database, database.begin() as session:
        person = await named.the_one(session, await schools.find(session, school_name), name)
        await identity_documents.put(session, _act(now), here.secret.account_keeper(), person, document)
    return [load("ru").format("office-document-kept", name=name)]


def _act(now: datetime) -> Act:
    return Act(OFFICE, now, f"office/{uuid4()}")


async def _persons(session: AsyncSession, school: SchoolCard, whose: Whose, now: datetime) -> list[UUID]:
    found: list[UUID] = []
    if whose.parents_of:
        found += await people.guardians_of_class(session, school, whose.parents_of.upper(), now)
    if whose.pupils_of:
        found += await people.pupils_of_class(session, school, whose.pupils_of.upper())
    if whose.staff:
        found += await people.staff_of(session, school, now)
    if whose.person:
        found.append(await named.the_one(session, school, whose.person))
    return found


def _lines(here: Installation, made: Issued) -> list[str]:
    say = load("ru").format
    lines = [_line(one) for one in made.logins]
    if made.logins and here.settings.public_url is not None:
        lines.append(say("office-login-where", url=here.settings.public_url))
    for why in ("no-consent", "nobody", "login-closed", "meanwhile"):
        names = [one.name.in_full() for one in made.left_out if one.why == why]
        if names:
            lines += [say(f"office-login-{why}"), *(f"  {name}" for name in names)]
    return lines


def _line(one: IssuedLogin) -> str:
    children = f" — {'; '.join(one.children)}" if one.children else ""
    return load("ru").format(
        "office-login-line",
        login=one.login,
        password=one.password,
        name=one.name.in_full(),
        children=children,
        until=f"{one.expires_at:%d.%m.%Y}",
    )
