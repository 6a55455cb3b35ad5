"""The whole examination: every part at once, each with a limit of its own, so that none makes another wait."""

import asyncio
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from texts.reader import Texts
from zvonok.demo.alone import is_of_demonstration
from zvonok.doctor.backups import look_at_backups
from zvonok.doctor.database import look_at_database, look_at_events
from zvonok.doctor.findings import Finding, Grade, Part, Patient, Probe, off, warning, well, wrong
from zvonok.doctor.machine import look_at_clock, look_at_disk, look_at_pages
from zvonok.doctor.mail import look_at_mail
from zvonok.doctor.max_bot import look_at_max
from zvonok.doctor.telegram import look_at_telegram
from zvonok.open_wires import Wire, code, details, open_wires, proxy_with_open_password
from zvonok.postgres.place import is_made
from zvonok.settings import Settings

LIMIT = timedelta(seconds=45)
"""For one part; an embedded database that replays its log after a crash takes the longest."""
ALL_WELL, SOMETHING_WRONG, WRONG_SETTINGS = 0, 1, 2

PROBES: Mapping[Part, Probe] = {
    Part.DATABASE: look_at_database,
    Part.EVENTS: look_at_events,
    Part.CLOCK: look_at_clock,
    Part.MAX: look_at_max,
    Part.TELEGRAM: look_at_telegram,
    Part.MAIL: look_at_mail,
    Part.DISK: look_at_disk,
    Part.PAGES: look_at_pages,
    Part.BACKUP: look_at_backups,
}
REACHED_BY: Mapping[Part, set[Wire]] = {
    Part.DATABASE: {Wire.DATABASE},
    Part.EVENTS: {Wire.DATABASE},
    Part.MAX: {Wire.MAX, Wire.MAX_PROXY},
    Part.TELEGRAM: {Wire.TELEGRAM, Wire.PROXY},
    Part.MAIL: {Wire.MAIL},
}
"""Which ways the looking at a part takes itself."""
OF_DEMONSTRATION = (Part.DATABASE, Part.EVENTS, Part.CLOCK, Part.DISK)
"""What there is to look at in the folder of a demonstration."""
DEMONSTRATIONS = ("demo", "demo-check")
"""Folders inside the data folder in which demonstrations play; a test compares with ``zvonok.commands.demo``."""


@dataclass(frozen=True, slots=True)
class Report:
    """What was found, by part."""

    findings: Mapping[Part, Sequence[Finding]]

    @property
    def code(self) -> int:
        """Return the exit code: 0 all well, 1 something wrong, 2 wrong settings. Warnings do not count."""
        grades = {finding.grade for found in self.findings.values() for finding in found}
        if Grade.SETTINGS in grades:
            return WRONG_SETTINGS
        return SOMETHING_WRONG if Grade.WRONG in grades else ALL_WELL

    def lines(self, texts: Texts) -> list[str]:
        """Return the report in words, the verdict last."""
        every = [finding for found in self.findings.values() for finding in found]
        bad = sum(finding.grade in (Grade.WRONG, Grade.SETTINGS) for finding in every)
        look = sum(finding.grade is Grade.WARNING for finding in every)
        told = [finding.line(part, texts) for part, found in self.findings.items() for finding in found]
        return [*told, texts.format("doctor-verdict", wrong=bad, warnings=look)]


async def examine(
    patient: Patient, misspelt: Sequence[Finding], *, probes: Mapping[Part, Probe] = PROBES, limit: timedelta = LIMIT
) -> Report:
    """Look at everything. ``misspelt`` are findings about the names of settings, which were read before."""
    shut = _shut(patient.settings)
    looks = (_limited(_leave_alone if part in shut else probe, patient, limit) for part, probe in probes.items())
    found = await asyncio.gather(*looks)
    return Report({Part.SETTINGS: [*misspelt, *_settings(patient)], **dict(zip(probes, found, strict=True))})


def chosen(parts: Sequence[Part], settings: Settings) -> Mapping[Part, Probe]:
    """Return the probes of these parts; if none is named, all that there is something to look at."""
    wanted = parts or (OF_DEMONSTRATION if _shows(settings) else tuple(PROBES))
    return {part: probe for part, probe in PROBES.items() if part in wanted}


def refused_settings(sentences: Sequence[str], misspelt: Sequence[Finding]) -> Report:
    """Report settings that cannot be read: nothing else can be looked at without them."""
    told = [Finding(Grade.SETTINGS, "settings-wrong", {"sentence": sentence}) for sentence in sentences]
    return Report({Part.SETTINGS: [*misspelt, *told, off("settings-rest")]})


def _shows(settings: Settings) -> bool:
    """Tell whether this is a demonstration, whose bot and mail are its own and alive only while it plays."""
    return _is_silent(settings) and is_of_demonstration(settings.data)


def _is_silent(settings: Settings) -> bool:
    """Tell whether there is nothing to send by."""
    return settings.max_token is None and settings.telegram_token is None and settings.mail_host is None


def _shut(settings: Settings) -> set[Part]:
    """Return the parts that an examination itself would reach openly: passwords and the bot's token would go first."""
    wires = {one.wire for one in open_wires(settings) if not one.promised}
    return {part for part, its in REACHED_BY.items() if wires & its}


async def _leave_alone(_: Patient) -> list[Finding]:
    return [off("wire-shut")]


async def _limited(probe: Probe, patient: Patient, limit: timedelta) -> list[Finding]:
    try:
        async with asyncio.timeout(limit.total_seconds()):
            return await probe(patient)
    except TimeoutError:
        return [wrong("timed-out", seconds=round(limit.total_seconds()))]


def _settings(patient: Patient) -> list[Finding]:
    settings = patient.settings
    found = [well("settings-read", folder=str(settings.data))]
    beside = [settings.data / name for name in DEMONSTRATIONS if is_made(settings.data / name / "postgres")]
    if _shows(settings):
        found = [off("demo", folder=str(settings.data))]
    elif _is_silent(settings):
        begun = settings.database_url is not None or is_made(settings.data / "postgres")
        found.append(wrong("no-channel") if begun or not beside else off("not-begun", folder=str(settings.data)))
    found += [off("demo-beside", folder=str(folder), data=shlex.quote(str(folder))) for folder in beside]
    found += _wires(settings)
    if settings.sandbox:
        found.append(warning("sandbox"))
    if settings.database_url is not None and settings.secret is None:
        found.append(warning("secret-in-folder", file=str(settings.data / "secret")))
    return found


def _wires(settings: Settings) -> list[Finding]:
    """Find what leaves this machine unencrypted, and for what of it the school answers itself."""
    found = [
        off("wire-promised", host=one.host) if one.promised else wrong(code(one), **details(one))
        for one in open_wires(settings)
    ]
    proxy = proxy_with_open_password(settings)
    return found if proxy is None else [*found, warning("proxy-password", host=proxy)]
