"""The messenger misbehaves for three families at once: nothing is lost, what was told is waited, the letter is used."""

import json
from itertools import pairwise

import pytest

from tests.acceptance.town import Town
from zvonok.sandbox.faults import Cut, Scope, TooMany

BUSY, BLOCKED, CUT, CALM = 601, 602, 603, 604
MAIL = "blocked@example.org"
RETRY_AFTER = 3


@pytest.mark.req("NOTIF-15")
async def test_429_403_and_cut_connections(town: Town) -> None:
    families = {
        BUSY: await town.family("Белова Ёлка", chat=BUSY),
        BLOCKED: await town.family("Иванов-Петров Лев", chat=BLOCKED, mail=MAIL),
        CUT: await town.family("Сидорова Анна", chat=CUT),
        CALM: await town.family("Яшин Пётр", chat=CALM),
    }
    faults = town.emulator.faults
    faults.arm(TooMany(RETRY_AFTER), Scope(chat_id=BUSY, method="sendMessage"), times=2)
    await town.phone(BLOCKED).block()
    faults.arm(Cut(accepted=True), Scope(chat_id=CUT, method="sendMessage"), times=1)
    await town.start("gateway")
    await town.call_the_roll(*(pupil for pupil, _ in families.values()))

    await town.until(lambda: all(town.alerts(chat) for chat in (BUSY, CUT, CALM)), within=40)
    await town.catcher.wait_for(MAIL, within=30)
    await town.until_rows(
        "SELECT state, count(*) FROM gateway.delivery GROUP BY state ORDER BY state", [("accepted", 4), ("failed", 1)]
    )
    _waited_as_told(town)
    assert town.alerts(BLOCKED) == 0
    assert [mail.subject for mail in town.catcher.spool.to(MAIL)] == [
        "Отсутствие на уроке: Иванов-Петров Лев, вторник, 24 ноября"
    ]
    assert (town.alerts(BUSY), town.alerts(CALM)) == (1, 1)
    assert town.alerts(CUT) == 2, "one that was cut after it had arrived, and one that was answered"
    await _one_command_tells(town)


def _waited_as_told(town: Town) -> None:
    requests = town.emulator.log.of("sendMessage", chat_id=BUSY)
    assert [request.answer.code for request in requests] == [429, 429, 200]
    pauses = [later.monotonic - earlier.monotonic for earlier, later in pairwise(requests)]
    assert min(pauses) >= RETRY_AFTER


async def _one_command_tells(town: Town) -> None:
    """``zvonok trace`` prints event, channels tried, outcomes, fallback."""
    told = await town.run("trace", "Иванов-Петров Лев")
    wanted = (
        "Родитель Иванов-Петров Лев · Телеграм: не отправлено (бот заблокирован), ничего не сказано",
        "отправка (запись № 1): отказано (бот заблокирован)",
        "Родитель Иванов-Петров Лев · почта · запасной путь: принято, сказано всё",
        "отправка (запись № 1): принято",
    )
    assert all(line in told for line in wanted), told
    cut = await town.run("trace", "Сидорова Анна")
    assert "отправка (запись № 1): неизвестно, дошло ли (связь оборвалась после отправки)" in cut
    assert "отправка (запись № 1): принято" in cut


async def test_a_messenger_that_is_down_for_everybody(town: Town) -> None:
    """429 for whoever is asked: everybody waits as told, nobody is lost, nobody is told twice."""
    chats = range(611, 615)
    pupils = [(await town.family(f"Иванов Пётр{chat}", chat=chat))[0] for chat in chats]
    town.emulator.faults.arm(TooMany(RETRY_AFTER), Scope(method="sendMessage"), times=4)
    await town.start("gateway")
    await town.call_the_roll(*pupils)
    await town.until(lambda: all(town.alerts(chat) == 1 for chat in chats), within=40)
    assert sum(request.answer.code == 429 for request in town.emulator.log.of("sendMessage")) == 4
    for chat in chats:
        for earlier, later in pairwise(town.emulator.log.of("sendMessage", chat_id=chat)):
            assert later.monotonic - earlier.monotonic >= RETRY_AFTER


async def test_logs_hold_no_names_no_addresses_and_no_token(town: Town) -> None:
    pupil, _ = await town.family("Иванова Анна", chat=CALM, mail="anna@example.org")
    await town.phone(CALM).block()
    gateway = await town.start("gateway", ZVONOK_LOG_LEVEL="debug")
    await town.call_the_roll(pupil)
    await town.catcher.wait_for("anna@example.org", within=30)
    await gateway.stop()
    log = gateway.log.read_text(encoding="utf-8")
    assert "blocked-by-user" in log
    assert not [word for word in ("Иванова", "anna@", "acceptance", f"={CALM}", "отсутств") if word in log.lower()], log
    assert json.dumps(log).isascii(), "texts are Russian: none may be in the log"
