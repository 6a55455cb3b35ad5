"""What the operator does with dead letters at the command line: lists them, looks at one, has them tried again."""

import getpass
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, time
from uuid import UUID

from core import free_text
from core.database import Database, Role
from core.person import people
from core.school import schools
from core.school_time import at_school
from gateway import dead_letters
from gateway.dead_letters import DeadLetter, Place, Wanted, Word
from texts.reader import load
from zvonok import dead_letter_words as words
from zvonok.installation import Installation
from zvonok.reason_codes import REASONS
from zvonok.trouble import OfficeError

PAGE = 50
"""Letters shown at once."""
WHY_LONGEST = 300
HEX = 32
"""Digits of a number."""
UTC = "UTC"
"""Zone of times while there is no school yet."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which letters are meant, as typed; what is not given does not matter."""

    reason: str | None = None
    channel: str | None = None
    since: date | None = None
    school: str | None = None
    every: bool = False

    def check(self) -> None:
        """Look whether the reason is one. Raises ``OfficeError``."""
        if self.reason is not None and self.reason not in REASONS:
            raise OfficeError(load("ru").format("dead-reason-unknown", reason=self.reason))

    @property
    def narrows(self) -> bool:
        """Tell whether it names anything but all there are."""
        return any((self.reason, self.channel, self.since, self.school))


async def list_(here: Installation, asked: Asked, behind: str | None) -> list[str]:
    """List a page of dead letters, the newest first; ``behind`` names the last one of the page before."""
    async with here.database(Role.GATEWAY, pool_size=1) as database:
        zone, wanted = await _wanted(here, asked)
        place = None if behind is None else _place(await _one(here, database, behind))
        letters = await _page(here, database, wanted, place)
        more = bool(letters) and bool(await _page(here, database, wanted, _place(letters[-1]), limit=1))
    names = await _names(here, letters)
    return words.listed(letters, words.Known(zone, names, here.school_clock.now()), asked, more=more)


async def show(here: Installation, number: str) -> list[str]:
    """Tell of one letter: whom, what, why, who had it tried again, and what a replay would do now."""
    async with here.database(Role.GATEWAY, pool_size=1) as database:
        letter = await _one(here, database, number)
        async with database.begin() as session:
            replays = await dead_letters.replays_of(session, letter.id)
            now = here.school_clock.now()
            result = await dead_letters.may_replay(session, letter, Word("", ""), now)
    zone, _ = await _wanted(here, Asked())
    return words.shown(letter, replays, result, words.Known(zone, await _names(here, [letter]), now))


async def replay(here: Installation, numbers: Sequence[str], asked: Asked, *, why: str, maybe_told: bool) -> list[str]:
    """Have letters tried again: those named, or all that fit.

    Each is a transaction of its own: broken off in the middle, the command is given again and goes on. Raises
    ``OfficeError`` if none will be sent, and ``Invalid`` if nothing is said in ``why``.
    """
    say = load("ru").format
    word = Word(getpass.getuser(), free_text.fit(why, WHY_LONGEST), maybe_told)
    if bool(numbers) == asked.narrows:
        raise OfficeError(say("dead-which"))
    async with here.database(Role.GATEWAY, pool_size=1) as database:
        letters = (
            [await _one(here, database, number) for number in numbers] if numbers else await _all(here, database, asked)
        )
        results = []
        for letter in letters:
            async with database.begin() as session:
                results.append((letter, await dead_letters.replay(session, letter, word, here.school_clock.now())))
    zone, _ = await _wanted(here, Asked())
    known = words.Known(zone, await _names(here, letters), here.school_clock.now())
    lines, done = words.replayed(results, known, one_by_one=bool(numbers))
    if not done:
        raise OfficeError("\n".join(lines))
    return lines


async def _all(here: Installation, database: Database, asked: Asked) -> list[DeadLetter]:
    """Return every letter that fits, as they stand now: what fails again meanwhile is not among them twice."""
    _, wanted = await _wanted(here, asked)
    found: list[DeadLetter] = []
    while page := await _page(here, database, wanted, _place(found[-1]) if found else None):
        found += page
    return found


async def _page(
    here: Installation,
    database: Database,
    wanted: Wanted,
    place: Place | None,
    limit: int | None = None,
) -> tuple[DeadLetter, ...]:
    async with database.begin() as session:
        return await dead_letters.listed(session, wanted, here.school_clock.now(), behind=place, limit=limit or PAGE)


async def _one(here: Installation, database: Database, number: str) -> DeadLetter:
    """Find the thread that a number, or its first digits, names. Raises ``OfficeError``."""
    say = load("ru").format
    digits = number.strip().lower().replace("-", "")
    now = here.school_clock.now()
    async with database.begin() as session:
        found = await dead_letters.named(session, *_between(digits), now) if _is_hex(digits) else ()
        if len(found) > 1:
            raise OfficeError(say("dead-number-doubtful", number=number))
        letter = await dead_letters.one(session, found[0], now) if found else None
    if letter is None:
        raise OfficeError(say("dead-number-unknown", number=number))
    return letter


def _is_hex(digits: str) -> bool:
    return 0 < len(digits) <= HEX and all(digit in "0123456789abcdef" for digit in digits)


def _between(digits: str) -> tuple[UUID, UUID]:
    return UUID(digits.ljust(HEX, "0")), UUID(digits.ljust(HEX, "f"))


def _place(letter: DeadLetter) -> Place:
    return Place(letter.changed_at, letter.id)


async def _wanted(here: Installation, asked: Asked) -> tuple[str, Wanted]:
    """Return the zone in which times are told, and what is asked, with days as moments. Raises ``NotFound``."""
    asked.check()
    async with here.database(Role.CORE, pool_size=1) as database, database.begin() as session:
        school = None if asked.school is None else await schools.find(session, asked.school)
        known = await schools.all_schools(session)
    zone = school.zone if school is not None else known[0].zone if known else UTC
    since = None if asked.since is None else at_school(asked.since, time(), zone)
    wanted = Wanted(reason=asked.reason, channel=asked.channel, since=since, every=asked.every)
    return zone, wanted if school is None else replace(wanted, school=school.id)


async def _names(here: Installation, letters: Sequence[DeadLetter]) -> dict[UUID, str]:
    async with here.database(Role.CORE, pool_size=1) as database, database.begin() as session:
        return await people.names(session, sorted({letter.recipient for letter in letters}))
