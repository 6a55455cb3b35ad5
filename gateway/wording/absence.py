"""A day of attendance in words. Neutral to the child's sex, the fact first; nothing of the other guardian enters."""

from functools import cache

from core.events import AbsenceKind, AttendanceDayState, ProposedReason
from core.school_time import school_date
from gateway.absence_content import AbsenceContent, Missed, Partly, Whereabouts
from gateway.wording.presence import came_to, partly_words, presence_words, seen_and_missed
from gateway.wording.words import Key, Telling, Words, clock, day_words, pupil_line, short_day, understood
from texts.reader import Texts

WORD_OF_KIND = {
    AbsenceKind.UNEXPLAINED: "alert-absent",
    AbsenceKind.ILLNESS: "alert-ill",
    AbsenceKind.EXCUSED: "alert-excused",
    AbsenceKind.EXEMPT: "alert-exempt",
}
VERB_OK = "ok"
ROWS: tuple[tuple[str, ...], ...] = (("ok",), ("ill", "family"), ("late",), ("at-school",), ("unaware",))
"""Buttons under an alert: verbs by rows; «Не знаю, где ребёнок» stands alone, so that nobody hits it by a slip."""

type AbsenceTelling = Telling[AttendanceDayState, AbsenceContent]


def absence_words(texts: Texts, telling: AbsenceTelling) -> Words:
    """Put a day's absences and lateness into words."""
    state, content = telling.state, telling.content
    if content.cleared:
        return presence_words(texts, state, content.cleared)
    taken_back = _taken_back(texts, telling)
    gone = _gone(texts, telling)
    lines = (*gone, *_lesson_lines(texts, telling), *_presence(texts, telling), *taken_back)
    closing = list(_total(texts, state)) if content.missed else []
    if taken_back and not gone:
        closing.append(texts.format("alert-sorry"))
    corrected = bool(taken_back) or not content.alarming
    day, title = day_words(texts, state.day), _title(texts, telling, corrected=bool(taken_back))
    asks = bool(content.missed)
    return Words(
        title=title,
        about=(pupil_line(texts, state.pupil_name, state.class_title), day),
        body=lines,
        closing=tuple(closing),
        subject=texts.format(_subject(content, corrected=corrected), name=state.pupil_name, day=day),
        item=(texts.format("digest-absence", title=title, day=day), *lines),
        own=_own_words(texts, telling) if asks else (),
        reply=None if corrected or telling.limited or not asks else _how_to_answer(texts, telling),
        keys=_keys(texts, telling),
        calm=corrected or content.where is Whereabouts.CAME,
        link=telling.link if asks and not telling.limited else None,
        link_label=texts.format("letter-absence-label"),
    )


def _title(texts: Texts, telling: AbsenceTelling, *, corrected: bool) -> str:
    content, said = telling.content, telling.said
    count = len(content.missed)
    if content.missed and content.where is Whereabouts.CAME:
        return texts.format("alert-came-title", count=count)
    if content.standing and content.where is Whereabouts.GONE:
        return texts.format("alert-gone-title")
    if content.missed:
        return texts.format("alert-changed-title") if corrected else texts.format("alert-absent-title", count=count)
    return texts.format(_quiet_title(content, said))


def _quiet_title(content: AbsenceContent, said: AbsenceContent | None) -> str:
    """Return the title's id where no lesson was missed without a known cause, or none any more."""
    if said is not None and said.missed:
        found = {lesson.number for lesson in said.missed} <= {lesson.number for lesson in content.lessons}
        return "alert-cleared-title" if found else "alert-corrected-title"
    if content.partly:
        corrected = said is not None and not set(said.partly) <= set(content.partly)
        kind = "late" if any(one.late_minutes for one in content.partly) else "left"
        return f"alert-{kind}-changed-title" if corrected else f"alert-{kind}-title"
    if said is not None and said.partly:
        return "alert-late-withdrawn-title"
    return "alert-cleared-title" if content.lessons else "alert-corrected-title"


def _subject(content: AbsenceContent, *, corrected: bool) -> str:
    if content.missed and content.where is Whereabouts.CAME:
        return "letter-subject-came"
    if corrected:
        return "letter-subject-corrected"
    return "letter-subject-absent" if content.missed else "letter-subject-late"


def _total(texts: Texts, state: AttendanceDayState) -> tuple[str, ...]:
    """Say how many lessons were missed and since when; nothing, where it is not known from which day they count.

    Where they count from the very day that is told of, the number says no more than the list does.
    """
    if state.counted_since in (None, state.day):
        return ()
    first = state.counted_since
    since = texts.format("alert-since", number=first.day, day=short_day(texts, first))
    return (texts.format("alert-total", since=since, count=state.missed_lessons),)


def _gone(texts: Texts, telling: AbsenceTelling) -> tuple[str, ...]:
    """Say at which lessons the child was, and at which not any more."""
    gone = telling.content.standing and telling.content.where is Whereabouts.GONE
    return (seen_and_missed(texts, telling.state, telling.content.standing),) if gone else ()


def _lesson_lines(texts: Texts, telling: AbsenceTelling) -> tuple[str, ...]:
    """Return a line for each lesson that was missed, or not attended whole, in their order."""
    content, state = telling.content, telling.state
    starts = {part.number: part.starts_at for part in state.absences}
    starts |= {part.number: part.starts_at for part in state.attended}
    shown: tuple[Missed | Partly, ...] = (*content.lessons, *content.partly)
    return tuple(
        texts.format(
            "alert-lesson",
            number=one.number,
            starts=clock(texts, starts[one.number], telling.school.zone),
            subject=one.subject,
            what=partly_words(texts, one) if isinstance(one, Partly) else _missed_words(texts, telling, one),
        )
        for one in sorted(shown, key=lambda one: one.number)
    )


def _missed_words(texts: Texts, telling: AbsenceTelling, lesson: Missed) -> str:
    over = lesson.told and (lesson.entered is not None or telling.content.where is Whereabouts.CAME)
    what = texts.format("alert-was-absent" if over else WORD_OF_KIND[lesson.kind])
    if lesson.entered is None or not lesson.told:
        return what
    zone = telling.school.zone
    at, day = clock(texts, lesson.entered, zone), school_date(lesson.entered, zone)
    if day == telling.state.day:
        return texts.format("alert-entered-later", what=what, at=at)
    return texts.format("alert-entered-another-day", what=what, at=at, day=short_day(texts, day))


def _presence(texts: Texts, telling: AbsenceTelling) -> tuple[str, ...]:
    """Say of a child who came where he was seen first; a lesson to which he came late has its line already."""
    content = telling.content
    first = came_to(telling.state) if content.missed and content.where is Whereabouts.CAME else None
    if first is None or first.number in {one.number for one in content.partly}:
        return ()
    return (
        texts.format(
            "alert-lesson",
            number=first.number,
            starts=clock(texts, first.starts_at, telling.school.zone),
            subject=first.subject_name,
            what=texts.format("alert-present"),
        ),
    )


def _taken_back(texts: Texts, telling: AbsenceTelling) -> tuple[str, ...]:
    """Lines for lessons of which the reader was told what is not so; of those without a roll now nothing is claimed."""
    if telling.said is None:
        return ()
    content, said = telling.content, telling.said
    shown = {lesson.number for lesson in content.lessons} | {lesson.number for lesson in content.partly}
    attended = {lesson.number for lesson in telling.state.attended}
    told: tuple[Missed | Partly, ...] = (*said.lessons, *said.partly)
    return tuple(
        texts.format(
            "alert-lesson-present" if one.number in attended else "alert-lesson-withdrawn",
            number=one.number,
            subject=one.subject,
        )
        for one in told
        if one.number not in shown
    )


def _own_words(texts: Texts, telling: AbsenceTelling) -> tuple[str, ...]:
    content = telling.content
    if telling.limited:
        return (texts.format("alert-acknowledged"),) if content.acknowledged else ()
    if content.answer is not None:
        return (texts.format(f"alert-answer-{content.answer}"),)
    if content.acknowledged:
        return (texts.format("alert-acknowledged"), texts.format("alert-ask"))
    return (texts.format("alert-ask"),)


def _how_to_answer(texts: Texts, telling: AbsenceTelling) -> str:
    """Say how a letter is answered; of a child who came nobody is told to search."""
    if telling.link is None:
        return texts.format("letter-reply")
    return texts.format("letter-absence-link" if telling.content.standing else "letter-absence-link-over")


def _keys(texts: Texts, telling: AbsenceTelling) -> tuple[tuple[Key, ...], ...]:
    """Return the buttons of an absence of unknown cause. When it is over, nobody is asked where the child is."""
    content = telling.content
    if not content.missed:
        return ()
    if telling.limited:
        return understood(texts, done=content.acknowledged)
    done = content.acknowledged or content.answer is not None
    return _keyboard(texts, content.answer, done=done, over=not content.standing)


@cache
def _keyboard(texts: Texts, answer: ProposedReason | None, *, done: bool, over: bool) -> tuple[tuple[Key, ...], ...]:
    left_out = {VERB_OK} if done else set()
    left_out |= {ProposedReason.UNAWARE} if over else set()
    rows = (tuple(verb for verb in row if verb not in left_out) for row in ROWS)
    return tuple(tuple(Key(_label(texts, verb, answer), verb) for verb in row) for row in rows if row)


def _label(texts: Texts, verb: str, answer: ProposedReason | None) -> str:
    label = texts.format(f"alert-button-{verb}")
    return texts.format("alert-button-chosen", label=label) if answer == verb else label
