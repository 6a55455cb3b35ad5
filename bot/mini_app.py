"""From a chat to the roll call as a page: a button by which the messenger opens it and vouches for the person."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID

from bot.screens import Button, Screen
from core.events import Channel
from texts.reader import Texts

_LESSON = {Channel.TELEGRAM: "lesson", Channel.MAX: "startapp"}
"""How each carries a lesson: in the page's own address, or in the link of the bot, whose page its owner has set."""


@dataclass(frozen=True, slots=True)
class MiniApps:
    """Where each messenger finds our Mini App; one that does not stand here offers none."""

    addresses: Mapping[Channel, str] = field(default_factory=dict)

    @classmethod
    def at(cls, site: str | None, max_bot: str | None) -> "MiniApps":
        """Return them for a site and the name of a bot of MAX. Messengers open nothing that is not https."""
        if site is None or not site.startswith("https://"):
            return cls()
        found = {Channel.TELEGRAM: f"{site}/app"}
        return cls(found if max_bot is None else found | {Channel.MAX: f"https://max.ru/{max_bot}"})

    def offered(self, texts: Texts, screen: Screen, messenger: Channel, lesson: UUID) -> Screen:
        """Return the screen of a lesson with the button above all others, if this messenger can open the page."""
        address = self.addresses.get(messenger)
        if address is None:
            return screen
        link = f"{address}?{_LESSON[messenger]}={lesson}"
        return replace(screen, rows=((Button(texts.format("bot-button-page"), app=link),), *screen.rows))


NO_APPS = MiniApps()
"""An installation without pages."""
