"""The school year at the command line: set by a file, shown, checked for readiness; rooms, subjects, shifts."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from core.actor import OFFICE, Act
from core.person.class_titles import title_order
from core.plan import readiness, rooms, shifts, subjects, years
from core.plan.rooms import RoomCard, RoomDraft
from core.plan.subject_names import key
from core.plan.subjects import PlanPart, SubjectCard, SubjectDraft
from core.plan.years import BellsRefused, CalendarRefused, SlotsWithoutBells
from core.refusals import NotFound
from core.school import schools
from core.school.schools import SchoolCard
from core.school_time import school_date, school_year_of_lists
from core.timetable import reading
from core.year.calendar_problems import describe
from core.year.weekly import Service
from core.year.words import day_words
from texts.reader import load
from zvonok import named, year_file, year_words
from zvonok.installation import Installation
from zvonok.lessons import open_days
from zvonok.trouble import OfficeError
from zvonok.year_file import YearFile

_SAY = load("ru").format
type Work = Callable[[SchoolCard, AsyncSession], Awaitable[list[str]]]


@dataclass(frozen=True, slots=True)
class RoomWords:
    """What the office says of a room; None: as it is."""

    name: str | None = None
    seats: int | None = None
    shared: bool | None = None


@dataclass(frozen=True, slots=True)
class SubjectWords:
    """What the office says of a subject; None: as it is."""

    name: str | None = None
    part: PlanPart | None = None
    service: Service | None = None


def read_file(path: Path) -> YearFile:
    """Read a file before a database is started for it. Raises ``OfficeError``."""
    try:
        with path.open("rb") as file:
            content = file.read(year_file.BYTES + 1)
    except FileNotFoundError:
        raise OfficeError(_SAY("year-file-none", path=str(path))) from None
    except OSError as error:
        raise OfficeError(_SAY("year-file-closed", path=str(path), why=type(error).__name__)) from None
    return year_file.read(content)


async def set_year(here: Installation, school_name: str | None, read: YearFile, *, dry: bool) -> list[str]:
    """Set calendar and bells by a file, or say what it would change. Raises ``OfficeError`` with every problem."""
    async with here.journal() as database:
        async with database.begin() as session:
            school = await schools.find(session, school_name)
            lines = await _set(session, here, school, read)
            warnings = await _warnings(session, school, read)
            if dry:
                # What was set was set only to be looked at.
                await session.rollback()
                return [*lines, *warnings, _SAY("year-only-looked")] if lines else [_SAY("year-same"), *warnings]
        if lines:
            await open_days(here, database)
    head = _SAY("year-was-set", years=year_words.years(read.calendar.year)) if lines else _SAY("year-same")
    return [head, *lines, *warnings]


async def show(here: Installation, school_name: str | None, year: int | None) -> list[str]:
    """Show calendar and bells of a year."""

    async def work(school: SchoolCard, session: AsyncSession) -> list[str]:
        wanted = year or _coming(here, school)
        lines = await _shown(session, here, school, wanted)
        return lines or [_SAY("year-not-set", years=year_words.years(wanted))]

    return await _at(here, school_name, work)


async def ready(here: Installation, school_name: str | None, year: int | None) -> list[str]:
    """Show which sections of the year are formed, and what is missing."""

    async def work(school: SchoolCard, session: AsyncSession) -> list[str]:
        wanted = year or _coming(here, school)
        found = await readiness.of_year(session, OFFICE, school.id, wanted, here.school_clock.now())
        return year_words.readiness_lines(found)

    return await _at(here, school_name, work)


async def shift(here: Installation, school_name: str | None, number: int, titles: Sequence[str]) -> list[str]:
    """Say in which shift classes learn; all of them, or none."""

    async def work(school: SchoolCard, session: AsyncSession) -> list[str]:
        for title in titles:
            found = await named.school_class(session, school, title)
            await shifts.set_shift(session, _act(here), found, number)
        classes = ", ".join(sorted((title.upper() for title in titles), key=title_order))
        return [_SAY("year-shift-set", shift=str(number), classes=classes)]

    return await _at(here, school_name, work)


async def list_rooms(here: Installation, school_name: str | None) -> list[str]:
    """List the rooms."""

    async def work(school: SchoolCard, session: AsyncSession) -> list[str]:
        cards = await rooms.listed(session, OFFICE, school.id, here.school_clock.now())
        return [_room(card) for card in cards] or [_SAY("rooms-none")]

    return await _at(here, school_name, work)


async def add_rooms(here: Installation, school_name: str | None, names: Sequence[str], words: RoomWords) -> list[str]:
    """Add rooms that are alike; all of them, or none."""

    async def work(school: SchoolCard, session: AsyncSession) -> list[str]:
        for name in names:
            draft = RoomDraft(name, words.seats, shared=bool(words.shared))
            await rooms.add(session, _act(here), school.id, draft)
        return [_SAY("rooms-added", count=len(names))]

    return await _at(here, school_name, work)


async def change_room(here: Installation, school_name: str | None, name: str, words: RoomWords) -> list[str]:
    """Change a room."""

    async def work(school: SchoolCard, session: AsyncSession) -> list[str]:
        card = await _room_of(session, here, school, name)
        draft = RoomDraft(
            words.name or card.name,
            card.seats if words.seats is None else words.seats,
            shared=card.shared if words.shared is None else words.shared,
        )
        await rooms.change(session, _act(here), card.id, draft)
        return [_room(replace(card, name=draft.name, seats=draft.seats, shared=draft.shared))]

    return await _at(here, school_name, work)


async def close_room(here: Installation, school_name: str | None, name: str, *, closed: bool) -> list[str]:
    """Close a room, or open it again."""

    async def work(school: SchoolCard, session: AsyncSession) -> list[str]:
        card = await _room_of(session, here, school, name)
        await rooms.set_closed(session, _act(here), card.id, closed=closed)
        return [_room(replace(card, closed=closed))]

    return await _at(here, school_name, work)


async def list_subjects(here: Installation, school_name: str | None) -> list[str]:
    """List the subjects by service and part."""

    async def work(school: SchoolCard, session: AsyncSession) -> list[str]:
        cards = await subjects.listed(session, OFFICE, school.id, here.school_clock.now())
        lines: list[str] = []
        for card in cards:
            head = _SAY("subjects-head", service=_SAY(f"service-{card.service}"), part=_SAY(f"plan-part-{card.part}"))
            lines += [*([] if head in lines else [head]), f"  {card.name}"]
        return lines or [_SAY("subjects-none")]

    return await _at(here, school_name, work)


async def add_subjects(
    here: Installation, school_name: str | None, names: Sequence[str], words: SubjectWords
) -> list[str]:
    """Add subjects that are alike; all of them, or none."""

    async def work(school: SchoolCard, session: AsyncSession) -> list[str]:
        for name in names:
            draft = SubjectDraft(name, words.part or PlanPart.FEDERAL, words.service or Service.BASIC)
            await subjects.add(session, _act(here), school.id, draft)
        return [_SAY("subjects-added", count=len(names))]

    return await _at(here, school_name, work)


async def change_subject(here: Installation, school_name: str | None, name: str, words: SubjectWords) -> list[str]:
    """Rename a subject, or say otherwise in which part it stands and as what it is taught."""

    async def work(school: SchoolCard, session: AsyncSession) -> list[str]:
        card = await _subject_of(session, here, school, name)
        draft = SubjectDraft(words.name or card.name, words.part or card.part, words.service or card.service)
        await subjects.change(session, _act(here), card.id, draft)
        service, part = _SAY(f"service-{draft.service}"), _SAY(f"plan-part-{draft.part}")
        return [_SAY("subject-line", name=draft.name, service=service, part=part)]

    return await _at(here, school_name, work)


async def _set(session: AsyncSession, here: Installation, school: SchoolCard, read: YearFile) -> list[str]:
    """Set what the file says; return how the year as people see it changes."""
    year = read.calendar.year
    before = await _shown(session, here, school, year)
    try:
        await years.set_calendar(session, _act(here), school.id, read.calendar)
        if read.bells is not None:
            await years.set_bells(session, _act(here), school.id, year, read.bells)
    except (CalendarRefused, BellsRefused, SlotsWithoutBells) as refused:
        raise OfficeError("\n".join([*_reasons(refused), _SAY("year-file-nothing-set")])) from None
    return year_words.difference(before, await _shown(session, here, school, year))


async def _warnings(session: AsyncSession, school: SchoolCard, read: YearFile) -> list[str]:
    """Say what of the timetable does not go with the year that was set."""
    set_now = await reading.read_year(session, school, read.calendar.year)
    return [*year_words.on_days_off(set_now.plan), *year_words.not_by_bells(set_now.plan)]


def _reasons(refused: CalendarRefused | BellsRefused | SlotsWithoutBells) -> list[str]:
    match refused:
        case CalendarRefused():
            return [describe(problem, _SAY) for problem in refused.problems]
        case BellsRefused():
            return [_SAY(problem.message_id, **problem.args) for problem in refused.problems]
        case SlotsWithoutBells():
            message = "refusal-year-slot-without-bell"
            return [
                _SAY(message, learners=one.learners, number=str(one.number), shift=str(one.shift))
                for one in refused.slots
            ]


async def _shown(session: AsyncSession, here: Installation, school: SchoolCard, year: int) -> list[str]:
    card = await years.read(session, OFFICE, school.id, year, here.school_clock.now())
    if card.calendar is None:
        return []
    lines = [*year_words.calendar_lines(card.calendar), *year_words.bells_lines(card.bells)]
    if card.closed_at is not None:
        lines.append(_SAY("year-closed-on", day=day_words(school_date(card.closed_at, school.zone))))
    return lines


def _room(card: RoomCard) -> str:
    notes = [
        *([] if card.seats is None else [_SAY("room-seats-line", count=card.seats)]),
        *([_SAY("room-shared")] if card.shared else []),
        *([_SAY("room-closed")] if card.closed else []),
    ]
    return ", ".join([card.name, *notes])


async def _room_of(session: AsyncSession, here: Installation, school: SchoolCard, name: str) -> RoomCard:
    cards = await rooms.listed(session, OFFICE, school.id, here.school_clock.now())
    found = next((card for card in cards if card.name.casefold() == name.strip().casefold()), None)
    if found is None:
        raise NotFound("room-unknown-name", name=name)
    return found


async def _subject_of(session: AsyncSession, here: Installation, school: SchoolCard, name: str) -> SubjectCard:
    cards = await subjects.listed(session, OFFICE, school.id, here.school_clock.now())
    found = next((card for card in cards if key(card.name) == key(name)), None)
    if found is None:
        raise NotFound("subject-unknown-name", name=name)
    return found


async def _at(here: Installation, school_name: str | None, work: Work) -> list[str]:
    async with here.journal() as database, database.begin() as session:
        return await work(await schools.find(session, school_name), session)


def _coming(here: Installation, school: SchoolCard) -> int:
    """Return the year that lists handed in today are of: from July on, the coming one."""
    return school_year_of_lists(school_date(here.school_clock.now(), school.zone))


def _act(here: Installation) -> Act:
    return Act(OFFICE, here.school_clock.now(), f"year:{uuid4()}")
