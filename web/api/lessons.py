"""Addresses of lessons: one's own of a day, a school's of a day, one."""

from http import HTTPStatus

from core.account.api_keys import Scope
from core.learning import attendance, timetable
from core.person import people
from core.school import schools
from core.school_time import school_date
from core.timetable import views
from web.api.declared import AnyOperation, Call, Operation
from web.api.lesson_shapes import (
    Lesson,
    LessonPage,
    LessonPath,
    Lessons,
    MyDay,
    SchoolDay,
    lesson_of,
    lesson_of_card,
    lesson_of_view,
    place_of_lesson,
)


async def _mine(call: Call[MyDay, None]) -> Lessons:
    person = call.actor.person
    day = call.params.day
    if day is None and person is not None:
        day = await people.today_of(call.session, person, call.now)
    # An officer of an authority belongs to no school, and gives no lessons in one.
    cards = () if person is None or day is None else await timetable.lessons_of(call.session, [person], day)
    return Lessons(day=day or call.now.date(), items=tuple(lesson_of_card(card) for card in cards))


async def _of_school(call: Call[SchoolDay, None]) -> LessonPage:
    asked = call.params
    day = asked.day
    if day is None:
        school = await schools.of_id(call.session, asked.school)
        day = school_date(call.now, school.zone)
    seen = await views.of_school_day(call.session, call.actor, asked.school, day, call.now)
    part = call.cursors.part_of(f"lessons/{asked.school}/{day}", seen.lessons, asked, place_of_lesson)
    return LessonPage(day=day, items=tuple(lesson_of_view(one) for one in part.lines), next=part.next)


async def _one(call: Call[LessonPath, None]) -> Lesson:
    roll = await attendance.roll(call.session, call.actor, call.params.lesson, call.now)
    return lesson_of(roll.lesson, called=await attendance.is_called(call.session, roll.lesson.id))


OPERATIONS: tuple[AnyOperation, ...] = (
    Operation(
        name="my-lessons",
        method="GET",
        path="/me/lessons",
        handle=_mine,
        params=MyDay,
        answer=Lessons,
        persons_only=True,
        refusals=(HTTPStatus.UNPROCESSABLE_ENTITY,),
    ),
    Operation(
        name="school-lessons",
        method="GET",
        path="/schools/{school}/lessons",
        handle=_of_school,
        params=SchoolDay,
        answer=LessonPage,
        scopes=(Scope.TIMETABLE_READ,),
        refusals=(HTTPStatus.UNPROCESSABLE_ENTITY,),
    ),
    Operation(
        name="lesson",
        method="GET",
        path="/lessons/{lesson}",
        handle=_one,
        params=LessonPath,
        answer=Lesson,
        scopes=(Scope.JOURNAL_READ,),
    ),
)
