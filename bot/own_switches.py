"""The switches of «Мои данные»: messages at all, letters, and the duplicate of the one by the other. Pure."""

from dataclasses import dataclass
from uuid import UUID

from bot.own_payloads import Deed, own_button
from bot.screens import Button, Rows, Screen
from bot.wording import lines, paragraphs
from gateway.switches import Switch, Switches
from texts.reader import Texts


@dataclass(frozen=True, slots=True)
class Standing:
    """How a parent's switches stand, as a screen says it."""

    switches: Switches
    kept: str
    """Names of what his school tells him although he wants nothing; empty for nothing."""


def said(texts: Texts, stands: Standing) -> str:
    """Say how they stand."""
    switches = stands.switches
    news = texts.format("me-news-on" if switches.news else "me-news-off")
    kept = texts.format("parent-subs-kept", categories=stands.kept) if stands.kept and not switches.news else ""
    return lines(news, kept, *_of_letters(texts, stands))


def _of_letters(texts: Texts, stands: Standing) -> tuple[str, ...]:
    switches = stands.switches
    if Switch.LETTERS not in switches.offered:
        return ()
    letters = "off" if not switches.letters else "on" if switches.mailbox else "later"
    copies = texts.format("me-copies-on") if switches.on(Switch.COPIES) else ""
    return (texts.format(f"me-letters-{letters}"), copies)


def switch_rows(texts: Texts, person: UUID, stands: Standing) -> Rows:
    """Return a button for each: marked if it is on, and pressed to turn it over."""
    switches = stands.switches
    news = _switch(texts, "news", person, (Deed.NEWS_ON, Deed.ASK_NEWS_OFF), on=switches.news)
    if Switch.LETTERS not in switches.offered:
        return ((news,),)
    letters = _switch(texts, "letters", person, (Deed.LETTERS_ON, Deed.LETTERS_OFF), on=switches.letters)
    copies = _switch(texts, "copies", person, (Deed.COPIES_ON, Deed.COPIES_OFF), on=switches.on(Switch.COPIES))
    return ((news,), (letters,), (copies,))


def _switch(texts: Texts, name: str, person: UUID, deeds: tuple[Deed, Deed], *, on: bool) -> Button:
    label, (turn_on, turn_off) = texts.format(f"me-button-{name}"), deeds
    shown = texts.format("parent-button-chosen", label=label) if on else label
    return own_button(shown, turn_off if on else turn_on, person)


def news_question(texts: Texts, person: UUID, stands: Standing) -> Screen:
    """Ask before all messages end."""
    kept = texts.format("parent-subs-kept", categories=stands.kept) if stands.kept else ""
    yes = own_button(texts.format("me-button-news-off-yes"), Deed.NEWS_OFF, person)
    leave = own_button(texts.format("me-button-leave"), Deed.SHOW, person)
    return Screen(paragraphs(texts.format("me-news-off-ask"), kept), ((yes,), (leave,)))
