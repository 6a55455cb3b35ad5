"""The list of a teacher's lessons today."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import class_choice
from bot.class_day_payloads import ClassDay, SchoolNow
from bot.lesson_words import cancelled_words, changed_words
from bot.payloads import Look, pack
from bot.persons import Persona
from bot.screens import Button, Rows, Screen, in_pairs
from bot.substitution_payloads import WhoIsAway
from bot.teacher_payloads import Classes, Notices, ThisWeek
from bot.teacher_payloads import pack as pack_second
from bot.wording import bell, commas, day_words, lines, paragraphs
from core.learning import timetable
from core.learning.timetable import LessonCard
from core.person import people
from core.person.people import ClassCard
from core.tables import Slot
from texts.reader import Texts


@dataclass(frozen=True, slots=True)
class TeachingDay:
    """The lessons that one person gives today at one school."""

    persona: Persona
    day: date
    lessons: tuple[LessonCard, ...]
    classes: tuple[ClassCard, ...]
    """Those whose class teacher he is."""
    administers: bool
    """He may write to every class of the school."""
    teaches: bool
    """The timetable has lessons of his, today or on another day."""


async def teaching_days(session: AsyncSession, personas: Sequence[Persona], now: datetime) -> tuple[TeachingDay, ...]:
    """Read the lessons of today of each employee among these persons; ``session`` is core's."""
    days = []
    for persona in personas:
        if persona.is_staff:
            day = persona.today(now)
            lessons = await timetable.lessons_of(session, [persona.person], day)
            led = await people.classes_led(session, persona.person)
            administers = await class_choice.administers(session, persona, now)
            days.append(TeachingDay(persona, day, lessons, led, administers, await _teaches(session, persona)))
    return tuple(days)


async def _teaches(session: AsyncSession, persona: Persona) -> bool:
    query = select(Slot.id).where(Slot.teacher_id == persona.person).limit(1)
    return (await session.execute(query)).first() is not None


def to_call(days: Sequence[TeachingDay], now: datetime) -> tuple[Persona, LessonCard] | None:
    """Choose the lesson whose roll call is wanted now, at whichever school."""
    owners = {lesson.id: day.persona for day in days for lesson in day.lessons}
    lessons = sorted((lesson for day in days for lesson in day.lessons), key=lambda lesson: lesson.starts_at)
    chosen = timetable.lesson_to_call(lessons, now)
    return None if chosen is None else (owners[chosen.id], chosen)


def lesson_list(texts: Texts, days: Sequence[TeachingDay], now: datetime) -> Screen:
    """Return the list, with a button for each lesson, for the week, and for the notices of each own class."""
    several = len(days) > 1
    blocks = [_block(texts, day, now, with_school=several) for day in days]
    held = (lesson for day in days for lesson in day.lessons if lesson.cancelled is None)
    buttons = tuple(_button(texts, lesson) for lesson in held)
    children = [child.in_class() for day in days for child in day.persona.children]
    text = paragraphs(
        *blocks,
        texts.format("bot-lessons-choose") if buttons else "",
        texts.format("bot-also-parent", children=commas(children)) if children else "",
    )
    return Screen(text, (*in_pairs(buttons), *_week_rows(texts, days), *class_rows(texts, days)))


def class_rows(texts: Texts, days: Sequence[TeachingDay]) -> Rows:
    """Return the buttons of each own class, its day and its notices, and of any class for the administration."""
    own = tuple((_day_button(texts, one), _class_button(texts, one)) for day in days for one in day.classes)
    if not any(day.administers for day in days):
        return own
    several = len(days) > 1
    now = tuple(_school_row(texts, day, several=several) for day in days if day.administers)
    return (*own, *now, (Button(texts.format("teacher-button-write-to-class"), pack_second(Classes(0))),))


def _week_rows(texts: Texts, days: Sequence[TeachingDay]) -> Rows:
    """Return the way to the whole week (TT-10); whoever teaches at several schools has a week at each."""
    teaching = [day.persona for day in days if day.teaches or day.lessons or day.classes]
    if len(teaching) == 1:
        return ((Button(texts.format("week-button-open"), pack_second(ThisWeek(teaching[0].person))),),)
    return tuple(
        (Button(texts.format("week-button-open-at", school=one.school.name), pack_second(ThisWeek(one.person))),)
        for one in teaching
    )


def _block(texts: Texts, day: TeachingDay, now: datetime, *, with_school: bool) -> str:
    heading = texts.format("bot-lessons-today" if day.lessons else "bot-lessons-none", day=day_words(texts, day.day))
    zone = day.persona.school.zone
    listed = [_line(texts, lesson, zone, now) for lesson in day.lessons]
    return lines(day.persona.school.name if with_school else "", heading, *listed, _beside_lessons(texts, day))


def _beside_lessons(texts: Texts, day: TeachingDay) -> str:
    """Say what an employee without lessons may do here, if anything."""
    if day.administers:
        return "" if day.lessons else texts.format("teacher-lessons-administration")
    return "" if day.teaches or day.lessons or day.classes else texts.format("teacher-lessons-never")


def lesson_line(texts: Texts, lesson: LessonCard, zone: str) -> str:
    """Return «1. 8:30 · 5А · математика»."""
    return texts.format(
        "bot-lesson-line",
        number=lesson.number,
        starts=bell(lesson.starts_at, zone),
        class_title=lesson.class_title,
        subject=lesson.subject_name,
    )


def _line(texts: Texts, lesson: LessonCard, zone: str, now: datetime) -> str:
    line = lesson_line(texts, lesson, zone)
    if lesson.cancelled is not None:
        return texts.format("lesson-noted", line=line, noted=cancelled_words(texts, lesson.cancelled))
    changed = changed_words(texts, moved_from=lesson.moved_from, substituted=lesson.instead_of is not None)
    line = texts.format("lesson-noted", line=line, noted=changed) if changed else line
    state = _state(lesson, now)
    return line if state is None else texts.format(f"bot-lesson-{state}", line=line)


def _state(lesson: LessonCard, now: datetime) -> str | None:
    if lesson.roll_called:
        return "called"
    if lesson.ends_at <= now:
        return "missed"
    return "now" if lesson.starts_at <= now else None


def _button(texts: Texts, lesson: LessonCard) -> Button:
    label = texts.format("bot-button-lesson", number=lesson.number, class_title=lesson.class_title)
    return Button(label, pack(Look(lesson.id)))


def _school_row(texts: Texts, day: TeachingDay, *, several: bool) -> tuple[Button, ...]:
    """Return the way to the school at this moment, and to a substitution; of several schools each has its name."""
    name, school = texts.format("school-now-button"), day.persona.school
    label = texts.format("lesson-noted", line=name, noted=school.name) if several else name
    step_in = Button(texts.format("stand-in-button"), pack_second(WhoIsAway(school.id, 0)))
    return (Button(label, pack_second(SchoolNow(school.id))), step_in)


def _day_button(texts: Texts, one: ClassCard) -> Button:
    return Button(texts.format("class-day-button", class_title=one.title), pack_second(ClassDay(one.id)))


def _class_button(texts: Texts, one: ClassCard) -> Button:
    return Button(texts.format("teacher-button-class-notices", class_title=one.title), pack_second(Notices(one.id)))
