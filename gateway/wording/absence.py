"""An absence in words. Neutral to the sex of the child, the fact first; nothing of the other guardian enters."""

from core.events import AbsenceKind, AttendanceDayState, ProposedReason
from gateway.content import AbsenceContent
from gateway.wording.words import Key, Telling, Words, clock, day_words, pupil_line, short_day, understood
from texts.reader import Texts

LINE_OF_KIND = {
    AbsenceKind.UNEXPLAINED: "alert-lesson-absent",
    AbsenceKind.ILLNESS: "alert-lesson-ill",
    AbsenceKind.EXCUSED: "alert-lesson-excused",
    AbsenceKind.EXEMPT: "alert-lesson-exempt",
}
VERB_OK = "ok"
ROWS: tuple[tuple[str, ...], ...] = (("ok",), ("ill", "family"), ("late",), ("at-school",), ("unaware",))
"""Buttons under an alert: verbs by rows; «Не знаю, где ребёнок» stands alone, so that nobody hits it by a slip."""

type AbsenceTelling = Telling[AttendanceDayState, AbsenceContent]


def absence_words(texts: Texts, telling: AbsenceTelling) -> Words:
    """Put a day's absences into words."""
    state, content = telling.state, telling.content
    taken_back = _taken_back(texts, telling)
    lessons = (*_lesson_lines(texts, telling), *taken_back)
    closing = list(_total(texts, state)) if content.alarming else []
    if taken_back:
        closing.append(texts.format("alert-sorry"))
    corrected = bool(taken_back) or not content.alarming
    day = day_words(texts, state.day)
    title = _title(texts, telling, corrected=bool(taken_back))
    return Words(
        title=title,
        about=(pupil_line(texts, state.pupil_name, state.class_title), day),
        body=lessons,
        closing=tuple(closing),
        subject=texts.format(
            "letter-subject-corrected" if corrected else "letter-subject-absent", name=state.pupil_name, day=day
        ),
        item=(texts.format("digest-absence", title=title, day=day), *lessons),
        own=_own_words(texts, telling),
        reply=None if corrected or telling.limited else texts.format("letter-reply"),
        keys=_keys(texts, telling),
        calm=corrected,
    )


def _title(texts: Texts, telling: AbsenceTelling, *, corrected: bool) -> str:
    content = telling.content
    if content.alarming:
        if corrected:
            return texts.format("alert-changed-title")
        return texts.format("alert-absent-title", count=len(content.alarming))
    return texts.format("alert-cleared-title" if content.lessons else "alert-corrected-title")


def _total(texts: Texts, state: AttendanceDayState) -> tuple[str, ...]:
    """Say how many lessons were missed and since when; nothing, where it is not known from which day they count.

    Where they count from the very day that is told of, the number says no more than the list does.
    """
    if state.counted_since in (None, state.day):
        return ()
    first = state.counted_since
    since = texts.format("alert-since", number=first.day, day=short_day(texts, first))
    return (texts.format("alert-total", since=since, count=state.missed_lessons),)


def _lesson_lines(texts: Texts, telling: AbsenceTelling) -> tuple[str, ...]:
    starts = {part.number: part.starts_at for part in telling.state.absences}
    return tuple(
        texts.format(
            LINE_OF_KIND[lesson.kind],
            number=lesson.number,
            subject=lesson.subject,
            starts=clock(texts, starts[lesson.number], telling.school.zone),
        )
        for lesson in telling.content.lessons
    )


def _taken_back(texts: Texts, telling: AbsenceTelling) -> tuple[str, ...]:
    """Lines for lessons of which the reader was told an absence that is none."""
    if telling.said is None:
        return ()
    still = {lesson.number for lesson in telling.content.lessons}
    return tuple(
        texts.format("alert-lesson-present", number=lesson.number, subject=lesson.subject)
        for lesson in telling.said.lessons
        if lesson.number not in still
    )


def _own_words(texts: Texts, telling: AbsenceTelling) -> tuple[str, ...]:
    content = telling.content
    if not content.alarming:
        return ()
    if telling.limited:
        return (texts.format("alert-acknowledged"),) if content.acknowledged else ()
    if content.answer is not None:
        return (texts.format(f"alert-answer-{content.answer}"),)
    if content.acknowledged:
        return (texts.format("alert-acknowledged"), texts.format("alert-ask"))
    return (texts.format("alert-ask"),)


def _keys(texts: Texts, telling: AbsenceTelling) -> tuple[tuple[Key, ...], ...]:
    content = telling.content
    if not content.alarming:
        return ()
    if telling.limited:
        return understood(texts, done=content.acknowledged)
    done = content.acknowledged or content.answer is not None
    rows = (tuple(verb for verb in row if not (verb == VERB_OK and done)) for row in ROWS)
    return tuple(tuple(Key(_label(texts, verb, content.answer), verb) for verb in row) for row in rows if row)


def _label(texts: Texts, verb: str, answer: ProposedReason | None) -> str:
    label = texts.format(f"alert-button-{verb}")
    return texts.format("alert-button-chosen", label=label) if answer == verb else label
