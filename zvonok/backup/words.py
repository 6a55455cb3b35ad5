"""What the command line says of backups, restores and the quarantine."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import groupby
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

from gateway.quarantine import Held, Waiting
from texts.reader import load
from zvonok.backup.drill import Drilled
from zvonok.backup.making import Made
from zvonok.backup.reading import Contents

KILOBYTE = 1 << 10


def made(one: Made) -> list[str]:
    """Say that a backup was made."""
    say = load("ru").format
    size = max(1, one.bytes // KILOBYTE)
    lines = [say("backup-made", file=str(one.path), tables=one.tables, rows=one.rows, size=size)]
    return [*lines, *([say("backup-removed", count=one.removed)] if one.removed else []), say("backup-keep-apart")]


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
    lines = [say("quarantine-since", **times), say("quarantine-count", count=count)]
    lines += [say("quarantine-late", count=late)] if late else []
    lines += [say("quarantine-unread", count=waiting.unread)] if waiting.unread else []
    for school, of_school in groupby(waiting.held, key=lambda one: one.school):
        lines += [schools.get(school, str(school)), *_readers(list(of_school), people)]
    return [*lines, say("quarantine-then")]


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
