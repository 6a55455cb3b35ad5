"""What the command line says of backups, restores and the quarantine."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

from gateway.quarantine import Held, Waiting
from texts.reader import load
from zvonok.backup.drill import Drilled
from zvonok.backup.keys import key_file
from zvonok.backup.making import Made
from zvonok.backup.reading import Contents
from zvonok.settings import Settings

KILOBYTE = 1 << 10


@dataclass(frozen=True, slots=True)
class Kept:
    """What has to be kept apart from a backup, and where it lies now."""

    key: str
    secret: str
    new_key: bool
    """The key was made for this very backup."""
    beside: bool
    """The backup lies beside the data, on whatever disk they are."""

    @classmethod
    def by(cls, settings: Settings, *, new_key: bool, beside: bool) -> "Kept":
        """Read from the settings where key and secret lie; never what they are."""
        say = load("ru").format
        key = key_file(settings).resolve() if settings.backup_key is None else None
        secret = (settings.data / "secret").resolve() if settings.secret is None else None
        return cls(
            say("backup-in-setting", name="ZVONOK_BACKUP_KEY") if key is None else str(key),
            say("backup-in-setting", name="ZVONOK_SECRET") if secret is None else str(secret),
            new_key,
            beside,
        )


def made(one: Made, kept: Kept) -> list[str]:
    """Say that a backup was made, and what must be kept elsewhere so that it is of any use."""
    say = load("ru").format
    size = max(1, one.bytes // KILOBYTE)
    lines = [say("backup-made", file=str(one.path), tables=one.tables, rows=one.rows, size=size)]
    lines += [say("backup-removed", count=one.removed)] if one.removed else []
    lines += [say("backup-ahead", count=one.ahead)] if one.ahead else []
    lines += [say("backup-keep-apart"), say("backup-key-new" if kept.new_key else "backup-key", where=kept.key)]
    lines += [say("backup-secret", where=kept.secret)]
    lines += [say("backup-beside")] if kept.beside else []
    return [*lines, say("backup-then")]


def key_made(settings: Settings, path: Path) -> list[str]:
    """Say where a new key lies, and what to set so that it is used, unless it is looked for there anyway."""
    say = load("ru").format
    used = settings.backup_key is None and key_file(settings) == path
    setting = [] if used else [say("backup-key-set", file=str(path.resolve()))]
    return [say("backup-key-made", file=str(path.resolve())), *setting]


def verified(path: Path, contents: Contents) -> list[str]:
    """Say that a file is whole."""
    return [load("ru").format("backup-whole", file=path.name, **_figures(contents))]


def drilled(one: Drilled) -> list[str]:
    """Say what a drill has shown."""
    say = load("ru").format
    chains = [
        say("drill-chain", school=name, links=verdict.links)
        if verdict.broken is None
        else say("drill-chain-broken", school=name)
        for name, verdict in one.verdicts
    ]
    return [say("drill-done", file=one.path.name, **_figures(one.contents)), *chains]


def restored(path: Path, contents: Contents) -> list[str]:
    """Say that a database was restored, and what is to be done now."""
    say = load("ru").format
    return [say("restore-done", file=path.name, **_figures(contents)), say("restore-then")]


def quarantine(waiting: Waiting, zone: str, schools: Mapping[UUID, str], people: Mapping[UUID, str]) -> list[str]:
    """List what is held: who, what kind, how many; no texts."""
    say = load("ru").format
    times = {
        "snapshot": _moment(waiting.quarantine.snapshot_at, zone),
        "restored": _moment(waiting.quarantine.restored_at, zone),
    }
    count, late = sum(one.count for one in waiting.held), sum(one.late for one in waiting.held)
    lines = [say("quarantine-since", **times)]
    lines += [] if waiting.quarantine.checked else [say("quarantine-papers", **times), *_papers()]
    lines += [say("quarantine-count", count=count)]
    lines += [say("quarantine-late", count=late)] if late else []
    lines += [say("quarantine-unread", count=waiting.unread)] if waiting.unread else []
    for school, of_school in groupby(waiting.held, key=lambda one: one.school):
        lines += [schools.get(school, str(school)), *_readers(list(of_school), people)]
    return [*lines, say("quarantine-then" if waiting.quarantine.checked else "quarantine-then-papers")]


def _papers() -> list[str]:
    """List what may have been decided in the lost time, and how each is entered again."""
    return [load("ru").format(f"quarantine-paper-{one}") for one in ("bars", "consents", "adults", "staff", "logins")]


def _readers(held: Sequence[Held], people: Mapping[UUID, str]) -> list[str]:
    say = load("ru").format
    readers = [(people.get(one.recipient, str(one.recipient)), one) for one in held]
    lines = []
    for (name, channel), ones in groupby(sorted(readers, key=_by_reader), key=lambda pair: (pair[0], pair[1].channel)):
        kinds = ", ".join(_kind(one) for _, one in ones)
        lines.append(say("quarantine-reader", name=name, channel=say(f"trace-channel-{channel}"), kinds=kinds))
    return lines


def _kind(one: Held) -> str:
    texts = load("ru")
    message = f"quarantine-kind-{one.category}"
    return texts.format(message if texts.has(message) else "quarantine-kind-other", count=one.count)


def _by_reader(pair: tuple[str, Held]) -> tuple[str, str, str]:
    name, one = pair
    return name, one.channel, one.category


def _figures(contents: Contents) -> dict[str, str | int]:
    taken = f"{contents.head.snapshot_at:%d.%m.%Y %H:%M} UTC"
    return {"taken": taken, "tables": len(contents.tallies), "rows": contents.rows}


def _moment(at: datetime, zone: str) -> str:
    return f"{at.astimezone(ZoneInfo(zone)):%d.%m.%Y %H:%M}"
