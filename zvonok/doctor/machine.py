"""The machine: time zones, disk, secret files, the pages' port."""

import asyncio
import os
import shutil
import socket
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryFile
from zoneinfo import ZoneInfo

from zvonok.demo.alone import is_of_demonstration
from zvonok.doctor.database import zone_is_known
from zvonok.doctor.findings import Finding, Patient, off, warning, well, wrong
from zvonok.doctor.spelling import ENV_FILE

MEGABYTE = 1 << 20
FREE_WARNING, FREE_WRONG = 2048, 256
"""Megabytes. An embedded database writes its log by 16 MB and stops on a full disk."""
OPEN_TO_OTHERS = stat.S_IRWXG | stat.S_IRWXO
# The last changes of law in Russia's zones that an old set of data does not know.
_KNOWN_OFFSETS = (
    ("Europe/Moscow", datetime(2026, 1, 1, tzinfo=UTC), timedelta(hours=3)),
    ("Europe/Volgograd", datetime(2026, 1, 1, tzinfo=UTC), timedelta(hours=3)),
    ("Asia/Yekaterinburg", datetime(2026, 1, 1, tzinfo=UTC), timedelta(hours=5)),
)


async def look_at_clock(patient: Patient) -> list[Finding]:
    """Look at the data of time zones, and whether the school lives in a moved time."""
    found = []
    if patient.settings.school_clock_offset_seconds:
        found.append(warning("clock-moved", now=_at_school(patient)))
    elif is_of_demonstration(patient.settings.data):
        found.append(off("clock-demo", now=_at_school(patient)))
    return [*found, *(_zone(*known) for known in _KNOWN_OFFSETS if _zone(*known).code != "zones-well")] or [
        well("zones-well")
    ]


def _at_school(patient: Patient) -> str:
    # The school's zone stands in the base, which need not be there; Moscow's time everybody can count from.
    there = patient.school_clock.now().astimezone(ZoneInfo("Europe/Moscow"))
    return f"{there:%d.%m.%Y}, {there.hour}:{there.minute:02}"


def _zone(name: str, at: datetime, offset: timedelta) -> Finding:
    if not zone_is_known(name):
        return wrong("zone-missing", zone=name)
    if at.astimezone(ZoneInfo(name)).utcoffset() != offset:
        return wrong("zones-old", zone=name)
    return well("zones-well")


async def look_at_disk(patient: Patient) -> list[Finding]:
    """Look at the data folder and the files that hold secrets. In a thread: a disk may hang."""
    return await asyncio.to_thread(_disk, patient.settings.data)


def _disk(data: Path) -> list[Finding]:
    return [*_folder(data), *(one for path in (ENV_FILE, data / "secret") for one in _secret_file(path))]


def _folder(data: Path) -> list[Finding]:
    there = next((folder for folder in (data, *data.resolve().parents) if folder.exists()), data)
    if not there.is_dir():
        return [wrong("disk-not-a-folder", folder=str(there))]
    if not _writable(there):
        return [wrong("disk-closed", folder=str(there))]
    free = shutil.disk_usage(there).free // MEGABYTE
    if free < FREE_WARNING:
        return [(wrong if free < FREE_WRONG else warning)("disk-full", folder=str(data), free=free)]
    return [well("disk-well", folder=str(data), free=free // 1024)]


def _writable(folder: Path) -> bool:
    """Try it: modes do not tell of read-only mounts, of quotas, of what a container forbids."""
    try:
        with TemporaryFile(dir=folder) as file:
            file.write(b"?")
            file.flush()
    except OSError:
        return False
    return True


def _secret_file(path: Path) -> list[Finding]:
    try:
        mode = path.stat().st_mode
    except OSError:
        return []
    if mode & OPEN_TO_OTHERS:
        return [wrong("secret-open", file=str(path))]
    return [] if os.access(path, os.R_OK) else [wrong("secret-closed", file=str(path))]


async def look_at_pages(patient: Patient) -> list[Finding]:
    """Look whether the pages could listen; a port that they hold already is taken too, so it is only a warning."""
    settings = patient.settings
    if settings.public_url is None:
        return [off("pages-off")]
    place = {"host": settings.web_host, "port": str(settings.web_port)}
    free = await asyncio.to_thread(_free, settings.web_host, settings.web_port)
    return [well("port-free", **place) if free else warning("port-taken", **place)]


def _free(host: str, port: int) -> bool:
    try:
        with socket.create_server((host, port)):
            return True
    except OSError:
        return False
