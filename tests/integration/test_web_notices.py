"""The page behind a letter's link, over real HTTP: who sees what, what a press does, and what an opening never does."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from html import unescape
from http import HTTPStatus
from uuid import UUID, uuid4

import pytest
import structlog
from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import URL

from core.database import Database
from core.events import AddressState, Channel, NoticeAct, NoticeAsk, address_subject, event, notice_subject
from core.notice import notices
from core.notice.notices import NoticeDraft, hash_of
from core.outbox import publish
from core.school_time import MachineClock
from gateway.addresses import AddressVault
from gateway.heads import Heads
from gateway.intake import Intake
from gateway.links import Links
from tests.integration.core_world import DAY, ClassRoom, class_room
from texts.reader import load
from web.app import make_app
from web.desk import Desk

TRIP = NoticeDraft("Поездка в музей", "Едем в пятницу.\nНужно <b>согласие</b> & 300 ₽.", NoticeAsk.SIGN, DAY)
SHOWN = hash_of(TRIP.title, TRIP.text)
VAULT = AddressVault(b"addresses of the tests, 32 bytes")
LINKS = Links("https://zvonok.school.example", b"links of the tests")
NOTHING_HERE = "Здесь ничего нет"


@dataclass
class Site:
    """A school whose class was told of something, and its pages."""

    room: ClassRoom
    gateway: Database
    client: TestClient[web.Request, web.Application]
    mother: UUID
    father: UUID

    async def publish(self, draft: NoticeDraft = TRIP) -> UUID:
        room = self.room
        async with room.database.begin() as session:
            notice = await notices.publish(session, room.act(room.class_teacher), room.school_class, draft)
        await self.plan()
        return notice

    async def plan(self) -> None:
        """Let the gateway learn what core has said."""
        heads = Heads(VAULT, {"mail": "mail:school@example.ru"})
        clock = MachineClock(source=lambda: self.room.hands.at)
        await Intake(self.gateway, heads, self.room.hands.clock, clock).run_once()

    async def link(self, notice: UUID, reader: UUID) -> str:
        """Return the path of the link in a reader's letter."""
        page = LINKS.notice(*await self.sent(notice, reader))
        assert page is not None
        return page.removeprefix("https://zvonok.school.example")

    async def sent(self, notice: UUID, reader: UUID) -> tuple[UUID, bytes]:
        """Return the delivery of a reader's letter, and the hash of the mailbox that it goes to."""
        query = (
            "SELECT d.id, a.value_hmac FROM gateway.delivery d JOIN gateway.address a USING (recipient, channel)"
            " WHERE d.subject = $1 AND d.recipient = $2"
        )
        ((delivery, mailbox),) = await self.room.watch.rows(query, notice_subject(notice), reader)
        return delivery, mailbox

    async def open(self, path: str) -> tuple[int, str]:
        """Open a page; return its status and what a person reads there."""
        async with self.client.get(path) as response:
            return response.status, words(await response.text())

    async def press(self, path: str, act: str = "signed", text_hash: str = SHOWN) -> tuple[int, str]:
        """Press a button of a page; return what comes of it, without following."""
        form = {"act": act, "text_hash": text_hash}
        async with self.client.post(path, data=form, allow_redirects=False) as response:
            return response.status, words(await response.text())

    async def answers(self) -> list[tuple[UUID, str, str]]:
        """Return the journal's evidence in the order of answering."""
        rows = await self.room.watch.rows("SELECT guardian_id, act, via FROM core.notice_answer ORDER BY seq")
        return [tuple(row) for row in rows]

    async def receipts(self) -> list[tuple[UUID, str, str]]:
        """Return the gateway's receipts."""
        rows = await self.room.watch.rows("SELECT recipient, kind, detail FROM gateway.receipt ORDER BY at, detail")
        return [tuple(row) for row in rows]

    async def everything(self) -> list[str]:
        """Return every row of the database."""
        tables = await self.room.watch.rows(
            "SELECT schemaname || '.' || tablename FROM pg_tables WHERE schemaname IN ('core', 'bus', 'gateway', 'bot')"
        )
        each = [f"SELECT '{name}' || to_jsonb(t)::text FROM {name} t" for (name,) in tables]  # noqa: S608 - the database's own names
        return [row for (row,) in await self.room.watch.rows(" UNION ALL ".join(each) + " ORDER BY 1")]


def words(html: str) -> str:
    """Return what a person reads on a page, blanks made one."""
    body = re.sub(r"<(style|title)>.*?</\1>", " ", html, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


@pytest.fixture
async def site(core_database: Database, gateway_database: Database, database_url: URL) -> AsyncIterator[Site]:
    room = await class_room(core_database, database_url)
    mother = await room.builder.guardian(room.pupils[0], room.pupils[1], name="Абрамова Яна")
    father = await room.builder.guardian(room.pupils[0], name="Абрамов Ян")
    await give_mailboxes(room, mother, father)
    desk = Desk(core_database, gateway_database, LINKS, load("ru"), room.hands.clock, structlog.get_logger("web"))
    async with TestClient(TestServer(make_app(desk))) as client:
        yield Site(room, gateway_database, client, mother, father)


async def give_mailboxes(
    room: ClassRoom, *persons: UUID, box: str = "parent", ended: bool = False, version: int = 1
) -> None:
    async with room.database.begin() as session:
        for number, person in enumerate(persons):
            state = AddressState(
                person=person,
                channel=Channel.MAIL,
                value=f"{box}{number}@example.org",
                verified_at=room.hands.at - timedelta(days=9),
                ended=ended,
            )
            subject = address_subject(person, Channel.MAIL)
            told = event(state, subject=subject, school=room.school.id, version=version, at=room.hands.at)
            await publish(session, told)


async def test_a_reader_sees_the_notice_for_his_own_children(site: Site) -> None:
    notice = await site.publish()
    status, page = await site.open(await site.link(notice, site.mother))
    assert status == HTTPStatus.OK
    for said in (
        "Школа «Радуга»",
        "Класс: 5А",
        "Ваши дети: Абрамов Глеб, Ёлкин Вадим",
        "Громова Нина Сергеевна вторник, 24 ноября",
        "Поездка в музей",
        "Едем в пятницу. Нужно <b>согласие</b> & 300 ₽.",
        "Последний день для ответа: вторник, 24 ноября",
        "Подписываю Не подписываю",
        "школа не получила от вас никакого ответа",
    ):
        assert said in page
    assert "Ваш ребёнок: Абрамов Глеб" in (await site.open(await site.link(notice, site.father)))[1]


async def test_a_child_who_comes_into_view_later_is_signed_for_by_the_same_link(site: Site) -> None:
    """A bar that ends: the first signature was for one child, and the page asks again, for both."""
    turn = "UPDATE core.guardianship SET barred = NOT barred WHERE guardian_id = $1 AND pupil_id = $2"
    hidden = (site.mother, site.room.pupils[1])
    await site.room.watch.rows(turn, *hidden)
    path = await site.link(await site.publish(), site.mother)
    assert (await site.press(path))[0] == HTTPStatus.SEE_OTHER
    assert "Подписываю" not in (await site.open(path))[1].split()
    await site.room.watch.rows(turn, *hidden)
    assert "Подписываю" in (await site.open(path))[1].split()
    assert (await site.press(path))[0] == HTTPStatus.SEE_OTHER
    rows = await site.room.watch.rows("SELECT pupils FROM core.notice_answer ORDER BY seq")
    assert [row["pupils"] for row in rows] == [[site.room.pupils[0]], list(site.room.pupils[:2])]
    assert "Подписываю" not in (await site.open(path))[1].split()


async def test_what_a_teacher_writes_stays_text(site: Site) -> None:
    path = await site.link(await site.publish(replace(TRIP, title='"><script>alert(1)</script>')), site.mother)
    async with site.client.get(path) as response:
        html = await response.text()
    assert "<script" not in html
    assert "<b>" not in html
    assert html.startswith('<!DOCTYPE html>\n<html lang="ru">')


async def test_nobody_but_the_reader_keeps_shows_or_passes_a_page_on(site: Site) -> None:
    path = await site.link(await site.publish(), site.mother)
    async with (
        site.client.get(path) as page,
        site.client.get("/n/forged") as none,
        site.client.get("/health") as health,
    ):
        for response in (page, none, health):
            guards(response)


def guards(response: ClientResponse) -> None:
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert re.search(r"style-src 'sha256-[A-Za-z0-9+/]{43}='", policy)
    assert "unsafe" not in policy
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "noindex" in response.headers["X-Robots-Tag"]
    assert not {"Set-Cookie", "Server"} & set(response.headers)


@pytest.mark.parametrize("ask", NoticeAsk)
async def test_a_robot_that_opens_everything_twice_changes_nothing(site: Site, ask: NoticeAsk) -> None:
    """Mail servers, messengers and virus scanners open links; none of them may sign (DoD: a signature by GET)."""
    path = await site.link(await site.publish(replace(TRIP, ask=ask)), site.mother)
    before = await site.everything()
    tails = ("", "?act=signed", f"?act=signed&text_hash={SHOWN}", "?act=confirmed")
    for method in ("GET", "HEAD") * 2:
        for tail in tails:
            async with site.client.request(method, path + tail) as response:
                assert response.status == HTTPStatus.OK
        for other in ("/health", "/n/forged", "/"):
            async with site.client.request(method, other) as response:
                assert response.status in {HTTPStatus.OK, HTTPStatus.NOT_FOUND}
    for method in ("PUT", "DELETE", "PATCH", "OPTIONS"):
        async with site.client.request(method, path, data={"act": "signed", "text_hash": SHOWN}) as response:
            assert (response.status, response.headers["Allow"]) == (HTTPStatus.METHOD_NOT_ALLOWED, "GET, HEAD, POST")
    assert await site.everything() == before


async def test_a_signature_is_kept_noted_and_shown(site: Site) -> None:
    notice = await site.publish()
    path = await site.link(notice, site.mother)
    form = {"act": "signed", "text_hash": SHOWN}
    async with site.client.post(path, data=form, allow_redirects=False) as response:
        assert (response.status, response.headers["Location"]) == (HTTPStatus.SEE_OTHER, path.removeprefix("/n/"))
    async with site.client.post(path, data=form) as response:
        assert response.status == HTTPStatus.OK, "shown again by GET, at the same address"
        page = words(await response.text())
    assert "Вы подписали: 24 ноября в 8:40. Спасибо!" in page
    assert "ответ можно изменить: Не подписываю" in page
    assert await site.answers() == [(site.mother, "signed", "web")]
    assert await site.receipts() == [(site.mother, "acknowledged", "signed")]
    assert "никакого ответа" in (await site.open(await site.link(notice, site.father)))[1]
    (entry,) = await site.room.watch.audit("notice.answer")
    assert (entry["person_id"], entry["via"], entry["account_id"]) == (site.mother, "web", None)


async def test_presses_at_once_are_one_answer(site: Site) -> None:
    path = await site.link(await site.publish(), site.mother)
    async with asyncio.timeout(30):
        pressed = await asyncio.gather(*(site.press(path) for _ in range(6)))
    assert {status for status, _ in pressed} == {HTTPStatus.SEE_OTHER}
    assert await site.answers() == [(site.mother, "signed", "web")]
    assert await site.receipts() == [(site.mother, "acknowledged", "signed")]


async def test_whoever_changes_his_mind_is_taken_at_his_last_word(site: Site) -> None:
    path = await site.link(await site.publish(), site.mother)
    for act in ("signed", "refused", "signed", "refused"):
        site.room.hands.move(minutes=1)
        assert (await site.press(path, act))[0] == HTTPStatus.SEE_OTHER
    assert [act for _, act, _ in await site.answers()] == ["signed", "refused", "signed", "refused"]
    page = (await site.open(path))[1]
    assert "Ваш ответ — «Не подписываю»: 24 ноября в 8:44. Классный руководитель его видит." in page


async def test_a_notice_to_confirm_is_confirmed_once(site: Site) -> None:
    path = await site.link(await site.publish(replace(TRIP, ask=NoticeAsk.CONFIRM)), site.father)
    assert "нажмите, пожалуйста, кнопку. Прочитано" in (await site.open(path))[1]
    assert (await site.press(path, "confirmed"))[0] == HTTPStatus.SEE_OTHER
    page = (await site.open(path))[1]
    assert "Вы подтвердили, что прочитали: 24 ноября в 8:40." in page
    assert "изменить" not in page
    assert await site.answers() == [(site.father, "confirmed", "web")]


async def test_a_notice_to_know_of_has_no_buttons(site: Site) -> None:
    path = await site.link(await site.publish(replace(TRIP, ask=NoticeAsk.READ)), site.mother)
    async with site.client.get(path) as response:
        html = await response.text()
    assert "Отвечать не нужно." in words(html)
    assert "Последний день" not in words(html)
    assert "<form" not in html
    status, page = await site.press(path, "confirmed")
    assert status == HTTPStatus.CONFLICT
    assert "На это объявление так не отвечают." in page
    assert await site.answers() == []


async def test_after_the_last_day_a_press_is_told_so(site: Site) -> None:
    notice = await site.publish()
    path = await site.link(notice, site.mother)
    site.room.hands.move(hours=16)
    before = await site.everything()
    status, page = await site.press(path)
    assert status == HTTPStatus.CONFLICT
    assert "Последний день для ответа прошёл." in page
    assert "Подписываю" not in page
    assert "Последний день для ответа прошёл." in (await site.open(path))[1]
    assert await site.everything() == before


async def test_another_text_than_the_one_shown_is_not_signed(site: Site) -> None:
    path = await site.link(await site.publish(), site.mother)
    before = await site.everything()
    status, page = await site.press(path, text_hash=hash_of(TRIP.title, "Едем в субботу."))
    assert status == HTTPStatus.CONFLICT
    assert "Текст объявления изменился. Прочитайте его ещё раз и ответьте снова." in page
    assert "Подписываю" in page
    assert await site.everything() == before


async def test_a_withdrawn_notice_shows_no_text_and_takes_no_answer(site: Site) -> None:
    notice = await site.publish()
    path = await site.link(notice, site.mother)
    room = site.room
    async with room.database.begin() as session:
        await notices.withdraw(session, room.act(room.class_teacher), notice)
    status, page = await site.press(path)
    assert status == HTTPStatus.CONFLICT
    for said in (page, (await site.open(path))[1]):
        assert "Школа отозвала это объявление" in said
        assert "Едем в пятницу" not in said
        assert "Подписываю" not in said
    assert await site.answers() == []


async def test_a_link_that_we_did_not_make_opens_nothing(site: Site) -> None:
    notice = await site.publish()
    token = (await site.link(notice, site.mother)).removeprefix("/n/")
    (delivery, mailbox), (_, fathers) = await site.sent(notice, site.mother), await site.sent(notice, site.father)
    forged = (
        token[:-1] + ("A" if token[-1] != "A" else "B"),
        token[:-1],
        f"{token}A",
        f"{token}%3D",
        "0" * 43,
        "%00%ff",
        "я" * 43,
        "A" * 5000,
        Links(None, b"another key").token(delivery, mailbox),
        LINKS.token(uuid4(), mailbox),
        LINKS.token(delivery, fathers),
    )
    before = await site.everything()
    for one in forged:
        for status, page in (await site.open(f"/n/{one}"), await site.press(f"/n/{one}")):
            assert (status, NOTHING_HERE in page, "Радуга" in page) == (HTTPStatus.NOT_FOUND, True, False), one
    assert await site.everything() == before


async def test_whoever_lost_the_right_sees_what_a_stranger_sees(site: Site) -> None:
    path = await site.link(await site.publish(), site.mother)
    unknown = await site.open("/n/forged")
    for change in ("barred = true", "barred = false, may_see = false", "may_see = true, until = '2026-11-23'"):
        await site.room.watch.rows(f"UPDATE core.guardianship SET {change}")  # noqa: S608 - literals of the line above
        assert await site.open(path) == unknown
        assert (await site.press(path))[0] == HTTPStatus.NOT_FOUND
    assert await site.answers() == []


async def test_whoever_withdrew_his_consent_is_told_so_and_whom_to_ask(site: Site) -> None:
    notice = await site.publish()
    page = await site.link(notice, site.father)
    await site.room.watch.rows("UPDATE core.consent SET given = false WHERE guardian_id = $1", site.father)
    before = await site.everything()
    for status, text in (await site.open(page), await site.press(page)):
        assert status == HTTPStatus.FORBIDDEN
        assert "Вашего согласия на обработку персональных данных сейчас нет" in text
        assert "на бумаге" in text
        assert "классному руководителю" in text
        assert TRIP.title not in text
    assert await site.everything() == before
    assert (await site.open(await site.link(notice, site.mother)))[0] == HTTPStatus.OK


async def test_a_link_dies_with_the_mailbox_that_it_went_to(site: Site) -> None:
    path = await site.link(await site.publish(), site.mother)
    await give_mailboxes(site.room, site.mother, ended=True, version=2)
    await site.plan()
    assert (await site.open(path))[0] == HTTPStatus.NOT_FOUND
    assert (await site.press(path))[0] == HTTPStatus.NOT_FOUND


async def test_a_link_dies_when_the_office_corrects_the_mailbox_that_it_went_to(site: Site) -> None:
    """A slip brought the letter to a stranger: corrected in place, the mailbox never ended, and he signs nothing."""
    notice = await site.publish()
    path, unknown = await site.link(notice, site.mother), await site.open("/n/forged")
    await give_mailboxes(site.room, site.mother, box="right", version=2)
    await site.plan()
    assert not await site.room.watch.value("SELECT bool_or(ended) FROM gateway.address")
    before = await site.everything()
    assert await site.open(path) == unknown
    assert (await site.press(path))[0] == HTTPStatus.NOT_FOUND
    assert await site.everything() == before
    right = await site.link(notice, site.mother)
    assert right != path
    assert (await site.press(right))[0] == HTTPStatus.SEE_OTHER, "the link of a letter to the right mailbox lives"
    assert await site.answers() == [(site.mother, "signed", "web")]


async def test_a_link_to_anything_but_a_notice_opens_nothing(site: Site) -> None:
    await site.room.record(0)
    await site.plan()
    ((delivery, mailbox), *_) = await site.room.watch.rows(
        "SELECT d.id, a.value_hmac FROM gateway.delivery d JOIN gateway.address a USING (recipient, channel)"
        " WHERE d.subject LIKE 'attendance/%'"
    )
    assert (await site.open(f"/n/{LINKS.token(delivery, mailbox)}"))[0] == HTTPStatus.NOT_FOUND


URLENCODED = "application/x-www-form-urlencoded"
NO_FORMS = (
    (b"", URLENCODED),
    (b"act=signed", URLENCODED),
    (b"act=approved&text_hash=" + SHOWN.encode(), URLENCODED),
    (b"act=signed&text_hash=" + b"0" * 65, URLENCODED),
    (b"act=%ff&text_hash=%ff", URLENCODED),
    (b"act=signed&text_hash=\xff", URLENCODED),
    (b"act=signed&text_hash=" + SHOWN.encode(), f"{URLENCODED}; charset=none-such"),
    (b'{"act": "signed"}', "application/json"),
    (b"act=signed&text_hash=" + SHOWN.encode(), "text/plain"),
    (
        b'--x\r\nContent-Disposition: form-data; name="act"\r\n\r\nsigned\r\n'
        b'--x\r\nContent-Disposition: form-data; name="text_hash"\r\n\r\n' + SHOWN.encode() + b"\r\n--x--\r\n",
        "multipart/form-data; boundary=x",
    ),
)


async def test_what_is_no_form_of_ours_records_nothing(site: Site) -> None:
    path = await site.link(await site.publish(), site.mother)
    before = await site.everything()
    for body, content_type in NO_FORMS:
        async with site.client.post(path, data=body, headers={"Content-Type": content_type}) as response:
            assert response.status == HTTPStatus.BAD_REQUEST, (body, content_type)
            assert "Ничего не записано." in words(await response.text())
            guards(response)
    assert await site.everything() == before


async def test_a_form_too_large_records_nothing(site: Site) -> None:
    path = await site.link(await site.publish(), site.mother)
    form = {"act": "signed", "text_hash": SHOWN, "more": "я" * 20_000}
    async with site.client.post(path, data=form) as response:
        assert response.status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    assert await site.answers() == []


async def test_an_answer_outlives_a_gateway_that_was_away(site: Site) -> None:
    """The journal has the signature even where the receipt failed; the next press notes it."""
    path = await site.link(await site.publish(), site.mother)
    await site.room.watch.rows("ALTER TABLE gateway.receipt RENAME TO receipt_away")
    status, page = await site.press(path)
    assert status == HTTPStatus.SERVICE_UNAVAILABLE
    assert "Страница сейчас не открывается" in page
    await site.room.watch.rows("ALTER TABLE gateway.receipt_away RENAME TO receipt")
    assert (await site.press(path))[0] == HTTPStatus.SEE_OTHER
    assert await site.answers() == [(site.mother, "signed", "web")]
    assert await site.receipts() == [(site.mother, "acknowledged", "signed")]


async def test_health_says_whether_the_journal_answers(site: Site) -> None:
    async with site.client.get("/health") as response:
        assert (response.status, await response.json()) == (HTTPStatus.OK, {"status": "ok"})


def test_every_act_has_a_button_and_words() -> None:
    texts = load("ru")
    assert [act for act in NoticeAct if not texts.has(f"web-button-{act}") or not texts.has(f"web-own-{act}")] == []
