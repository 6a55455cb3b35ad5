"""Who lives in this sandbox: people with a phone, a mailbox or both, and how a new one gets the phone linked.

Linking is played as a parent plays it: a one-time code from the office, /start with it, the child's birth date.
"""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from core.account import accounts
from core.account.accounts import MessengerAccount
from core.database import Database
from core.events import Channel
from core.school.schools import SchoolCard
from zvonok import office
from zvonok.installation import Installation
from zvonok.sandbox import directory
from zvonok.sandbox.directory import Resident
from zvonok.sandbox.phones import Phones

PATIENCE_SECONDS = 20.0
LOOK_EVERY_SECONDS = 0.05
FIRST_USER_ID = 3001


class LinkingError(Exception):
    """The phone was not linked; the text says why, in Russian."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Somebody shown on the page."""

    resident: Resident
    user_id: int | None
    """The messenger account; None for one who has a mailbox only."""
    messenger: Channel = Channel.TELEGRAM
    """Which one it is an account of."""


class Residents:
    """The people of the page, kept in a file, so that the next start shows the same ones."""

    def __init__(self, path: Path, here: Installation, journal: Database, school: SchoolCard, phones: Phones) -> None:
        self._path = path
        self._here = here
        self._journal = journal
        self._school = school
        self._phones = phones
        self._people: dict[UUID, Neighbour] = {}
        self._watchers: list[Callable[[], None]] = []
        self._one_by_one = asyncio.Lock()

    @property
    def everybody(self) -> tuple[Neighbour, ...]:
        """All of them, in the order of their coming."""
        return tuple(self._people.values())

    def with_phone(self, user_id: int) -> Neighbour | None:
        """Find the owner of a messenger account."""
        return next((one for one in self._people.values() if one.user_id == user_id), None)

    def with_mailbox(self, address: str) -> tuple[Neighbour, ...]:
        """Find those who read this mailbox."""
        wanted = address.casefold()
        return tuple(one for one in self._people.values() if (one.resident.email or "").casefold() == wanted)

    def on_change(self, changed: Callable[[], None]) -> None:
        """Call ``changed`` whenever somebody comes; it must not block."""
        self._watchers.append(changed)

    async def restore(self) -> None:
        """Bring back whoever lived here before."""
        if not self._path.exists():
            return
        kept = [read_kept(row) for row in json.loads(self._path.read_text(encoding="ascii"))]
        async with self._journal.begin() as session:
            found = await directory.known(session, self._school.id, [person for person, _, _ in kept])
        for person, user_id, messenger in kept:
            if person in found:
                self._people[person] = Neighbour(found[person], user_id, messenger)
                self._know(self._people[person])

    async def find(self, words: str) -> tuple[Resident, ...]:
        """Find people of the school, living here or not."""
        async with self._journal.begin() as session:
            return await directory.find(session, self._school.id, words)

    async def bring(
        self, person: UUID, *, user_id: int | None = None, phone: bool = True, messenger: Channel = Channel.TELEGRAM
    ) -> Neighbour:
        """Let somebody live here, with a linked phone unless he has a mailbox only; repeating it changes nothing.

        Raises ``LinkingError`` if he is nobody of the school, or the bot does not let him in.
        """
        async with self._one_by_one:
            if (here := self._people.get(person)) is not None:
                return here
            async with self._journal.begin() as session:
                resident = (await directory.known(session, self._school.id, [person])).get(person)
            if resident is None:
                raise LinkingError("Такого взрослого в школе нет.")
            neighbour = Neighbour(resident, (user_id or self._free_id()) if phone else None, messenger)
            self._know(neighbour)
            await self._link(neighbour)
            self._people[person] = neighbour
            self._keep()
        for changed in self._watchers:
            changed()
        return neighbour

    def _free_id(self) -> int:
        taken = [one.user_id for one in self._people.values() if one.user_id is not None]
        return max([FIRST_USER_ID - 1, *taken]) + 1

    def _know(self, neighbour: Neighbour) -> None:
        if neighbour.user_id is not None:
            name = neighbour.resident.name
            self._phones.know(neighbour.user_id, neighbour.messenger, name.given, name.surname)

    def _keep(self) -> None:
        rows = [[str(person), one.user_id, one.messenger] for person, one in self._people.items()]
        part = self._path.with_suffix(".part")
        part.write_text(json.dumps(rows), encoding="ascii")
        part.replace(self._path)

    async def _link(self, neighbour: Neighbour) -> None:
        user_id, resident = neighbour.user_id, neighbour.resident
        if user_id is None or await self._is_linked(neighbour):
            return
        phone = self._phones.person(user_id)
        code = (await office.issue_to(self._journal, self._here, [resident.person])).get(resident.person)
        if code is None:
            raise LinkingError("Согласия на обработку персональных данных нет, поэтому и код не выдаётся.")
        started = await phone.start(code)
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await phone.wait_for(lambda _: True, after=started.message_id, within=PATIENCE_SECONDS)
                if not resident.is_staff and resident.birth_date is not None:
                    await phone.send(f"{resident.birth_date:%d.%m.%Y}")
                while not await self._is_linked(neighbour):  # noqa: ASYNC110 - a table tells nobody
                    await asyncio.sleep(LOOK_EVERY_SECONDS)
        except TimeoutError:
            seen = phone.chat.latest
            said = f" Последнее, что сказал бот: «{seen.text}»" if seen is not None and seen.from_bot else ""
            raise LinkingError(f"Бот не подключил телефон за {PATIENCE_SECONDS:.0f} с.{said}") from None

    async def _is_linked(self, neighbour: Neighbour) -> bool:
        async with self._journal.begin() as session:
            account = MessengerAccount(neighbour.messenger, str(neighbour.user_id))
            return neighbour.resident.person in await accounts.persons_behind(session, account)


def read_kept(row: list[Any]) -> tuple[UUID, int | None, Channel]:
    """Read who was kept; before there was MAX here, everybody had Telegram and nothing was said of it."""
    person, user_id, *messenger = row
    return UUID(person), user_id, Channel(*messenger) if messenger else Channel.TELEGRAM
