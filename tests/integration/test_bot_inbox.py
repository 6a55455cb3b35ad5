from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from bot.inbox import KEEP_DONE, KEEP_FAILED, LEASE, Inbox, StoredUpdate
from core.database import Database

NOW = datetime(2026, 10, 20, 4, 0, tzinfo=UTC)


@pytest.fixture
def inbox(bot_database: Database) -> Inbox:
    return Inbox(bot_database, "telegram:1")


def update(number: int, chat: int = 100, words: str = "текст") -> dict[str, Any]:
    return {"update_id": number, "message": {"chat": {"id": chat, "type": "private"}, "text": words}}


def keys(claimed: Sequence[StoredUpdate]) -> list[str]:
    return [stored.update_key for stored in claimed]


async def test_an_update_that_comes_again_is_kept_once(inbox: Inbox, bot_database: Database) -> None:
    await inbox.store([update(1), update(2)], NOW)
    await inbox.store([update(2, words="другой"), update(3)], NOW)
    await Inbox(bot_database, "telegram:2").store([update(2)], NOW)
    async with bot_database.begin() as session:
        rows = (await session.execute(text("SELECT credential, update_key FROM bot.inbox ORDER BY seq"))).all()
    assert [tuple(row) for row in rows] == [
        ("telegram:1", "1"),
        ("telegram:1", "2"),
        ("telegram:1", "3"),
        ("telegram:2", "2"),
    ]


async def test_a_handled_update_that_comes_again_stays_handled(inbox: Inbox) -> None:
    await inbox.store([update(1)], NOW)
    await inbox.claim(NOW, 5)
    await inbox.finish("1", NOW)
    await inbox.store([update(1)], NOW)
    assert keys(await inbox.claim(NOW + LEASE * 2, 5)) == []


async def test_one_update_of_a_conversation_at_a_time_in_the_order_of_coming(inbox: Inbox) -> None:
    # After a silent week Telegram goes on from a random id, which may be smaller.
    await inbox.store([update(900), update(901, chat=200), update(7), update(8, chat=200), update(5, chat=300)], NOW)
    assert keys(await inbox.claim(NOW, 10)) == ["900", "901", "5"]
    assert keys(await inbox.claim(NOW, 10)) == []
    await inbox.finish("900", NOW)
    assert keys(await inbox.claim(NOW, 10)) == ["7"]


async def test_no_more_than_there_are_hands_for(inbox: Inbox) -> None:
    await inbox.store([update(number, chat=number) for number in range(1, 6)], NOW)
    assert keys(await inbox.claim(NOW, 2)) == ["1", "2"]
    assert keys(await inbox.claim(NOW, 2)) == ["3", "4"]


async def test_a_claim_whose_owner_died_falls_due_again(inbox: Inbox) -> None:
    await inbox.store([update(1), update(2)], NOW)
    (first,) = await inbox.claim(NOW, 5)
    assert first.attempts == 1
    assert keys(await inbox.claim(NOW + LEASE - timedelta(milliseconds=1), 5)) == []
    (again,) = await inbox.claim(NOW + LEASE, 5)
    assert (again.update_key, again.attempts) == ("1", 2)


async def test_an_update_that_was_put_off_holds_its_conversation_and_no_other(inbox: Inbox) -> None:
    await inbox.store([update(1), update(2), update(3, chat=200)], NOW)
    await inbox.claim(NOW, 1)
    await inbox.put_off("1", NOW + timedelta(seconds=5), blameless=True)
    assert keys(await inbox.claim(NOW, 5)) == ["3"]
    (first,) = await inbox.claim(NOW + timedelta(seconds=5), 5)
    assert (first.update_key, first.attempts) == ("1", 1)


async def test_two_workers_never_hold_the_same_update(inbox: Inbox, bot_database: Database) -> None:
    await inbox.store([update(number, chat=number) for number in range(1, 4)], NOW)
    async with bot_database.begin() as session:
        await session.execute(text("SELECT 1 FROM bot.inbox WHERE update_key = '1' FOR UPDATE"))
        assert keys(await inbox.claim(NOW, 5)) == ["2", "3"]


async def test_any_text_can_be_kept_and_comes_back_the_same(inbox: Inbox) -> None:
    words = "\x00 \ud800 ё «\\u0000» \N{SNOWMAN}"
    await inbox.store([update(1, words=words)], NOW)
    (stored,) = await inbox.claim(NOW, 1)
    assert stored.update()["message"]["text"] == words
    assert "текст" not in repr(stored)


async def test_what_was_handled_long_ago_is_forgotten_and_what_waits_is_not(
    inbox: Inbox, bot_database: Database
) -> None:
    await inbox.store([update(number, chat=number) for number in (1, 2, 3)], NOW)
    await inbox.finish("1", NOW)
    await inbox.finish("2", NOW, "KeyError at bot/teacher.py:1")

    async def left(now: datetime) -> list[str]:
        await inbox.forget(now)
        async with bot_database.begin() as session:
            rows = await session.execute(text("SELECT update_key FROM bot.inbox ORDER BY seq"))
            return list(rows.scalars())

    assert await left(NOW + KEEP_DONE) == ["1", "2", "3"]
    assert await left(NOW + KEEP_DONE + timedelta(seconds=1)) == ["2", "3"]
    assert await left(NOW + KEEP_FAILED + timedelta(seconds=1)) == ["3"]
