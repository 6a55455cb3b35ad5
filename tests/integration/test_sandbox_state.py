"""A later sandbox on the same folder goes on where the last one stopped."""

from pathlib import Path

import aiohttp
import pytest

from tests.integration.sandbox_wire import BOT, TOKEN, wire_to
from tests.unit.sandbox_clock import MovableClock
from zvonok.sandbox.bot_api import BotApiEmulator
from zvonok.sandbox.journal import JournalError

PARENT = 1001
BUTTON = {"inline_keyboard": [[{"text": "Понятно", "callback_data": "ok"}]]}


async def test_everything_but_faults_survives(tmp_path: Path) -> None:
    clock = MovableClock()
    async with wire_to(BotApiEmulator(BOT, state=tmp_path, clocks=clock.clocks)) as wire:
        parent = wire.emulator.person(PARENT, "Анна", username="anna")
        await parent.start("code-1")
        sent = await wire.ok("sendMessage", chat_id=PARENT, text="<b>а</b>", parse_mode="HTML", reply_markup=BUTTON)
        clock.move(minutes=1)
        await wire.ok("editMessageText", chat_id=PARENT, message_id=sent["message_id"], text="б", reply_markup=BUTTON)
        gone = await wire.ok("sendMessage", chat_id=PARENT, text="лишнее", protect_content=True)
        await wire.ok("deleteMessage", chat_id=PARENT, message_id=gone["message_id"])
        await parent.press("Понятно")
        confirmed, pressed = await wire.ok("getUpdates")
        await wire.ok("getUpdates", offset=confirmed["update_id"] + 1)
        await wire.ok("answerCallbackQuery", callback_query_id=pressed["callback_query"]["id"], text="Принято")
        await wire.ok("setMyCommands", commands=[{"command": "start", "description": "Начать"}])
        form = aiohttp.FormData({"chat_id": str(PARENT)})
        form.add_field("document", b"%PDF", filename="a.pdf")
        url = f"{wire.emulator.base_url}/bot{TOKEN}/sendDocument"
        async with wire.session.post(url, data=form) as response:
            document = (await response.json())["result"]["document"]
        await parent.block()
        chat, requests = parent.chat, wire.emulator.log.requests
        presses, numbers = wire.emulator.world.presses, [message.message_id for message in chat.all_messages.values()]

    async with wire_to(BotApiEmulator(BOT, state=tmp_path, clocks=clock.clocks)) as wire:
        again = wire.emulator.person(PARENT)
        assert again.chat == chat
        assert wire.emulator.log.requests == requests
        assert wire.emulator.world.presses == presses
        assert (await wire.refused("sendMessage", chat_id=PARENT, text="в"))[0] == 403
        waiting = await wire.ok("getUpdates")
        assert [update["update_id"] for update in waiting] == [pressed["update_id"], pressed["update_id"] + 1]
        await again.unblock()
        assert (await wire.ok("getUpdates"))[-1]["update_id"] == pressed["update_id"] + 2
        later = await wire.ok("sendMessage", chat_id=PARENT, text="в")
        assert later["message_id"] == max(numbers) + 1
        assert await wire.ok("getMyCommands") == [{"command": "start", "description": "Начать"}]
        path = (await wire.ok("getFile", file_id=document["file_id"]))["file_path"]
        async with wire.session.get(f"{wire.emulator.base_url}/file/bot{TOKEN}/{path}") as response:
            assert await response.read() == b"%PDF"
        assert len(wire.emulator.log.delivered(PARENT)) == 4


async def test_a_torn_last_line_costs_no_more_than_itself(tmp_path: Path) -> None:
    async with wire_to(BotApiEmulator(BOT, state=tmp_path)) as wire:
        await wire.emulator.person(PARENT, "Анна").start()
        await wire.ok("sendMessage", chat_id=PARENT, text="а")
    journal = tmp_path / "sandbox.jsonl"
    journal.write_bytes(journal.read_bytes() + b'{"number":99,"at":1.0,"kind":"mess')
    for expected in (["а"], ["а", "б"]):
        async with wire_to(BotApiEmulator(BOT, state=tmp_path)) as wire:
            chat = wire.emulator.person(PARENT).chat
            assert [message.text for message in chat.messages if message.from_bot] == expected
            await wire.ok("sendMessage", chat_id=PARENT, text="б")


async def test_one_emulator_at_a_time_holds_a_folder(tmp_path: Path) -> None:
    first = BotApiEmulator(BOT, state=tmp_path)
    with pytest.raises(JournalError, match="уже занят"):
        BotApiEmulator(BOT, state=tmp_path)
    first.close()
    BotApiEmulator(BOT, state=tmp_path).close()


async def test_no_token_is_written_down(tmp_path: Path) -> None:
    async with wire_to(BotApiEmulator(BOT, state=tmp_path)) as wire:
        await wire.ok("getMe")
    assert TOKEN.partition(":")[2] not in (tmp_path / "sandbox.jsonl").read_text()


async def test_the_address_stays_over_a_stop_and_a_start() -> None:
    async with wire_to(BotApiEmulator(BOT)) as wire:
        address = wire.emulator.base_url
        await wire.emulator.stop()
        with pytest.raises(aiohttp.ClientConnectionError):
            await wire.ok("getMe")
        await wire.emulator.start()
        assert wire.emulator.base_url == address
        await wire.ok("getMe")


async def test_a_journal_of_another_version_is_refused_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "sandbox.jsonl").write_text('{"number":1,"at":1.0,"kind":"pigeon","data":{}}\n')
    with pytest.raises(JournalError, match="запись 1"):
        BotApiEmulator(BOT, state=tmp_path)


async def test_a_taken_port_leaves_nothing_behind(tmp_path: Path) -> None:
    async with wire_to(BotApiEmulator(BOT)) as wire:
        port = int(wire.emulator.base_url.rpartition(":")[2])
        with pytest.raises(OSError, match=str(port)):
            async with BotApiEmulator(BOT, state=tmp_path, port=port):
                pytest.fail("two listened on one port")
    BotApiEmulator(BOT, state=tmp_path).close()
