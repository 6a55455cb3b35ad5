"""The messengers of the sandbox side by side: who has which, and where his chat is."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from core.events import Channel
from zvonok.sandbox.bot_api import BotApiEmulator
from zvonok.sandbox.max_api import MaxEmulator
from zvonok.sandbox.people import Person
from zvonok.sandbox.world import World

type Emulator = BotApiEmulator | MaxEmulator


@dataclass(frozen=True, slots=True)
class Phones:
    """The emulators by messenger. A person's number is the same in none but his own."""

    emulators: Mapping[Channel, Emulator]
    _owners: dict[int, Channel] = field(default_factory=dict)

    def know(self, user_id: int, messenger: Channel, first_name: str, last_name: str) -> None:
        """Let a person have this messenger."""
        self.emulators[messenger].person(user_id, first_name, last_name=last_name)
        self._owners[user_id] = messenger

    def person(self, user_id: int) -> Person:
        """Return the owner of a phone. ``KeyError`` if nobody has this number."""
        return self.emulators[self._owners[user_id]].person(user_id)

    def messenger(self, user_id: int) -> Channel:
        """Return which messenger is on a phone. ``KeyError`` as above."""
        return self._owners[user_id]

    def world(self, user_id: int) -> World:
        """Return where the chats of this phone are. ``KeyError`` as above."""
        return self.emulators[self._owners[user_id]].world

    def __iter__(self) -> Iterator[Emulator]:
        return iter(self.emulators.values())
