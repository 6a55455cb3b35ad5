"""Addresses of schools and classes: who asks, classes, their pupils, their control works; and a pupil's diary."""

from datetime import date, timedelta
from http import HTTPStatus

from core import rights
from core.account.api_keys import Scope
from core.actor import Act
from core.learning import class_rights, diary
from core.person import class_lists, class_register
from core.person.class_register import RegisterLine
from core.person.class_titles import title_order
from core.school_time import school_date
from core.timetable import control_works
from core.year.span import Span
from web.api.cursors import Place
from web.api.declared import AnyOperation, Call, Operation
from web.api.lesson_shapes import place_of_lesson
from web.api.problems import ApiError
from web.api.school_shapes import (
    ClassDays,
    ClassList,
    ClassPage,
    ControlWorkList,
    Diary,
    Me,
    Pupil,
    PupilDay,
    PupilList,
    SchoolClass,
    SchoolPage,
    diary_of,
    work_of,
)
from web.api.wire_types import NoParams

_MOST_DAYS = timedelta(days=366)


async def _me(call: Call[NoParams, None]) -> Me:
    actor, scopes = call.actor, call.asker.scopes
    school = await class_lists.own_school(call.session, actor)
    own = actor.person if actor.person is not None else actor.account
    if own is None:
        raise LookupError("nobody asks")
    if scopes is None:
        return Me(kind="person", id=own, school=school)
    return Me(kind="program", id=own, school=school, scopes=tuple(sorted(scopes)))


async def _classes(call: Call[SchoolPage, None]) -> ClassList:
    lines = await class_lists.of_school(call.session, call.actor, call.params.school, call.now)
    part = call.cursors.part_of(
        f"classes/{call.params.school}", lines, call.params, lambda one: (*title_order(one.title), str(one.id))
    )
    items = (
        SchoolClass(
            id=one.id,
            title=one.title,
            grade=one.grade,
            year=one.year,
            class_teacher=None if one.class_teacher is None else one.class_teacher.in_full(),
        )
        for one in part.lines
    )
    return ClassList(items=tuple(items), next=part.next)


async def _pupils(call: Call[ClassPage, None]) -> PupilList:
    lines = await class_register.register(call.session, call.actor, call.params.school_class, call.now)
    part = call.cursors.part_of(f"pupils/{call.params.school_class}", lines, call.params, _place_of_pupil)
    items = (Pupil(id=one.pupil, number=one.number, name=one.name.in_full()) for one in part.lines)
    return PupilList(items=tuple(items), next=part.next)


def _place_of_pupil(line: RegisterLine) -> Place:
    """Return by what a class list is ordered (YEAR-23)."""
    return line.name.sort_key(), str(line.birth_date or date.min), str(line.pupil)


async def _works(call: Call[ClassDays, None]) -> ControlWorkList:
    asked = call.params
    span = Span(asked.first, asked.last)
    if span.last - span.first > _MOST_DAYS:
        raise ApiError(HTTPStatus.UNPROCESSABLE_ENTITY, "days-too-many", field="last")
    school = (await class_rights.of_class(call.session, call.actor, asked.school_class, call.now)).school
    classes = (asked.school_class,)
    schedule = await control_works.summary(call.session, call.actor, school.id, span, call.now, classes=classes)
    of = f"works/{asked.school_class}/{span.first}/{span.last}"
    part = call.cursors.part_of(of, schedule.works, asked, lambda one: (*place_of_lesson(one.lesson), str(one.id)))
    return ControlWorkList(items=tuple(work_of(one) for one in part.lines), next=part.next)


async def _diary(call: Call[PupilDay, None]) -> Diary:
    pupil = call.params.pupil
    facts = await rights.of_pupil(call.session, call.actor, pupil, call.now)
    day = call.params.day or school_date(call.now, facts.of_school.zone)
    # Opening a diary is written down (DIARY-04): once an hour, since a program on a phone asks whenever it wakes up.
    key = f"api/{call.asker.name}/diary/{pupil}/{day - timedelta(days=day.weekday())}/{call.now:%Y-%m-%dT%H}"
    return diary_of(await diary.open_week(call.session, Act(call.actor, call.now, key), pupil, day))


_WRONG = (HTTPStatus.UNPROCESSABLE_ENTITY,)
OPERATIONS: tuple[AnyOperation, ...] = (
    Operation(name="me", method="GET", path="/me", handle=_me, params=NoParams, answer=Me),
    Operation(
        name="classes",
        method="GET",
        path="/schools/{school}/classes",
        handle=_classes,
        params=SchoolPage,
        answer=ClassList,
        scopes=(Scope.TIMETABLE_READ,),
        refusals=_WRONG,
    ),
    Operation(
        name="pupils",
        method="GET",
        path="/classes/{school_class}/pupils",
        handle=_pupils,
        params=ClassPage,
        answer=PupilList,
        scopes=(Scope.PUPILS_READ,),
        refusals=_WRONG,
    ),
    Operation(
        name="control-works",
        method="GET",
        path="/classes/{school_class}/control-works",
        handle=_works,
        params=ClassDays,
        answer=ControlWorkList,
        scopes=(Scope.TIMETABLE_READ,),
        refusals=_WRONG,
    ),
    Operation(
        name="diary",
        method="GET",
        path="/pupils/{pupil}/diary",
        handle=_diary,
        params=PupilDay,
        answer=Diary,
        persons_only=True,
        refusals=_WRONG,
    ),
)
