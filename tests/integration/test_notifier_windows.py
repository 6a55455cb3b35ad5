"""When a notifier may begin a message, and until when anything of it may leave."""

import asyncio
from dataclasses import dataclass

from notifiers.mail_errors import MailReason
from notifiers.port import Accepted, Deferred, Window
from notifiers.telegram_errors import TelegramReason
from tests.integration import test_notifier_telegram as telegram
from tests.integration.http_peers import Request
from tests.integration.smtp_peers import FakeSmtp, Reply, fake_smtp, letters, sending


@dataclass
class Hand:
    """A clock that stands still until it is moved."""

    seconds: float = 100.0

    def __call__(self) -> float:
        return self.seconds


def begin_by(seconds: float) -> Window:
    return Window(begin_by=seconds)


# --- Telegram ---------------------------------------------------------------------------------------------------------


async def test_telegram_what_did_not_get_a_place_in_time_is_unsent() -> None:
    clock, free = Hand(), asyncio.Event()

    async def play(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: Request) -> None:
        await free.wait()
        await telegram.accepts()(reader, writer, request)

    async with telegram.served(play) as fake, telegram.sending(fake.url, clock=clock, concurrency=1) as notifier:
        sent = asyncio.create_task(notifier.send([telegram.HELLO, telegram.HELLO], begin_by(102.0)))
        await fake.arrived.wait()
        assert notifier.room < 0, "one has the only place, another waits for it"
        clock.seconds = 103.0
        free.set()
        assert await sent == [Accepted("7"), Deferred(TelegramReason.NOT_BEGUN, begun=False)]
        assert len(fake.requests) == 1
        assert notifier.room > 0


async def test_telegram_a_connection_that_came_too_late_carries_nothing() -> None:
    async with telegram.served(telegram.accepts()) as fake, telegram.sending(fake.url, clock=Hand()) as notifier:
        closed = Window(begin_by=101.0, leave_by=lambda: 99.0)
        assert await notifier.send([telegram.HELLO], closed) == [Deferred(TelegramReason.CONNECT_TIMEOUT)]
        assert not fake.requests
        assert await notifier.send([telegram.HELLO], Window(begin_by=101.0, leave_by=lambda: 100.0)) == [Accepted("7")]


# --- Mail -------------------------------------------------------------------------------------------------------------


async def test_mail_what_did_not_get_a_connection_in_time_is_unsent() -> None:
    clock = Hand()

    def play(server: FakeSmtp, step: str, argument: str) -> Reply | None:
        del server, argument
        if step == "DOT":
            clock.seconds = 103.0
        return None

    async with fake_smtp(play) as fake, sending(fake.port, clock=clock, connections=1) as notifier:
        outcomes = await notifier.send(letters(3), begin_by(102.0))
        unsent = Deferred(MailReason.NOT_BEGUN, begun=False)
        assert [type(outcomes[0]), *outcomes[1:]] == [Accepted, unsent, unsent]
        assert fake.steps.count("MAIL:250") == 1
        assert isinstance((await notifier.send(letters(1), begin_by(104.0)))[0], Accepted)


async def test_mail_a_connection_that_was_long_in_opening_waits_for_the_next_letter() -> None:
    clock = Hand()

    def play(server: FakeSmtp, step: str, argument: str) -> Reply | None:
        del server, argument
        if step == "EHLO":
            clock.seconds += 3
        return None

    async with fake_smtp(play) as fake, sending(fake.port, clock=clock) as notifier:
        assert await notifier.send(letters(1), begin_by(102.0)) == [Deferred(MailReason.NOT_BEGUN, begun=False)]
        assert isinstance((await notifier.send(letters(1), begin_by(105.0)))[0], Accepted)
        assert fake.connections == 1


async def test_mail_content_does_not_leave_too_late() -> None:
    async with fake_smtp(lambda *_: None) as fake, sending(fake.port, clock=Hand()) as notifier:
        window = Window(leave_by=lambda: 99.0)
        assert await notifier.send(letters(1), window) == [Deferred(MailReason.TOO_SLOW)]
        assert "DOT:250" not in fake.steps
        assert isinstance((await notifier.send(letters(1)))[0], Accepted)
