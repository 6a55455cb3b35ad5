"""What the school's own people are told of their work, in words: no parent is named, and nothing is asked twice."""

from datetime import timedelta

from core.events import AbsenceDisputedState, RollOverdueState, RollStep
from gateway.duty_content import DisputeContent, RollContent
from gateway.wording.words import Telling, Words, clock, day_words, pupil_line
from texts.reader import Texts

type RollTelling = Telling[RollOverdueState, RollContent]
type DisputeTelling = Telling[AbsenceDisputedState, DisputeContent]


def roll_words(texts: Texts, telling: RollTelling) -> Words:
    """Put a late roll into words; without a sound: it is a reminder, and the lesson goes on."""
    state, content = telling.state, telling.content
    what = content.step.value if content.overdue else "over"
    lesson = texts.format("duty-lesson", subject=content.subject, learners=content.class_title)
    starts = clock(texts, state.starts_at, telling.school.zone)
    title = texts.format(f"duty-roll-{what}")
    place = texts.format("duty-place", day=day_words(texts, state.day), number=content.number, starts=starts)
    return Words(
        title=title,
        about=(lesson, place),
        body=_asked(texts, telling) if content.overdue else (),
        closing=(),
        subject=texts.format("duty-roll-letter", lesson=lesson),
        item=(texts.format("plan-digest", title=title, day=place),),
        calm=True,
        quiet=True,
        why=texts.format("duty-why"),
    )


def _asked(texts: Texts, telling: RollTelling) -> tuple[str]:
    """Ask for the roll: by when, or since when it is late."""
    state = telling.state
    if telling.content.step is RollStep.LATE:
        return (texts.format("duty-roll-ask", minutes=state.minutes),)
    due = state.starts_at + timedelta(minutes=state.minutes)
    return (texts.format("duty-roll-ask-by", until=clock(texts, due, telling.school.zone)),)


def dispute_words(texts: Texts, telling: DisputeTelling) -> Words:
    """Put into words that a family says that the child was there; not who of the family, nor what else it said."""
    state, content = telling.state, telling.content
    title = texts.format(f"duty-dispute-{'open' if content.disputed else 'over'}")
    pupil = pupil_line(texts, state.pupil_name, state.class_title)
    place = texts.format("duty-entry", day=day_words(texts, state.day), number=content.number, subject=content.subject)
    return Words(
        title=title,
        about=(pupil, place),
        body=(texts.format("duty-dispute-ask"),) if content.disputed else (),
        closing=(),
        subject=texts.format("duty-dispute-letter", day=day_words(texts, state.day)),
        item=(texts.format("plan-digest", title=title, day=place),),
        calm=not content.disputed,
        private=True,
        why=texts.format("duty-why"),
    )
