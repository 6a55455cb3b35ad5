"""Processor seconds that others used for us: a program, and the server with all of its processes."""

import os
from contextlib import suppress
from pathlib import Path

from zvonok.postgres import Server


def of_process(pid: int) -> float:
    """Return the seconds of one process. Source: proc(5)."""
    return _ticks(Path(f"/proc/{pid}/stat"), slice(11, 13)) / os.sysconf("SC_CLK_TCK")


def of_server(server: Server) -> float:
    """Return the seconds of the database server: of its first process, those that live and those that ended."""
    pid_file = server.data / "cluster" / "postmaster.pid"
    first = int(pid_file.read_text(encoding="utf-8").split()[0])
    ticks = _ticks(Path(f"/proc/{first}/stat"), slice(11, 15))
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(FileNotFoundError, ProcessLookupError):  # it ended meanwhile
            if int(_fields(stat)[1]) == first:
                ticks += _ticks(stat, slice(11, 13))
    return ticks / os.sysconf("SC_CLK_TCK")


def _ticks(stat: Path, which: slice) -> int:
    return sum(map(int, _fields(stat)[which]))


def _fields(stat: Path) -> list[str]:
    # The name of a program may hold blanks, what follows it does not.
    return stat.read_text(encoding="utf-8").rpartition(")")[2].split()
