"""The button that opens the roll call as a page: offered where a messenger can open it, and signed by it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.mini_app import MiniApps
from core.database import Database
from core.events import Channel
from tests.integration.bot_world import MAX_TOKEN, BotWorld, Rooms, bot_world, last
from tests.integration.sandbox_wire import BOT_ID, TOKEN
from web.launch_data import AppKey, LaunchError, read_launch
from zvonok.sandbox.max_world import MaxWorld
from zvonok.sandbox.people import PersonError

SITE = "https://zvonok.school.example"
BUTTON = "Перекличка на экране"
TEACHER = 100
TOKENS = {Channel.TELEGRAM: TOKEN, Channel.MAX: MAX_TOKEN}


@pytest.fixture
def rooms(core_database: Database, gateway_database: Database, bot_database: Database) -> Rooms:
    return Rooms(core_database, gateway_database, bot_database)


@asynccontextmanager
async def at_the_bell(rooms: Rooms, messenger: Channel, apps: MiniApps) -> AsyncIterator[tuple[BotWorld, str]]:
    """Yield the world of a teacher whose lesson is on, and the lesson."""
    async with bot_world(rooms, messenger=messenger) as world:
        world.desk = replace(world.desk, apps=apps)
        school = await world.builder.school()
        person = await world.builder.teacher(school, "Кузнецова Мария Петровна")
        school_class = await world.builder.school_class(school, "5А")
        await world.builder.pupils(school_class, "Ёлкин Вадим", "Яшин Лев")
        lesson = await world.builder.lesson(school_class, person, time(8, 30))
        await world.linked(TEACHER, person)
        if isinstance(world.emulator.world, MaxWorld):
            world.emulator.world.app_pages[BOT_ID] = f"{SITE}/app"
        yield world, str(lesson)


@pytest.mark.parametrize("messenger", [Channel.TELEGRAM, Channel.MAX])
async def test_the_roster_opens_as_a_page_for_whoever_pressed_and_for_nobody_else(
    rooms: Rooms, messenger: Channel
) -> None:
    apps = MiniApps.at(SITE, "zvonok_sandbox_bot")
    async with at_the_bell(rooms, messenger, apps) as (world, lesson), world.running():
        teacher = world.someone(TEACHER, "Мария")
        await teacher.send("/start")
        await world.settled()
        assert last(teacher).labels()[0] == BUTTON
        await world.taps(teacher, "Ёлкин В.")
        assert last(teacher).labels()[0] == BUTTON, "it stands there after a tap as well"
        opened = urlsplit(teacher.open_app(BUTTON))
        behind = parse_qs(opened.fragment)
        name = "tgWebAppData" if messenger is Channel.TELEGRAM else "WebAppData"
        (init_data,) = behind[name]
        now = datetime.now(UTC)
        launch = read_launch(init_data, AppKey.of_token(TOKENS[messenger]), now)
        assert (f"{opened.scheme}://{opened.netloc}{opened.path}", launch.user) == (f"{SITE}/app", str(TEACHER))
        assert lesson in (launch.start, *parse_qs(opened.query).get("lesson", []))
        for key, at in (
            (AppKey.of_token("1:other"), now),
            (AppKey.of_token(TOKENS[messenger]), now + timedelta(hours=2)),
        ):
            with pytest.raises(LaunchError):
                read_launch(init_data, key, at)
        with pytest.raises(PersonError, match="открывает ссылку"):
            await teacher.press(BUTTON)


@pytest.mark.parametrize(
    ("messenger", "apps"),
    [
        (Channel.TELEGRAM, MiniApps.at(None, None)),
        (Channel.TELEGRAM, MiniApps.at("http://127.0.0.1:8080", "zvonok_sandbox_bot")),
        (Channel.MAX, MiniApps.at(SITE, None)),
    ],
    ids=["no pages", "not https", "a bot of MAX without a name"],
)
async def test_what_a_messenger_could_not_open_is_not_offered(rooms: Rooms, messenger: Channel, apps: MiniApps) -> None:
    async with at_the_bell(rooms, messenger, apps) as (world, _), world.running():
        teacher = world.someone(TEACHER, "Мария")
        await teacher.send("/start")
        await world.settled()
        assert BUTTON not in last(teacher).labels()
        assert last(teacher).labels()[0] == "Ёлкин В."
        with pytest.raises(PersonError):
            teacher.open_app(BUTTON)


async def test_max_opens_no_app_of_another_bot(rooms: Rooms) -> None:
    async with at_the_bell(rooms, Channel.MAX, MiniApps.at(SITE, "another_bot")) as (world, _), world.running():
        teacher = world.someone(TEACHER, "Мария")
        await teacher.send("/start")
        await world.settled()
        with pytest.raises(PersonError, match="не знает"):
            teacher.open_app(BUTTON)
