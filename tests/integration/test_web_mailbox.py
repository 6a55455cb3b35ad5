"""A mailbox that a parent gives himself is used when whoever holds it has confirmed it, and by nobody's guess."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import URL
from sqlalchemy.event import listen, remove

from core.actor import Act, Actor
from core.database import Database
from core.events import Channel, MarkState, event, mark_subject
from core.outbox import publish
from core.person import mailboxes
from core.refusals import Conflict, Forbidden, Invalid
from core.upkeep import after_restore
from gateway import subscriptions
from gateway.categories import Category
from gateway.profiles import Choice, Mode
from notifiers.mail import MailNotifier
from notifiers.mail_settings import MailSettings, Security
from tests.integration.account_site import account_site
from tests.integration.mailbox_world import LINK, Boxes
from tests.integration.test_web_password_link import Post
from zvonok.sandbox.mail_catcher import MailCatcher

BOX = "Mother@Example.org"
KEPT = "Mother@example.org"
"""As it is written down: servers tell capitals apart before the sign, never after it."""


@pytest.fixture
async def boxes(
    core_database: Database, gateway_database: Database, database_url: URL, tmp_path: Path
) -> AsyncIterator[Boxes]:
    async with account_site(core_database, gateway_database, database_url) as site, MailCatcher(tmp_path) as catcher:
        settings = MailSettings(
            host=catcher.host, port=catcher.port, security=Security.PLAIN, sender_address="school@example.ru"
        )
        notifier = MailNotifier(settings, now=lambda: site.hands.at, clock=lambda: post.seconds)
        post = Post(site, gateway_database, catcher, notifier)
        yield Boxes(post)
        await notifier.close()


async def write_a_mark(boxes: Boxes) -> None:
    """Tell of a mark of the mother's child."""
    site = boxes.post.site
    state = MarkState(
        mark=uuid4(),
        pupil=site.pupil,
        pupil_name="Ёлкин Вадим",
        class_title="5А",
        lesson=uuid4(),
        day=site.hands.at.date(),
        lesson_number=1,
        subject_name="физика",
        value=2,
        work="ответ на уроке",
    )
    told = event(state, subject=mark_subject(state.mark), school=site.school, version=1, at=site.hands.at)
    async with site.database.begin() as session:
        await publish(session, told)


async def marks_at_once(boxes: Boxes, person: UUID) -> None:
    """Let a person be told of bad marks by letters, one by one."""
    async with boxes.post.gateway.begin() as session:
        choice = Choice(Mode.NOW, Channel.MAIL)
        await subscriptions.choose(session, person, Category.BAD_MARK, choice, at=boxes.post.site.hands.at)


@pytest.mark.req("NOTIF-03")
@pytest.mark.req("AUTH-17")
async def test_a_mailbox_is_used_only_after_its_holder_has_confirmed_it(boxes: Boxes) -> None:
    site, mother = boxes.post.site, boxes.post.site.mother
    await boxes.give(mother, f"  {BOX} ")
    (letter,) = await boxes.letters(KEPT)
    assert letter.subject == "Подтвердите почту для школьного журнала"
    text = letter.text or ""
    assert "до 8:40 25.11.2026" in text, "a day, by the school's clock"
    for hidden in ("Ёлкин", "5А", "Яна", "согласие", "оценк", "/u/"):
        assert hidden not in text + (letter.html or ""), "a stranger may read it"
    link = LINK.search(text)
    assert link is not None
    assert link[1] not in str(await site.watch.everything()), "the link is kept nowhere"
    await marks_at_once(boxes, mother)
    await write_a_mark(boxes)
    site.hands.move(minutes=20)
    assert len(await boxes.letters(KEPT)) == 1, "no notification goes to an unconfirmed address"
    seen = await boxes.seen(mother)
    assert (seen.used, seen.waiting, seen.until) == (None, KEPT, site.hands.at + timedelta(hours=23, minutes=40))

    for method in ("HEAD", "GET", "GET"):
        status, words = await boxes.page(link[1], method)
        assert status == HTTPStatus.OK
        assert method == "HEAD" or (KEPT in words and "Ёлкин" not in words)
    assert (await boxes.seen(mother)).used is None, "looking confirms nothing"

    status, words = await boxes.press(link[1], "confirm")
    assert (status, "Почта подтверждена" in words) == (HTTPStatus.OK, True)
    assert await boxes.seen(mother) == mailboxes.OwnMailbox(used=KEPT)
    for again in (boxes.page(link[1]), boxes.press(link[1], "confirm"), boxes.press(link[1], "not-me")):
        status, words = await again
        assert (status, "Ссылка больше не действует" in words) == (HTTPStatus.GONE, True), "good once"
    assert await boxes.seen(mother) == mailboxes.OwnMailbox(used=KEPT)

    await write_a_mark(boxes)
    await boxes.post.deliver()
    site.hands.move(minutes=20)
    told = (await boxes.letters(KEPT))[1:]
    assert told
    assert all("Ёлкин Вадим" in (one.text or "") for one in told), "as a mailbox given by the school"
    assert len(await site.watch.audit("mailbox.confirm")) == 1


async def test_whoever_says_it_is_not_he_is_asked_no_more_and_nobody_sees_that(boxes: Boxes) -> None:
    mother, watch = boxes.post.site.mother, boxes.post.site.watch
    await boxes.give(mother, BOX)
    before = await boxes.seen(mother)
    status, words = await boxes.press(await boxes.link(KEPT), "not-me")
    assert (status, "больше не спросим" in words) == (HTTPStatus.OK, True)
    assert await boxes.seen(mother) == before, "whoever gave it sees what he saw"
    for hours in (1, 24):
        boxes.post.site.hands.move(hours=hours)
        await boxes.tidy()
        await boxes.give(mother, KEPT.upper())
        assert (await boxes.seen(mother)).waiting is not None
    assert len(await boxes.letters(KEPT)) == len(await boxes.post.deliver()) == 1
    assert "mother@example.org" not in str(await watch.rows("SELECT * FROM core.mailbox_refusal")).casefold()
    # Another person may ask: to him nobody has said anything.
    await boxes.give(boxes.post.site.teacher, KEPT)
    assert len(await boxes.letters(KEPT)) == 2


async def test_known_and_unknown_mailboxes_are_answered_alike(boxes: Boxes) -> None:
    site = boxes.post.site
    await boxes.post.give_mailbox(site.teacher, "teacher@example.org")
    await boxes.post.deliver()
    written, shown = [], []
    for person, box in ((site.mother, "teacher@example.org"), (site.class_teacher, "stranger@example.org")):
        before = await site.watch.value("SELECT count(*) FROM bus.outbox")
        await boxes.give(person, box)
        written.append(await site.watch.value("SELECT count(*) FROM bus.outbox") - before)
        seen = await boxes.seen(person)
        shown.append((seen.used, seen.stated, seen.waiting == box, seen.until))
    assert written[0] == written[1], "the same is done for both, and so takes as long"
    assert shown[0] == shown[1]
    texts = {}
    for letter in await boxes.post.deliver():
        texts[letter.recipients] = LINK.sub("", letter.text or "")
    assert len(set(texts.values())) == 1, "the holder of a known mailbox reads what any other reads"


async def test_a_known_mailbox_takes_the_same_statements_as_one_of_nobody(boxes: Boxes) -> None:
    site = boxes.post.site
    await boxes.give(site.teacher, "teacher@example.org")
    await boxes.press(await boxes.link("teacher@example.org"), "confirm")
    engine, asked = site.database.engine.sync_engine, []
    for box in ("teacher@example.org", "stranger@example.org"):
        seen: list[str] = []

        def note(_: object, __: object, statement: str, *___: object, seen: list[str] = seen) -> None:
            seen.append(statement)

        listen(engine, "before_cursor_execute", note)
        try:
            await boxes.give(site.mother, box)
        finally:
            remove(engine, "before_cursor_execute", note)
        asked.append(seen)
        # The day of the first question is over, and nothing of it is left.
        site.hands.move(hours=25)
        await boxes.tidy()
    assert asked[0] == asked[1]
    assert len(asked[0]) > 5


async def test_one_mailbox_may_serve_two_if_its_holder_confirms_twice(boxes: Boxes) -> None:
    site = boxes.post.site
    for person in (site.mother, site.teacher):
        await boxes.give(person, BOX)
        assert (await boxes.press(await boxes.link(KEPT), "confirm"))[0] == HTTPStatus.OK
        await boxes.post.deliver()
    assert [(await boxes.seen(one)).used for one in (site.mother, site.teacher)] == [KEPT, KEPT]
    both = "SELECT count(*) FROM gateway.address WHERE recipient = ANY($1) AND NOT ended AND verified_at IS NOT NULL"
    assert await site.watch.value(both, [site.mother, site.teacher]) == 2
    assert await site.watch.value("SELECT count(DISTINCT value_hmac) FROM gateway.address WHERE NOT ended") == 1


async def test_what_is_used_stays_until_another_is_confirmed(boxes: Boxes) -> None:
    mother = boxes.post.site.mother
    await boxes.give(mother, BOX)
    await boxes.press(await boxes.link(KEPT), "confirm")
    await boxes.give(mother, "new@example.org")
    assert [(await boxes.seen(mother)).used, (await boxes.seen(mother)).waiting] == [KEPT, "new@example.org"]
    await boxes.press(await boxes.link("new@example.org"), "confirm")
    assert await boxes.seen(mother) == mailboxes.OwnMailbox(used="new@example.org")
    await boxes.post.deliver()
    live = "SELECT recipient FROM gateway.address WHERE channel = 'mail' AND NOT ended"
    assert [row["recipient"] for row in await boxes.post.site.watch.rows(live)] == [mother], "no claim keeps a mailbox"


async def test_a_newer_question_a_day_and_a_forged_token_end_a_link(boxes: Boxes) -> None:
    site = boxes.post.site
    await boxes.give(site.mother, BOX)
    first = await boxes.link(KEPT)
    site.hands.move(minutes=10)
    await boxes.give(site.mother, BOX)
    second = await boxes.link(KEPT)
    assert [(await boxes.page(one))[0] for one in (first, second)] == [HTTPStatus.GONE, HTTPStatus.OK]
    assert (await boxes.page(second[:-2] + "AA"))[0] == HTTPStatus.GONE
    assert (await boxes.press(second, "whatever"))[0] == HTTPStatus.BAD_REQUEST
    site.hands.move(hours=23, minutes=59)
    assert (await boxes.page(second))[0] == HTTPStatus.OK
    site.hands.move(minutes=1)
    status, words = await boxes.press(second, "confirm")
    assert (status, "в течение суток" in words) == (HTTPStatus.GONE, True)
    assert await boxes.seen(site.mother) == mailboxes.OwnMailbox()
    await boxes.tidy()
    await boxes.post.deliver()
    assert await site.watch.value("SELECT count(*) FROM core.mailbox_claim") == 0
    assert await site.watch.value("SELECT count(*) FROM gateway.address WHERE NOT ended") == 0


async def test_a_letter_that_is_late_is_not_sent(boxes: Boxes) -> None:
    await boxes.give(boxes.post.site.mother, BOX)
    boxes.post.site.hands.move(hours=24)
    assert await boxes.letters(KEPT) == []


async def test_nobodys_mailbox_is_flooded_and_nobody_tries_without_end(boxes: Boxes) -> None:
    site = boxes.post.site
    for _ in range(4):
        await boxes.give(site.mother, BOX)
    assert len(await boxes.letters(KEPT)) == 1, "the one that is under way is the good one"
    for _ in range(3):
        site.hands.move(minutes=10)
        await boxes.give(site.mother, BOX)
        await boxes.post.deliver()
        seen = await boxes.seen(site.mother)
        assert (seen.waiting, seen.until) == (KEPT, site.hands.at + mailboxes.LIVES), "no try looks like another"
    assert len(await boxes.letters(KEPT)) == mailboxes.OF_MAILBOX
    link = await boxes.link(KEPT)
    assert (await boxes.page(link))[0] == HTTPStatus.OK, "whoever asks too often keeps the last link"
    await boxes.give(site.teacher, BOX)
    assert (await boxes.seen(site.teacher)).waiting == KEPT, "and another is answered as ever"
    assert len(await boxes.letters(KEPT)) == mailboxes.OF_MAILBOX
    assert (await boxes.press(link, "confirm"))[0] == HTTPStatus.OK
    assert await boxes.seen(site.mother) == mailboxes.OwnMailbox(used=KEPT)
    await boxes.give(site.mother, "other@example.org")
    with pytest.raises(Forbidden, match="mailbox-too-many"):
        await boxes.give(site.mother, "other2@example.org")
    site.hands.move(hours=24)
    await boxes.give(site.mother, "other2@example.org")


async def test_two_who_give_one_mailbox_at_once_wait_for_each_other(boxes: Boxes) -> None:
    site = boxes.post.site
    people = (site.mother, site.teacher, site.class_teacher)
    async with asyncio.timeout(20):
        await asyncio.gather(*(boxes.give(person, BOX) for person in people for _ in range(2)))
    assert await site.watch.value("SELECT count(*) FROM core.mailbox_claim") == len(people)
    assert len(await boxes.letters(KEPT)) == mailboxes.OF_MAILBOX


@pytest.mark.parametrize(("typed", "code"), [("anna", "mailbox-malformed"), ("аnna@example.ru", "mailbox-cyrillic")])
async def test_what_is_no_mailbox_is_refused_in_words(boxes: Boxes, typed: str, code: str) -> None:
    with pytest.raises(Invalid, match=code):
        await boxes.give(boxes.post.site.mother, typed)


async def test_it_is_ones_own_alone_and_a_repeat_changes_nothing(boxes: Boxes) -> None:
    site = boxes.post.site
    other = Act(Actor(via="telegram", person=site.teacher), site.hands.at, "other")
    async with site.database.begin() as session:
        for tried in (
            mailboxes.ask(session, other, site.mother, BOX),
            mailboxes.take_back(session, other, site.mother),
            mailboxes.standing(session, other, site.mother),
        ):
            with pytest.raises(Forbidden, match="mailbox-not-yours"):
                await tried
    once = boxes.act(site.mother)
    for _ in range(2):
        async with site.database.begin() as session:
            await mailboxes.ask(session, once, site.mother, BOX)
    assert await site.watch.value("SELECT count(*) FROM core.mailbox_claim") == 1


async def test_what_is_taken_back_gets_nothing_more(boxes: Boxes) -> None:
    site = boxes.post.site
    await boxes.give(site.mother, BOX)
    await boxes.press(await boxes.link(KEPT), "confirm")
    await boxes.give(site.mother, "new@example.org")
    link = await boxes.link("new@example.org")
    await boxes.take_back(site.mother)
    assert await boxes.seen(site.mother) == mailboxes.OwnMailbox()
    assert (await boxes.page(link))[0] == HTTPStatus.GONE
    await marks_at_once(boxes, site.mother)
    await write_a_mark(boxes)
    await boxes.post.deliver()
    site.hands.move(minutes=20)
    assert len(await boxes.letters(KEPT)) == 1
    assert await site.watch.value("SELECT count(*) FROM gateway.address WHERE NOT ended") == 0


async def test_a_restore_ends_what_was_asked(boxes: Boxes) -> None:
    """It may have been answered, or refused, in the time that was lost."""
    site = boxes.post.site
    await boxes.give(site.mother, BOX)
    link = await boxes.link(KEPT)
    async with site.database.begin() as session:
        await after_restore.close_doors(session, site.hands.at)
    assert (await boxes.press(link, "confirm"))[0] == HTTPStatus.GONE
    (claim,) = await site.watch.rows("SELECT id FROM core.mailbox_claim")
    async with site.database.begin() as session:
        with pytest.raises(Conflict, match="mailbox-link-over"):
            await mailboxes.confirm(session, claim["id"], site.hands.at)
