"""A bot whose messenger sends updates by itself, as a process of its own that is killed between two of them."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import URL

from core.events import Channel
from tests.acceptance.town import MAX_BOT_ID, TOKEN, Town, build_town
from tests.ports import free_port
from zvonok.sandbox.chats import ChatMessage
from zvonok.sandbox.people import Person
from zvonok.sandbox.webhooks import Webhook

STRANGER = 700


@pytest.fixture(params=[Channel.TELEGRAM, Channel.MAX])
async def town(request: pytest.FixtureRequest, database_url: URL, tmp_path: Path) -> AsyncIterator[Town]:
    async with build_town(database_url, tmp_path, messenger=request.param) as built:
        yield built


def hook_of(town: Town, messenger: Channel) -> Webhook | None:
    return town.emulator.world.webhooks.of(MAX_BOT_ID if messenger is Channel.MAX else int(TOKEN.split(":")[0]))


def answers(person: Person) -> list[ChatMessage]:
    return [one for one in person.chat.messages if one.from_bot]


def helped(person: Person) -> int:
    """Count the answers to /help: the greeting may come twice, if its process was killed before it had noted it."""
    return sum(one.text != answers(person)[0].text for one in answers(person))


async def test_what_is_written_to_a_bot_that_was_killed_is_answered_once_by_the_next_one(
    town: Town, request: pytest.FixtureRequest
) -> None:
    messenger: Channel = request.node.callspec.params["town"]
    settings = {
        f"ZVONOK_{messenger.upper()}_HOOK": "true",
        "ZVONOK_HOOKS_PORT": str(port := free_port()),
        "ZVONOK_PUBLIC_URL": f"http://127.0.0.1:{port}",
    }
    person = town.emulator.person(STRANGER, "Кто-то")
    process = await town.start("bot", **settings)
    await town.until(lambda: hook_of(town, messenger) is not None)
    await person.start()
    await town.until(lambda: len(answers(person)) == 1)

    await process.kill()
    await person.send("/help")
    await town.until(lambda: bool((hook_of(town, messenger) or Webhook("", None)).failed))
    url = (hook_of(town, messenger) or Webhook("", None)).url
    process = await town.start("bot", **settings)
    await town.until(lambda: helped(person) == 1)

    again = hook_of(town, messenger)
    assert again is not None
    assert again.url == url, "the next process listens at the same address"
    assert not {one.method for one in town.emulator.log.requests} & {"getUpdates", "GET /updates"}
    await person.send("/help")
    await town.until(lambda: helped(person) == 2)
    await process.stop()
    log = "".join(one.log.read_text(encoding="utf-8") for one in town.started)
    assert url.rpartition("/")[2] not in log
    assert "Traceback" not in log
