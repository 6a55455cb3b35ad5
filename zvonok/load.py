"""The teaching load at the command line: listed, given, taken, compared, brought in from a list (YEAR-15)."""

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from uuid import UUID

from sqlalchemy import select

from core.actor import OFFICE
from core.person import people
from core.plan import list_lines, list_names, load, plan_import
from core.plan.curriculum import hours_words
from core.plan.load import LoadCard, NewLoad, Taught
from core.plan.load_comparison import Difference
from core.plan.plan_tables import StudyGroup
from core.refusals import NotFound
from core.roster_file.rows import fold
from core.tables import SchoolClass, Subject
from texts.reader import load as texts
from zvonok import named
from zvonok.installation import Installation
from zvonok.plan_files import AtYear, WhichYear, at_year, read_file
from zvonok.study_plans import brought_words
from zvonok.trouble import OfficeError

_SAY = texts("ru").format


@dataclass(frozen=True, slots=True)
class Named:
    """Load as the office names it: who, what, to a class, a group or a pupil."""

    teacher: str
    subject: str
    whom: str


async def listing(here: Installation, which: WhichYear, teacher: str | None) -> list[str]:
    """List the load of a year, or of one teacher: each with the sum of his hours."""

    async def work(at: AtYear) -> list[str]:
        only = None if teacher is None else await named.somebody(at.session, at.school, teacher)
        there = [one for one in await _cards(at) if only is None or one.load.teacher == only]
        words = await _words(at, there)
        lines = []
        for person in dict.fromkeys(one.load.teacher for one in there):
            his = [one.load for one in there if one.load.teacher == person]
            total = sum((one.hours for one in his), Decimal(0))
            lines.append(_SAY("load-teacher", teacher=words[person], hours=hours_words(total)))
            lines += [f"  {words[one.whom.id]}, {words[one.subject]} — {hours_words(one.hours)}" for one in his]
        return lines or [_SAY("load-none")]

    return await at_year(here, which, work)


async def give(here: Installation, which: WhichYear, what: Named, hours: Decimal) -> list[str]:
    """Give a teacher hours."""

    async def work(at: AtYear) -> list[str]:
        teacher, subject, whom = await _found(at, what)
        await load.give(at.session, at.act(), at.school.id, at.year, [NewLoad(teacher, subject, whom, hours)])
        return [_SAY("load-given", teacher=what.teacher, whom=what.whom, hours=hours_words(hours))]

    return await at_year(here, which, work)


async def take(here: Installation, which: WhichYear, what: Named) -> list[str]:
    """Take hours from a teacher. Raises ``OfficeError`` if he has none of these."""

    async def work(at: AtYear) -> list[str]:
        teacher, subject, whom = await _found(at, what)
        for one in await _cards(at):
            if (one.load.teacher, one.load.subject, one.load.whom) == (teacher, subject, whom):
                await load.take(at.session, at.act(), one.id)
                return [_SAY("load-taken", teacher=what.teacher, whom=what.whom)]
        raise OfficeError(_SAY("load-has-none", teacher=what.teacher, whom=what.whom))

    return await at_year(here, which, work)


async def check(here: Installation, which: WhichYear) -> list[str]:
    """Say where load, plans and timetable do not agree."""

    async def work(at: AtYear) -> list[str]:
        found = await load.differences(at.session, OFFICE, at.school.id, at.year, at.day, at.now)
        words = await _names(at, {one for each in found for one in (each.learners, each.subject, each.teacher) if one})
        return [_difference(one, words) for one in found] or [_SAY("load-in-order")]

    return await at_year(here, which, work)


async def bring_in(here: Installation, which: WhichYear, path: Path, *, dry: bool) -> list[str]:
    """Bring in a list of load."""

    async def work(at: AtYear) -> list[str]:
        rows = list_lines.read_load(read_file(path))
        return [brought_words("load", await plan_import.bring_load(at.session, at.act(), at.school.id, at.year, rows))]

    return await at_year(here, which, work, dry=dry)


async def _cards(at: AtYear) -> tuple[LoadCard, ...]:
    return await load.of_year(at.session, OFFICE, at.school.id, at.year, at.now)


async def _found(at: AtYear, what: Named) -> tuple[UUID, UUID, Taught]:
    known = await list_names.read(at.session, at.school, at.year, at.now)
    subject = known.subjects.get(fold(what.subject))
    if subject is None:
        raise OfficeError(_SAY("groups-no-subject", name=what.subject))
    teacher = await named.somebody(at.session, at.school, what.teacher)
    class_id, group = known.classes.get(fold(what.whom)), known.groups.get(fold(what.whom))
    if class_id is not None:
        return teacher, subject, Taught(class_id)
    if group is not None:
        return teacher, subject, Taught(group=group)
    try:
        return teacher, subject, Taught(pupil=await named.pupil(at.session, at.school, what.whom))
    except (NotFound, OfficeError):
        raise OfficeError(_SAY("load-no-whom", name=what.whom)) from None


async def _words(at: AtYear, there: list[LoadCard]) -> dict[UUID, str]:
    return await _names(
        at, {one for card in there for one in (card.load.teacher, card.load.subject, card.load.whom.id)}
    )


async def _names(at: AtYear, ids: set[UUID]) -> dict[UUID, str]:
    """Name people, classes, groups and subjects by their ids."""
    found = await people.names(at.session, tuple(ids))
    for named_by in (
        select(SchoolClass.id, SchoolClass.title).where(SchoolClass.id.in_(ids)),
        select(StudyGroup.id, StudyGroup.title).where(StudyGroup.id.in_(ids)),
        select(Subject.id, Subject.name).where(Subject.id.in_(ids)),
    ):
        found |= {row.id: str(row[1]) for row in await at.session.execute(named_by)}
    return found


def _difference(one: Difference, words: dict[UUID, str]) -> str:
    return _SAY(
        f"load-difference-{one.kind.value}",
        learners=words[one.learners],
        subject=words[one.subject],
        teacher="" if one.teacher is None else words[one.teacher],
        wanted=hours_words(one.wanted),
        found=hours_words(one.found),
    )
