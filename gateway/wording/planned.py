"""What a school has planned, in words: changed lessons, control works, events.

Only what is changed is told, and nothing that the lessons of one class or group do not say for certain: when a child's
day begins or ends is not, since some of his lessons may be with another group.
"""

from collections.abc import Iterator
from datetime import date, datetime

from core.events import ControlWorkState, NotHeld, PlannedAs, SchoolEventState, TimetableDayState, TimetableLesson
from core.school_time import school_date
from gateway.planned_content import ControlWorkContent, SchoolEventContent, TimetableContent
from gateway.wording.words import Telling, Words, children_line, clock, day_words, pupil_line, short_day
from texts.reader import Texts

type TimetableTelling = Telling[TimetableDayState, TimetableContent]
type ControlWorkTelling = Telling[ControlWorkState, ControlWorkContent]
type SchoolEventTelling = Telling[SchoolEventState, SchoolEventContent]


def timetable_words(texts: Texts, telling: TimetableTelling) -> Words:
    """Put what is changed of a day's timetable into words; what was told and is so no more goes with an apology."""
    state, content, said = telling.state, telling.content, telling.said
    alike = _alike(state, content)
    title, day = _title(texts, telling, alike), day_words(texts, state.day)
    about = [children_line(texts, telling.children, state.class_title), day]
    if content.taught_by is not None:
        about.append(texts.format("plan-taught-by", day=day_words(texts, content.taught_by)))
    lines = tuple(_lines(texts, telling, alike))
    listed = tuple(texts.format("news-item", line=line) for line in lines)
    under = tuple(texts.format("plan-under", line=line) for line in lines)
    back = said is not None and not content.lessons
    note = content.lessons[0].cancelled_note if alike else ""
    subject = "plan-letter-closed" if alike else "letter-subject-corrected" if back else "plan-letter-changed"
    return Words(
        title=title,
        about=tuple(about),
        body=(*listed, *((texts.format("plan-as-usual"),) if back else ())),
        closing=((texts.format("plan-school-says", note=note),) if note else ())
        + ((texts.format("alert-sorry"),) if back else ()),
        subject=texts.format(subject, name=", ".join(telling.children), day=day),
        item=(texts.format("plan-digest", title=title, day=short_day(texts, state.day)), *under),
        calm=not content.keeps_at_home,
        quiet=not content.rings and not (said is not None and said.rings),
    )


def _title(texts: Texts, telling: TimetableTelling, alike: NotHeld | None) -> str:
    content, said = telling.content, telling.said
    if not content.lessons:
        return texts.format("plan-timetable-usual")
    if alike is not None:
        return texts.format(f"plan-closed-{alike}")
    if said is not None and said.lessons:
        return texts.format("plan-timetable-again")
    return texts.format("plan-timetable-changed", count=len(content.lessons))


def _alike(state: TimetableDayState, content: TimetableContent) -> NotHeld | None:
    """Return the one reason why children must not come to any lesson of the day; None if there is none.

    A single lesson makes no day: that of a group may fall out while others are held.
    """
    if not 1 < len(content.lessons) == len(state.lessons):
        return None
    reasons = {(lesson.cancelled, lesson.cancelled_note) for lesson in content.lessons}
    return content.lessons[0].cancelled if len(reasons) == 1 and content.keeps_at_home else None


def _lines(texts: Texts, telling: TimetableTelling, alike: NotHeld | None) -> Iterator[str]:
    day = telling.content.day
    for lesson in telling.content.lessons:
        # Whoever is told where a lesson went looks for it where it used to be.
        place = lesson.was if lesson.day != day and lesson.was is not None else lesson
        lesson_words = texts.format(
            "plan-lesson",
            number=place.number,
            starts=clock(texts, place.starts_at, telling.school.zone),
            subject=place.subject_name,
        )
        why = texts.format("plan-not-held") if alike else "; ".join(_changes(texts, telling, lesson))
        yield texts.format("plan-line", lesson=lesson_words, what=why) if why else lesson_words


def _changes(texts: Texts, telling: TimetableTelling, lesson: TimetableLesson) -> Iterator[str]:
    """Say what is otherwise than usual of one lesson; nothing, if it stands here because of its day alone."""
    title, zone = telling.state.class_title, telling.school.zone
    if lesson.cancelled is not None:
        why = texts.format(f"plan-not-held-{lesson.cancelled}")
        note = lesson.cancelled_note
        yield texts.format("plan-noted", what=why, note=note) if note else why
    elif title in lesson.left_out:
        yield texts.format("plan-not-held")
    elif lesson.day != telling.content.day:
        starts = clock(texts, lesson.starts_at, zone)
        yield texts.format("plan-moved-to", day=day_words(texts, lesson.day), number=lesson.number, starts=starts)
    else:
        if lesson.left_out:
            yield texts.format("plan-left-out", classes=", ".join(lesson.left_out))
        yield from _otherwise(texts, lesson, zone)
        if lesson.distant:
            apart = lesson.distant == (title,)
            classes = ", ".join(lesson.distant)
            yield texts.format("plan-distant") if apart else texts.format("plan-distant-classes", classes=classes)


def _otherwise(texts: Texts, lesson: TimetableLesson, zone: str) -> Iterator[str]:
    was = lesson.was
    if was is None:
        return
    if (place := _place_before(texts, lesson, was, zone)) is not None:
        yield place
    if was.day == lesson.day and was.number == lesson.number and was.ends_at != lesson.ends_at:
        yield texts.format("plan-ends", ends=clock(texts, lesson.ends_at, zone))
    if was.subject_name != lesson.subject_name:
        yield texts.format("plan-instead-of", subject=was.subject_name)
    if was.teacher_name != lesson.teacher_name:
        yield texts.format("plan-teacher", teacher=lesson.teacher_name)
    if lesson.room_name is not None and was.room_name != lesson.room_name:
        yield texts.format("plan-room", room=lesson.room_name)


def _place_before(texts: Texts, lesson: TimetableLesson, was: PlannedAs, zone: str) -> str | None:
    """Say where and when the lesson usually is, if that is not here and now."""
    starts = clock(texts, was.starts_at, zone)
    if was.day != lesson.day:
        return texts.format("plan-moved-here", day=short_day(texts, was.day))
    if was.number != lesson.number:
        return texts.format("plan-was-number", number=was.number, starts=starts)
    return None if was.starts_at == lesson.starts_at else texts.format("plan-was-hours", starts=starts)


def control_work_words(texts: Texts, telling: ControlWorkTelling) -> Words:
    """Put a control work to come into words; where it was before is said beside where it is now."""
    state, content, said = telling.state, telling.content, telling.said
    what = "withdrawn" if content.withdrawn else "put-off" if content.cancelled else "changed" if said else "new"
    title = texts.format(f"plan-work-{what}", form=content.form)
    place = texts.format("news-lesson", day=day_words(texts, content.day), number=content.number)
    name = "plan-work-line" if content.topic else "plan-work-line-bare"
    line = texts.format(name, subject=content.subject, topic=content.topic)
    before: tuple[str, ...] = ()
    if said is not None and said.alarming and (said.day, said.number) != (content.day, content.number):
        was = texts.format("news-lesson", day=day_words(texts, said.day), number=said.number)
        before = (texts.format("plan-work-before", place=was),)
    names = ", ".join(telling.children)
    return Words(
        title=title,
        about=(children_line(texts, telling.children, state.class_title), place),
        body=(texts.format("news-item", line=line), *before),
        closing=(),
        subject=_subject(texts, names, content.day, corrected=said is not None),
        item=(texts.format("plan-digest", title=title, day=place), line, *before),
        calm=True,
    )


def school_event_words(texts: Texts, telling: SchoolEventTelling) -> Words:
    """Put an event of the school or of its classes into words."""
    state, content, said = telling.state, telling.content, telling.said
    what = "withdrawn" if content.withdrawn else "changed" if said is not None else "new"
    title = texts.format(f"plan-event-{what}", title=content.title)
    names, classes = ", ".join(telling.children), state.classes or ()
    hours = _hours(texts, content, telling.school.zone)
    where = (texts.format("plan-event-place", place=content.place),) if content.place else ()
    note = (content.note,) if content.note else ()
    body = () if content.withdrawn else (*where, *note)
    return Words(
        title=title,
        about=(pupil_line(texts, names, classes[0]) if len(classes) == 1 else names, hours),
        body=body,
        closing=(),
        subject=_subject(texts, names, school_date(content.starts_at, telling.school.zone), corrected=said is not None),
        item=(texts.format("plan-digest", title=title, day=hours), *body),
        calm=True,
    )


def _hours(texts: Texts, content: SchoolEventContent, zone: str) -> str:
    """Return «четверг, 22 октября, 14:00–15:30», or from when to when, if it lasts longer than a day."""

    def moment(at: datetime) -> tuple[date, str]:
        return school_date(at, zone), clock(texts, at, zone)

    (first, starts), (last, ends) = moment(content.starts_at), moment(content.ends_at)
    if first == last:
        return texts.format("plan-event-hours", day=day_words(texts, first), starts=starts, ends=ends)
    days = {"first": day_words(texts, first), "last": day_words(texts, last)}
    return texts.format("plan-event-days", **days, starts=starts, ends=ends)


def _subject(texts: Texts, names: str, day: date, *, corrected: bool) -> str:
    name = "letter-subject-corrected" if corrected else "letter-subject-news"
    return texts.format(name, name=names, day=day_words(texts, day))
