"""From a content to the words of a message. Pure: the same input gives the same bytes.

Texts are neutral to the sex of the child, decline no names, and begin with the fact. Nothing of the other guardian
enters: a content has only the reader's own answer.
"""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from html import escape
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from core.events import AbsenceKind, AttendanceDayState, ProposedReason, SchoolState
from gateway.content import Content
from notifiers.port import Button, Message
from texts.reader import Texts

LETTERS = Path(__file__).parent / "letters"
LINE_OF_KIND = {
    AbsenceKind.UNEXPLAINED: "alert-lesson-absent",
    AbsenceKind.ILLNESS: "alert-lesson-ill",
    AbsenceKind.EXCUSED: "alert-lesson-excused",
}
VERB_OK = "ok"
ROWS: tuple[tuple[str, ...], ...] = (("ok",), ("ill", "family"), ("late",), ("unaware",))
"""Buttons under an alert: verbs by rows; «Не знаю, где ребёнок» stands alone, so that nobody hits it by a slip."""


@dataclass(frozen=True, slots=True)
class Telling:
    """Everything that a message is made of."""

    delivery: UUID
    content: Content
    said: Content | None
    """What this reader was told before; None for a first message."""
    state: AttendanceDayState
    school: SchoolState


@dataclass(frozen=True, slots=True)
class _Words:
    title: str
    pupil: str
    day: str
    lessons: tuple[str, ...]
    closing: tuple[str, ...]
    corrected: bool

    @property
    def blocks(self) -> tuple[str, ...]:
        """What is said of the child; a day without lessons to name has no block of them."""
        lessons = ("\n".join(self.lessons),) if self.lessons else ()
        return self.title, f"{self.pupil}\n{self.day}", *lessons


def chat_message(texts: Texts, telling: Telling, address: str, key: str) -> Message:
    """Return the message for a messenger: text, HTML, buttons."""
    words = _words(texts, telling)
    own = _own_words(texts, telling.content)
    blocks = [*words.blocks, *words.closing, *own]
    plain = "\n\n".join(blocks)
    html = "\n\n".join([f"<b>{escape(words.title)}</b>", *(escape(block, quote=False) for block in blocks[1:])])
    return Message(key=key, address=address, text=plain, html=html, buttons=_buttons(texts, telling))


def letter(texts: Texts, telling: Telling, address: str, key: str) -> Message:
    """Return the same as a letter: text and HTML, and a subject that says the fact and no reason."""
    words = _words(texts, telling)
    subject_id = "letter-subject-corrected" if words.corrected else "letter-subject-absent"
    subject = texts.format(subject_id, name=telling.state.pupil_name, day=words.day)
    reply = () if words.corrected else (texts.format("letter-reply"),)
    closing = (*words.closing, *reply)
    greeting, why = texts.format("letter-greeting"), texts.format("letter-why")
    signature = texts.format("letter-signature", school=telling.school.name)
    blocks = [greeting, *words.blocks, *closing, "--", signature]
    html = _template().render(
        language=texts.language,
        subject=subject,
        greeting=greeting,
        title=words.title,
        pupil=words.pupil,
        day=words.day,
        lessons=words.lessons,
        closing=closing,
        corrected=words.corrected,
        signature=signature,
        why=why,
    )
    return Message(key=key, address=address, text="\n\n".join([*blocks, why]) + "\n", html=html, subject=subject)


def payload(delivery: UUID, verb: str) -> str:
    """Return the payload of a button: opaque, 64 bytes at most, its meaning kept by us (channels.md §0)."""
    return f"a:{delivery.hex}:{verb}"


def _words(texts: Texts, telling: Telling) -> _Words:
    state, content = telling.state, telling.content
    taken_back = _taken_back(texts, telling)
    title = _title(texts, telling, corrected=bool(taken_back))
    lessons = (*_lesson_lines(texts, telling), *taken_back)
    closing = []
    if content.alarming:
        closing.append(texts.format("alert-total", count=state.missed_lessons))
    if taken_back:
        closing.append(texts.format("alert-sorry"))
    return _Words(
        title=title,
        pupil=texts.format("alert-pupil", name=state.pupil_name, class_title=state.class_title),
        day=_day(texts, state.day),
        lessons=lessons,
        closing=tuple(closing),
        corrected=bool(taken_back) or not content.alarming,
    )


def _title(texts: Texts, telling: Telling, *, corrected: bool) -> str:
    content = telling.content
    if content.alarming:
        if corrected:
            return texts.format("alert-changed-title")
        return texts.format("alert-absent-title", count=len(content.alarming))
    return texts.format("alert-cleared-title" if content.lessons else "alert-corrected-title")


def _lesson_lines(texts: Texts, telling: Telling) -> tuple[str, ...]:
    starts = {part.number: part.starts_at for part in telling.state.absences}
    return tuple(
        texts.format(
            LINE_OF_KIND[lesson.kind],
            number=lesson.number,
            subject=lesson.subject,
            starts=_clock(texts, starts[lesson.number], telling.school.zone),
        )
        for lesson in telling.content.lessons
    )


def _taken_back(texts: Texts, telling: Telling) -> tuple[str, ...]:
    """Lines for lessons of which the reader was told an absence that is none."""
    if telling.said is None:
        return ()
    still = {lesson.number for lesson in telling.content.lessons}
    return tuple(
        texts.format("alert-lesson-present", number=lesson.number, subject=lesson.subject)
        for lesson in telling.said.lessons
        if lesson.number not in still
    )


def _own_words(texts: Texts, content: Content) -> tuple[str, ...]:
    if not content.alarming:
        return ()
    if content.answer is not None:
        return (texts.format(f"alert-answer-{content.answer}"),)
    if content.acknowledged:
        return (texts.format("alert-acknowledged"), texts.format("alert-ask"))
    return (texts.format("alert-ask"),)


def _buttons(texts: Texts, telling: Telling) -> tuple[tuple[Button, ...], ...]:
    content = telling.content
    if not content.alarming:
        return ()
    done = content.acknowledged or content.answer is not None
    rows = (tuple(verb for verb in row if not (verb == VERB_OK and done)) for row in ROWS)
    return tuple(
        tuple(Button(_label(texts, verb, content.answer), payload(telling.delivery, verb)) for verb in row)
        for row in rows
        if row
    )


def _label(texts: Texts, verb: str, answer: ProposedReason | None) -> str:
    label = texts.format(f"alert-button-{verb}")
    return texts.format("alert-button-chosen", label=label) if answer == verb else label


def _day(texts: Texts, day: date) -> str:
    return str(format_date(day, "EEEE, d MMMM", locale=texts.language))


def _clock(texts: Texts, at: datetime, zone: str) -> str:
    return str(format_time(at.astimezone(ZoneInfo(zone)), "H:mm", locale=texts.language))


@cache
def _template() -> Template:
    environment = Environment(loader=FileSystemLoader(LETTERS), autoescape=True, undefined=StrictUndefined)
    return environment.get_template("alert.html.j2")
