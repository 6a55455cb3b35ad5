"""What the bot does not converse about: a clear sentence, and nothing changed."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from core.database import Database
from tests.integration.bot_world import BotWorld, Rooms, bot_world, last

USER = {"id": 200, "is_bot": False, "first_name": "Пётр"}
PRIVATE = {"id": 200, "type": "private", "first_name": "Пётр"}
GROUP = {"id": -500, "type": "group", "title": "5А"}
ANYTHING = {"file_id": "1", "file_unique_id": "1"}


@pytest.fixture
async def world(core_database: Database, gateway_database: Database, bot_database: Database) -> AsyncIterator[BotWorld]:
    async with bot_world(Rooms(core_database, gateway_database, bot_database)) as made:
        yield made


def message(chat: dict[str, Any] = PRIVATE, **content: Any) -> dict[str, Any]:
    return {"message_id": 999, "date": 1_790_000_000, "chat": chat, "from": USER} | content


async def said(world: BotWorld) -> list[str]:
    """Return all that the bot tried to say, also to chats that the sandbox does not have."""
    await world.settled()
    assert await world.value("SELECT count(*) FROM bot.inbox WHERE failure IS NOT NULL") == 0
    return [request.parameters["text"] for request in world.emulator.log.of("sendMessage")]


STICKER = ANYTHING | {"type": "regular", "width": 1, "height": 1, "is_animated": False, "is_video": False}
FORWARDED = {"type": "hidden_user", "sender_user_name": "Кто-то", "date": 1}


@pytest.mark.parametrize(
    ("content", "answer"),
    [
        ({"sticker": STICKER}, "только текст"),
        ({"photo": [ANYTHING | {"width": 1, "height": 1}], "caption": "AB2CHDE3FG"}, "только текст"),
        ({"contact": {"phone_number": "+7", "first_name": "Пётр"}}, "только текст"),
        ({"forward_origin": FORWARDED, "text": "AB2CHDE3FG"}, "Пересланные"),
    ],
)
async def test_what_is_not_typed_is_refused_in_words(world: BotWorld, content: dict[str, Any], answer: str) -> None:
    person = world.someone(200)
    async with world.running():
        await person.start()
        world.post("message", message(**content))
        assert answer in (await said(world))[-1]
    assert last(person).text == (await said(world))[-1]
    assert await world.core_value("SELECT count(*) FROM core.link_attempt") == 0


async def test_an_edited_message_is_not_read_again(world: BotWorld) -> None:
    person = world.someone(200)
    async with world.running():
        await person.start()
        world.post("edited_message", message(text="AB2CHDE3FG", edit_date=1_790_000_001))
        assert "не перечитываю" in (await said(world))[-1]
    assert await world.core_value("SELECT count(*) FROM core.link_attempt") == 0


async def test_the_messengers_own_notes_are_not_answered(world: BotWorld) -> None:
    async with world.running():
        world.post("message", message(pinned_message=message(text="урок")))
        await world.someone(200).start()
        assert len(await said(world)) == 1


async def test_in_a_group_the_bot_says_once_that_it_is_private_and_leaves_nothing(world: BotWorld) -> None:
    bot_user = {"id": 4242, "is_bot": True, "first_name": "Звонок"}
    joined = {
        "chat": GROUP,
        "from": USER,
        "date": 1_790_000_000,
        "old_chat_member": {"user": bot_user, "status": "left"},
        "new_chat_member": {"user": bot_user, "status": "member"},
    }
    async with world.running():
        world.post("my_chat_member", joined)
        assert len(await said(world)) == 1
        world.post("message", message(GROUP, text="всем привет"))
        world.post("edited_message", message(GROUP, text="всем привет!"))
        world.post("message", message(GROUP, text="AB2CHDE3FG"))
        assert len(await said(world)) == 1
        world.post("message", message(GROUP, text="/start AB2CHDE3FG"))
        texts = await said(world)
        world.post(
            "callback_query", {"id": "1", "from": USER, "chat_instance": "1", "data": "t1:s", "message": message(GROUP)}
        )
        await said(world)
    assert len(texts) == 2
    assert all("только в личном чате" in text for text in texts)
    assert {request.chat_id for request in world.emulator.log.of("sendMessage")} == {-500}
    (answered,) = world.emulator.log.of("answerCallbackQuery")
    assert "только в личном чате" in answered.parameters["text"]
    assert await world.core_value("SELECT count(*) FROM core.link_attempt") == 0


async def test_blocking_and_unblocking_need_no_answer(world: BotWorld) -> None:
    person = world.someone(200)
    async with world.running():
        await person.start()
        await world.settled()
        await person.block()
        await person.unblock()
        assert len(await said(world)) == 1


async def test_a_press_without_a_message_is_answered(world: BotWorld) -> None:
    async with world.running():
        world.post("callback_query", {"id": "1", "from": USER, "chat_instance": "1", "data": "t1:m:abcdefgh:1:1"})
        await world.settled()
    (answered,) = world.emulator.log.of("answerCallbackQuery")
    assert "устарела" in answered.parameters["text"]


async def test_very_long_and_odd_texts_are_just_texts(world: BotWorld) -> None:
    person = world.someone(200)
    async with world.running():
        for text in ("/", "/start\n", "//start", "/nosuch command", "я" * 4096, "\u202e<b>&amp;", "0" * 4000):
            await person.send(text)
        assert len(await said(world)) == 7
    assert all("код" in text for text in await said(world))
