"""What a school's administration is told of its day, in words: which rolls are late, and how the morning is.

What the screen «Школа сейчас» says in a sentence is said here by the same one.
"""

from core.events import LateLesson, SchoolMorningState, SchoolRollsState
from gateway.duty_content import MorningContent, SchoolRollsContent
from gateway.wording.words import Telling, Words, clock, day_words
from texts.reader import Texts

type SchoolRollsTelling = Telling[SchoolRollsState, SchoolRollsContent]
type MorningTelling = Telling[SchoolMorningState, MorningContent]

MOST = 12
"""Lines of a list: of a morning on which everything is late the number says enough."""


def school_rolls_words(texts: Texts, telling: SchoolRollsTelling) -> Words:
    """Put the late rolls of a school into words, without a sound; or that all were called after all."""
    state = telling.state
    title = texts.format("school-rolls-late" if state.lessons else "school-rolls-over", count=len(state.lessons))
    day = day_words(texts, state.day)
    listed = [_late(texts, one, telling) for one in state.lessons[:MOST]]
    if len(state.lessons) > MOST:
        listed.append(texts.format("school-now-more", count=len(state.lessons) - MOST))
    return Words(
        title=title,
        about=(telling.school.name, day),
        body=tuple(listed),
        closing=(texts.format("school-rolls-ask"),) if state.lessons else (),
        subject=texts.format("school-rolls-letter", day=day),
        item=(texts.format("plan-digest", title=title, day=day), *listed),
        calm=True,
        quiet=True,
        why=texts.format("school-duty-why"),
    )


def morning_words(texts: Texts, telling: MorningTelling) -> Words:
    """Put a school's morning into five lines, without a sound."""
    state, day = telling.state, day_words(texts, telling.state.day)
    title = texts.format("morning-title", time=clock(texts, state.at, telling.school.zone))
    body = _morning(texts, state)
    return Words(
        title=title,
        about=(telling.school.name, day),
        body=body,
        closing=(texts.format("morning-more"),),
        subject=texts.format("morning-letter", day=day),
        item=(texts.format("plan-digest", title=title, day=day), *body),
        calm=True,
        quiet=True,
        why=texts.format("school-duty-why"),
    )


def _late(texts: Texts, one: LateLesson, telling: SchoolRollsTelling) -> str:
    return texts.format(
        "school-now-roll",
        class_title=one.class_title,
        subject=one.subject_name,
        starts=clock(texts, one.starts_at, telling.school.zone),
        teacher=one.teacher_name,
    )


def _morning(texts: Texts, state: SchoolMorningState) -> tuple[str, ...]:
    changed = texts.format(
        "morning-changed",
        changed=state.substituted + state.cancelled,
        substituted=state.substituted,
        cancelled=state.cancelled,
    )
    if not state.classes:
        return texts.format("school-now-no-lessons"), changed
    unknown = "school-now-unknown" if state.unknown else "school-now-no-unknown"
    return (
        texts.format("morning-there", present=state.present, enrolled=state.enrolled),
        texts.format("morning-called", called=state.called, classes=state.classes),
        texts.format(unknown, count=state.unknown),
        texts.format("morning-late", count=state.late_rolls),
        changed,
    )
