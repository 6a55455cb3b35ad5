"""The diary: a pupil's week as his guardian may see it (DIARY-01), and who has opened it (DIARY-04).

Lessons that were held stand as they were held; lessons to come stand as the timetable has them now.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from core import rights
from core.access import Right
from core.actor import Act, Actor
from core.consent import consent_gate
from core.events import AbsenceKind, ConsentPurpose, ProposedReason, RemarkKind
from core.journal import first_time
from core.learning import attendance_day, diary_events, diary_places, diary_turns, gradebook, homework, lesson_rights
from core.learning.attendance_tables import AbsenceAnswer
from core.learning.diary_gaps import Gaps, NoLessons
from core.learning.diary_places import Places
from core.learning.diary_turns import Turn
from core.learning.gradebook import MarkView
from core.learning.learning_tables import DiaryView, Remark
from core.person import people
from core.plan.plan_tables import Room
from core.refusals import Invalid
from core.russian import FullName
from core.school.schools import SchoolCard
from core.school_time import school_date
from core.tables import Absence, Lesson, Person, Pupil, SchoolClass, Subject
from core.timetable.school_events import EventView
from core.year.planned import PlannedLesson, planned_lessons
from core.year.span import Span

_DAYS = timedelta(days=6)
_THERE: tuple[None, None] = (None, None)
_SUNDAY = 7
_YEARS_BACK = 12
_YEARS_AHEAD = 1
"""No pupil learns longer (DIARY-12), and no timetable reaches farther."""


@dataclass(frozen=True, slots=True)
class DiaryLesson:
    """One lesson of the diary."""

    day: date
    number: int
    starts_at: datetime
    ends_at: datetime
    subject_name: str
    teacher_name: str
    """Of whoever gives it, his own or in another's place."""
    room: str
    """Empty where the timetable names none."""
    homework: str | None
    """What had to be done for this lesson; None while nothing was said."""
    marks: tuple[MarkView, ...]
    absence_code: str | None
    absence_kind: AbsenceKind | None
    """What the code came to; None: not absent."""
    own_reason: ProposedReason | None = None
    """What this very guardian said of an absence that the school has not explained; nobody reads another's answer."""
    cancelled: str | None = None
    """Why it is not held (TT-15)."""
    cancelled_note: str = ""
    substituted: bool = False
    distant: bool = False
    """Nobody comes for it: it is held at a distance."""
    moved_from: date | None = None


@dataclass(frozen=True, slots=True)
class DiaryRemark:
    """A remark or praise of a day."""

    kind: RemarkKind
    subject_name: str | None
    """None outside lessons."""
    author_name: str
    text: str


@dataclass(frozen=True, slots=True)
class DiaryDay:
    """One day of the diary, in the order of the bell."""

    day: date
    lessons: tuple[DiaryLesson, ...]
    remarks: tuple[DiaryRemark, ...]
    empty: NoLessons | None = None
    """Why there are no lessons; None if there are."""
    events: tuple[EventView, ...] = ()
    """What the school or the class does beside lessons (TT-11)."""


@dataclass(frozen=True, slots=True)
class DiaryWeek:
    """A week of a pupil: Monday to Saturday, and Sunday if anything stands there."""

    pupil: UUID
    pupil_name: FullName
    class_title: str
    monday: date
    days: tuple[DiaryDay, ...]
    begins: date | None = None
    """The first day of which the journal of the school has a lesson; None while it has none."""
    whole: bool = True
    """False: the reader sees the timetable, and nothing of what is written."""


@dataclass(frozen=True, slots=True)
class _Pupil:
    """The pupil whose week is read."""

    id: UUID
    name: FullName
    class_id: UUID
    class_title: str
    year: int
    grade: int


@dataclass(frozen=True, slots=True)
class _Place:
    """A slot on the day for which it was planned: a lesson's name, held or to come."""

    slot: UUID
    day: date


@dataclass(frozen=True, slots=True)
class _Written:
    """What is written of a pupil, by lesson."""

    marks: Mapping[UUID, tuple[MarkView, ...]]
    absences: Mapping[UUID, tuple[str, AbsenceKind]]
    own_reasons: Mapping[date, ProposedReason]

    def own_reason(self, lesson: UUID, day: date) -> ProposedReason | None:
        """Return what the guardian said of this absence; a cause that the school has entered stands above it."""
        _, kind = self.absences.get(lesson, _THERE)
        return self.own_reasons.get(day) if kind is AbsenceKind.UNEXPLAINED else None


async def week(session: AsyncSession, actor: Actor, pupil_id: UUID, day: date, now: datetime) -> DiaryWeek:
    """Read the week of this day for a guardian who may see the pupil now, or for the pupil himself (ROLE-23).

    A trusted adult is shown the timetable alone; whoever has not consented to data on attendance, no absences. Raises
    ``Forbidden`` for anybody else and without the consent to data on achievement (CONF-21), ``Invalid`` for a day that
    no diary reaches.
    """
    facts = await rights.of_pupil(session, actor, pupil_id, now)
    whole = facts.may(Right.DIARY_VIEW)
    if not whole:
        rights.demand(facts, Right.TIMETABLE_VIEW, "child-not-yours")
    needed = (ConsentPurpose.ACHIEVEMENT,) if whole else consent_gate.ANY
    agreed = await consent_gate.demand(session, facts, pupil_id, now, needed)
    school = facts.of_school
    year = school_date(now, school.zone).year
    if not year - _YEARS_BACK <= day.year <= year + _YEARS_AHEAD:
        raise Invalid("diary-out-of-reach")
    pupil = await _pupil(session, pupil_id)
    monday = day - timedelta(days=day.weekday())
    written = await _written(session, actor, pupil_id, monday) if whole else _Written({}, {}, {})
    if ConsentPurpose.ATTENDANCE not in agreed:
        written = replace(written, absences={})
    places = await diary_places.of_pupil(session, pupil.id, school, monday)
    lessons = await _to_come(session, places, monday, school, now)
    await _held(session, places, monday, lessons, written, now)
    if not whole:
        lessons = {place: replace(lesson, homework=None) for place, lesson in lessons.items()}
    remarks = await _remarks(session, pupil_id, monday) if whole else {}
    begins = await attendance_day.journal_begins(session, school.id)
    known = Gaps(school_date(now, school.zone), begins, places, pupil.grade, pupil.year)
    beside = await diary_events.by_day(session, places, Span(monday, monday + _DAYS), school)
    days = (
        _day(one, _in_order(lessons, one), remarks.get(one, ()), known, beside.get(one, ()))
        for one in (monday + timedelta(days=number) for number in range(7))
    )
    shown = tuple(one for one in days if one.lessons or one.remarks or one.events or one.day.isoweekday() != _SUNDAY)
    return DiaryWeek(pupil.id, pupil.name, pupil.class_title, monday, shown, known.begins, whole=whole)


async def open_week(session: AsyncSession, act: Act, pupil_id: UUID, day: date) -> DiaryWeek:
    """Read the week as ``week`` does, and register that this guardian has opened it (DIARY-04), once per act."""
    opened = await week(session, act.actor, pupil_id, day, act.at)
    viewer = act.actor.person
    if viewer is not None and opened.whole and await first_time(session, act.key, act.at):
        session.add(
            DiaryView(id=uuid4(), pupil_id=pupil_id, viewer_id=viewer, week=opened.monday, via=act.actor.via, at=act.at)
        )
        await session.flush()
    return opened


async def _written(session: AsyncSession, actor: Actor, pupil_id: UUID, monday: date) -> _Written:
    return _Written(
        await gradebook.of_pupil(session, pupil_id, monday, monday + _DAYS),
        await _absences(session, pupil_id, monday),
        await _own_reasons(session, actor, pupil_id, monday),
    )


async def _pupil(session: AsyncSession, pupil_id: UUID) -> _Pupil:
    person, school_class = (
        await session.execute(
            select(Person, SchoolClass)
            .join(Pupil, Pupil.person_id == Person.id)
            .join(SchoolClass, SchoolClass.id == Pupil.class_id)
            .where(Person.id == pupil_id)
        )
    ).one()
    return _Pupil(
        person.id, people.name_of(person), school_class.id, school_class.title, school_class.year, school_class.grade
    )


async def _to_come(
    session: AsyncSession, places: Places, monday: date, school: SchoolCard, now: datetime
) -> dict[_Place, DiaryLesson]:
    """Lay out the timetable of the pupil from today on, as it stands now."""
    today, last = school_date(now, school.zone), monday + _DAYS
    found: dict[_Place, DiaryLesson] = {}
    if last < today:
        return found
    names = await diary_places.names(session, places)
    for span, read in places.by_years(Span(max(monday, today), last)):
        for lesson in planned_lessons(read.plan, read.changes, span):
            by = (lesson.classes, lesson.distant)
            turn = diary_turns.of_lesson(places, lesson.slot.learners.id, lesson.key, lesson.day, by)
            if turn is not None:
                found[_Place(*lesson.key)] = _for_him(_as_planned(lesson, names), turn)
    return found


def _as_planned(lesson: PlannedLesson, names: Mapping[UUID, str]) -> DiaryLesson:
    return DiaryLesson(
        day=lesson.day,
        number=lesson.number,
        starts_at=lesson.starts_at,
        ends_at=lesson.ends_at,
        subject_name=names[lesson.subject],
        teacher_name=names[lesson.teacher],
        room="" if lesson.room is None else names[lesson.room],
        homework=None,
        marks=(),
        absence_code=None,
        absence_kind=None,
        cancelled=None if lesson.cancelled is None else lesson.cancelled.reason.value,
        cancelled_note="" if lesson.cancelled is None else lesson.cancelled.note,
        substituted=lesson.teacher != lesson.slot.teacher,
        moved_from=lesson.planned_day if lesson.planned_day != lesson.day else None,
    )


def _for_him(lesson: DiaryLesson, turn: Turn) -> DiaryLesson:
    """Say of a lesson what it is to this pupil: others may come for it, or have it, when he does not."""
    if turn.closed is not None and lesson.cancelled is None:
        lesson = replace(lesson, cancelled=turn.closed.reason.value, cancelled_note=turn.closed.note)
    return replace(lesson, distant=turn.distant, room="" if turn.distant else lesson.room)


async def _held(
    session: AsyncSession,
    places: Places,
    monday: date,
    lessons: dict[_Place, DiaryLesson],
    written: _Written,
    now: datetime,
) -> None:
    """Put the lessons that the journal has over the timetable, with what is written of the pupil.

    Lessons where something is written count in any case: a pupil who has changed class or group loses nothing.
    """
    elsewhere = written.marks.keys() | written.absences.keys()
    gives = aliased(Person)
    rows = await session.execute(
        select(Lesson, Subject.name, gives, Room.name)
        .join(Subject, Subject.id == Lesson.subject_id)
        .join(gives, gives.id == func.coalesce(Lesson.substitute_id, Lesson.teacher_id))
        .outerjoin(Room, Room.id == Lesson.room_id)
        .where(
            Lesson.day.between(monday, monday + _DAYS),
            or_(
                lesson_rights.learners_column().in_(places.learners),
                Lesson.id.in_(elsewhere),
            ),
        )
    )
    found = [row for row in rows if row[0].id in elsewhere or places.has(_learners(row[0]), row[0].day)]
    texts = await homework.texts_due(session, [lesson.id for lesson, *_ in found])
    for lesson, subject_name, teacher, room in found:
        place = _Place(lesson.slot_id, lesson.planned_day)
        as_held = _as_held(lesson, subject_name, people.name_of(teacher).in_full(), room or "")
        by = (lesson.classes, lesson.distant)
        turn = diary_turns.of_lesson(places, _learners(lesson), (place.slot, place.day), lesson.day, by)
        base = as_held if turn is None else _for_him(as_held, turn)
        is_his = turn is not None or lesson.id in elsewhere
        if lesson.starts_at > now and place in lessons:
            base, is_his = lessons[place], True
        if not is_his:
            lessons.pop(place, None)
            continue
        code, kind = written.absences.get(lesson.id, _THERE)
        lessons[place] = replace(
            base,
            homework=texts.get(lesson.id),
            marks=written.marks.get(lesson.id, ()),
            absence_code=code,
            absence_kind=kind,
            own_reason=written.own_reason(lesson.id, lesson.day),
        )


def _learners(lesson: Lesson) -> UUID | None:
    return lesson.class_id or lesson.group_id or lesson.pupil_id


def _as_held(lesson: Lesson, subject_name: str, teacher_name: str, room: str) -> DiaryLesson:
    return DiaryLesson(
        day=lesson.day,
        number=lesson.number,
        starts_at=lesson.starts_at,
        ends_at=lesson.ends_at,
        subject_name=subject_name,
        teacher_name=teacher_name,
        room=room,
        homework=None,
        marks=(),
        absence_code=None,
        absence_kind=None,
        cancelled=lesson.cancelled,
        cancelled_note=lesson.cancelled_note,
        substituted=lesson.substitute_id is not None,
        distant=bool(lesson.classes) and set(lesson.distant) == set(lesson.classes),
        moved_from=lesson.planned_day if lesson.planned_day != lesson.day else None,
    )


async def _absences(session: AsyncSession, pupil_id: UUID, monday: date) -> dict[UUID, tuple[str, AbsenceKind]]:
    rows = await session.execute(
        select(Absence.lesson_id, Absence.code, Absence.kind).where(
            Absence.pupil_id == pupil_id, Absence.day.between(monday, monday + _DAYS)
        )
    )
    return {lesson: (code, AbsenceKind(kind)) for lesson, code, kind in rows}


async def _own_reasons(session: AsyncSession, actor: Actor, pupil_id: UUID, monday: date) -> dict[date, ProposedReason]:
    """Read what this guardian said of the absences of each day."""
    rows = await session.execute(
        select(AbsenceAnswer.day, AbsenceAnswer.reason).where(
            AbsenceAnswer.pupil_id == pupil_id,
            AbsenceAnswer.guardian_id == actor.person,
            AbsenceAnswer.day.between(monday, monday + _DAYS),
        )
    )
    return {day: ProposedReason(reason) for day, reason in rows}


async def _remarks(session: AsyncSession, pupil_id: UUID, monday: date) -> dict[date, tuple[DiaryRemark, ...]]:
    rows = await session.execute(
        select(Remark, Person, Subject.name)
        .join(Person, Person.id == Remark.author_id)
        .outerjoin(Lesson, Lesson.id == Remark.lesson_id)
        .outerjoin(Subject, Subject.id == Lesson.subject_id)
        .where(
            Remark.pupil_id == pupil_id,
            Remark.day.between(monday, monday + _DAYS),
            Remark.withdrawn.is_(False),
        )
        .order_by(Remark.written_at, Remark.id)
    )
    found: dict[date, tuple[DiaryRemark, ...]] = {}
    for remark, author, subject_name in rows:
        view = DiaryRemark(RemarkKind(remark.kind), subject_name, people.name_of(author).in_full(), remark.text)
        found[remark.day] = (*found.get(remark.day, ()), view)
    return found


def _in_order(lessons: Mapping[_Place, DiaryLesson], day: date) -> tuple[DiaryLesson, ...]:
    of_day: Iterable[DiaryLesson] = (lesson for lesson in lessons.values() if lesson.day == day)
    return tuple(sorted(of_day, key=lambda lesson: (lesson.starts_at, lesson.number)))


def _day(
    day: date,
    lessons: tuple[DiaryLesson, ...],
    remarks: tuple[DiaryRemark, ...],
    known: Gaps,
    events: tuple[EventView, ...],
) -> DiaryDay:
    return DiaryDay(day, lessons, remarks, None if lessons else known.why_empty(day), events)
