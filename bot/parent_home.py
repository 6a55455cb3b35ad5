"""A parent's first screen, and the button that leads back to it from every other. Pure."""

from collections.abc import Sequence

from bot.announce_payloads import NewAbsence, pack_absence
from bot.parent_payloads import Children, Home, Notices, Profiles, pack_parent
from bot.persons import Persona
from bot.screens import Button, Rows, Screen
from bot.wording import lines, paragraphs
from texts.reader import Texts


def home(texts: Texts, personas: Sequence[Persona], silent: Sequence[str]) -> Screen:
    """Return whose family this chat is for, and where to go; ``silent`` says of whom nothing may be sent."""
    children = [child.in_class() for persona in personas for child in persona.children]
    if not children:
        return Screen(texts.format("bot-parent-nobody"))
    text = paragraphs(lines(texts.format("bot-parent-menu"), *children), *silent, texts.format("bot-parent-menu-more"))
    return Screen(text, menu_rows(texts))


def menu_rows(texts: Texts) -> Rows:
    """Return the buttons of a parent's first screen."""
    payloads = {
        "diary": pack_parent(Children()),
        "absence": pack_absence(NewAbsence()),
        "notices": pack_parent(Notices()),
        "subscriptions": pack_parent(Profiles()),
    }
    return tuple((Button(texts.format(f"parent-button-{name}"), payload),) for name, payload in payloads.items())


def home_row(texts: Texts) -> tuple[Button, ...]:
    """Return the last row of a parent's screen: the way back to the first."""
    return (Button(texts.format("parent-button-home"), pack_parent(Home())),)
