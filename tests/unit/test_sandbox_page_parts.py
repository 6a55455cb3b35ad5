"""Parts of the sandbox's page without a school: who may speak to it, presets of the clock, links, troubles, streams."""

import json
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any, cast
from uuid import UUID
from zoneinfo import ZoneInfo

import aiohttp
import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer
from sqlalchemy import make_url

from core.events import Channel
from core.roster_file import ClassTitle, LessonRow, Place, Weekday
from core.russian import FullName
from core.school_time import MachineClock, SchoolClock
from zvonok.installation import Installation
from zvonok.sandbox.bells import presets
from zvonok.sandbox.bot_api import BotApiEmulator, SandboxBot
from zvonok.sandbox.directory import Resident
from zvonok.sandbox.faults import Scope
from zvonok.sandbox.mail_catcher import MailCatcher
from zvonok.sandbox.page.gate import gate, harden
from zvonok.sandbox.page.orders import OrderRefusedError, identity, moment, number, words, yes_or_no
from zvonok.sandbox.page.server import STATIC
from zvonok.sandbox.page.state import Page, Shown
from zvonok.sandbox.page.stream import Streams
from zvonok.sandbox.page.views import apart, clock, links
from zvonok.sandbox.residents import read_kept
from zvonok.sandbox.troubles import Trouble, Troubles
from zvonok.secret import Secret
from zvonok.settings import read_settings
from zvonok.trouble import InstallationError

ZONE = "Asia/Yekaterinburg"
PERSON = "00000000-0000-0000-0000-000000000001"


@pytest_asyncio.fixture
async def address() -> AsyncIterator[str]:
    """A guarded application that answers everybody whom it lets in."""

    async def answer(_: web.Request) -> web.Response:
        return web.json_response({"ok": True})

    app = web.Application(middlewares=[gate])
    app.on_response_prepare.append(harden)
    app.router.add_route("*", "/", answer)
    async with TestServer(app) as server:
        yield f"http://127.0.0.1:{server.port}"


@pytest.mark.parametrize("host", ["evil.test", "evil.test:80", "127.0.0.1.evil.test", "[", "0.0.0.0"])  # noqa: S104 - a name to be refused
async def test_a_name_that_is_not_this_machine_is_refused(address: str, host: str) -> None:
    async with aiohttp.ClientSession() as session, session.get(address, headers={"Host": host}) as answer:
        assert answer.status == 403
        assert "на этой же машине" in (await answer.json())["error"]


@pytest.mark.parametrize("host", ["localhost", "localhost:8031", "127.0.0.1:1", "[::1]:8031"])
async def test_this_machine_is_let_in_and_may_run_nothing_of_others(address: str, host: str) -> None:
    async with aiohttp.ClientSession() as session, session.get(address, headers={"Host": host}) as answer:
        assert answer.status == 200
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("origin", [None, "null", "http://evil.test", "http://localhost:1"])
async def test_an_order_from_elsewhere_is_refused(address: str, origin: str | None) -> None:
    headers = {} if origin is None else {"Origin": origin}
    async with aiohttp.ClientSession() as session, session.post(address, json={}, headers=headers) as answer:
        assert answer.status == 403


async def test_an_order_is_json_from_the_page_itself(address: str) -> None:
    async with aiohttp.ClientSession(headers={"Origin": address}) as session:
        async with session.post(address, json={}) as answer:
            assert answer.status == 200
        async with session.post(address, data="{}") as answer:
            assert answer.status == 403


def test_orders_that_make_no_sense_are_refused() -> None:
    for wrong in (
        lambda: words({"text": " "}, "text"),
        lambda: words({"text": "🙂" * 3}, "text", longest=5),
        lambda: number({"phone": True}, "phone"),
        lambda: yes_or_no({"on": 1}, "on"),
        lambda: identity({"person": "me"}, "person"),
        lambda: moment({"at": "завтра"}, "at", cast("Any", None)),
    ):
        with pytest.raises(OrderRefusedError):
            wrong()


def lesson(day: Weekday, number_: int, starts: time) -> LessonRow:
    place = Place("timetable.csv", None, 1, None)
    return LessonRow(place, ClassTitle(7, "Б"), day, number_, starts, time(starts.hour + 1), "история", "Ц", "1")


LESSONS = (
    lesson(Weekday.TUESDAY, 1, time(8, 30)),
    lesson(Weekday.TUESDAY, 2, time(9, 20)),
    lesson(Weekday.FRIDAY, 1, time(8, 30)),
)


@pytest.mark.parametrize(
    ("now", "labels"),
    [
        ("2026-09-08T03:31", ["+10 минут: 8:41", "2-й урок: 9:21", "Вечер: 18:00", "Утро: пт, 8:00"]),
        ("2026-09-08T13:00", ["+10 минут: 18:10", "Вечер: завтра, 18:00", "Утро: пт, 8:00", "1-й урок: пт, 8:31"]),
        (
            "2026-09-10T14:00",
            ["+10 минут: 19:10", "Утро: завтра, 8:00", "1-й урок: завтра, 8:31", "Вечер: завтра, 18:00"],
        ),
        ("2026-09-10T03:31", ["+10 минут: 8:41", "Вечер: 18:00", "Утро: завтра, 8:00", "1-й урок: завтра, 8:31"]),
    ],
)
def test_the_clock_offers_what_comes_next(now: str, labels: list[str]) -> None:
    at = datetime.fromisoformat(now).replace(tzinfo=UTC)
    found = presets(LESSONS, at, ZONE)
    assert [f"{one.name}: {one.when}" for one in found] == labels
    assert all(one.at > at for one in found)


def test_links_of_a_letter_are_listed_once_and_scripts_are_none() -> None:
    html = '<a href="https://a.test/1">Раз <b>два</b></a><a href="https://a.test/1">!</a><a href="javascript:x()">y</a>'
    assert links(html) == [{"url": "https://a.test/1", "text": "Раз два!"}]


def test_links_of_a_letter_open_apart_whatever_the_letter_says() -> None:
    shown = apart('<p>a</p><A HREF="https://a.test/" target="_top">x</A><a\nhref="https://b.test/">y</a><abbr>z</abbr>')
    assert shown == (
        '<base target="_blank"><p>a</p>'
        '<a target="_blank" rel="noopener noreferrer" HREF="https://a.test/" target="_top">x</A>'
        '<a target="_blank" rel="noopener noreferrer"\nhref="https://b.test/">y</a><abbr>z</abbr>'
    )


@pytest.mark.parametrize(("day", "numbers"), [("2026-09-08", [1, 2]), ("2026-09-09", []), ("2026-09-11", [1])])
def test_the_clock_knows_who_teaches_today(day: str, numbers: list[int]) -> None:
    now = datetime.fromisoformat(f"{day}T03:31").replace(tzinfo=UTC)
    lessons_today = clock(now, now, ZoneInfo(ZONE), LESSONS)["lessons"]
    assert [one["number"] for one in lessons_today] == numbers
    first = {"begins": f"{day}T03:30:00+00:00", "ends": f"{day}T04:00:00+00:00", "number": 1}
    said = {"title": "7Б", "subject": "история", "teacher": "Ц"}
    assert lessons_today[:1] == ([first | said] if numbers else [])


def test_the_page_says_no_codes_of_protocols() -> None:
    script = (STATIC / "troubles.js").read_text(encoding="utf-8")
    listed = script.split("const TROUBLES = [", 1)[1].split("];", 1)[0]
    assert re.findall(r"\b[2-5]\d\d\b", listed) == []


async def test_troubles_are_made_and_mended(tmp_path: Path) -> None:
    emulator, catcher = BotApiEmulator(SandboxBot("42:letters")), MailCatcher(tmp_path / "mail")
    troubles = Troubles(emulator, catcher)
    person = emulator.person(7, "Анна")
    await person.start()
    await person.block()
    for trouble in Trouble:
        troubles.turn(trouble, on=True)
        troubles.turn(trouble, on=True)
    troubles.kill_mailbox("Anna@Example.ru", dead=True)
    assert troubles.on == tuple(Trouble)
    assert troubles.dead_mailboxes == ("anna@example.ru",)
    assert catcher.faults.at_recipient("anna@example.ru") is not None
    assert catcher.faults.at_connect() is not None
    assert emulator.faults.strike(Scope(42, 7, "sendMessage")) is not None
    troubles.turn(Trouble.MESSENGER_DOWN, on=False)
    assert Trouble.MESSENGER_DOWN not in troubles.on
    assert emulator.faults.strike(Scope(42, None, "getUpdates")) is None
    await troubles.mend()
    assert not any([troubles.on, troubles.dead_mailboxes, emulator.faults.armed, catcher.faults.armed])
    assert not person.chat.blocked
    emulator.close()


async def test_a_stream_begins_with_everything_and_then_tells_what_changed() -> None:
    state = {"a": 1, "b": 1}
    streams = Streams(lambda topic: {topic[1]: state[topic[1]]}, lambda: [("part", "a"), ("part", "b")])
    app = web.Application()
    app.router.add_get("/", streams.serve)
    async with TestServer(app) as server, aiohttp.ClientSession() as session, session.get(server.make_url("/")) as told:
        assert [await event(told) for _ in range(3)] == [("part", {"a": 1}), ("part", {"b": 1}), ("whole", {})]
        state["b"] = 2
        streams.changed(("part", "b"))
        streams.changed(("part", "b"))
        state["b"] = 3
        assert await event(told) == ("part", {"b": 3})
        assert streams.watched
        streams.close()
        assert (await told.content.read()).strip() == b""


async def event(told: aiohttp.ClientResponse) -> tuple[str, Any]:
    """Read one event off the stream."""
    kind = ""
    while not (line := (await told.content.readline()).decode()).startswith("data: "):
        kind = line.removeprefix("event: ").strip() if line.startswith("event: ") else kind
    return kind, json.loads(line.removeprefix("data: "))


@pytest.mark.parametrize(
    ("row", "messenger"),
    [
        ([PERSON, 2001], Channel.TELEGRAM),
        ([PERSON, 2004, "max"], Channel.MAX),
        ([PERSON, None, "telegram"], "telegram"),
    ],
)
def test_who_was_kept_before_there_was_max_has_telegram(row: list[Any], messenger: str) -> None:
    assert read_kept(row) == (UUID(PERSON), row[1], messenger)


def test_there_is_no_page_outside_the_sandbox() -> None:
    settings = read_settings(_env_file=None, sandbox=False)
    here = Installation(settings, make_url("postgresql://"), Secret(b"x" * 32), SchoolClock(), MachineClock())
    nothing = cast("Any", None)
    shown = Shown(here, *[nothing] * 8)
    with pytest.raises(InstallationError, match="только в песочнице"):
        Page(shown, nothing)


@pytest.mark.parametrize(
    ("position", "found"),
    [
        ("заместитель директора по учебной работе", True),
        ("Заместитель директора по воспитательной работе", True),
        ("заместитель директора по безопасности", False),
        ("учитель истории", False),
    ],
)
def test_a_deputy_is_found_by_what_everybody_calls_him(position: str, *, found: bool) -> None:
    name = FullName("Корнилова", "Маргарита", "Евгеньевна")
    who = Resident(UUID(int=1), name, position, None, None, is_staff=True)
    assert ("завуч" in who.called()) is found
    assert all(word in who.called() for word in ("корнилова", "евгеньевна", position.casefold().split()[-1]))
