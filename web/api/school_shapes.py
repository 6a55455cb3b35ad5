"""What addresses of schools, classes and pupils take and show: who one is, lists, control works, the diary."""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import AwareDatetime

from core.events import RemarkKind
from core.learning.diary import DiaryDay, DiaryLesson, DiaryWeek
from core.learning.diary_gaps import NoLessons
from core.timetable.control_works import ControlWorkCard
from web.api.wire_types import Day, Id, Page, Params, Shown


class SchoolPage(Page):
    """A part of a list of a school."""

    school: Id


class ClassPage(Page):
    """A part of a list of a class."""

    school_class: Id


class ClassDays(Page):
    """Days of a class, both included."""

    school_class: Id
    first: Day
    last: Day


class PupilDay(Params):
    """A day of a pupil; today, if none is named."""

    pupil: Id
    day: Day | None = None


class Me(Shown):
    """Who asks."""

    kind: Literal["person", "program"]
    id: UUID
    school: UUID | None
    scopes: tuple[str, ...] | None = None


class SchoolClass(Shown):
    """A class."""

    id: UUID
    title: str
    grade: int
    year: int
    class_teacher: str | None


class ClassList(Shown):
    """A part of the classes of a school."""

    items: tuple[SchoolClass, ...]
    next: str | None


class Pupil(Shown):
    """A pupil in the list of his class."""

    id: UUID
    number: int
    name: str


class PupilList(Shown):
    """A part of the pupils of a class."""

    items: tuple[Pupil, ...]
    next: str | None


class ControlWork(Shown):
    """A control work that is planned."""

    id: UUID
    lesson: UUID
    day: date
    number: int
    learners: str
    subject: str
    form: str
    topic: str
    for_control: bool
    cancelled: str | None


class ControlWorkList(Shown):
    """A part of the control works of a class."""

    items: tuple[ControlWork, ...]
    next: str | None


class DiaryMark(Shown):
    """A mark in the diary."""

    value: int
    work: str


class DiaryLine(Shown):
    """A lesson in the diary."""

    number: int
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    subject: str
    teacher: str
    room: str | None
    homework: str | None
    marks: tuple[DiaryMark, ...]
    code: str | None
    cancelled: str | None
    substituted: bool
    distant: bool


class DiaryRemark(Shown):
    """A remark or praise in the diary."""

    kind: RemarkKind
    subject: str | None
    author: str
    text: str


class DiaryEvent(Shown):
    """What the school or the class does beside lessons."""

    title: str
    place: str
    starts_at: AwareDatetime
    ends_at: AwareDatetime


class DiaryDate(Shown):
    """A day of the diary."""

    day: date
    lessons: tuple[DiaryLine, ...]
    remarks: tuple[DiaryRemark, ...]
    events: tuple[DiaryEvent, ...]
    empty: NoLessons | None


class Diary(Shown):
    """A week of a pupil."""

    pupil: UUID
    name: str
    class_title: str
    monday: date
    whole: bool
    days: tuple[DiaryDate, ...]


def work_of(card: ControlWorkCard) -> ControlWork:
    """Show a control work."""
    lesson = card.lesson
    return ControlWork(
        id=card.id,
        lesson=lesson.id,
        day=lesson.day,
        number=lesson.number,
        learners=lesson.learners,
        subject=lesson.subject_name,
        form=card.form,
        topic=card.topic,
        for_control=card.for_control,
        cancelled=lesson.cancelled,
    )


def diary_of(week: DiaryWeek) -> Diary:
    """Show a week."""
    return Diary(
        pupil=week.pupil,
        name=week.pupil_name.in_full(),
        class_title=week.class_title,
        monday=week.monday,
        whole=week.whole,
        days=tuple(_day(one) for one in week.days),
    )


def _day(day: DiaryDay) -> DiaryDate:
    remarks = (
        DiaryRemark(kind=one.kind, subject=one.subject_name, author=one.author_name, text=one.text)
        for one in day.remarks
    )
    events = (
        DiaryEvent(title=one.title, place=one.place, starts_at=one.starts_at, ends_at=one.ends_at) for one in day.events
    )
    lessons = tuple(_line(one) for one in day.lessons)
    return DiaryDate(day=day.day, lessons=lessons, remarks=tuple(remarks), events=tuple(events), empty=day.empty)


def _line(lesson: DiaryLesson) -> DiaryLine:
    return DiaryLine(
        number=lesson.number,
        starts_at=lesson.starts_at,
        ends_at=lesson.ends_at,
        subject=lesson.subject_name,
        teacher=lesson.teacher_name,
        room=lesson.room or None,
        homework=lesson.homework,
        marks=tuple(DiaryMark(value=one.value, work=one.work) for one in lesson.marks),
        code=lesson.absence_code,
        cancelled=lesson.cancelled,
        substituted=lesson.substituted,
        distant=lesson.distant,
    )
