"""Screens of an absence in the making: of whom, why, from when, a last look with how long. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar
from uuid import UUID

from bot.announce_payloads import (
    Announced,
    AskNote,
    Certificate,
    Edge,
    IllToday,
    Lasting,
    Lasts,
    NoNote,
    SendAbsence,
    Since,
    TypeDay,
    Whom,
    Why,
    pack_absence,
)
from bot.announce_words import day_of_month, extras, seen_by_school, sentence
from bot.parent_home import home_row
from bot.persons import Persona
from bot.screens import Button, Rows, Screen, in_pairs
from bot.teacher_payloads import Token
from bot.wording import lines, paragraphs
from bot.writings import Asks, Writing
from core.actor import Actor
from core.learning.announced_absences import AbsenceReason, AbsenceView
from core.learning.expected import code_for
from core.person.people import Child
from core.rule_book.values import AbsenceCode
from core.year.span import Span
from texts.reader import Texts

FRIDAY = 5
_WEEK = timedelta(days=6)
"""From the first day of a week to its last."""


class AbsenceWriting(Writing):
    """An absence that is being announced."""

    KIND: ClassVar[str] = "absence"

    pupil: UUID
    reason: AbsenceReason
    first: date | None = None
    last: date | None = None
    lasting: Lasting | None = None
    """None: the last day was typed."""
    typing: Edge = Edge.BEGINNING
    """Which day is meant by one that is typed."""
    note: str = ""
    certificate: bool = False
    drawn_on: date
    """The day on which its last look was drawn: «сегодня» of yesterday is not sent today."""

    @property
    def days(self) -> Span | None:
        """The days, as soon as they are known."""
        return None if self.first is None or self.last is None else Span(self.first, self.last)


@dataclass(frozen=True, slots=True)
class AbsenceScene:
    """The child, whoever speaks for him, and what he has announced already."""

    persona: Persona
    actor: Actor
    child: Child
    today: date
    """At the child's school."""
    said: tuple[AbsenceView, ...]
    codes: tuple[AbsenceCode, ...]
    """The school's table: by it a roll is pre-filled."""

    def is_silent(self, reason: AbsenceReason) -> bool:
        """Tell whether a roll that is pre-filled for this reason tells the family nothing."""
        prefilled = code_for(reason, self.codes)
        return any(not one.told for one in self.codes if one.code == prefilled)

    def find(self, announced: UUID) -> AbsenceView | None:
        """Return one that stands."""
        return next((one for one in self.said if one.id == announced), None)


def last_day(first: date, lasting: Lasting) -> date:
    """Return the last day of so long an absence."""
    match lasting:
        case Lasting.ONE:
            return first
        case Lasting.FRIDAY:
            return first + timedelta(days=max(FRIDAY - first.isoweekday(), 0))
        case Lasting.WEEK | Lasting.UNKNOWN:
            return first + _WEEK


def of_whom(texts: Texts, families: Sequence[Persona]) -> Screen:
    """Ask which child; children of several schools are told apart by the school's name."""
    with_school = len({persona.school.id for persona in families}) > 1
    rows = tuple(
        (Button(_child_label(texts, persona, child, with_school=with_school), pack_absence(Whom(child.pupil))),)
        for persona in families
        for child in persona.children
    )
    return Screen(texts.format("announce-whom"), (*rows, home_row(texts)))


def why(texts: Texts, scene: AbsenceScene) -> Screen:
    """Ask for the reason; what is announced already stands above, so that nobody says it twice."""
    pupil = scene.child.pupil
    today = _button(texts, "ill-today", IllToday(pupil))
    reasons = tuple((_button(texts, reason, Why(pupil, reason)),) for reason in AbsenceReason)
    text = paragraphs(texts.format("announce-why", child=scene.child.in_class()), _said_already(texts, scene))
    change = ((_button(texts, "announced", Announced(pupil)),),) if scene.said else ()
    return Screen(text, ((today,), *reasons, *change, home_row(texts)))


def as_it_stands(texts: Texts, scene: AbsenceScene, token: Token, writing: AbsenceWriting) -> Screen:
    """Return the screen of an absence in the making: from when, or its last look."""
    days = writing.days
    return _since(texts, scene, token, writing) if days is None else _preview(texts, scene, token, writing, days)


def example(today: date) -> str:
    """Return a day that may be typed: «27.11»."""
    day = today + timedelta(days=3)
    return f"{day:%d.%m}"


def _since(texts: Texts, scene: AbsenceScene, token: Token, writing: AbsenceWriting) -> Screen:
    about = texts.format(
        "announce-about", child=scene.child.in_class(), why=texts.format(f"announce-why-{writing.reason}")
    )
    text = paragraphs(about, texts.format("announce-since", example=example(scene.today)))
    near = (_button(texts, "today", Since(token, 0)), _button(texts, "tomorrow", Since(token, 1)))
    other = _button(texts, "other-day", TypeDay(token, Edge.BEGINNING))
    return Screen(text, (near, (other,), (_back(texts, scene),)))


def _preview(texts: Texts, scene: AbsenceScene, token: Token, writing: AbsenceWriting, days: Span) -> Screen:
    text = paragraphs(
        texts.format("announce-check"),
        lines(
            sentence(texts, scene.child.name, days, writing.reason, scene.today),
            extras(texts, writing.note, certificate=writing.certificate),
        ),
        _unknown(texts, scene, writing, days),
        lines(
            seen_by_school(texts, silent=scene.is_silent(writing.reason)),
            texts.format("announce-called-already") if days.first <= scene.today else "",
        ),
        texts.format("announce-type-end", example=example(days.first)) if writing.asks is Asks.DAY else "",
        texts.format("announce-type-note") if writing.asks is Asks.TEXT else "",
    )
    send = _button(texts, "send", SendAbsence(token, writing.view))
    rows = (*in_pairs(_lengths(texts, token, writing, days)), *_additions(texts, token, writing))
    return Screen(text, ((send,), *rows, (_back(texts, scene),)))


def _lengths(texts: Texts, token: Token, writing: AbsenceWriting, days: Span) -> tuple[Button, ...]:
    """Return how long it may be; what is chosen is ticked."""
    offered = [Lasting.ONE]
    if days.first.isoweekday() < FRIDAY:
        offered.append(Lasting.FRIDAY)
    offered.append(Lasting.WEEK)
    if writing.reason is AbsenceReason.ILLNESS:
        offered.append(Lasting.UNKNOWN)
    lengths = (_ticked(texts, one, Lasts(token, one), ticked=writing.lasting is one) for one in offered)
    other = _ticked(texts, "other-day", TypeDay(token, Edge.END), ticked=writing.lasting is None)
    return (*lengths, other)


def _additions(texts: Texts, token: Token, writing: AbsenceWriting) -> Rows:
    brought = Certificate(token, int(not writing.certificate))
    certificate = _ticked(texts, "certificate", brought, ticked=writing.certificate)
    note = _button(texts, "no-note", NoNote(token)) if writing.note else _button(texts, "note", AskNote(token))
    return ((certificate, note),)


def _unknown(texts: Texts, scene: AbsenceScene, writing: AbsenceWriting, days: Span) -> str:
    if writing.lasting is not Lasting.UNKNOWN:
        return ""
    return texts.format("announce-unknown", last=day_of_month(texts, days.last, scene.today))


def _said_already(texts: Texts, scene: AbsenceScene) -> str:
    if not scene.said:
        return ""
    said = (sentence(texts, one.name, one.days, one.reason, scene.today) for one in scene.said)
    return lines(texts.format("announce-said"), *(texts.format("announce-line", sentence=one) for one in said))


def _child_label(texts: Texts, persona: Persona, child: Child, *, with_school: bool) -> str:
    if not with_school:
        return child.in_class()
    return texts.format("parent-button-child-of-school", child=child.in_class(), school=persona.school.name)


def _ticked(texts: Texts, name: str, press: object, *, ticked: bool) -> Button:
    label = texts.format(f"announce-button-{name}")
    return Button(texts.format("parent-button-chosen", label=label) if ticked else label, pack_absence(press))


def _button(texts: Texts, name: str, press: object) -> Button:
    return _ticked(texts, name, press, ticked=False)


def _back(texts: Texts, scene: AbsenceScene) -> Button:
    return Button(texts.format("parent-button-back"), pack_absence(Whom(scene.child.pupil)))
