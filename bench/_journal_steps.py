"""The steps that a journal does, each as its own command does it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from bench import _journal_school as built
from bench import _large_school as large
from bench._journal_school import NOW, TODAY, TOMORROW, YEAR, Cast
from core.actor import Act, Actor
from core.learning import attendance, diary, gradebook, homework, timetable
from core.plan import stored_years
from core.school import schools
from core.timetable import dated, day_acts, lesson_changes, views
from core.timetable.lesson_changes import Substitute
from core.year.changes import CancelReason, Closed, DayAct
from core.year.span import Span

QUICK = 9
"""So often a step of milliseconds is done in a round."""

NEW = "Новая школа"
_UNMADE = (
    "DELETE FROM core.{} WHERE lesson_id IN (SELECT id FROM core.lesson WHERE school_id = :school)",
    "DELETE FROM core.lesson WHERE school_id = :school",
    "UPDATE core.school_year SET planned_until = NULL WHERE school_id = :school",
)
_WRITTEN = ("absence", "roll_call", "mark", "homework")

type Doing = Callable[[AsyncSession, Cast], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Step:
    """A step."""

    name: str
    do: Doing
    before: Doing | None = None
    """What must be so first; not measured."""


@dataclass(frozen=True, slots=True)
class Walk:
    """Steps that follow each other in one transaction, which is taken back then."""

    steps: tuple[Step, ...]
    times: int = QUICK
    """So often it is done in a round, on either side in turns."""
    is_of_new_school: bool = False
    """One school alone is then one that is brought into an empty database."""


def by(person: UUID, at: datetime = NOW) -> Act:
    """Return an act of somebody."""
    return Act(Actor("telegram", person, uuid4()), at, str(uuid4()))


async def _new_school(session: AsyncSession, _: Cast) -> None:
    await built.new(session, NEW)


async def _people(session: AsyncSession, _: Cast) -> object:
    return await built.bring_in(session, await schools.find(session, NEW), large.people(), built.AUGUST)


async def _prepared(session: AsyncSession, _: Cast) -> None:
    await built.prepare(session, await schools.find(session, NEW))


async def _week(session: AsyncSession, _: Cast) -> object:
    return await built.bring_in(session, await schools.find(session, NEW), large.week(), built.AUGUST)


async def _again(session: AsyncSession, cast: Cast) -> object:
    return await built.bring_in(session, cast.school, large.changed(), NOW)


async def _unmade(session: AsyncSession, cast: Cast) -> None:
    first, *others = _UNMADE
    for statement in (*(first.format(one) for one in _WRITTEN), *others):
        await session.execute(text(statement), {"school": cast.school.id})


async def _made(session: AsyncSession, cast: Cast) -> object:
    return await built.make_year(session, cast.school)


async def _rest_made(session: AsyncSession, cast: Cast) -> object:
    stored = await stored_years.stored(session, cast.school.id, YEAR)
    if stored is None:
        raise RuntimeError("the year was set")
    return await dated.make(session, cast.school, YEAR, Span(TODAY, stored.calendar.span.last), NOW)


async def _tick(session: AsyncSession, cast: Cast) -> object:
    return await timetable.open_coming(session, cast.school, NOW)


async def _day(session: AsyncSession, cast: Cast) -> object:
    return await timetable.lessons_of(session, [cast.teacher], TODAY)


async def _class_week(session: AsyncSession, cast: Cast) -> object:
    return await views.of_class(session, by(cast.director).actor, cast.school_class, TODAY, NOW)


async def _diary(session: AsyncSession, cast: Cast) -> object:
    return await diary.week(session, by(cast.guardian).actor, cast.pupil, TODAY, NOW)


async def _roll(session: AsyncSession, cast: Cast) -> object:
    return await attendance.roll(session, by(cast.teacher).actor, cast.lesson, NOW)


async def _called(session: AsyncSession, cast: Cast) -> object:
    return await attendance.record(session, by(cast.teacher), cast.lesson, dict.fromkeys(cast.absent, "н"))


async def _mark(session: AsyncSession, cast: Cast) -> object:
    return await gradebook.give(session, by(cast.teacher), cast.lesson, cast.pupil, 5)


async def _homework(session: AsyncSession, cast: Cast) -> object:
    return await homework.set_at(session, by(cast.teacher), cast.lesson, "§ 12, вопросы 1–4")


async def _substituted(session: AsyncSession, cast: Cast) -> object:
    return await lesson_changes.substitute(session, by(cast.director), cast.next, Substitute(cast.free))


async def _acted(session: AsyncSession, cast: Cast) -> object:
    wanted = DayAct(Span(TOMORROW, TOMORROW), Closed(CancelReason.WEATHER))
    return await day_acts.act(session, by(cast.director), cast.school.id, wanted)


WALKS = (
    Walk(
        (Step("import of 1,000 pupils", _people, _new_school), Step("import of the week", _week, _prepared)),
        times=1,
        is_of_new_school=True,
    ),
    Walk((Step("lessons of the year made", _made, _unmade), Step("again, nothing changed", _rest_made)), times=1),
    Walk((Step("lists again, 148 changes", _again),), times=1),
    Walk((Step("lessons that should be there", _tick),)),
    Walk((Step("a teacher's day", _day),)),
    Walk((Step("a class's week", _class_week),)),
    Walk((Step("a pupil's diary week", _diary),)),
    Walk((Step("a roll looked at", _roll), Step("a roll called", _called), Step("a mark given", _mark))),
    Walk((Step("homework given", _homework),)),
    Walk((Step("a substitution", _substituted),), times=5),
    Walk((Step("an act of a whole day", _acted),), times=3),
)
