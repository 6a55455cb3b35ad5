"""Whether the sections that describe the teaching process are formed, and what is missing (YEAR-02, DL-15).

Each section is a line of a checklist: YEAR-03 to YEAR-15, TT-01, TT-02, TT-04, TT-12, KTP-01. What is read of the
school stands in ``readiness_facts``; here it is judged, in so many steps as there are sections, whatever the school.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from core import rights
from core.access import Right
from core.actor import Actor
from core.plan import readiness_facts, subject_names
from core.plan.readiness_facts import ClassFacts, GroupFacts, SchoolFacts
from core.rule_book.model import SchoolRules
from core.school import school_rules
from core.school_time import school_date
from core.year.bells import schedule_for
from core.year.calendar import Calendar, StudyWeek, level_of
from core.year.weekly import LearnersKind, Service

STREAM_ABOVE = 30
"""A stream is a group of more people than this (YEAR-11)."""
YEAR_TURNS = 7
"""From July on, a day of a school year is one of its September's year; before, of the next."""


class Item(StrEnum):
    """A section, by the requirement that names it."""

    PERIODS = "year-03"
    HOLIDAYS = "year-04"
    SUBJECTS = "year-05"
    PLANS = "year-06"
    ROOMS = "year-07"
    STAFF = "year-08"
    CLASSES = "year-09"
    GROUPS = "year-10"
    STREAMS = "year-11"
    INDIVIDUAL_PLANS = "year-12"
    CONTINGENT = "year-13"
    REGIME = "year-14"
    LOAD = "year-15"
    TIMETABLE = "tt-01"
    SERVICES = "tt-02"
    CHANGES = "tt-04"
    CONTROL_WORKS = "tt-12"
    LESSON_PLANS = "ktp-01"


class State(StrEnum):
    """How it is with a section."""

    DONE = "done"
    MISSING = "missing"
    NOT_NEEDED = "not-needed"
    """The school has nothing of the kind, or there is nothing to form beforehand."""
    ELSEWHERE = "elsewhere"
    """The journal has no such section yet: it is kept outside it."""


class GapCode(StrEnum):
    """What is missing; each has a sentence in ``texts/*/plan_year.ftl``."""

    NO_CALENDAR = "no-calendar"
    CLASSES_OUTSIDE_CALENDAR = "classes-outside-calendar"
    NO_HOLIDAYS = "no-holidays"
    NO_SUBJECTS = "no-subjects"
    SUBJECT_NAMES = "subject-names"
    NO_PLANS = "no-plans"
    GRADES_WITHOUT_PLAN = "grades-without-plan"
    NO_EXTRA_PLAN = "no-extra-plan"
    NO_ROOMS = "no-rooms"
    NO_STAFF = "no-staff"
    NO_CLASSES = "no-classes"
    CLASSES_WITHOUT_TEACHER = "classes-without-teacher"
    GROUPS_EMPTY = "groups-empty"
    STREAMS_SMALL = "streams-small"
    PUPILS_WITHOUT_PLAN = "pupils-without-plan"
    CLASSES_WITHOUT_PUPILS = "classes-without-pupils"
    NO_BELLS = "no-bells"
    WITHOUT_BELLS = "without-bells"
    CLASSES_WITHOUT_LOAD = "classes-without-load"
    CLASSES_WITHOUT_LESSONS = "classes-without-lessons"
    GROUPS_WITHOUT_LESSONS = "groups-without-lessons"
    SERVICES_WITHOUT_LESSONS = "services-without-lessons"
    NO_CONTROL_WORKS = "no-control-works"


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that is missing."""

    code: GapCode
    names: tuple[str, ...] = ()
    """Of the classes, groups, subjects, grades or services that it is about, in the school's order."""


@dataclass(frozen=True, slots=True)
class ReadinessLine:
    """One section of the checklist."""

    item: Item
    state: State
    due: date
    """The last day for it, by the school's rules."""
    count: int
    """So many subjects, rooms, classes and so on there are."""
    missing: tuple[Gap, ...] = ()


@dataclass(frozen=True, slots=True)
class Readiness:
    """The checklist of a year."""

    year: int
    due: date
    """By which all is to be formed."""
    days_left: int
    """Below 0: so many days overdue."""
    lines: tuple[ReadinessLine, ...]

    @property
    def is_ready(self) -> bool:
        """Whether nothing is missing."""
        return all(line.state is not State.MISSING for line in self.lines)


async def of_year(session: AsyncSession, actor: Actor, school_id: UUID, year: int, now: datetime) -> Readiness:
    """Tell what is formed of a year and what is missing. Raises ``NotFound``, ``Forbidden``."""
    facts = await rights.of_school(session, actor, school_id, now)
    rights.demand(facts, Right.YEAR_VIEW)
    rules = await school_rules.of_school(session, school_id)
    today = school_date(now, facts.of_school.zone)
    school = await readiness_facts.of_school(session, school_id, year, today)
    due = day_of_year(year, rules.sections_by)
    return Readiness(year, due, (due - today).days, judged(school, year, rules))


def judged(school: SchoolFacts, year: int, rules: SchoolRules) -> tuple[ReadinessLine, ...]:
    """Judge every section by what was read of the school."""
    return tuple(_line(item, school, _due(item, year, rules)) for item in Item)


def day_of_year(year: int, day: str) -> date:
    """Return the day «05.09» of a school year, named by its September."""
    number, month = (int(part) for part in day.split("."))
    return date(year if month >= YEAR_TURNS else year + 1, month, number)


def _due(item: Item, year: int, rules: SchoolRules) -> date:
    """Return the last day of a section: that of all of them, or an earlier one of its own."""
    own = {Item.LOAD: rules.teaching_load_by, Item.TIMETABLE: rules.timetable_by, Item.SERVICES: rules.timetable_by}
    return min(day_of_year(year, rules.sections_by), day_of_year(year, own.get(item, rules.sections_by)))


def _line(item: Item, school: SchoolFacts, due: date) -> ReadinessLine:
    count = _COUNTS[item](school)
    missing = tuple(_GAPS[item](school))
    if missing:
        return ReadinessLine(item, State.MISSING, due, count, missing)
    if item is Item.LESSON_PLANS:
        return ReadinessLine(item, State.ELSEWHERE, due, count)
    optional = item in (Item.GROUPS, Item.STREAMS, Item.INDIVIDUAL_PLANS)
    idle = item is Item.CHANGES or (optional and not count)
    return ReadinessLine(item, State.NOT_NEEDED if idle else State.DONE, due, count)


def _named(code: GapCode, names: Iterator[str]) -> Iterator[Gap]:
    found = tuple(names)
    if found:
        yield Gap(code, found)


def _classes(school: SchoolFacts, code: GapCode, lacks: Callable[[ClassFacts], bool]) -> Iterator[Gap]:
    if not school.classes:
        yield Gap(GapCode.NO_CLASSES)
    yield from _named(code, (one.title for one in school.classes if lacks(one)))


def _periods(school: SchoolFacts) -> Iterator[Gap]:
    calendar = school.calendar
    if calendar is None:
        yield Gap(GapCode.NO_CALENDAR)
        return
    outside = (one.title for one in school.classes if one.grade and one.grade not in calendar.week)
    yield from _named(GapCode.CLASSES_OUTSIDE_CALENDAR, outside)


def _holidays(school: SchoolFacts) -> Iterator[Gap]:
    if school.calendar is None:
        yield Gap(GapCode.NO_CALENDAR)
    elif not school.calendar.holidays:
        yield Gap(GapCode.NO_HOLIDAYS)


def _subjects(school: SchoolFacts) -> Iterator[Gap]:
    if not school.subjects:
        yield Gap(GapCode.NO_SUBJECTS)
    yield from _named(GapCode.SUBJECT_NAMES, (name for name in school.subjects if not subject_names.is_in_full(name)))


def _plans(school: SchoolFacts) -> Iterator[Gap]:
    if not school.plans:
        yield Gap(GapCode.NO_PLANS)
        return
    planned = school.plans.get(Service.BASIC, frozenset())
    grades = sorted({one.grade for one in school.classes if one.grade} - planned)
    yield from _named(GapCode.GRADES_WITHOUT_PLAN, map(str, grades))
    if Service.EXTRA_CURRICULAR not in school.plans:
        yield Gap(GapCode.NO_EXTRA_PLAN)


def _groups(school: SchoolFacts) -> Iterator[Gap]:
    empty = (one.title for one in _of_lists(school) if not one.members)
    yield from _named(GapCode.GROUPS_EMPTY, empty)


def _of_lists(school: SchoolFacts) -> Iterator[GroupFacts]:
    """Yield the groups that have lists: a combined class takes everybody of its classes."""
    return (one for one in school.groups if one.kind is not LearnersKind.COMBINED)


def _streams(school: SchoolFacts) -> Iterator[Gap]:
    small = (one.title for one in _of_kind(school, LearnersKind.STREAM) if one.members <= STREAM_ABOVE)
    yield from _named(GapCode.STREAMS_SMALL, small)


def _of_kind(school: SchoolFacts, kind: LearnersKind) -> list[GroupFacts]:
    return [one for one in school.groups if one.kind is kind]


def _regime(school: SchoolFacts) -> Iterator[Gap]:
    calendar = school.calendar
    if calendar is None:
        yield Gap(GapCode.NO_CALENDAR)
    if not school.bells:
        yield Gap(GapCode.NO_BELLS)
    if calendar is None or not school.bells:
        return
    learners: list[ClassFacts | GroupFacts] = [*school.classes, *school.groups]
    dumb = (one.title for one in learners if not _has_bells(school, calendar, one.shift, one.grade))
    yield from _named(GapCode.WITHOUT_BELLS, dumb)


def _has_bells(school: SchoolFacts, calendar: Calendar, shift: int, grade: int) -> bool:
    days = calendar.week.get(grade, StudyWeek.FIVE)
    return all(schedule_for(school.bells, shift, grade, weekday) for weekday in range(1, days + 1))


def _timetable(school: SchoolFacts) -> Iterator[Gap]:
    yield from _classes(school, GapCode.CLASSES_WITHOUT_LESSONS, lambda one: not one.has_lessons)
    idle = (one.title for one in school.groups if not one.has_lessons)
    yield from _named(GapCode.GROUPS_WITHOUT_LESSONS, idle)


def _services(school: SchoolFacts) -> Iterator[Gap]:
    if not school.plans:
        yield Gap(GapCode.NO_PLANS)
    idle = (service.value for service in Service if service in school.plans and service not in school.taught)
    yield from _named(GapCode.SERVICES_WITHOUT_LESSONS, idle)


def _unless(code: GapCode, count: Callable[[SchoolFacts], int]) -> Callable[[SchoolFacts], Iterator[Gap]]:
    return lambda school: iter(() if count(school) else (Gap(code),))


def _nothing(_: SchoolFacts) -> Iterator[Gap]:
    return iter(())


_GAPS: Mapping[Item, Callable[[SchoolFacts], Iterator[Gap]]] = MappingProxyType(
    {
        Item.PERIODS: _periods,
        Item.HOLIDAYS: _holidays,
        Item.SUBJECTS: _subjects,
        Item.PLANS: _plans,
        Item.ROOMS: _unless(GapCode.NO_ROOMS, lambda school: school.rooms),
        Item.STAFF: _unless(GapCode.NO_STAFF, lambda school: school.staff),
        Item.CLASSES: lambda school: _classes(
            school, GapCode.CLASSES_WITHOUT_TEACHER, lambda one: not one.has_class_teacher
        ),
        Item.GROUPS: _groups,
        Item.STREAMS: _streams,
        Item.INDIVIDUAL_PLANS: lambda school: _named(GapCode.PUPILS_WITHOUT_PLAN, iter(school.unplanned_in)),
        Item.CONTINGENT: lambda school: _classes(school, GapCode.CLASSES_WITHOUT_PUPILS, lambda one: not one.pupils),
        Item.REGIME: _regime,
        Item.LOAD: lambda school: _classes(school, GapCode.CLASSES_WITHOUT_LOAD, lambda one: not one.has_load),
        Item.TIMETABLE: _timetable,
        Item.SERVICES: _services,
        Item.CHANGES: _nothing,
        Item.CONTROL_WORKS: _unless(GapCode.NO_CONTROL_WORKS, lambda school: school.control_works),
        Item.LESSON_PLANS: _nothing,
    }
)

_COUNTS: Mapping[Item, Callable[[SchoolFacts], int]] = MappingProxyType(
    {
        Item.PERIODS: lambda school: len({level_of(grade) for grade in school.calendar.week}) if school.calendar else 0,
        Item.HOLIDAYS: lambda school: len(school.calendar.holidays) if school.calendar else 0,
        Item.SUBJECTS: lambda school: len(school.subjects),
        Item.PLANS: lambda school: school.plan_count,
        Item.ROOMS: lambda school: school.rooms,
        Item.STAFF: lambda school: school.staff,
        Item.CLASSES: lambda school: len(school.classes),
        Item.GROUPS: lambda school: len(school.groups) - len(_of_kind(school, LearnersKind.STREAM)),
        Item.STREAMS: lambda school: len(_of_kind(school, LearnersKind.STREAM)),
        Item.INDIVIDUAL_PLANS: lambda school: school.on_own_plans,
        Item.CONTINGENT: lambda school: sum(one.pupils for one in school.classes),
        Item.REGIME: lambda school: len(school.bells),
        Item.LOAD: lambda school: sum(one.has_load for one in school.classes),
        Item.TIMETABLE: lambda school: school.weekly_places,
        Item.SERVICES: lambda school: len(school.taught),
        Item.CHANGES: lambda school: school.changes,
        Item.CONTROL_WORKS: lambda school: school.control_works,
        Item.LESSON_PLANS: lambda _: 0,
    }
)
