"""What the command line says of dead letters: whom, what, why and since when; never what was to be told."""

import shlex
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol, assert_never
from uuid import UUID
from zoneinfo import ZoneInfo

from gateway.dead_letters import DEAD, DeadLetter, Refused, Replayed, ReplaySeen, Result, UnderWay, WhyNot
from texts.reader import load
from zvonok.reasons import in_words
from zvonok.short_numbers import short


class Asked(Protocol):
    """What was asked for, to be asked again for the next page."""

    @property
    def reason(self) -> str | None:
        """The code of the reason."""
        ...

    @property
    def channel(self) -> str | None:
        """The channel."""
        ...

    @property
    def since(self) -> date | None:
        """The first day."""
        ...

    @property
    def school(self) -> str | None:
        """The school's name."""
        ...

    @property
    def every(self) -> bool:
        """Also those that need nobody."""
        ...


@dataclass(frozen=True, slots=True)
class Known:
    """What is needed to tell of letters."""

    zone: str
    names: Mapping[UUID, str]
    now: datetime

    def name(self, person: UUID) -> str:
        """Return the name of a reader."""
        return self.names.get(person, str(person))

    def moment(self, at: datetime) -> str:
        """Write a moment as the school's clock shows it."""
        return f"{at.astimezone(ZoneInfo(self.zone)):%d.%m.%Y %H:%M}"


def listed(letters: Sequence[DeadLetter], known: Known, asked: Asked, *, more: bool) -> list[str]:
    """List letters, then say what can be done with them."""
    say = load("ru").format
    if not letters:
        return [say("dead-none-at-all" if asked.every else "dead-none")]
    lines = [line for letter in letters for line in (_line(letter, known), _why(letter, known))]
    lines += [say("dead-then", number=short(letters[0].id))]
    return [*lines, *([say("dead-more", words=_again(asked, letters[-1]))] if more else [])]


def shown(letter: DeadLetter, replays: Sequence[ReplaySeen], result: Result, known: Known) -> list[str]:
    """Tell of one letter, and what a replay would do."""
    say = load("ru").format
    lines = [_line(letter, known), _why(letter, known)]
    if letter.state in DEAD:
        lines.append(say("dead-until", until=known.moment(letter.expires_at)))
    lines += [say("dead-told-before")] if letter.told_before and letter.state in DEAD else []
    lines += [_replay(one, known) for one in replays]
    return [*lines, _would(letter, result), say("dead-trace", subject=letter.subject)]


def replayed(results: Sequence[tuple[DeadLetter, Result]], known: Known, *, one_by_one: bool) -> tuple[list[str], bool]:
    """Say what became of each letter, or how many had which answer; and whether anything is or was under way."""
    say = load("ru").format
    if not results:
        return [say("dead-none")], False
    sent = sum(isinstance(result, Replayed) for _, result in results)
    waits = sum(isinstance(result, UnderWay) for _, result in results)
    lines = [say("dead-replayed", count=sent)] if sent else []
    lines += [say("dead-under-way", count=waits)] if waits else []
    refused = [(letter, result.reason) for letter, result in results if isinstance(result, Refused)]
    if one_by_one:
        lines += [
            say("dead-refused", number=short(letter.id), name=known.name(letter.recipient), why=_refusal(why))
            for letter, why in refused
        ]
    else:
        counts = Counter(why for _, why in refused)
        lines += [say("dead-refused-many", count=count, why=_refusal(why)) for why, count in sorted(counts.items())]
    lines += [say("dead-maybe-told-then")] if any(why == WhyNot.MAYBE_TOLD for _, why in refused) else []
    return lines, bool(sent or waits)


def _line(letter: DeadLetter, known: Known) -> str:
    texts = load("ru")
    kind = f"dead-kind-{letter.category}"
    return texts.format(
        "dead-line",
        number=short(letter.id),
        name=known.name(letter.recipient),
        channel=texts.format(f"trace-channel-{letter.channel}"),
        kind=texts.format(kind if texts.has(kind) else "dead-kind-other"),
        day=f"{letter.day:%d.%m.%Y}",
    )


def _why(letter: DeadLetter, known: Known) -> str:
    texts = load("ru")
    reason = "" if letter.reason is None else in_words(texts, letter.reason)
    state = texts.format(f"trace-state-{letter.state}")
    said = texts.format("dead-why", at=known.moment(letter.changed_at), state=state)
    said = f"{said} ({reason})" if reason else said
    if letter.state not in DEAD:
        return said
    if letter.told_otherwise:
        return f"{said}{texts.format('dead-note-told-otherwise')}"
    return f"{said}{texts.format('dead-note-late')}" if letter.expires_at <= known.now else said


def _replay(one: ReplaySeen, known: Known) -> str:
    say = load("ru").format
    message = "dead-replay-maybe-told" if one.maybe_told else "dead-replay"
    return say(message, at=known.moment(one.at), by=one.by, why=one.why)


def _would(letter: DeadLetter, result: Result) -> str:
    say = load("ru").format
    match result:
        case Replayed(channel):
            way = say(f"trace-channel-{channel}")
            return say("dead-would", number=short(letter.id), channel=way)
        case UnderWay():
            return say("dead-waits")
        case Refused(WhyNot.MAYBE_TOLD):
            return say("dead-would-maybe-told", number=short(letter.id))
        case Refused(reason):
            return say("dead-would-not", why=_refusal(reason))
        case _ as never:
            assert_never(never)


def _refusal(reason: str) -> str:
    texts = load("ru")
    message = f"dead-refusal-{reason}"
    return texts.format(message) if texts.has(message) else in_words(texts, reason)


def _again(asked: Asked, last: DeadLetter) -> str:
    """Return the words of the command for the next page."""
    given = {"--reason": asked.reason, "--channel": asked.channel, "--school": asked.school}
    words = [f"{key} {shlex.quote(value)}" for key, value in given.items() if value is not None]
    words += [] if asked.since is None else [f"--since {asked.since:%d.%m.%Y}"]
    words += ["--all"] if asked.every else []
    return " ".join([*words, f"--behind {short(last.id)}"])
