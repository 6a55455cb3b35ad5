"""Commands and queries about the school year, its groups, its load and its timetable, as somebody would do them."""

from datetime import date, timedelta
from decimal import Decimal

from core.access import Right
from core.lists import exporting
from core.lists.exporting import ListKind
from core.movement import closing, orders, rollover
from core.movement.movements import Order
from core.movement.orders import Leaving
from core.plan import (
    curriculum,
    group_lists,
    load,
    plan_import,
    readiness,
    rooms,
    shifts,
    study_groups,
    subjects,
    years,
)
from core.plan.curriculum import NewPlan, PlanLine
from core.plan.load import NewLoad, Taught
from core.plan.rooms import RoomDraft
from core.plan.study_groups import NewGroup, Purpose
from core.plan.subjects import SubjectDraft
from core.timetable import (
    change_list,
    control_works,
    day_acts,
    lesson_changes,
    school_events,
    stand_ins,
    substituted,
    views,
)
from core.timetable.control_works import ControlWorkDraft
from core.timetable.lesson_changes import Substitute
from core.timetable.school_events import EventDraft
from core.year.changes import DayAct, Distance
from core.year.span import Span
from tests.integration.core_world import DAY
from tests.integration.rights_tries import Doing, Thing
from tests.integration.rights_world import CLOSING_YEAR, NOW
from tests.unit.year_cases import calendar

YEAR = 2026
NEXT_WEEK = DAY + timedelta(days=7)
WEEK = Span(DAY, NEXT_WEEK)
ORDER = Order("12-у", date(2026, 11, 20))
CONCERT = EventDraft(title="Концерт", starts_at=NOW + timedelta(days=3), ends_at=NOW + timedelta(days=3, hours=1))
WORK = ControlWorkDraft("контрольная работа", "Дроби")
DISTANCE = DayAct(Span(NEXT_WEEK, NEXT_WEEK), Distance())

ON_THE_YEAR = (
    Doing("see the year", Thing.SCHOOL, Right.YEAR_VIEW, lambda s, it: years.read(s, it.actor, it.school, YEAR, NOW)),
    Doing("list the rooms", Thing.SCHOOL, Right.YEAR_VIEW, lambda s, it: rooms.listed(s, it.actor, it.school, NOW)),
    Doing("list subjects", Thing.SCHOOL, Right.YEAR_VIEW, lambda s, it: subjects.listed(s, it.actor, it.school, NOW)),
    Doing(
        "see what is ready",
        Thing.SCHOOL,
        Right.YEAR_VIEW,
        lambda s, it: readiness.of_year(s, it.actor, it.school, YEAR, NOW),
    ),
    Doing(
        "list the plans",
        Thing.SCHOOL,
        Right.YEAR_VIEW,
        lambda s, it: curriculum.of_year(s, it.actor, it.school, YEAR, NOW),
    ),
    Doing(
        "list the groups",
        Thing.SCHOOL,
        Right.YEAR_VIEW,
        lambda s, it: group_lists.of_year(s, it.actor, it.school, YEAR, DAY, NOW),
    ),
    Doing("see the load", Thing.SCHOOL, Right.YEAR_VIEW, lambda s, it: load.of_year(s, it.actor, it.school, YEAR, NOW)),
    Doing(
        "see a day of the school",
        Thing.SCHOOL,
        Right.YEAR_VIEW,
        lambda s, it: views.of_school_day(s, it.actor, it.school, DAY, NOW),
    ),
    Doing(
        "see what has changed",
        Thing.SCHOOL,
        Right.YEAR_VIEW,
        lambda s, it: change_list.of_days(s, it.actor, it.school, WEEK, NOW),
    ),
    Doing(
        "see the events",
        Thing.SCHOOL,
        Right.YEAR_VIEW,
        lambda s, it: school_events.of_school(s, it.actor, it.school, WEEK, NOW),
    ),
    Doing(
        "see the control works",
        Thing.SCHOOL,
        Right.YEAR_VIEW,
        lambda s, it: control_works.summary(s, it.actor, it.school, WEEK, NOW),
    ),
    Doing(
        "see how far the closing is",
        Thing.SCHOOL,
        Right.YEAR_VIEW,
        lambda s, it: closing.state(s, it.actor, it.school, CLOSING_YEAR, NOW),
    ),
    Doing(
        "set the calendar",
        Thing.SCHOOL,
        Right.YEAR_SET,
        lambda s, it: years.set_calendar(s, it.act, it.school, calendar()),
    ),
    Doing(
        "write down a room",
        Thing.SCHOOL,
        Right.YEAR_SET,
        lambda s, it: rooms.add(s, it.act, it.school, RoomDraft("каб. 7")),
    ),
    Doing(
        "write down a subject",
        Thing.SCHOOL,
        Right.YEAR_SET,
        lambda s, it: subjects.add(s, it.act, it.school, SubjectDraft("ритмика")),
    ),
    Doing(
        "put a plan",
        Thing.CLASS,
        Right.YEAR_SET,
        lambda s, it: curriculum.put(
            s, it.act, it.at.school.id, YEAR, NewPlan("план", (PlanLine(5, it.at.subject, Decimal(5)),))
        ),
    ),
    Doing(
        "bring plans in",
        Thing.SCHOOL,
        Right.YEAR_SET,
        lambda s, it: plan_import.bring_plans(s, it.act, it.school, YEAR, ()),
    ),
    Doing(
        "move to a shift", Thing.CLASS, Right.YEAR_SET, lambda s, it: shifts.set_shift(s, it.act, it.at.school_class, 2)
    ),
    Doing(
        "propose to close the year",
        Thing.SCHOOL,
        Right.YEAR_CLOSE_PROPOSE,
        lambda s, it: closing.propose(s, it.act, it.school, CLOSING_YEAR),
        signed=True,
    ),
    Doing(
        "close the year",
        Thing.SCHOOL,
        Right.YEAR_CLOSE,
        lambda s, it: closing.confirm(s, it.act, it.school, CLOSING_YEAR),
        signed=True,
    ),
    Doing(
        "make a group",
        Thing.CLASS,
        Right.GROUP_WRITE,
        lambda s, it: study_groups.create(
            s, it.act, it.at.school.id, NewGroup("шахматы", frozenset([it.at.school_class]), purpose=Purpose.CLUB)
        ),
    ),
    Doing(
        "divide a class",
        Thing.CLASS,
        Right.GROUP_WRITE,
        lambda s, it: study_groups.divide(s, it.act, it.at.school_class, it.at.subject, ["1", "2"]),
    ),
    Doing(
        "give a load",
        Thing.CLASS,
        Right.LOAD_SET,
        lambda s, it: load.give(
            s,
            it.act,
            it.at.school.id,
            YEAR,
            [NewLoad(it.at.employee, it.at.subject, Taught(it.at.school_class), Decimal(5))],
        ),
    ),
)
ON_MOVEMENT = (
    Doing(
        "take a list out",
        Thing.SCHOOL,
        Right.ROSTER_IMPORT,
        lambda s, it: exporting.export(s, it.act, it.whole.school, ListKind.PUPILS),
    ),
    Doing(
        "let a pupil leave",
        Thing.PUPIL,
        Right.MOVEMENT_RECORD,
        lambda s, it: orders.leave(s, it.act, it.at.pupil, Leaving(DAY, ORDER)),
    ),
    Doing(
        "see how the classes pass on",
        Thing.SCHOOL,
        Right.MOVEMENT_RECORD,
        lambda s, it: rollover.propose(s, it.actor, it.school, YEAR, NOW),
    ),
    Doing(
        "read where a pupil learned",
        Thing.PUPIL,
        Right.PUPIL_VIEW,
        lambda s, it: orders.history(s, it.actor, it.at.pupil, NOW),
    ),
)
ON_THE_TIMETABLE = (
    Doing(
        "put somebody in a teacher's place",
        Thing.LESSON,
        Right.SUBSTITUTION_RECORD,
        lambda s, it: lesson_changes.substitute(s, it.act, it.lesson, Substitute(it.at.spare)),
    ),
    Doing(
        "see whose lessons of today are not over",
        Thing.SCHOOL,
        Right.SUBSTITUTION_RECORD,
        lambda s, it: stand_ins.givers(s, it.actor, it.school, NOW),
    ),
    Doing(
        "see which lessons of a teacher may be given by another",
        Thing.SCHOOL,
        Right.SUBSTITUTION_RECORD,
        lambda s, it: stand_ins.lessons_left(s, it.actor, it.school, it.at.spare, NOW),
    ),
    Doing(
        "see who may step in",
        Thing.LESSON,
        Right.SUBSTITUTION_RECORD,
        lambda s, it: stand_ins.stand_ins(s, it.actor, it.lesson, NOW),
    ),
    Doing(
        "read the journal of substitutions",
        Thing.SCHOOL,
        Right.SUBSTITUTION_RECORD,
        lambda s, it: substituted.journal(s, it.actor, it.school, WEEK, NOW),
    ),
    Doing(
        "let a day be taught at a distance",
        Thing.SCHOOL,
        Right.TIMETABLE_SET,
        lambda s, it: day_acts.act(s, it.act, it.school, DISTANCE),
    ),
    Doing(
        "plan an event",
        Thing.SCHOOL,
        Right.TIMETABLE_SET,
        lambda s, it: school_events.plan(s, it.act, it.school, CONCERT),
    ),
    Doing(
        "plan a control work",
        Thing.LESSON,
        Right.CONTROL_WORK_PLAN,
        lambda s, it: control_works.plan(s, it.act, it.lesson, WORK),
    ),
)
