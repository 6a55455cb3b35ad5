"""«Своя школа за десять минут» without a bot and a mail account: by the page's own phone and mailbox."""

import asyncio
import os
import re
import shlex
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.acceptance.test_tutorial import CLOCK, LASTING, PAGES, Page, Step, agrees, lay_out, read
from tests.ports import free_port
from zvonok.sandbox.mail_spool import MailSpool

WITHIN = 60.0


@dataclass
class Window:
    """A terminal window with a command that works until it is stopped."""

    process: asyncio.subprocess.Process
    said: str = ""
    news: asyncio.Event = field(default_factory=asyncio.Event)

    async def listen(self) -> None:
        """Read what is said, until the command ends."""
        assert self.process.stdout is not None
        while part := await self.process.stdout.read(4096):
            self.said += part.decode()
            self.news.set()

    async def says(self, pattern: str, *, after: int = 0) -> re.Match[str]:
        """Wait until something that matches is said."""
        async with asyncio.timeout(WITHIN):
            while (found := re.compile(pattern, re.MULTILINE).search(self.said, after)) is None:
                self.news.clear()
                await self.news.wait()
        return found

    async def type(self, line: str) -> int:
        """Type a line; return where what is said from now on begins."""
        assert self.process.stdin is not None
        before = len(self.said)
        self.process.stdin.write(f"{line}\n".encode())
        await self.process.stdin.drain()
        return before

    async def press(self, label: str, *, after: int) -> int:
        """Press the button that is called so, by its number."""
        button = await self.says(rf"^  \[(\d+)\] .*{label}", after=after)
        return await self.type(button[1])


@dataclass
class Desk:
    """Somebody with three windows and a folder."""

    folder: Path
    windows: dict[str, Window] = field(default_factory=dict)

    async def run(self, command: str) -> str:
        """Run a command to its good end and return what it printed."""
        process = await self._start(command)
        out, _ = await process.communicate()
        assert process.returncode == 0, f"{command}: {out.decode()}"
        return out.decode()

    async def prepare(self, command: str) -> str:
        """Run a command; if it prints the clock's setting, that goes to the end of ``.env``, as the page says."""
        said = await self.run(command)
        if said.startswith(CLOCK):
            with (self.folder / ".env").open("a", encoding="utf-8") as settings:
                settings.write(said)
        return said

    @asynccontextmanager
    async def window(self, step: Step) -> AsyncIterator[Window]:
        """Open a window with a lasting command; close it by Ctrl+C."""
        window = Window(await self._start(step.command))
        listening = asyncio.create_task(window.listen())
        try:
            yield window
        finally:
            if window.process.returncode is None:
                window.process.send_signal(signal.SIGINT)
            await window.process.wait()
            await listening
            if window.process.stdin is not None:
                window.process.stdin.close()

    async def _start(self, command: str) -> asyncio.subprocess.Process:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("ZVONOK_", "MAKE"))}
        return await asyncio.create_subprocess_exec(
            *shlex.split(command),
            cwd=self.folder,
            env=kept,
            stdin=asyncio.subprocess.PIPE if command.endswith(LASTING) else asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )


def step_of(page: Page, command: str) -> Step:
    (found,) = [step for step in page.steps if step.command == f".venv/bin/zvonok {command}"]
    return found


@pytest.mark.deep  # the same page with a bot is in the gate
async def test_every_step_can_be_done_without_a_bot_and_a_mail_account(data: Path) -> None:
    page, desk = read(PAGES[0]), Desk(data)
    phone_at, mail_at = free_port(), free_port()
    own = {"ZVONOK_TELEGRAM_BASE_URL": f"http://127.0.0.1:{phone_at}", "ZVONOK_MAIL_PORT": str(mail_at)}
    lay_out(data, page, page.settings_without_accounts, own)
    (data / ".env").chmod(0o600)
    mailbox_step, phone_step, up_step = (step_of(page, name) for name in ("mailbox", "phone", "up"))
    steps = [step.command for step in page.steps if step.command.startswith(".venv") and step.command[-6:] != "doctor"]
    before, after = steps[: steps.index(up_step.command)], steps[steps.index(up_step.command) + 1 :]
    # The window that is told to listen at a port of its own: two readers may run this at once.
    mailbox = Step(f"{mailbox_step.command} --port {mail_at}", mailbox_step.printed.replace("2525", str(mail_at)))
    async with desk.window(mailbox) as letters, desk.window(phone_step) as phone:
        await letters.says(re.escape(mailbox.printed.strip()))
        await phone.says(re.escape(phone_step.printed.strip()))
        assert "✗" not in await desk.run(".venv/bin/zvonok doctor")
        printed = [await desk.prepare(command) for command in before if not command.endswith(LASTING)]
        async with desk.window(up_step) as up:
            await up.says(re.escape(up_step.printed.splitlines()[-1]))
            assert agrees(up.said, up_step.printed)
            await _teach(phone, next(said for said in printed if "Иванова Мария Петровна" in said).split()[0])
            await letters.says("Письмо 1: data/mail")
            await letters.says("^  Отсутствие на уроке")
            await letters.says("Королёва Алёна")
            told = [await desk.run(command) for command in after]
        assert up.said.endswith("Останавливаю…\nОстановлено.\n")
    (mail,) = MailSpool(data / "data" / "mail").to("koroleva@example.org")
    assert str(mail.message["Subject"]).startswith("Отсутствие на уроке")
    assert "Королёва Анна · почта" in told[0]
    assert [window.process.returncode for window in (letters, phone, up)] == [0, 0, 0]
    assert ["становлен" in window.said.splitlines()[-1] for window in (letters, phone, up)] == [True, True, True]


async def _teach(phone: Window, code: str) -> None:
    """Do on the phone what the page tells: «Начать», the code, which opens the roll, the pupil, «Готово»."""
    begun = await phone.type("/start")
    await phone.says("^Бот:", after=begun)
    linked = await phone.type(code)
    await phone.says("связан с журналом", after=linked)
    marked = await phone.press("Королёва", after=linked)
    await phone.press("Готово: отсутствует 1", after=marked)
