"""Prints the part of ``requirements.lock`` that the product needs to run, hashes included: for an image without tools.

The lock says of each package who asked for it (``# via``); whatever leads back to the product's own dependencies stays.
``--without NAME`` leaves a dependency out, together with what only it asked for.
"""

import re
import sys
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).parents[1]
_PINNED = re.compile(r"^([a-z0-9][a-z0-9._-]*)==", re.IGNORECASE)
_NAME = re.compile(r"^[a-z0-9][a-z0-9._-]*", re.IGNORECASE)
_OURS = "zvonok"


@dataclass(frozen=True, slots=True)
class Pin:
    """A package of the lock: its lines as they stand, and who asked for it."""

    lines: tuple[str, ...]
    asked_by: frozenset[str]


def pins(lock: str) -> Mapping[str, Pin]:
    """Read the lock. Raises ``ValueError`` for a line before the first package."""
    found: dict[str, list[str]] = {}
    name = ""
    for line in lock.splitlines():
        started = _PINNED.match(line)
        name = normal(started[1]) if started else name
        if not name:
            raise ValueError(f"no package yet: {line}")
        found.setdefault(name, []).append(line)
    return {name: _pin(lines) for name, lines in found.items()}


def _pin(lines: Sequence[str]) -> Pin:
    notes = [line.strip().removeprefix("#").strip() for line in lines if line.strip().startswith("#")]
    words = [note.removeprefix("via").strip() for note in notes]
    asked = {normal(match[0]) for match in map(_NAME.match, words) if match}
    return Pin(tuple(line for line in lines if not line.strip().startswith("#")), frozenset(asked))


def normal(name: str) -> str:
    """Return a package's name as registries compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def runtime(lock: str, project: str, without: Sequence[str] = ()) -> list[str]:
    """Return the names that the product needs to run, sorted. Raises ``KeyError`` if the lock lacks one."""
    read = pins(lock)
    asked = tomllib.loads(project)["project"]["dependencies"]
    roots = {normal(match[0]) for match in map(_NAME.match, asked) if match} - {normal(name) for name in without}
    needed = {name for name in roots if read[name]}
    while more := {name for name, pin in read.items() if pin.asked_by & needed} - needed:
        needed |= more
    return sorted(needed)


def main(arguments: Sequence[str]) -> int:
    """Print the lines of the lock; return the exit code."""
    without = [word for flag, word in pairwise(arguments) if flag == "--without"]
    lock, project = ((ROOT / name).read_text(encoding="utf-8") for name in ("requirements.lock", "pyproject.toml"))
    read = pins(lock)
    for name in runtime(lock, project, without):
        print("\n".join(read[name].lines))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
