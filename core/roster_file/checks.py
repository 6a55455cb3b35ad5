"""What no single line shows: the same person twice, a class in two places, papers that contradict each other."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from types import MappingProxyType
from typing import Final

from core.roster_file.lines import Draft
from core.roster_file.problems import Code, Fault, NoticeCode, Place, ProblemLog, fault
from core.roster_file.rows import (
    WEEKDAY_WORDS,
    ClassTitle,
    LessonRow,
    PupilRow,
    StaffRow,
    fold,
    name_key,
)
from core.russian import FullName

_NO_DATE: Final = "—"
_NO_TIME: Final = "по звонкам"


def check_all(draft: Draft, log: ProblemLog) -> None:
    """Compare the lines that were read with one another."""
    _check_staff(draft.staff, log)
    _check_pupils(draft.pupils, log)
    _check_addresses(draft, log)
    _check_class_slots(draft.lessons, log)
    for place, what in teacher_clashes(draft.lessons, lambda lesson: fold(lesson.teacher)):
        log.error(place, what)
    if draft.whole and draft.classes_of_pupils:
        _check_classes(draft, log)


def teacher_clashes[K: Hashable](
    lessons: Iterable[LessonRow], teacher_of: Callable[[LessonRow], K | None]
) -> tuple[tuple[Place, Fault], ...]:
    """Return the lessons during which their teacher is busy in another class.

    ``teacher_of`` says who gives a lesson (None: nobody known). The reading of files compares names as written;
    an import that has found the people behind them should ask again.
    """
    by_day: dict[Hashable, list[LessonRow]] = {}
    for lesson in lessons:
        teacher = teacher_of(lesson)
        if teacher is not None:
            by_day.setdefault((teacher, lesson.weekday), []).append(lesson)
    return tuple(
        (
            later.place,
            fault(
                Code.TEACHER_BUSY,
                teacher=later.teacher,
                weekday=WEEKDAY_WORDS[later.weekday],
                time=_time(earlier),
                school_class=earlier.learners,
                **_other(earlier.place),
            ),
        )
        for day in by_day.values()
        for earlier, later in _overlaps(day)
        if earlier.learners != later.learners
    )


def _other(place: Place) -> Mapping[str, str | int]:
    """Name the other line of a contradiction; its file and sheet too, since it may stand in another."""
    sheet = "" if place.sheet is None else f", {place.sheet}"
    return MappingProxyType({"other_line": str(place.line), "other_file": f"{place.file}{sheet}"})


def _overlaps(lessons: Sequence[LessonRow]) -> Iterable[tuple[LessonRow, LessonRow]]:
    """Yield each lesson that begins before an earlier one of the same weeks has ended, with that one.

    Of lessons that go by the bells the journal knows more: they are compared with it, not here.
    """
    timed = [(lesson.hours, lesson) for lesson in lessons if lesson.hours is not None]
    going_on: list[tuple[tuple[time, time], LessonRow]] = []
    for hours, lesson in sorted(timed, key=lambda one: one[0]):
        going_on = [one for one in going_on if one[0][1] > hours[0]]
        longest = sorted(going_on, key=lambda one: one[0][1], reverse=True)
        first = next((other for _, other in longest if other.may_meet(lesson)), None)
        if first is not None:
            yield first, lesson
        going_on.append((hours, lesson))


def _check_class_slots(lessons: Iterable[LessonRow], log: ProblemLog) -> None:
    """Refuse two lessons of one class, or of one group, under one number or at one time."""
    days: dict[tuple[str, int], list[LessonRow]] = {}
    for lesson in lessons:
        days.setdefault((fold(lesson.learners), lesson.weekday), []).append(lesson)
    for day in days.values():
        numbers: dict[int, list[LessonRow]] = {}
        clashes: dict[int, tuple[LessonRow, LessonRow]] = {}
        for lesson in day:
            same = numbers.setdefault(lesson.number, [])
            first = next((one for one in same if one.may_meet(lesson) or _is_same_place(one, lesson)), None)
            if first is not None:
                clashes[id(lesson)] = (first, lesson)
            same.append(lesson)
        for first, lesson in _overlaps(day):
            if id(first) not in clashes:
                clashes.setdefault(id(lesson), (first, lesson))
        for first, lesson in clashes.values():
            log.error(lesson.place, _class_busy(first, lesson))


def _is_same_place(one: LessonRow, other: LessonRow) -> bool:
    """Tell whether two lines are one place of the timetable: the journal could hold only one of them."""
    return (one.every, one.since) == (other.every, other.since)


def _class_busy(first: LessonRow, lesson: LessonRow) -> Fault:
    return fault(
        Code.CLASS_BUSY,
        school_class=lesson.learners,
        weekday=WEEKDAY_WORDS[lesson.weekday],
        number=str(first.number),
        time=_time(first),
        subject=first.subject,
        **_other(first.place),
    )


def _time(lesson: LessonRow) -> str:
    return _NO_TIME if lesson.hours is None else f"{lesson.hours[0]:%H:%M}–{lesson.hours[1]:%H:%M}"


def _check_staff(staff: Iterable[StaffRow], log: ProblemLog) -> None:
    people: dict[Hashable, StaffRow] = {}
    teachers: dict[ClassTitle, StaffRow] = {}
    for row in staff:
        first = people.setdefault((name_key(row.name), row.birth_date), row)
        if first is not row:
            log.error(row.place, fault(Code.STAFF_TWICE, name=row.name.in_full(), **_other(first.place)))
        if row.class_teacher_of is None:
            continue
        other = teachers.setdefault(row.class_teacher_of, row)
        if other is not row:
            title, name = str(row.class_teacher_of), other.name.in_full()
            log.error(row.place, fault(Code.CLASS_TEACHER_TWICE, school_class=title, name=name, **_other(other.place)))


def _check_pupils(pupils: Iterable[PupilRow], log: ProblemLog) -> None:
    """Refuse a pupil written twice, be it in two classes: nobody learns in both."""
    seen: dict[Hashable, PupilRow] = {}
    for row in pupils:
        first = seen.setdefault((name_key(row.name), row.birth_date), row)
        if first is not row:
            name, title = row.name.in_full(), str(first.school_class)
            log.error(row.place, fault(Code.PUPIL_TWICE, name=name, school_class=title, **_other(first.place)))


@dataclass(frozen=True, slots=True)
class _Mailbox:
    """An address somebody is said to have."""

    place: Place
    name: FullName
    birth_date: date | None
    email: str
    verified_on: date | None

    def __str__(self) -> str:
        return f"{self.email} ({_NO_DATE if self.verified_on is None else f'{self.verified_on:%d.%m.%Y}'})"


def _mailboxes(draft: Draft) -> Iterable[_Mailbox]:
    for row in draft.staff:
        if row.email is not None:
            yield _Mailbox(row.place, row.name, row.birth_date, row.email, row.email_verified_on)
    for pupil in draft.pupils:
        for one in pupil.guardians:
            if one.email is not None:
                yield _Mailbox(pupil.place, one.name, one.birth_date, one.email, one.email_verified_on)


def _check_addresses(draft: Draft, log: ProblemLog) -> None:
    """Refuse two addresses of one adult, since nobody knows which is right; mention one address of two adults."""
    people: dict[Hashable, _Mailbox] = {}
    owners: dict[str, _Mailbox] = {}
    for box in _mailboxes(draft):
        first = box if box.birth_date is None else people.setdefault((name_key(box.name), box.birth_date), box)
        if (first.email, first.verified_on) != (box.email, box.verified_on):
            name, other = box.name.in_full(), _other(first.place)
            log.error(box.place, fault(Code.ADDRESS_DIFFERS, name=name, here=str(box), there=str(first), **other))
        owner = owners.setdefault(fold(box.email), box)
        if name_key(owner.name) != name_key(box.name):
            log.notice(box.place, NoticeCode.EMAIL_SHARED, email=box.email)


def _check_classes(draft: Draft, log: ProblemLog) -> None:
    """Refuse lessons and class teachers of a class without pupils: most often a slip in the title. Once a class."""
    told: set[ClassTitle] = set()
    titles = [(row.school_class, row.place) for row in draft.lessons if row.school_class is not None]
    titles += [(row.class_teacher_of, row.place) for row in draft.staff if row.class_teacher_of is not None]
    for title, place in titles:
        if title not in draft.classes_of_pupils and title not in told:
            told.add(title)
            log.error(place, fault(Code.CLASS_WITHOUT_PUPILS, school_class=str(title)))
