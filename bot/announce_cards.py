"""Screens of what a parent has announced: the list, one of them, sooner, longer, taken back. Pure."""

from collections.abc import Iterable
from datetime import date, timedelta

from bot.announce_making import FRIDAY, AbsenceScene
from bot.announce_payloads import (
    Announced,
    AskToCancel,
    Cancel,
    Longer,
    OneAnnounced,
    Sooner,
    Until,
    Whom,
    pack_absence,
    version_mark,
)
from bot.announce_words import day_on_button, days_in_sentence, extras, sentence
from bot.parent_home import home_row
from bot.screens import Button, Rows, Screen, in_pairs
from bot.wording import lines, paragraphs
from core.learning.announced_absences import AbsenceReason, AbsenceView
from texts.reader import Texts

SUNDAY = 7
MOST_DAYS = 20
"""Days that are offered at once to come back on; of a longer absence the nearest."""
_DAY, _WEEK = timedelta(days=1), timedelta(days=7)


def announced(texts: Texts, scene: AbsenceScene) -> Screen:
    """Return what is announced of a child; the only one at once as its card."""
    if len(scene.said) == 1:
        return card(texts, scene, scene.said[0])
    if not scene.said:
        return Screen(texts.format("announce-none"), ((_anew(texts, scene),), home_row(texts)))
    rows = tuple((_line_button(texts, scene, one),) for one in scene.said)
    text = paragraphs(texts.format("announce-announced"), *(_line(texts, scene, one) for one in scene.said))
    return Screen(text, (*rows, (_anew(texts, scene),), home_row(texts)))


def card(texts: Texts, scene: AbsenceScene, one: AbsenceView, heading: str = "announce-card") -> Screen:
    """Return one of them, with what may be done about it. ``heading`` names the words above it."""
    pupil = scene.child.pupil
    sooner = ((_button(texts, "sooner", Sooner(pupil, one.id)),),) if days_back(one, scene.today) else ()
    rows: Rows = (
        *sooner,
        (_button(texts, "longer", Longer(pupil, one.id)),),
        (_button(texts, "cancel", AskToCancel(pupil, one.id)),),
        (_anew(texts, scene),),
        home_row(texts),
    )
    text = paragraphs(texts.format(heading), _line(texts, scene, one))
    return Screen(text, rows)


def sent_heading(reason: AbsenceReason) -> str:
    """Name the words above what has just been sent; whoever is ill is wished well."""
    return "announce-sent-ill" if reason is AbsenceReason.ILLNESS else "announce-sent"


def days_back(one: AbsenceView, today: date) -> tuple[date, ...]:
    """List the days on which the child may be back sooner; never a Sunday."""
    start = max(one.days.first + _DAY, today)
    every = (start + timedelta(days=number) for number in range((one.days.last - start).days + 1))
    return tuple(day for day in every if day.isoweekday() != SUNDAY)[:MOST_DAYS]


def days_longer(one: AbsenceView, today: date) -> tuple[date, ...]:
    """List the last days that are offered instead: the next, a Friday, a week more, two weeks more."""
    end = max(one.days.last, today - _DAY)
    following = end + _DAY * (2 if (end + _DAY).isoweekday() == SUNDAY else 1)
    friday = end + timedelta(days=FRIDAY - end.isoweekday())
    offered = {following, end + _WEEK, end + 2 * _WEEK} | ({friday} if friday > end else set())
    return tuple(sorted(offered))


def sooner(texts: Texts, scene: AbsenceScene, one: AbsenceView) -> Screen:
    """Ask on which day the child is at school again; its card, if no such day is left."""
    ends = [(back, back - _DAY) for back in days_back(one, scene.today)]
    if not ends:
        return card(texts, scene, one)
    return _choice(texts, scene, one, "announce-ask-sooner", ends)


def longer(texts: Texts, scene: AbsenceScene, one: AbsenceView) -> Screen:
    """Ask which is the last day."""
    return _choice(texts, scene, one, "announce-ask-longer", ((day, day) for day in days_longer(one, scene.today)))


def ask_to_cancel(texts: Texts, scene: AbsenceScene, one: AbsenceView) -> Screen:
    """Ask before it is taken back."""
    yes = _button(texts, "cancel-yes", Cancel(scene.child.pupil, one.id))
    no = _button(texts, "cancel-no", OneAnnounced(scene.child.pupil, one.id))
    return Screen(paragraphs(_line(texts, scene, one), texts.format("announce-ask-cancel")), ((yes,), (no,)))


def cancelled(texts: Texts, scene: AbsenceScene) -> Screen:
    """Return that it was taken back."""
    text = texts.format("announce-cancelled", child=scene.child.in_class())
    rows = ((_button(texts, "announced", Announced(scene.child.pupil)),),) if scene.said else ()
    return Screen(text, (*rows, (_anew(texts, scene),), home_row(texts)))


def _choice(texts: Texts, scene: AbsenceScene, one: AbsenceView, ask: str, ends: Iterable[tuple[date, date]]) -> Screen:
    """Return a choice of days: each as it is named, and the last day that it makes."""
    pupil, version = scene.child.pupil, version_mark(one.version)
    days = tuple(
        Button(day_on_button(texts, named, scene.today), pack_absence(Until(pupil, one.id, last, version)))
        for named, last in ends
    )
    back = Button(texts.format("parent-button-back"), pack_absence(OneAnnounced(pupil, one.id)))
    text = paragraphs(_line(texts, scene, one), texts.format(ask))
    return Screen(text, (*(in_pairs(days) if len(days) > FRIDAY else tuple((day,) for day in days)), (back,)))


def _line(texts: Texts, scene: AbsenceScene, one: AbsenceView) -> str:
    return lines(
        sentence(texts, one.name, one.days, one.reason, scene.today),
        extras(texts, one.note, certificate=one.certificate),
    )


def _line_button(texts: Texts, scene: AbsenceScene, one: AbsenceView) -> Button:
    label = texts.format(
        "announce-button-line",
        days=days_in_sentence(texts, one.days, scene.today),
        why=texts.format(f"announce-why-{one.reason}"),
    )
    return Button(label, pack_absence(OneAnnounced(scene.child.pupil, one.id)))


def _anew(texts: Texts, scene: AbsenceScene) -> Button:
    return _button(texts, "anew", Whom(scene.child.pupil))


def _button(texts: Texts, name: str, press: object) -> Button:
    return Button(texts.format(f"announce-button-{name}"), pack_absence(press))
