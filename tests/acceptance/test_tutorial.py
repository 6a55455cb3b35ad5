"""«Своя школа за десять минут»: every command of the page is run as it stands, and what it prints is compared.

Where the reader has a bot and a mailbox of his own, the sandbox stands; who has neither takes the page's own way with
``zvonok phone`` and ``zvonok mailbox``. A ``…`` on the page stands for what differs.
"""

import asyncio
import os
import re
import shlex
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest

from core.school_time import at_school
from tests.acceptance.test_compose import call_the_roll
from zvonok.sandbox.bot_api import BotApiEmulator, SandboxBot
from zvonok.sandbox.mail_catcher import MailCatcher
from zvonok.sandbox.mail_certificate import MailCertificate
from zvonok.sandbox.smtp_server import MailAccess

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "docs" / "tutorial" / name for name in ("first-school.ru.md", "first-school.md")]
TOKEN = "123456:ABC"
STAND_INS = ("zvonok mailbox", "zvonok phone")
"""What only a reader without a bot and a mail account starts."""
LASTING = (*STAND_INS, "zvonok up")
TUESDAY = date(2026, 11, 24)
CLOCK = "ZVONOK_SCHOOL_CLOCK_OFFSET_SECONDS"
WITHIN_SECONDS = 60
_BLOCK = re.compile(r"^```(?P<kind>\w+)\n(?P<text>.*?)^```", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Step:
    """A command of the page, and what it prints there."""

    command: str
    printed: str


@dataclass(frozen=True)
class Page:
    """What the reader types, saves and compares."""

    settings: str
    settings_without_accounts: str
    tables: dict[str, str]
    steps: tuple[Step, ...]


def read(path: Path) -> Page:
    """Read the code blocks of a page."""
    text = path.read_text(encoding="utf-8")
    blocks = [(match["kind"], match["text"]) for match in _BLOCK.finditer(text)]
    settings, without_accounts = [body for kind, body in blocks if kind == "ini"]
    tables = dict(re.findall(r"^`(\w+\.csv)`:\n\n```csv\n(.*?)^```", text, re.MULTILINE | re.DOTALL))
    steps = [step for kind, body in blocks if kind == "console" for step in _steps(body)]
    assert {kind for kind, _ in blocks} == {"ini", "csv", "console"}, "nothing on the page is left untried"
    assert len(tables) == sum(kind == "csv" for kind, _ in blocks)
    return Page(settings, without_accounts, tables, tuple(steps))


def _steps(block: str) -> list[Step]:
    parts = re.split(r"^\$ ", block, flags=re.MULTILINE)
    assert parts[0] == "", "a block begins with a command"
    return [Step(*part.partition("\n")[::2]) for part in parts[1:]]


def agrees(printed: str, page: str) -> bool:
    """Tell whether what was printed is what the page shows; ``…`` alone on a line stands for any lines."""
    pattern = "".join(r"(?:.*\n)*" if line == "…" else _line(line) + r"\n" for line in page.splitlines())
    return re.fullmatch(pattern, printed) is not None


def _line(line: str) -> str:
    return ".+".join(re.escape(part) for part in line.split("…"))


@pytest.mark.parametrize(
    ("printed", "page", "expected"),
    [
        ("Всё в порядке.\n", "Всё в порядке.\n", True),
        ("Всё плохо.\n", "Всё в порядке.\n", False),
        ("a 1 b\n", "a … b\n", True),
        ("a b\n", "a … b\n", False),
        ("a\nb\nc\n", "a\n…\n", True),
        ("a\nb\n", "a\n", False),
        ("", "a\n", False),
    ],
)
def test_the_comparison_can_fail(printed: str, page: str, *, expected: bool) -> None:
    assert agrees(printed, page) is expected


def test_both_languages_tell_the_same() -> None:
    russian, english = map(read, PAGES)
    assert russian == english


def test_what_the_reader_makes_beside_the_makefile_is_not_for_git() -> None:
    page = read(PAGES[0])
    (folder,) = re.findall(r"^ZVONOK_DATA=(\w+)$", page.settings, re.MULTILINE)
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert {".env", f"/{folder}/", *(f"/{name}" for name in page.tables)} <= set(ignored)


async def test_the_command_of_the_page_counts_to_the_hour_that_it_names(data: Path) -> None:
    (step,) = [step for step in read(PAGES[0]).steps if CLOCK in step.command]
    (data / ".venv").symlink_to(ROOT / ".venv")
    process = await asyncio.create_subprocess_exec(
        *shlex.split(step.command), cwd=data, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    out, _ = await process.communicate()
    assert agrees(out.decode(), step.printed), out.decode()
    ahead = at_school(TUESDAY, time(8, 35), "Europe/Moscow") - datetime.now(UTC)
    counted = int(out.decode().partition("=")[2])
    assert abs(counted - ahead.total_seconds()) < WITHIN_SECONDS


@dataclass
class Reader:
    """Somebody who does as the page says, in a fresh folder."""

    folder: Path
    emulator: BotApiEmulator
    catcher: MailCatcher
    certificate: MailCertificate
    running: list[asyncio.subprocess.Process] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def save(self, page: Page) -> None:
        """Save the files, with the sandbox's addresses where the reader writes his own."""
        own = {
            "ZVONOK_MAIL_HOST": self.catcher.host,
            "ZVONOK_MAIL_PORT": str(self.catcher.port),
        }
        lay_out(self.folder, page, page.settings, own)

    def environment(self, *, at_school_time: bool) -> dict[str, str]:
        """Return what leads to the sandbox and is not for the page; the school's clock says Tuesday, 8:31."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("ZVONOK_", "MAKE"))}
        kept |= {
            "ZVONOK_TELEGRAM_BASE_URL": self.emulator.base_url,
            "ZVONOK_MAIL_CA_FILE": str(self.certificate.ca_file),
        }
        if not at_school_time:
            return kept
        ahead = at_school(TUESDAY, time(8, 31), "Europe/Moscow") - datetime.now(UTC)
        return kept | {
            "ZVONOK_SANDBOX": "true",
            CLOCK: str(ahead.total_seconds()),
        }

    async def do(self, step: Step) -> None:
        """Run a command of the page; what it prints must be what the page shows."""
        # The letter is there a moment before its acceptance is written down: who looks at once may look again.
        for _ in range(5 if "trace" in step.command else 1):
            process = await self._start(step.command)
            out, errors = await process.communicate()
            self.said.append(out.decode())
            assert process.returncode == 0, f"{step.command}: {out.decode()}{errors.decode()}"
            if agrees(out.decode(), step.printed):
                return
        raise AssertionError(f"{step.command} printed\n{self.said[-1]}instead of\n{step.printed}")

    async def leave_running(self, step: Step) -> None:
        """Start a command that works until it is stopped; what it says at first must be what the page shows."""
        process = await self._start(step.command)
        self.running.append(process)
        await says(process, step.printed)

    async def _start(self, command: str) -> asyncio.subprocess.Process:
        # The doctor looks at settings as the page gives them; whatever lives by the school's day needs a lesson now.
        return await asyncio.create_subprocess_exec(
            *shlex.split(command),
            cwd=self.folder,
            env=self.environment(at_school_time="doctor" not in command),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )

    async def stop(self) -> list[str]:
        """Press Ctrl+C; return what was said till then."""
        said = []
        for process in self.running:
            if process.returncode is None:
                process.send_signal(signal.SIGINT)
            out, errors = await process.communicate()
            said.append(f"{process.returncode} {out.decode()}{errors.decode()}")
        self.running.clear()
        return said


def lay_out(folder: Path, page: Page, settings: str, own: dict[str, str]) -> None:
    """Save the page's files in a folder, with ``own`` values where the reader has his own."""
    lines = [line.partition("=") for line in settings.splitlines()]
    assert own.keys() <= {name for name, _, _ in lines}
    written = "".join(f"{name}={own.get(name, value)}\n" for name, _, value in lines)
    (folder / ".env").write_text(written, encoding="utf-8")
    for name, text in page.tables.items():
        (folder / name).write_text(text, encoding="utf-8")
    for name in (".venv", "Makefile", "scripts"):
        (folder / name).symlink_to(ROOT / name)


async def says(process: asyncio.subprocess.Process, expected: str) -> None:
    """Read so many lines as the page shows, and compare."""
    assert process.stdout is not None
    async with asyncio.timeout(60):
        lines = [(await process.stdout.readline()).decode() for _ in expected.splitlines()]
    assert agrees("".join(lines), expected), "".join(lines)


@asynccontextmanager
async def reading(folder: Path) -> AsyncIterator[Reader]:
    certificate = MailCertificate(folder / "authority")
    access = MailAccess("school", "password", certificate, require_tls=True)
    async with (
        BotApiEmulator(SandboxBot(TOKEN)) as emulator,
        MailCatcher(folder / "letters", access=access) as catcher,
    ):
        certificate.server_context()
        reader = Reader(folder, emulator, catcher, certificate)
        try:
            yield reader
        finally:
            await reader.stop()


async def test_a_reader_who_follows_the_page_gets_the_letter(data: Path) -> None:
    page = read(PAGES[0])
    async with reading(data) as reader:
        reader.save(page)
        first, *steps = [step for step in page.steps if not step.command.endswith(STAND_INS)]
        assert first == Step("make ready", "")
        # The environment in which this very test runs is what it makes: so it is asked for, not made anew.
        await reader.do(Step("make --dry-run ready", "sh scripts/bootstrap.sh\n"))
        for step in steps:
            if step.command.endswith("zvonok up"):
                await reader.leave_running(step)
                await _teach(reader)
            else:
                await reader.do(step)
        mails = reader.catcher.spool.to("koroleva@example.org")
        assert [str(mail.message["Subject"]).partition(":")[0] for mail in mails] == ["Отсутствие на уроке"]
        assert await reader.stop() == ["0 \nОстанавливаю…\nОстановлено.\n"]


async def _teach(reader: Reader) -> None:
    """Do in the messenger what the page tells: the code, «урок», the pupil, «Готово»; then look into the mail."""
    codes = next(said for said in reader.said if "Иванова Мария Петровна" in said)
    teacher = reader.emulator.person(7002, "Мария")
    await teacher.start()
    await teacher.send(codes.split()[0])
    await teacher.wait_for(lambda message: "связан с журналом" in message.text, within=60)
    await call_the_roll(teacher, "Королёва")
    await reader.catcher.wait_for("koroleva@example.org", within=60)
