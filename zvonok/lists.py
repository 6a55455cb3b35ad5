"""The office's lists at the command line: looked at, brought in, listed, taken back."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from core.actor import OFFICE, Act
from core.events import SchoolKind
from core.family import guardian_lists, majority
from core.lists import imports
from core.lists.imports import Brought, ImportDoubtful, ImportStands, RosterRefused, Wish
from core.lists.kept import ImportCard
from core.lists.matching import OTHER, Answers
from core.lists.stages import OnStage, Stage, unseen
from core.person import people, roster
from core.refusals import NotFound
from core.roster_file import (
    DEFAULT_LIMITS,
    Code,
    LineError,
    NamedBytes,
    Notice,
    RosterErrors,
    RosterFiles,
    describe,
    read_roster,
)
from core.school import schools
from core.school.schools import SchoolCard
from core.school_time import school_date
from texts.reader import load
from zvonok import list_words
from zvonok.installation import Installation
from zvonok.lessons import open_days
from zvonok.trouble import OfficeError

ID_LETTERS = 8
"""So many letters of an import's number are shown, and are enough to name it."""
_SAY = load("ru").format


@dataclass(frozen=True, slots=True)
class NewSchool:
    """Which school the files are for; kind and zone are needed only if it is new."""

    name: str | None
    kind: str | None
    zone: str | None


@dataclass(frozen=True, slots=True)
class Asked:
    """How the office wants its lists brought in."""

    answers: Answers = field(default_factory=lambda: MappingProxyType({}))
    expected: str | None = None
    everything: bool = False
    """Show every line of a long heading."""


def check_files(paths: Sequence[Path]) -> None:
    """Look whether the files can be read at all, before a database is started for them. Raises ``OfficeError``."""
    for path in paths:
        _named(path)


def read_answers(same: Sequence[str], other: Sequence[str]) -> Answers:
    """Read «pupils.csv:14» or «pupils.csv:14=2» (the second of those offered). Raises ``OfficeError``."""
    answers = {}
    for written in same:
        mark, given, number = written.rpartition("=")
        is_numbered = bool(given) and number.isdigit() and int(number) > OTHER
        answers[mark if is_numbered else written] = int(number) if is_numbered else 1
    answers |= dict.fromkeys(other, OTHER)
    for mark in answers:
        if ":" not in mark:
            raise OfficeError(_SAY("lists-answer-shape", written=mark))
    if len(answers) < len(same) + len(other):
        raise OfficeError(_SAY("lists-answer-shape", written=(*same, *other)[-1]))
    return answers


async def look(
    here: Installation, paths: Sequence[Path], new: NewSchool, asked: Asked, on_stage: OnStage = unseen
) -> list[str]:
    """Say what an import would change; nothing is written, a school that is not there yet least of all.

    Raises ``OfficeError`` with every problem.
    """
    async with here.journal() as database, database.begin() as session:
        school = await _school(session, here, new)
        now = here.school_clock.now()
        on_stage(Stage.FILES)
        rows = await _read(session, paths, school, now)
        try:
            act = Act(OFFICE, now, f"look:{uuid4()}")
            difference = await imports.look(session, act, school, rows, asked.answers, on_stage)
        except RosterRefused as refused:
            raise OfficeError(_refusal(refused, school)) from None
        # A new school was made only to be looked at.
        await session.rollback()
    notices = [describe(notice, _SAY) for notice in rows.notices]
    return [*notices, *list_words.table(difference, school.name, everything=asked.everything)]


async def bring_in(
    here: Installation, paths: Sequence[Path], new: NewSchool, asked: Asked, on_stage: OnStage = unseen
) -> list[str]:
    """Read the files and bring them into the journal, or change nothing.

    Raises ``OfficeError`` with every problem, or every question about doubtful lines.
    """
    async with here.journal() as database:
        async with database.begin() as session:
            school = await _school(session, here, new)
            now = here.school_clock.now()
            on_stage(Stage.FILES)
            rows = await _read(session, paths, school, now)
            wish = Wish(answers=asked.answers, expected=asked.expected, files=tuple(path.name for path in paths))
            brought = await _bring_in(session, school, rows, now, wish, on_stage)
            # Parents of a pupil who is of age already get no right by a list, not for a minute.
            await majority.come(session, school, now)
            alone = await guardian_lists.alone(session, OFFICE, school.id, now)
        on_stage(Stage.LESSONS)
        await open_days(here, database)
    report = roster.report_of(brought.difference, rows)
    return [
        *(describe(notice, _SAY) for notice in rows.notices),
        _SAY(
            "office-imported",
            school=school.name,
            pupils=report.pupils,
            staff=report.staff,
            relations=report.guardianships,
            addresses=report.addresses,
            slots=report.slots,
            unchanged=report.unchanged,
        ),
        *([_SAY("people-alone-after-import", count=len(alone))] if alone else []),
        *([_SAY("lists-import-id", id=_short(brought.id))] if brought.difference.entries else []),
    ]


async def listing(here: Installation, school_name: str | None) -> list[str]:
    """List the imports of a school, the newest first."""
    async with here.journal() as database, database.begin() as session:
        school = await schools.find(session, school_name)
        cards = await imports.listed(session, OFFICE, school.id, here.school_clock.now())
    return [_line(card, school.zone) for card in cards] or [_SAY("lists-imports-none")]


async def undo(here: Installation, school_name: str | None, number: str, why: str) -> list[str]:
    """Take an import back by its number, or by how its number begins. Raises ``OfficeError`` with every reason."""
    async with here.journal() as database:
        async with database.begin() as session:
            school = await schools.find(session, school_name)
            now = here.school_clock.now()
            card = _find(await imports.listed(session, OFFICE, school.id, now), number)
        try:
            async with database.begin() as session:
                taken = await imports.take_back(session, Act(OFFICE, now, f"undo:{uuid4()}"), school, card.id, why)
        except ImportStands as stands:
            async with database.begin() as session:
                raise OfficeError(await _stands(session, school, card, stands, now)) from None
        await open_days(here, database)
    at = _moment(card.at, school.zone)
    return [_SAY("lists-undone", id=_short(card.id), at=at, written=len(taken.entries)), _SAY("lists-undone-notes")]


async def _bring_in(
    session: AsyncSession, school: SchoolCard, rows: RosterFiles, now: datetime, wish: Wish, on_stage: OnStage
) -> Brought:
    act = Act(OFFICE, now, f"import:{uuid4()}")
    try:
        return await imports.bring_in(session, act, school, rows, wish, on_stage)
    except RosterRefused as refused:
        raise OfficeError(_refusal(refused, school)) from None
    except ImportDoubtful as doubtful:
        asking = list_words.questions(doubtful.difference)
        raise OfficeError("\n".join([*asking, _SAY("lists-answer-first")])) from None


async def _school(session: AsyncSession, here: Installation, new: NewSchool) -> SchoolCard:
    try:
        school = await schools.find(session, new.name)
    except NotFound:
        if not (new.name and new.kind and new.zone):
            raise OfficeError(_which(new.name, await schools.all_schools(session))) from None
    else:
        _check_as_it_is(school, new)
        return school
    return await schools.create(
        session, OFFICE, name=new.name, kind=SchoolKind(new.kind), zone=new.zone, now=here.school_clock.now()
    )


def _check_as_it_is(school: SchoolCard, new: NewSchool) -> None:
    """Raise ``OfficeError`` if the command says otherwise of a known school: lists do not change it, nor silently."""
    if new.zone is not None and new.zone != school.zone:
        raise OfficeError(_SAY("office-zone-stays", school=school.name, zone=school.zone, given=new.zone))
    if new.kind is not None and new.kind != school.kind:
        its, given = (_SAY(f"office-kind-{kind}") for kind in (school.kind, new.kind))
        raise OfficeError(_SAY("office-kind-stays", school=school.name, kind=its, given=given))


def _which(name: str | None, there: Sequence[SchoolCard]) -> str:
    """Say what to add to the command for a new school, or that another name may have been meant."""
    if name is None or not there:
        return "Школы ещё нет. Чтобы завести её, укажите --school, --kind и --zone."
    known = ", ".join(f"«{school.name}»" for school in there)
    return f"Школы «{name}» в журнале нет, есть {known}. Если это новая школа, укажите ещё --kind и --zone."


async def _read(session: AsyncSession, paths: Sequence[Path], school: SchoolCard, now: datetime) -> RosterFiles:
    files = [_named(path) for path in paths]
    result = read_roster(files, today=school_date(now, school.zone))
    if isinstance(result, RosterErrors):
        unknown = await _unknown_teachers(session, school, result.timetable, now)
        raise OfficeError(_problems((*result.errors, *unknown), result.more))
    return result


async def _unknown_teachers(
    session: AsyncSession, school: SchoolCard, timetable: RosterFiles | None, now: datetime
) -> tuple[LineError, ...]:
    """Look up the timetable's teachers though other lines are wrong, so that the office mends everything at once."""
    if timetable is None:
        return ()
    try:
        await imports.look(session, Act(OFFICE, now, f"look:{uuid4()}"), school, timetable)
    except RosterRefused as refused:
        return tuple(one for one in refused.problems if one.code in (Code.TEACHER_UNKNOWN, Code.TEACHER_AMBIGUOUS))
    return ()


def _named(path: Path) -> NamedBytes:
    """Read a file, but never more than may be read: a file of 100 MB is refused by its size alone."""
    try:
        with path.open("rb") as file:
            return NamedBytes(path.name, file.read(DEFAULT_LIMITS.file_bytes + 1))
    except FileNotFoundError:
        raise OfficeError(f"Файла {path} нет.") from None
    except IsADirectoryError:
        raise OfficeError(f"{path} — это папка, а нужен файл.") from None
    except OSError as error:
        raise OfficeError(f"Файл {path} не открывается ({type(error).__name__}).") from None


def _refusal(refused: RosterRefused, school: SchoolCard) -> str:
    clashes = list_words.clashes(refused.clashing, school.zone)
    most = DEFAULT_LIMITS.errors
    return "\n".join([*clashes[:most], _problems(refused.problems, max(0, len(clashes) - most))])


def _problems(problems: Sequence[LineError | Notice], more: int) -> str:
    lines = [describe(problem, _SAY) for problem in problems]
    if more:
        lines.append(_SAY("office-more-errors", count=more))
    return "\n".join([*lines, _SAY("office-nothing-imported")])


def _find(cards: Sequence[ImportCard], number: str) -> ImportCard:
    wanted = number.strip().casefold()
    fits = [card for card in cards if wanted and str(card.id).startswith(wanted)]
    if len(fits) > 1:
        raise OfficeError(_SAY("lists-import-ambiguous", id=number))
    if not fits:
        raise OfficeError(_SAY("lists-import-unknown", id=number))
    return fits[0]


def _line(card: ImportCard, zone: str) -> str:
    undone = "" if card.undone_at is None else _moment(card.undone_at, zone)
    return _SAY(
        "lists-import-line",
        id=_short(card.id),
        at=_moment(card.at, zone),
        files=", ".join(card.files) or "—",
        written=card.written,
        state="undone" if undone else "stands",
        undone=undone,
    )


async def _stands(
    session: AsyncSession, school: SchoolCard, card: ImportCard, stands: ImportStands, now: datetime
) -> str:
    """Say why an import stands, with the names of whom and what it is about."""
    ids = {UUID(part) for one in stands.reasons for part in one.key if len(part) == len(str(card.id))}
    names = {str(person): name for person, name in (await people.names(session, tuple(ids))).items()}
    names |= {str(key): title for key, title in (await imports.titles(session, OFFICE, school.id, now)).items()}
    reasons = list_words.reasons(stands.reasons, names)
    return "\n".join(
        [_SAY("lists-stands", id=_short(card.id)), *reasons, *list_words.brought_about(stands, school.zone)]
    )


def _short(number: UUID) -> str:
    return str(number)[:ID_LETTERS]


def _moment(at: datetime, zone: str) -> str:
    return f"{at.astimezone(ZoneInfo(zone)):%d.%m.%Y %H:%M}"
