"""Unsubscribing by the link of a letter: one click is obeyed, an opening changes nothing, the page names nobody."""

from collections.abc import AsyncIterator
from datetime import date, timedelta
from http import HTTPStatus
from pathlib import Path
from uuid import UUID, uuid4

import pytest
import pytest_asyncio
from aiohttp import FormData

from core.database import Database
from core.events import Channel, NoticeAsk, RemarkKind
from core.notice.notices import NoticeDraft
from gateway import unsubscribing
from gateway.categories import Category
from gateway.links import Links
from gateway.profiles import Choice, Mode
from gateway.unsubscribing import Subscriber
from tests.integration.gateway_world import GatewayWorld, gateway_world
from tests.integration.test_gateway_news import BOTH, EVENING, at, choose, mark, remark
from tests.integration.test_web_notices import LINKS, NOTHING_HERE, Site, give_mailboxes, site

__all__ = ["site"]
CALM = NoticeDraft("Поездка в музей", "Едем в пятницу.", NoticeAsk.READ, None)
ONE_CLICK = {"List-Unsubscribe": "One-Click"}
ASKED = "Больше не присылать писем?"
RETURNED = "Письма снова приходят"
LEFT = "Письма больше не приходят"


async def link(site: Site, reader: UUID) -> str:
    """Return the path of the link in any letter of a reader."""
    mailbox = await site.room.watch.value("SELECT value_hmac FROM gateway.address WHERE recipient = $1", reader)
    return f"/u/{LINKS.unsubscribing(reader, mailbox)}"


async def left(site: Site) -> list[tuple[UUID, str, str]]:
    rows = await site.room.watch.rows("SELECT recipient, channel, via FROM gateway.opt_out ORDER BY at")
    return [tuple(row) for row in rows]


@pytest.mark.parametrize("written", ["application/x-www-form-urlencoded", "multipart/form-data"])
async def test_the_click_of_a_mail_program_is_obeyed_without_cookies_and_without_being_led_elsewhere(
    site: Site, written: str
) -> None:
    await site.publish(CALM)
    path = await link(site, site.mother)
    for _ in range(2):
        form = FormData(ONE_CLICK, default_to_multipart=written.startswith("multipart"))
        async with site.client.post(path, data=form, allow_redirects=False) as response:
            assert response.status == HTTPStatus.OK
            assert LEFT in await response.text()
            assert "Set-Cookie" not in response.headers
    assert await left(site) == [(site.mother, "mail", "letter")]
    assert LEFT in (await site.open(path))[1]
    assert ASKED in (await site.open(await link(site, site.father)))[1]
    waiting = "SELECT count(*) FROM gateway.delivery WHERE recipient = $1 AND state = 'pending'"
    assert await site.room.watch.value(waiting, site.mother) == 0
    assert await site.room.watch.value(waiting, site.father) == 1


async def test_a_person_leaves_by_the_button_and_comes_back_by_another(site: Site) -> None:
    await site.publish(CALM)
    path = await link(site, site.mother)
    assert ASKED in (await site.open(path))[1]
    rev = await site.room.watch.value("SELECT rev FROM gateway.recipient WHERE id = $1", site.mother)
    for act, shown, kept in (("leave", LEFT, 1), ("leave", LEFT, 1), ("back", RETURNED, 0), ("back", RETURNED, 0)):
        async with site.client.post(path, data={"act": act}, allow_redirects=False) as response:
            seen = path if act == "leave" else f"{path}?returned"
            assert (response.status, response.headers["Location"]) == (HTTPStatus.SEE_OTHER, seen.removeprefix("/u/"))
        assert shown in (await site.open(seen))[1]
        assert len(await left(site)) == kept
    assert ASKED in (await site.open(path))[1], "the letter's own link asks as ever"
    # What changed nothing is not worth planning anything anew.
    assert await site.room.watch.value("SELECT rev FROM gateway.recipient WHERE id = $1", site.mother) == rev + 2


async def test_robots_that_look_into_letters_change_nothing(site: Site) -> None:
    await site.publish(CALM)
    path = await link(site, site.mother)
    before = await site.everything()
    for method in ("HEAD", "GET", "HEAD", "GET", "OPTIONS", "PUT", "DELETE"):
        async with site.client.request(method, path):
            pass
    for data in ({}, {"act": "everything"}, {"List-Unsubscribe": "yes"}, b"\xff\xfe", '{"act": "leave"}'):
        async with site.client.post(path, data=data, allow_redirects=False) as response:
            assert response.status == HTTPStatus.BAD_REQUEST, data
    assert await site.everything() == before


async def test_the_page_names_nobody_and_nothing_of_it_goes_elsewhere(site: Site) -> None:
    await site.publish(CALM)
    path = await link(site, site.mother)
    async with site.client.get(path) as response:
        policy, page = response.headers["Content-Security-Policy"], await response.text()
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "<script" not in page
    for name in ("Абрамов", "Ёлкин", "Глеб", "5А", "parent0", "example.org", str(site.mother)):
        assert name not in page
    assert "Школа «Радуга»" in page
    assert "Если ребёнка не будет на уроке, сообщение об этом не придёт." in page


async def test_links_made_up_or_of_another_mailbox_open_the_same_empty_page(site: Site) -> None:
    notice = await site.publish(CALM)
    path, (delivery, mailbox) = await link(site, site.mother), await site.sent(notice, site.mother)
    for one in (
        path[:-1] + ("A" if path[-1] != "A" else "B"),
        path[:-1],
        f"/u/{LINKS.token(delivery, mailbox)}",
        f"/u/{LINKS.token(site.mother, mailbox)}",
        f"/u/{LINKS.unsubscribing(uuid4(), mailbox)}",
        f"/u/{Links(None, b'another key').unsubscribing(site.mother, mailbox)}",
        "/u/" + "я" * 43,
    ):
        async with site.client.post(one, data=ONE_CLICK) as response:
            assert (response.status, NOTHING_HERE in await response.text()) == (HTTPStatus.NOT_FOUND, True), one
        assert (await site.open(one))[0] == HTTPStatus.NOT_FOUND
    await give_mailboxes(site.room, site.mother, box="right", version=2)
    await site.plan()
    assert (await site.open(path))[0] == HTTPStatus.NOT_FOUND
    assert await left(site) == []


# --- in letters -------------------------------------------------------------------------------------------------------


@pytest_asyncio.fixture
async def world(core_database: Database, gateway_database: Database, tmp_path: Path) -> AsyncIterator[GatewayWorld]:
    async with gateway_world(core_database, gateway_database, tmp_path) as made:
        made.mail.links = LINKS
        made.mail.__post_init__()
        made.telegram.links = LINKS
        made.telegram.__post_init__()
        yield made


async def behind(world: GatewayWorld, header: str) -> Subscriber | None:
    async with world.database.begin() as session:
        token = header.strip("<>").rpartition("/")[2]
        return await unsubscribing.behind(session, LINKS, token)


async def test_every_letter_to_a_family_has_its_way_out_and_messages_have_none(world: GatewayWorld) -> None:
    child = await world.child(BOTH)
    parent = child.parents[0]
    by_mail = Choice(Mode.NOW, Channel.MAIL)
    await choose(world, parent, by_mail, Category.REMARK)
    await remark(world, child, uuid4(), RemarkKind.REMARK)
    await mark(world, child, 2, uuid4())
    await mark(world, child, 3, uuid4(), day=date(2026, 10, 20))
    await world.pass_undo()
    await at(world, EVENING + timedelta(seconds=1))
    alone, evening = world.letters(parent)
    for letter in (alone, evening):
        header = letter.message["List-Unsubscribe"].strip()
        assert letter.message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert header.strip("<>") in (letter.text or "")
        assert f'href="{header.strip("<>")}"' in (letter.html or "")
        found = await behind(world, header)
        assert found == Subscriber(parent.id, "Школа «Радуга»", left=False, others=(Channel.TELEGRAM,))
    assert not any("/u/" in message.text for message in world.chat(parent))
