"""``zvonok demo`` as a process of its own, and whatever it leaves behind."""

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

START_SECONDS = 90.0
STOP_SECONDS = 30.0
LOOK_EVERY_SECONDS = 0.05
ADDRESS = re.compile(r"http://127\.0\.0\.1:(\d+)/")


@dataclass
class Demo:
    """A demonstration that stays up."""

    process: asyncio.subprocess.Process
    lines: list[str] = field(default_factory=list)

    @property
    def said(self) -> str:
        """All that it has printed."""
        return "".join(self.lines)

    @property
    def address(self) -> str:
        """Of the page."""
        found = ADDRESS.search(self.said)
        assert found is not None, self.said
        return found[0]

    async def stop(self, number: signal.Signals) -> int:
        """Send a signal and wait for the end; returns the exit code."""
        self.process.send_signal(number)
        async with asyncio.timeout(STOP_SECONDS):
            await self.process.communicate()
        assert self.process.returncode is not None
        return self.process.returncode


@asynccontextmanager
async def running_demo(data: Path, *words: str) -> AsyncIterator[Demo]:
    """Start it and wait for the page's address; killed at the end if it still runs."""
    process = await _started(data, *words)
    demo = Demo(process)
    try:
        await _wait_for_address(demo)
        yield demo
    finally:
        if process.returncode is None:
            await demo.stop(signal.SIGKILL)
        await nothing_left(data)


async def said_by_another(data: Path) -> tuple[int | None, str]:
    """Start one that is refused; returns its exit code and its last line."""
    process = await _started(data)
    async with asyncio.timeout(START_SECONDS):
        out, _ = await process.communicate()
    return process.returncode, out.decode().strip().splitlines()[-1]


async def _started(data: Path, *words: str) -> asyncio.subprocess.Process:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ZVONOK_")}
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "zvonok.cli", "demo", *words),
        env={**environment, "ZVONOK_DATA": str(data), "ZVONOK_TELEGRAM_TOKEN": "1:real"},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )


async def _wait_for_address(demo: Demo) -> None:
    assert demo.process.stdout is not None
    async with asyncio.timeout(START_SECONDS):
        while not demo.said.rstrip().endswith("--fresh."):
            line = await demo.process.stdout.readline()
            assert line, f"it ended:\n{demo.said}"
            demo.lines.append(line.decode())


async def nothing_left(data: Path) -> None:
    """Wait until no process works in the folder or was started for it; fails with their command lines."""
    try:
        async with asyncio.timeout(STOP_SECONDS):
            while _processes_of(data):  # noqa: ASYNC110 - the end of a stranger's process tells nobody
                await asyncio.sleep(LOOK_EVERY_SECONDS)
    except TimeoutError:
        raise AssertionError(f"still there: {_processes_of(data)}") from None


def _processes_of(data: Path) -> list[str]:
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdecimal() or int(entry.name) == os.getpid():
            continue
        try:
            words = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            place = str((entry / "cwd").readlink())
        except OSError:
            continue
        if str(data) in words or place.startswith(str(data)):
            found.append(words)
    return found
