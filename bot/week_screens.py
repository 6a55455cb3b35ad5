"""A teacher's week: his lessons by day, what has changed in them, and what the school does beside. Pure.

A week that fits no message is told in parts: nothing is cut silently.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from babel.dates import format_date

from bot import paging
from bot.event_words import event_for_staff
from bot.lesson_words import week_words
from bot.payloads import Lessons
from bot.payloads import pack as pack_first
from bot.screens import Button, Rows, Screen
from bot.teacher_payloads import LessonWeek, ThisWeek, pack
from bot.wording import begun, bell, day_words, days_words, lines, paragraphs, room_words
from core.timetable.lesson_views import LessonView
from core.timetable.views import DayView, WeekView
from texts.reader import Texts

ROOM_FOR_HEADING = 150
"""Characters kept for the days and the number of the part, beside the name of the school."""
_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class OpenWeek:
    """The week of a teacher at one school."""

    person: UUID
    week: WeekView
    zone: str
    today: date
    school: str = ""
    """Its name, for whoever works at several."""


def week_screen(texts: Texts, opened: OpenWeek, part: int) -> Screen:
    """Return a part of the week; most have one."""
    days = opened.week.days
    # Two UTF-16 units at most for each character: nobody limits the name of a school.
    told = paging.parts(_blocks(texts, opened), paging.MAX_TEXT - ROOM_FOR_HEADING - 2 * len(opened.school))
    part = min(part, len(told) - 1)
    heading = lines(
        texts.format("week-heading", days=days_words(texts, days[0].day, days[-1].day)),
        opened.school,
        texts.format("week-part", part=part + 1, parts=len(told)) if len(told) > 1 else "",
    )
    rows = (*_parts_rows(texts, opened, part, len(told)), _weeks_row(texts, opened))
    lessons = Button(texts.format("bot-button-lessons"), pack_first(Lessons()))
    return Screen(paragraphs(heading, told[part]), (*rows, (lessons,)))


def _blocks(texts: Texts, opened: OpenWeek) -> Iterator[str]:
    days = opened.week.days
    if not any(one.lessons or one.moved_away or one.events for one in days):
        said = {_nothing(texts, one) for one in days}
        begins = next((one.unrecorded.begins for one in days if one.unrecorded is not None), None)
        if said == {texts.format("week-day-no-lessons")}:
            yield texts.format("week-no-lessons")
            return
        if begins is not None and len(said) == 1:
            yield texts.format("week-before", first=_in_full(texts, begins))
            return
    for one in days:
        yield _day(texts, opened, one)


def _day(texts: Texts, opened: OpenWeek, one: DayView) -> str:
    words = begun(day_words(texts, one.day))
    return lines(
        texts.format("week-day-today", day=words) if one.day == opened.today else words,
        _nothing(texts, one),
        *(_lesson(texts, opened, lesson) for lesson in one.lessons),
        *(_moved_away(texts, lesson) for lesson in one.moved_away),
        *(event_for_staff(texts, event, one.day, opened.zone) for event in one.events),
    )


def _nothing(texts: Texts, one: DayView) -> str:
    if one.lessons or one.moved_away:
        return ""
    if one.unrecorded is None:
        return texts.format("week-day-no-lessons" if one.is_made else "week-day-not-made")
    if one.unrecorded.begins is None:
        return texts.format("week-day-unrecorded")
    return texts.format("week-day-before", first=_in_full(texts, one.unrecorded.begins))


def _in_full(texts: Texts, day: date) -> str:
    return texts.format("bot-day-of-year", day=format_date(day, "d MMMM", locale=texts.language), year=str(day.year))


def _lesson(texts: Texts, opened: OpenWeek, lesson: LessonView) -> str:
    line = texts.format(
        "bot-lesson-line",
        number=lesson.number,
        starts=bell(lesson.starts_at, opened.zone),
        class_title=lesson.learners,
        subject=lesson.subject_name,
    )
    noted = (room_words(texts, lesson.room_name or ""), week_words(texts, lesson, opened.week.title))
    for one in noted:
        line = texts.format("lesson-noted", line=line, noted=one) if one else line
    return line


def _moved_away(texts: Texts, lesson: LessonView) -> str:
    return texts.format(
        "week-lesson-moved-away",
        number=lesson.planned_number,
        class_title=lesson.learners,
        subject=lesson.planned_subject,
        day=day_words(texts, lesson.day),
        other=lesson.number,
    )


def _parts_rows(texts: Texts, opened: OpenWeek, part: int, parts: int) -> Rows:
    """Return the row that leads through the parts; none, if there is one."""
    monday = opened.week.days[0].day
    others = {"before": part - 1, "after": part + 1}
    row = tuple(
        Button(texts.format(f"week-button-part-{where}", part=one + 1), pack(LessonWeek(opened.person, monday, one)))
        for where, one in others.items()
        if 0 <= one < parts
    )
    return (row,) if row else ()


def _weeks_row(texts: Texts, opened: OpenWeek) -> tuple[Button, ...]:
    monday = opened.week.days[0].day
    return (
        _week_button(texts, opened, "before", monday - _WEEK),
        Button(texts.format("week-button-this"), pack(ThisWeek(opened.person))),
        _week_button(texts, opened, "after", monday + _WEEK),
    )


def _week_button(texts: Texts, opened: OpenWeek, where: str, monday: date) -> Button:
    when = format_date(monday, "d MMM", locale=texts.language)
    return Button(texts.format(f"week-button-{where}", when=when), pack(LessonWeek(opened.person, monday, 0)))
