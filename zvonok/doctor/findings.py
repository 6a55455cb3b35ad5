"""What the doctor finds: a closed set of grades, a code whose sentences stand in ``texts/*/doctor.ftl``."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from core.school_time import MachineClock, SchoolClock
from texts.reader import Texts
from zvonok.reasons import in_words
from zvonok.settings import Settings

THIS_MACHINE = "127.0.0.1"
"""Where the phone and the mailbox for trials stand."""


class Grade(StrEnum):
    """How bad it is; the exit code is made of these."""

    WELL = "✓"
    OFF = "–"
    """Not set up, or not looked at: neither well nor wrong."""
    WARNING = "!"
    """Works today; look at it. Does not change the exit code."""
    WRONG = "✗"
    """Something will not work."""
    SETTINGS = "✗✗"
    """The settings themselves are wrong."""


class Part(StrEnum):
    """What is looked at, in the order of the report; ``doctor-part-<value>`` names it."""

    SETTINGS = "settings"
    DATABASE = "database"
    EVENTS = "events"
    CLOCK = "clock"
    MAX = "max"
    TELEGRAM = "telegram"
    MAIL = "mail"
    DISK = "disk"
    PAGES = "pages"
    BACKUP = "backup"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report. ``details`` fill its sentences and never hold a secret."""

    grade: Grade
    code: str
    details: Mapping[str, str | int] = field(default_factory=dict)

    def line(self, part: Part, texts: Texts) -> str:
        """Return the line: sign, part, what was found; for trouble also what to do about it."""
        mark = Grade.WRONG if self.grade is Grade.SETTINGS else self.grade
        args = dict(self.details)
        if "reason" in args:
            args["why"] = in_words(texts, str(args["reason"]))
        said = f"{mark} {texts.format(f'doctor-part-{part}')}: {texts.format(f'doctor-{self.code}', **args)}"
        if self.grade in (Grade.WELL, Grade.OFF):
            return said
        return f"{said} {texts.format(f'doctor-{self.code}-do', **args)}"


def well(code: str, **details: str | int) -> Finding:
    """Find a part in order."""
    return Finding(Grade.WELL, code, details)


def off(code: str, **details: str | int) -> Finding:
    """Find a part not set up."""
    return Finding(Grade.OFF, code, details)


def warning(code: str, **details: str | int) -> Finding:
    """Find something to look at."""
    return Finding(Grade.WARNING, code, details)


def wrong(code: str, **details: str | int) -> Finding:
    """Find trouble."""
    return Finding(Grade.WRONG, code, details)


@dataclass(frozen=True, slots=True)
class Patient:
    """The installation that is looked at."""

    settings: Settings
    school_clock: SchoolClock
    machine_clock: MachineClock


type Probe = Callable[[Patient], Awaitable[list[Finding]]]
"""Looks at one part. Failures of what it looks at are findings; an exception is our own bug."""
