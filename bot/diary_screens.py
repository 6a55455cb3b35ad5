"""Screens of the diary: a week at a glance, one day in full. Pure.

A week that fits no message is told by day, and a day that fits none in parts: nothing is cut silently.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from babel.dates import format_date

from bot import paging
from bot.event_words import event_words
from bot.lesson_words import cancelled_words, changed_words
from bot.parent_home import home_row
from bot.parent_payloads import Children, Day, DiaryPress, Today, Week, pack_parent
from bot.persons import Persona
from bot.screens import Button, Rows, Screen
from bot.wording import begun, bell, commas, day_words, days_words, lines, paragraphs, room_words
from core.learning.diary import DiaryDay, DiaryLesson, DiaryRemark, DiaryWeek
from core.learning.diary_gaps import NoLessons
from core.person.people import Child
from texts.reader import Texts

SUNDAY = 7
ROOM_FOR_HEADING = 300
"""Characters kept for the name of the child, the day and the number of the part."""
_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class OpenDiary:
    """A week of the diary, and what is known of its reader."""

    week: DiaryWeek
    zone: str
    today: date
    one_of_several: bool
    """The reader has other children."""


def choice_of_child(texts: Texts, families: Sequence[Persona]) -> Screen:
    """Ask whose diary to open; children of several schools are told apart by the school's name."""
    with_school = len({persona.school.id for persona in families}) > 1
    rows = tuple(
        (_child_button(texts, persona, child, with_school=with_school),)
        for persona in families
        for child in persona.children
    )
    return Screen(texts.format("parent-diary-whose"), (*rows, home_row(texts)))


def week_screen(texts: Texts, diary: OpenDiary, day: date) -> Screen:
    """Return the week that is open; by day, beginning with ``day``, if it is too long for one message."""
    text = _week_text(texts, diary)
    if not paging.fits(text):
        return day_screen(texts, diary, day, 0)
    pupil, monday = diary.week.pupil, diary.week.monday
    turning = (
        _button(texts, "before", Week(pupil, monday - _WEEK), when=_short_day(texts, monday - _WEEK)),
        _button(texts, "today", Today(pupil, whole_week=True)),
        _button(texts, "after", Week(pupil, monday + _WEEK), when=_short_day(texts, monday + _WEEK)),
    )
    by_day = _button(texts, "by-day", Day(pupil, _first_day(diary)))
    return Screen(text, (turning, (by_day,), *_others(texts, diary)))


def day_screen(texts: Texts, diary: OpenDiary, day: date, part: int) -> Screen:
    """Return one day in full. A Sunday without anything in it is shown as the Saturday before."""
    chosen = next((one for one in diary.week.days if one.day == day), diary.week.days[-1])
    told = paging.parts(_day_blocks(texts, diary, chosen), paging.MAX_TEXT - ROOM_FOR_HEADING)
    part = min(part, len(told) - 1)
    day_words = _day_heading(texts, diary, chosen.day)
    heading = lines(_whose(texts, diary), day_words, _limited(texts, diary), _part_words(texts, part, len(told)))
    pupil, monday = diary.week.pupil, diary.week.monday
    turning = (
        _step_button(texts, "before", _step_before(pupil, chosen.day, part)),
        _button(texts, "today", Today(pupil, whole_week=False)),
        _step_button(texts, "after", _step_after(pupil, chosen.day, part, len(told))),
    )
    weeks = (
        _button(texts, "week-before", Week(pupil, monday - _WEEK)),
        *((_button(texts, "week", Week(pupil, chosen.day)),) if paging.fits(_week_text(texts, diary)) else ()),
        _button(texts, "week-after", Week(pupil, monday + _WEEK)),
    )
    return Screen(paragraphs(heading, told[part]), (turning, weeks, *_others(texts, diary)))


def _week_text(texts: Texts, diary: OpenDiary) -> str:
    range_words = texts.format("parent-diary-week", days=days_words(texts, diary.week.monday, diary.week.days[-1].day))
    heading = lines(_whose(texts, diary), range_words, _limited(texts, diary))
    if not any(_has_something(one) for one in diary.week.days):
        reasons = {one.empty for one in diary.week.days}
        if len(reasons) == 1:
            return paragraphs(heading, _nothing(texts, diary, reasons.pop(), "week"))
    return paragraphs(heading, *(_day_at_a_glance(texts, diary, one) for one in diary.week.days))


def _limited(texts: Texts, diary: OpenDiary) -> str:
    return "" if diary.week.whole else texts.format("parent-diary-limited")


def _day_at_a_glance(texts: Texts, diary: OpenDiary, one: DiaryDay) -> str:
    lessons = [_lesson_at_a_glance(texts, lesson) for lesson in one.lessons]
    events = [event_words(texts, event, one.day, diary.zone) for event in one.events]
    remarks = [_remark_line(texts, remark) for remark in one.remarks]
    nothing = _nothing(texts, diary, one.empty, "day")
    return lines(_day_heading(texts, diary, one.day), nothing, *lessons, *events, *remarks)


def _lesson_at_a_glance(texts: Texts, lesson: DiaryLesson) -> str:
    marks = commas(str(mark.value) for mark in lesson.marks)
    line = texts.format("parent-diary-lesson", number=lesson.number, subject=lesson.subject_name)
    noted = commas(part for part in (marks, _absence(texts, lesson)) if part)
    told = texts.format("parent-diary-lesson-noted", line=line, noted=noted) if noted else line
    otherwise = _otherwise(texts, lesson)
    told = texts.format("lesson-noted", line=told, noted=otherwise) if otherwise else told
    return lines(told, _homework_line(texts, lesson))


def _day_blocks(texts: Texts, diary: OpenDiary, one: DiaryDay) -> Iterable[str]:
    if one.empty is not None:
        yield _nothing(texts, diary, one.empty, "day")
    for lesson in one.lessons:
        yield _lesson_in_full(texts, lesson, diary.zone)
    for event in one.events:
        yield event_words(texts, event, one.day, diary.zone)
    for remark in one.remarks:
        author = texts.format("parent-diary-author", author=remark.author_name)
        yield lines(_remark_line(texts, remark), author)


def _lesson_in_full(texts: Texts, lesson: DiaryLesson, zone: str) -> str:
    what = texts.format("parent-diary-lesson", number=lesson.number, subject=lesson.subject_name)
    when = texts.format("parent-diary-bells", starts=bell(lesson.starts_at, zone), ends=bell(lesson.ends_at, zone))
    marks = [texts.format("parent-diary-mark", value=mark.value, work=mark.work) for mark in lesson.marks]
    absence = _absence(texts, lesson)
    return lines(
        what,
        commas(part for part in (when, room_words(texts, lesson.room)) if part),
        lesson.teacher_name,
        begun(_otherwise(texts, lesson)),
        *marks,
        texts.format("parent-diary-absence", words=absence) if absence else "",
        _homework_line(texts, lesson),
    )


def _otherwise(texts: Texts, lesson: DiaryLesson) -> str:
    """Say what is otherwise than in the timetable; nothing else of a lesson that is not held."""
    if lesson.cancelled is not None:
        return cancelled_words(texts, lesson.cancelled, lesson.cancelled_note)
    return changed_words(texts, moved_from=lesson.moved_from, substituted=lesson.substituted, distant=lesson.distant)


def _homework_line(texts: Texts, lesson: DiaryLesson) -> str:
    return "" if lesson.homework is None else texts.format("parent-diary-homework", text=lesson.homework)


def _absence(texts: Texts, lesson: DiaryLesson) -> str:
    if lesson.absence_kind is None:
        return ""
    absent = texts.format(f"parent-diary-absent-{lesson.absence_kind}")
    said = lesson.own_reason
    return absent if said is None else commas((absent, texts.format(f"parent-diary-said-{said}")))


def _nothing(texts: Texts, diary: OpenDiary, why: NoLessons | None, where: str) -> str:
    """Say why a day or a week has no lessons; nothing, if it has."""
    if why is None:
        return ""
    begins = diary.week.begins
    if why is not NoLessons.BEFORE:
        return texts.format(f"parent-diary-{where}-{why}")
    if begins is None:
        return texts.format("parent-diary-never-begun")
    first = texts.format("bot-day-of-year", day=_long_day(texts, begins), year=str(begins.year))
    return texts.format(f"parent-diary-{where}-before", first=first)


def _remark_line(texts: Texts, remark: DiaryRemark) -> str:
    text_id = f"parent-diary-{remark.kind}"
    if remark.subject_name is None:
        return texts.format(text_id, text=remark.text)
    return texts.format(f"{text_id}-lesson", text=remark.text, subject=remark.subject_name)


def _whose(texts: Texts, diary: OpenDiary) -> str:
    name, class_title = diary.week.pupil_name.in_lists(), diary.week.class_title
    return texts.format("parent-diary-heading", name=name, class_title=class_title)


def _day_heading(texts: Texts, diary: OpenDiary, day: date) -> str:
    words = begun(day_words(texts, day))
    return texts.format("parent-diary-day-today", day=words) if day == diary.today else words


def _part_words(texts: Texts, part: int, parts: int) -> str:
    return texts.format("parent-diary-part", part=part + 1, parts=parts) if parts > 1 else ""


def _first_day(diary: OpenDiary) -> date:
    """Return the day at which a week is opened by day: today, or its first day with something in it."""
    days = diary.week.days
    if any(one.day == diary.today for one in days):
        return diary.today
    return next((one.day for one in days if _has_something(one)), diary.week.monday)


def _has_something(one: DiaryDay) -> bool:
    return bool(one.lessons or one.remarks or one.events)


def _step_before(pupil: UUID, day: date, part: int) -> Day:
    if part > 0:
        return Day(pupil, day, part - 1)
    days = 2 if day.isoweekday() == 1 else 1
    return Day(pupil, day - timedelta(days=days))


def _step_after(pupil: UUID, day: date, part: int, parts: int) -> Day:
    if part + 1 < parts:
        return Day(pupil, day, part + 1)
    days = 2 if day.isoweekday() == SUNDAY - 1 else 1
    return Day(pupil, day + timedelta(days=days))


def _step_button(texts: Texts, where: str, step: Day) -> Button:
    return _button(texts, where, step, when=_weekday(texts, step.day))


def _child_button(texts: Texts, persona: Persona, child: Child, *, with_school: bool) -> Button:
    label = child.in_class()
    if with_school:
        label = texts.format("parent-button-child-of-school", child=label, school=persona.school.name)
    return Button(label, pack_parent(Today(child.pupil, whole_week=True)))


def _button(texts: Texts, name: str, press: DiaryPress, **words: str) -> Button:
    return Button(texts.format(f"parent-button-{name}", **words), pack_parent(press))


def _others(texts: Texts, diary: OpenDiary) -> Rows:
    others = ((_button(texts, "children", Children()),),) if diary.one_of_several else ()
    return (*others, home_row(texts))


def _short_day(texts: Texts, day: date) -> str:
    return str(format_date(day, "d MMM", locale=texts.language))


def _long_day(texts: Texts, day: date) -> str:
    return str(format_date(day, "d MMMM", locale=texts.language))


def _weekday(texts: Texts, day: date) -> str:
    return str(format_date(day, "ccc, d", locale=texts.language))
