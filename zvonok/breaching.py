"""What the office does about stolen accounts at the command line: reports, lists what was done, voids it by an act."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from core import free_text
from core.actor import OFFICE, Act
from core.audit import breaches, voiding
from core.audit.audit_log import AuditLine
from core.audit.breaches import Breach, BreachNotice, UsedAccount, Whom
from core.audit.voiding import REFUSED, VoidLine
from core.person import people
from core.refusals import NotFound
from core.school import schools
from core.school.schools import SchoolCard
from texts.reader import load
from zvonok.installation import Installation
from zvonok.trouble import OfficeError

WALL_CLOCK = "%Y-%m-%d %H:%M"
SHORT = 8
"""Characters of an id that are enough to name one of a school's notices."""


@dataclass(frozen=True, slots=True)
class Reported:
    """What the office was told, in its own words; moments by the school's wall clock."""

    name: str
    account: str | None
    """Its channel, or the beginning of its id; None: he has one."""
    found: str | None
    head_told: str | None
    support_told: str | None


def check(reported: Reported) -> None:
    """Look whether moments can be read, before a database is started for them. Raises ``OfficeError``."""
    for written in (reported.found, reported.head_told, reported.support_told):
        if written is not None:
            _wall_clock(written)


async def report(here: Installation, school_name: str | None, reported: Reported) -> list[str]:
    """Record a notice and say what follows from it."""
    now = here.school_clock.now()
    async with here.journal() as database, database.begin() as session:
        school = await schools.find(session, school_name)
        person = await _person(session, school, reported.name)
        account = await _account(session, person, reported.account)
        told = {Whom.HEAD: reported.head_told, Whom.SUPPORT: reported.support_told}
        notice = BreachNotice(
            person,
            account,
            _moment(reported.found, school) or now,
            {whom: at for whom, written in told.items() if (at := _moment(written, school)) is not None},
        )
        breach = await breaches.report(session, Act(OFFICE, now, f"breach:{uuid4()}"), notice)
    return [_line(breach, school)]


async def listed(here: Installation, school_name: str | None) -> list[str]:
    """List a school's notices, those without an act first."""
    async with here.journal() as database, database.begin() as session:
        school = await schools.find(session, school_name)
        found = await breaches.of_school(session, OFFICE, school.id, here.school_clock.now())
    return [_line(breach, school) for breach in found] or [load("ru").format("breach-none")]


async def show(here: Installation, school_name: str | None, number: str) -> list[str]:
    """Show a notice with what was done under the account since, or with its act."""
    now = here.school_clock.now()
    async with here.journal() as database, database.begin() as session:
        school = await schools.find(session, school_name)
        breach = await _breach(session, school, number, now)
        if breach.act_at is None:
            done = await breaches.operations(session, OFFICE, breach.id, now)
            lines = [_operation(line, school) for line in done]
        else:
            lines = _voided((await voiding.act_of(session, OFFICE, breach.id, now)).lines, school)
    return [_line(breach, school), *(lines or [load("ru").format("breach-no-operations")])]


async def void(here: Installation, school_name: str | None, number: str, act_number: str) -> list[str]:
    """Void by an act what was done under the account; say of each operation what became of it."""
    now = here.school_clock.now()
    async with here.journal() as database, database.begin() as session:
        school = await schools.find(session, school_name)
        breach = await _breach(session, school, number, now)
        act = await voiding.void(session, Act(OFFICE, now, f"breach-void:{uuid4()}"), breach.id, act_number)
    say = load("ru").format
    left = sum(not one.undone for one in act.lines)
    return [*_voided(act.lines, school), say("breach-voided", number=act.number, count=len(act.lines), left=left)]


async def _person(session: AsyncSession, school: SchoolCard, name: str) -> UUID:
    found = await people.by_name(session, school, free_text.plain(name))
    if not found:
        raise NotFound("person-unknown", name=name)
    if len(found) > 1:
        raise OfficeError(load("ru").format("breach-several-people", name=name))
    return found[0]


async def _account(session: AsyncSession, person: UUID, which: str | None) -> UUID:
    every = await breaches.accounts_of(session, person)
    found = [one for one in every if which in {None, one.channel, str(one.account)[:SHORT], str(one.account)}]
    if not found:
        raise NotFound("breach-account-unknown")
    if len(found) > 1:
        raise OfficeError(load("ru").format("breach-several-accounts", accounts=", ".join(map(_called, found))))
    return found[0].account


def _called(one: UsedAccount) -> str:
    """Call an account so that the office can tell a lost phone from the new one."""
    called = f"{one.channel} {str(one.account)[:SHORT]}"
    return load("ru").format("breach-former-account", account=called) if one.is_former else called


async def _breach(session: AsyncSession, school: SchoolCard, number: str, now: datetime) -> Breach:
    """Find a notice by the beginning of its id, as lists show it."""
    every = await breaches.of_school(session, OFFICE, school.id, now)
    found = [one for one in every if len(number) >= SHORT and str(one.id).startswith(number.lower())]
    if len(found) != 1:
        raise NotFound("breach-unknown")
    return found[0]


def _line(breach: Breach, school: SchoolCard) -> str:
    say = load("ru").format
    state = "breach-line-late" if breach.is_late else "breach-line"
    line = say(
        state,
        number=str(breach.id)[:SHORT],
        name=breach.name.in_full(),
        channel=breach.channel,
        found=_shown(breach.found_at, school),
        by=_shown(breach.report_by, school),
        told=_shown(breach.void_from, school),
    )
    if breach.act_at is None:
        return line
    return f"{line} {say('breach-line-act', number=breach.act_number or '', at=_shown(breach.act_at, school))}"


def _voided(lines: tuple[VoidLine, ...], school: SchoolCard) -> list[str]:
    say = load("ru").format
    told = []
    for one in lines:
        refused = one.note.startswith(REFUSED)
        outcome = say("breach-outcome-refused", code=one.note[len(REFUSED) :]) if refused else None
        told.append(f"{_operation(one.line, school)}: {outcome or say(f'breach-outcome-{one.note}')}")
    return told


def _operation(line: AuditLine, school: SchoolCard) -> str:
    texts = load("ru")
    name = f"audit-action-{line.action.replace('.', '-')}"
    action = texts.format(name) if texts.has(name) else line.action
    return f"  {_shown(line.at, school)}  {action} ({line.subject})"


def _shown(at: datetime, school: SchoolCard) -> str:
    return at.astimezone(ZoneInfo(school.zone)).strftime("%d.%m.%Y %H:%M")


def _moment(written: str | None, school: SchoolCard) -> datetime | None:
    return None if written is None else _wall_clock(written).replace(tzinfo=ZoneInfo(school.zone))


def _wall_clock(written: str) -> datetime:
    try:
        return datetime.strptime(written.replace("T", " "), WALL_CLOCK)  # noqa: DTZ007 - the school's zone is put in where it is known
    except ValueError:
        raise OfficeError(load("ru").format("breach-moment", written=written)) from None
