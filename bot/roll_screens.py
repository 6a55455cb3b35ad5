"""Screens of a roll call: the roster to tick, what is recorded, what was taken back. Pure."""

from collections.abc import Mapping
from datetime import timedelta
from typing import assert_never
from uuid import UUID

from bot.drafts import OpenDraft, Recorded, RollDraft
from bot.labels import labels_of
from bot.lesson_card import heading, work_rows
from bot.payloads import AsLast, Done, Edit, Lessons, Mark, Presence, Undo, pack
from bot.screens import Button, Rows, Screen, in_rows
from bot.wording import bell, commas, lines, paragraphs
from core.events import ProposedReason
from core.learning.absence_codes import absent_code
from core.learning.attendance import Roll
from texts.reader import Texts

MAX_PUPILS = 96
"""A keyboard holds 100 buttons; four are ours."""
PAIRS_MOST = 52
"""In pairs so many fit MAX's thirty rows (channels.md §2), four of which are ours; more stand four in a row."""
_IN_MINUTES_FROM = timedelta(minutes=2)


def draft_of(roll: Roll, person: UUID) -> RollDraft:
    """Return a draft of this roll as it is recorded; one that is not called begins with what is known beforehand."""
    recorded = {place: line.code for place, line in enumerate(roll.pupils) if line.code is not None}
    guessed: set[int] = set()
    if not roll.is_called:
        known = ((place, line.expected) for place, line in enumerate(roll.pupils))
        guessed = {place for place, line in enumerate(roll.pupils) if line.expected or line.before is not None}
        recorded = {place: one.code for place, one in known if one is not None and one.code is not None} | recorded
    partial = {place: line.entry for place, line in enumerate(roll.pupils) if line.entry.is_partial}
    return RollDraft(
        lesson=roll.lesson.id,
        person=person,
        version=roll.version,
        pupils=tuple(line.id for line in roll.pupils),
        labels=_labels(roll),
        before=recorded,
        marks=recorded,
        partial=partial,
        partial_before=partial,
        last_lesson={place: line.before for place, line in enumerate(roll.pupils) if line.before is not None},
        guessed=frozenset(guessed),
        starts_at=roll.lesson.starts_at,
        ends_at=roll.lesson.ends_at,
        absent_code=absent_code(roll.lesson.rules),
        roster=roll.roster,
    )


def roster(texts: Texts, roll: Roll, opened: OpenDraft) -> Screen:
    """Return the roster with everyone present but the ticked, and what is known of the day beside it.

    Of a lesson that is not held nothing can be written: it has no roster (TT-15).
    """
    if len(roll.pupils) > MAX_PUPILS:
        text = texts.format("bot-roll-too-long", class_title=roll.lesson.class_title)
        return Screen(text, ((_lessons_button(texts),),))
    if roll.lesson.cancelled is not None:
        return Screen(heading(texts, roll.lesson), ((_lessons_button(texts),),))
    ask = texts.format("bot-roll-ask" if roll.pupils else "bot-roll-empty")
    return Screen(
        paragraphs(heading(texts, roll.lesson), _hints(texts, roll), ask),
        roster_rows(texts, opened.token, opened.draft),
    )


def roster_rows(texts: Texts, token: str, draft: RollDraft) -> Rows:
    """Return the buttons of a roster: a pupil each, then «Готово» with the count, then the way back."""
    pupils = tuple(_pupil_button(texts, token, draft, place) for place in range(len(draft.pupils)))
    as_last = Button(texts.format("bot-button-as-last"), pack(AsLast(token)))
    same = draft.last_lesson.keys() <= draft.marks.keys()
    done = Button(texts.format("bot-button-done", absent=len(draft.marks), late=draft.late), pack(Done(token)))
    laid_out = in_rows(pupils, 2 if len(pupils) <= PAIRS_MOST else 4)
    return (*laid_out, *(() if same else ((as_last,),)), (done,), (_lessons_button(texts),))


def summary(
    texts: Texts, roll: Roll, recorded: Recorded | None = None, unreached: frozenset[UUID] = frozenset()
) -> Screen:
    """Return the card of a lesson: what is recorded; just after it was, also when parents will know, and «Отменить».

    ``unreached``: pupils of whom nobody is told (``gateway.unreached``).
    """
    fresh = recorded is not None and recorded.version == roll.version
    told = _who_will_know(texts, roll, recorded) if recorded is not None and fresh else ""
    silent = _who_will_not(texts, roll, unreached) if fresh else ""
    text = paragraphs(heading(texts, roll.lesson), _absent_list(texts, roll), _answers(texts, roll), told, silent)
    edit = Button(texts.format("bot-button-edit"), pack(Edit(roll.lesson.id)))
    undo = Button(texts.format("bot-button-undo"), pack(Undo(roll.lesson.id, roll.version)))
    rows = ((undo, edit) if fresh else (edit,), *work_rows(texts, roll.lesson.id), (_lessons_button(texts),))
    return Screen(text, rows)


def undone(texts: Texts, roll: Roll, *, called: bool) -> Screen:
    """Return how the roll stands after its last calling was taken back."""
    what = lines(texts.format("bot-undone-back"), _absent_list(texts, roll)) if called else texts.format("bot-undone")
    text = paragraphs(heading(texts, roll.lesson), what, _who_had_heard(texts, roll))
    again = Button(texts.format("bot-button-open"), pack(Edit(roll.lesson.id)))
    return Screen(text, ((again,), (_lessons_button(texts),)))


def _pupil_button(texts: Texts, token: str, draft: RollDraft, place: int) -> Button:
    presence = draft.presence(place)
    return Button(_pupil_label(texts, draft, place, presence), pack(Mark(token, place, draft.next(place))))


def _pupil_label(texts: Texts, draft: RollDraft, place: int, presence: Presence) -> str:
    name = draft.labels[place]
    match presence:
        case Presence.ABSENT:
            return texts.format("bot-button-absent", code=draft.marks[place], name=name)
        case Presence.LATE:
            return texts.format("bot-button-late", minutes=draft.late_minutes(place) or 0, name=name)
        case Presence.HERE:
            return texts.format("bot-button-before", name=name) if place in draft.last_lesson else name
        case _ as never:
            assert_never(never)


def _lessons_button(texts: Texts) -> Button:
    return Button(texts.format("bot-button-lessons"), pack(Lessons()))


def _labels(roll: Roll) -> tuple[str, ...]:
    return labels_of([line.name for line in roll.pupils])


def _hints(texts: Texts, roll: Roll) -> str:
    labels = dict(zip((line.id for line in roll.pupils), _labels(roll), strict=True))
    before = [labels[line.id] for line in roll.pupils if line.absent_before]
    return lines(
        _answers(texts, roll),
        _expected(texts, roll, labels),
        texts.format("bot-hint-before", names=commas(before)) if before else "",
    )


def _expected(texts: Texts, roll: Roll, labels: Mapping[UUID, str]) -> str:
    """Return of whom it was known beforehand: these begin as absent, and whoever calls the roll decides."""
    known = [
        texts.format(
            "bot-expected",
            name=labels[line.id],
            by=line.expected.by,
            reason=line.expected.reason,
            last="today" if line.expected.until == roll.lesson.day else "later",
            until=f"{line.expected.until:%d.%m}",
        )
        for line in roll.pupils
        if line.expected is not None
    ]
    return texts.format("bot-hint-expected", names="; ".join(known)) if known else ""


def _answers(texts: Texts, roll: Roll) -> str:
    """Return what parents answered about this day."""
    labels = dict(zip((line.id for line in roll.pupils), _labels(roll), strict=True))
    lost = [labels[line.id] for line in roll.pupils if ProposedReason.UNAWARE in line.answers]
    answered = [
        texts.format(
            "bot-answer", name=labels[line.id], reasons=commas(_reason(texts, given) for given in line.answers)
        )
        for line in roll.pupils
        if set(line.answers) - {ProposedReason.UNAWARE}
    ]
    return lines(
        texts.format("bot-hint-unaware", names=commas(lost)) if lost else "",
        texts.format("bot-hint-answers", answers=commas(answered)) if answered else "",
    )


def _reason(texts: Texts, reason: ProposedReason) -> str:
    return texts.format(f"bot-reason-{reason.value}")


def _absent_list(texts: Texts, roll: Roll) -> str:
    absent = [
        texts.format("bot-button-absent", code=line.code, name=label)
        for line, label in zip(roll.pupils, _labels(roll), strict=True)
        if line.code is not None
    ]
    late = [
        texts.format("bot-button-late", minutes=line.entry.late_minutes, name=label)
        for line, label in zip(roll.pupils, _labels(roll), strict=True)
        if line.entry.late_minutes is not None
    ]
    if not absent:
        return lines(texts.format("bot-recorded-present"), *late)
    return lines(texts.format("bot-recorded-absent", absent=len(absent)), *absent, *late)


def _who_will_know(texts: Texts, roll: Roll, recorded: Recorded) -> str:
    if not recorded.changed:
        return ""
    if recorded.version > 1:
        return texts.format("bot-parents-corrected")
    if not roll.lesson.school.telling.absences_at_once:
        # By the school's rule he tells of it himself (CONF-20): he must not believe that the journal does.
        absent = any(line.code is not None for line in roll.pupils)
        return texts.format("bot-parents-by-hand") if absent else ""
    window = timedelta(seconds=roll.lesson.school.settings.undo_window_seconds)
    if not window:
        return texts.format("bot-parents-at-once")
    clock = bell(recorded.at + window, roll.lesson.school.zone)
    return texts.format("bot-parents-later", wait=_wait(texts, window), clock=clock)


def unexplained(roll: Roll) -> list[UUID]:
    """Return the absent of whom nothing was known beforehand: their families must hear of it."""
    return [line.id for line in roll.pupils if line.code is not None and line.expected is None]


def _who_will_not(texts: Texts, roll: Roll, unreached: frozenset[UUID]) -> str:
    """Name the absent of whom nobody in the family is told: the caller must not believe that the journal does it."""
    silent = unreached.intersection(unexplained(roll))
    names = [label for line, label in zip(roll.pupils, _labels(roll), strict=True) if line.id in silent]
    return texts.format("bot-parents-unreached", names=commas(names)) if names else ""


def _who_had_heard(texts: Texts, roll: Roll) -> str:
    window = timedelta(seconds=roll.lesson.school.settings.undo_window_seconds)
    if not window:
        return texts.format("bot-undone-parents")
    return texts.format("bot-undone-parents-wait", wait=_wait(texts, window))


def _wait(texts: Texts, window: timedelta) -> str:
    seconds = int(window.total_seconds())
    if window >= _IN_MINUTES_FROM:
        return texts.format("bot-wait-minutes", minutes=-(-seconds // 60))
    return texts.format("bot-wait-seconds", seconds=seconds)
