"""The page of an absence behind a letter's link, over real HTTP: the answers of the chat, given without a messenger."""

import asyncio
from dataclasses import dataclass
from http import HTTPStatus
from uuid import UUID, uuid4

import pytest

from core.actor import OFFICE, Act, Actor
from core.events import NoticeAsk, ProposedReason
from core.learning import attendance
from core.notice.notices import NoticeDraft
from core.plan import years
from gateway.links import Links, Use
from tests.integration.test_web_notices import LINKS, NOTHING_HERE, Site, give_mailboxes, guards, site, words
from tests.unit.year_cases import calendar

__all__ = ["site"]
CALL = "Не знаете, где ребёнок? Не ждите: позвоните ребёнку и сразу в школу."
ASKED = "Знаете причину? Нажмите кнопку: учитель увидит ответ в перекличке."
LABELS = "Понятно Болеет Семейные причины Опаздывает Ребёнок в школе, это ошибка Не знаю, где ребёнок"


@dataclass
class Letter:
    """The letter to one parent about the first pupil's day."""

    site: Site
    path: str

    async def open(self) -> tuple[int, str]:
        return await self.site.open(self.path)

    async def press(self, act: str, **more: str) -> tuple[int, str]:
        form = {"act": act, **more}
        async with self.site.client.post(self.path, data=form, allow_redirects=False) as response:
            return response.status, words(await response.text())


async def delivery(site: Site, reader: UUID) -> tuple[UUID, bytes]:
    query = (
        "SELECT d.id, a.value_hmac FROM gateway.delivery d JOIN gateway.address a USING (recipient, channel)"
        " WHERE d.subject = $1 AND d.recipient = $2 AND d.purpose <> 'all-clear'"
    )
    ((found, mailbox),) = await site.room.watch.rows(query, site.room.day().subject, reader)
    return found, mailbox


async def letter(site: Site, reader: UUID) -> Letter:
    page = LINKS.absence(*await delivery(site, reader))
    assert page is not None
    return Letter(site, page.removeprefix("https://zvonok.school.example"))


async def absent(site: Site) -> Letter:
    """Let the first pupil be missing; return the mother's letter."""
    await site.room.record(0)
    await site.plan()
    return await letter(site, site.mother)


async def answers(site: Site) -> list[tuple[UUID, str]]:
    """Return what the journal holds."""
    rows = await site.room.watch.rows("SELECT guardian_id, reason FROM core.absence_answer ORDER BY at")
    return [tuple(row) for row in rows]


async def test_the_page_says_what_the_chat_says_and_offers_its_answers(site: Site) -> None:
    page = await absent(site)
    status, said = await page.open()
    assert status == HTTPStatus.OK
    for wanted in ("Школа «Радуга»", "Отсутствие на уроке", "Абрамов Глеб, 5А", "вторник, 24 ноября", ASKED, CALL):
        assert wanted in said
    assert "1-й урок, 8:30" in said
    assert LABELS in said
    assert "Пока кнопка не нажата, школа не получила от вас никакого ответа." in said
    async with site.client.get(page.path) as response:
        guards(response)
        assert "<script" not in await response.text()


@pytest.mark.parametrize("reason", ProposedReason)
async def test_a_reason_reaches_the_journal_the_teacher_and_the_receipts(site: Site, reason: ProposedReason) -> None:
    page = await absent(site)
    async with site.client.post(page.path, data={"act": reason.value}, allow_redirects=False) as response:
        assert (response.status, response.headers["Location"]) == (HTTPStatus.SEE_OTHER, page.path.removeprefix("/a/"))
    async with site.client.post(page.path, data={"act": reason.value}) as response:
        said = words(await response.text())
    assert "Ваш ответ: " in said
    assert "✓" in said
    assert "Пока кнопка не нажата" not in said
    assert await answers(site) == [(site.mother, reason.value)]
    assert await site.receipts() == [(site.mother, "explained", reason.value)], "pressed twice, noted once"
    (entry,) = await site.room.watch.audit("attendance.answer")
    assert (entry["person_id"], entry["via"], entry["account_id"]) == (site.mother, "web", None)
    room = site.room
    async with room.database.begin() as session:
        roll = await attendance.roll(session, Actor("telegram", room.class_teacher), room.lessons[0], room.hands.at)
    assert roll.pupils[0].answers == (reason,)
    other = (await (await letter(site, site.father)).open())[1]
    assert "Ваш ответ" not in other, "nothing of the other parent"
    assert "✓" not in other


async def test_whoever_does_not_know_where_the_child_is_is_sent_to_the_telephone(site: Site) -> None:
    page = await absent(site)
    await page.press("unaware")
    said = (await page.open())[1]
    assert "Пожалуйста, не ждите: сразу позвоните в школу." in said
    assert CALL in said
    await page.press("ill")
    assert CALL not in (await page.open())[1]


async def test_ok_is_noted_once_and_asks_on_for_the_cause(site: Site) -> None:
    page = await absent(site)
    for _ in range(2):
        assert (await page.press("ok"))[0] == HTTPStatus.SEE_OTHER
    assert [(reader, kind) for reader, kind, _ in await site.receipts()] == [(site.mother, "acknowledged")]
    assert await answers(site) == []
    said = (await page.open())[1]
    assert "Вы отметили: понятно." in said
    assert ASKED in said
    assert LABELS.removeprefix("Понятно ") in said


async def test_presses_at_once_are_one_answer(site: Site) -> None:
    page = await absent(site)
    async with asyncio.timeout(30):
        pressed = await asyncio.gather(*(page.press("ill") for _ in range(6)))
    assert {status for status, _ in pressed} == {HTTPStatus.SEE_OTHER}
    assert await answers(site) == [(site.mother, "ill")]
    assert await site.receipts() == [(site.mother, "explained", "ill")]
    assert len(await site.room.watch.audit("attendance.answer")) == 1


async def test_whoever_changes_his_mind_is_taken_at_his_last_word(site: Site) -> None:
    page = await absent(site)
    for reason in ("ill", "late", "ill"):
        site.room.hands.move(minutes=1)
        assert (await page.press(reason))[0] == HTTPStatus.SEE_OTHER
    assert await answers(site) == [(site.mother, "ill")]
    assert [detail for _, _, detail in await site.receipts()] == ["ill", "late", "ill"]


async def test_what_is_disputed_again_after_a_later_entry_is_a_new_answer(site: Site) -> None:
    """«Ребёнок в школе» speaks of the entries there are; the same press on a later one must not be lost."""
    page = await absent(site)
    await page.press("at-school")
    site.room.hands.move(minutes=65)
    await site.room.record(0, lesson=1)
    assert "Ваш ответ" not in (await page.open())[1]
    site.room.hands.move(minutes=1)
    await page.press("at-school")
    assert "Ваш ответ: ребёнок в школе" in (await page.open())[1]
    assert len(await site.room.watch.audit("attendance.answer")) == 2


async def test_an_absence_taken_back_asks_nothing_and_takes_no_answer(site: Site) -> None:
    page = await absent(site)
    await site.room.correct({0: None})
    status, said = await page.open()
    assert status == HTTPStatus.OK
    assert "Исправлено: отметка об отсутствии снята" in said
    assert "Отвечать не нужно." in said
    assert "Болеет" not in said
    before = await site.everything()
    status, said = await page.press("ill")
    assert status == HTTPStatus.CONFLICT
    assert "Отметка об отсутствии уже снята, отвечать не нужно." in said
    assert await site.everything() == before


async def test_a_child_who_came_is_searched_for_no_more(site: Site) -> None:
    page = await absent(site)
    site.room.hands.move(minutes=65)
    await site.room.record(lesson=1)
    said = (await page.open())[1]
    assert "Ребёнок в школе, пропущено уроков: 1" in said
    assert "Болеет" in said
    assert "Не знаю, где ребёнок" not in said
    assert CALL not in said


async def test_in_a_closed_year_the_page_shows_and_takes_nothing(site: Site) -> None:
    page = await absent(site)
    async with site.room.database.begin() as session:
        office = Act(OFFICE, site.room.hands.at, "calendar")
        await years.set_calendar(session, office, site.room.school.id, calendar())
    await site.room.watch.rows("UPDATE core.school_year SET closed_at = $1", site.room.hands.at)
    status, said = await page.open()
    assert status == HTTPStatus.OK
    assert "Учебный год уже закрыт" in said
    assert "Болеет" not in said
    before = await site.everything()
    status, said = await page.press("ill")
    assert status == HTTPStatus.CONFLICT
    assert "день закрытого учебного года" in said
    assert await site.everything() == before


async def test_whoever_lost_the_right_sees_what_a_stranger_sees(site: Site) -> None:
    page, unknown = await absent(site), await site.open("/a/forged")
    assert (unknown[0], NOTHING_HERE in unknown[1]) == (HTTPStatus.NOT_FOUND, True)
    changes = ("barred = true", "barred = false, may_see = false", "may_see = true, until = '2026-11-23'")
    for change in (*changes, "until = NULL, kind = 'trusted'"):
        await site.room.watch.rows(f"UPDATE core.guardianship SET {change}")  # noqa: S608 - literals of the line above
        assert await page.open() == unknown, change
        for act in ("ill", "ok"):
            assert (await page.press(act))[0] == HTTPStatus.NOT_FOUND
    assert (await answers(site), await site.receipts()) == ([], [])


async def test_whoever_withdrew_his_consent_is_told_so_and_whom_to_ask(site: Site) -> None:
    page = await absent(site)
    await site.room.watch.rows("UPDATE core.consent SET given = false WHERE guardian_id = $1", site.mother)
    before = await site.everything()
    for status, said in (await page.open(), await page.press("ill"), await page.press("ok")):
        assert status == HTTPStatus.FORBIDDEN
        assert "Вашего согласия на обработку персональных данных сейчас нет" in said
        assert "классному руководителю" in said
        assert "Абрамов" not in said
    assert await site.everything() == before


async def test_a_link_that_we_did_not_make_for_this_opens_nothing(site: Site) -> None:
    page = await absent(site)
    (found, mailbox), (_, fathers) = await delivery(site, site.mother), await delivery(site, site.father)
    notice = await site.publish(NoticeDraft("Поездка", "Едем.", NoticeAsk.READ, None))
    before = await site.everything()
    for token in (
        page.path[3:-1] + ("A" if page.path[-1] != "A" else "B"),
        page.path[3:-1],
        "я" * 43,
        LINKS.token(found, mailbox),
        LINKS.unsubscribing(found, mailbox),
        LINKS.token(found, fathers, Use.ABSENCE),
        LINKS.token(uuid4(), mailbox, Use.ABSENCE),
        LINKS.token(*await site.sent(notice, site.mother), Use.ABSENCE),
        Links(None, b"another key").token(found, mailbox, Use.ABSENCE),
    ):
        other = Letter(site, f"/a/{token}")
        for status, said in (await other.open(), await other.press("ill")):
            assert (status, NOTHING_HERE in said, "Абрамов" in said) == (HTTPStatus.NOT_FOUND, True, False), token
    assert (await site.open(f"/n/{page.path[3:]}"))[0] == HTTPStatus.NOT_FOUND
    assert (await site.open(f"/u/{page.path[3:]}"))[0] == HTTPStatus.NOT_FOUND
    assert await site.everything() == before


async def test_a_link_dies_with_the_mailbox_that_it_went_to(site: Site) -> None:
    page = await absent(site)
    await give_mailboxes(site.room, site.mother, box="right", version=2)
    await site.plan()
    assert (await page.open())[0] == HTTPStatus.NOT_FOUND
    assert (await page.press("ill"))[0] == HTTPStatus.NOT_FOUND


async def test_what_is_no_form_of_the_page_changes_nothing(site: Site) -> None:
    page = await absent(site)
    before = await site.everything()
    for data in ({}, {"act": "everything"}, b"\xff\xfe", '{"act": "ill"}'):
        async with site.client.post(page.path, data=data, allow_redirects=False) as response:
            assert response.status == HTTPStatus.BAD_REQUEST, data
    for method in ("GET", "HEAD", "OPTIONS", "PUT", "DELETE"):
        async with site.client.request(method, f"{page.path}?act=ill"):
            pass
    assert await site.everything() == before


async def test_an_answer_given_in_the_chat_stands_on_the_page(site: Site) -> None:
    page, room = await absent(site), site.room
    async with room.database.begin() as session:
        act = Act(Actor("telegram", site.mother), room.hands.at, str(uuid4()))
        await attendance.answer(session, act, room.day(), ProposedReason.FAMILY)
    assert "Ваш ответ: по семейным обстоятельствам." in (await page.open())[1]
