"""A gateway whose database came back from a backup: what may have been said waits, what is new is told, nothing twice.

The old life goes on after the snapshot and is lost; the new one has the same bots, chats and mailboxes.
"""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
import pytest_asyncio
from sqlalchemy import URL

from core.database import Database, Role
from core.events import Channel, MarkState, mark_subject, password_link_subject
from gateway import quarantine, subscriptions
from gateway.categories import Category
from gateway.profiles import Choice, Mode
from gateway.quarantine import NotCheckedError, NotPlannedError, Waiting
from gateway.receipts import ReceiptKind
from tests.integration.backup_world import BackupWorld, another_database, backup_world
from tests.integration.gateway_world import MORNING, UNEXPLAINED, Child, GatewayWorld, gateway_world
from zvonok.postgres import Server

CHAT, LETTER = (Channel.TELEGRAM,), (Channel.MAIL,)
BY_LETTER = Choice(Mode.DAILY, Channel.MAIL, 18)
EVENING = timedelta(hours=9, minutes=20)
"""From 8:40 to 18:00."""


@dataclass
class Lives:
    """The old life of a gateway, and what is needed to begin a new one."""

    old: GatewayWorld
    backups: BackupWorld
    postgres: Server

    @asynccontextmanager
    async def restored(self, path: Path, *, checked: bool = True) -> AsyncIterator[GatewayWorld]:
        """Restore a backup and give the gateway of the new life, its papers ``checked``; the old one is dead."""
        async with AsyncExitStack() as stack:
            url = await stack.enter_async_context(another_database(self.postgres, template="template0"))
            now = self.old.school_clock.now()
            await self.backups.restore(url, path)
            core, gateway = Database(url, Role.CORE), Database(url, Role.GATEWAY)
            stack.push_async_callback(core.close)
            stack.push_async_callback(gateway.close)
            old = self.old
            new = GatewayWorld(
                core,
                gateway,
                old.emulator,
                old.catcher,
                old.clock,
                school=old.school,
                notifiers=old.notifiers,
                _versions=dict(old._versions),
                _people=old._people,
            )
            assert new.school_clock.now() == now
            if checked:
                async with new.database.begin() as session:
                    assert await quarantine.checked(session, now=new.clock.wall) == 0
            yield new
            await new.telegram.stop()
            await new.mail.stop()


@pytest_asyncio.fixture
async def lives(
    postgres: Server, database_url: URL, core_database: Database, gateway_database: Database, tmp_path: Path
) -> AsyncIterator[Lives]:
    async with gateway_world(core_database, gateway_database, tmp_path) as old:
        yield Lives(old, backup_world(database_url, tmp_path, old.school_clock), postgres)


async def waiting(world: GatewayWorld) -> Waiting:
    async with world.database.begin() as session:
        found = await quarantine.waiting(session, world.clock.wall)
    assert found is not None
    return found


async def release(world: GatewayWorld, *, discard: bool = False) -> int:
    async with world.database.begin() as session:
        return await quarantine.release(session, by="operator", now=world.clock.wall, discard=discard)


async def due(world: GatewayWorld, child: Child) -> None:
    """Let a child's absence be planned and due, with nothing sent yet."""
    await world.states(child, {1: UNEXPLAINED})
    await world.plan()
    world.clock.move(seconds=61)
    await world.plan()


async def told(world: GatewayWorld, child: Child) -> int:
    return len(world.chat(child.parents[0]))


async def test_what_waited_in_any_state_is_held_listed_and_sent_once_after_the_release(lives: Lives) -> None:
    old = lives.old
    known, flying, claimed, pending, unread, later = [await old.child(CHAT) for _ in range(6)]
    await due(old, known)
    await old.send()
    # Snapshot in the middle of everything: one on the wire, one in a courier's hands, one due, one not even planned.
    for child, steps in ((flying, 2), (claimed, 1)):
        await due(old, child)
        held = await old.telegram._lease.hold()
        assert held is not None
        claim = uuid4()
        ids, _ = await old.telegram._claim(held, claim, 30)
        if steps == 2:
            await old.telegram._put_on_the_wire(held, claim, ids)
    await due(old, pending)
    await old.states(unread, {1: UNEXPLAINED})
    made = await lives.backups.make()
    # The old life goes on, tells, and is lost.
    await old.pass_undo()
    assert [await told(old, child) for child in (known, pending, unread)] == [1, 1, 1]
    await old.telegram.stop()
    old.clock.move(minutes=30)
    before = {id(child): await told(old, child) for child in (known, flying, claimed, pending, unread)}
    async with lives.restored(made.path) as new:
        found = await waiting(new)
        assert {(one.recipient, one.category, one.channel, one.count) for one in found.held} == {
            (child.parents[0].id, "attendance_day", "telegram", 1) for child in (flying, claimed, pending)
        }
        assert found.unread == 1
        with pytest.raises(NotPlannedError):
            await release(new)
        await new.pass_undo()
        await new.retry_for(20, step=5)
        assert {id(child): await told(new, child) for child in (known, flying, claimed, pending, unread)} == before
        found = await waiting(new)
        assert {one.recipient for one in found.held} == {
            child.parents[0].id for child in (flying, claimed, pending, unread)
        }
        assert (found.unread, sum(one.late for one in found.held)) == (0, 0)
        # What happens now is told now.
        await new.states(later, {2: UNEXPLAINED})
        await new.pass_undo()
        assert await told(new, later) == 1
        assert await release(new) == 4
        await new.settle()
        await new.retry_for(5, step=1)
        after = {id(child): await told(new, child) for child in (known, flying, claimed, pending, unread)}
        assert {child: after[child] - before[child] for child in before} == {
            id(known): 0,
            **{id(child): 1 for child in (flying, claimed, pending, unread)},
        }
        assert {row.state for row in await new.rows("SELECT state FROM gateway.delivery")} == {"accepted"}
        row = (await new.rows("SELECT released_at, released_by FROM gateway.quarantine"))[0]
        assert (row.released_at is not None, row.released_by) == (True, "operator")


async def test_news_waits_until_the_papers_of_the_lost_time_are_checked(lives: Lives) -> None:
    """A bar or a withdrawal of the lost time is gone: whom it concerned must not be told by what came back."""
    old = lives.old
    before, barred, other = [await old.child(CHAT) for _ in range(3)]
    await due(old, before)
    made = await lives.backups.make()
    await old.telegram.stop()
    async with lives.restored(made.path, checked=False) as new:
        new.clock.move(minutes=1)
        await new.states(barred, {1: UNEXPLAINED})
        await new.states(other, {1: UNEXPLAINED})
        await new.pass_undo()
        assert [await told(new, one) for one in (before, barred, other)] == [0, 0, 0]
        news = {"state": "pending", "due_at": new.clock.wall}
        own = quarantine.holding(
            (await waiting(new)).quarantine, news | {"subject": password_link_subject(uuid4())}, new.clock.wall
        )
        assert own["held"] is False, "a link to one's own password is no news of a child"
        assert not (await waiting(new)).quarantine.checked
        for discard in (False, True):
            with pytest.raises(NotCheckedError):
                await release(new, discard=discard)
        # The operator finds the court's order and enters it again; then he says that he has looked.
        await new.publish(new.follow_event(barred, barred.parents[0], barred=True))
        async with new.database.begin() as session:
            assert await quarantine.checked(session, now=new.clock.wall) >= 1
        await new.pass_undo()
        assert [await told(new, one) for one in (before, barred, other)] == [0, 0, 1]
        assert [one.recipient for one in (await waiting(new)).held] == [before.parents[0].id]
        assert await release(new, discard=True) == 1
        await new.pass_undo()
        assert [await told(new, one) for one in (before, barred, other)] == [0, 0, 1]


async def test_what_is_discarded_is_not_sent_and_its_correction_is(lives: Lives) -> None:
    old = lives.old
    child, other = await old.child(CHAT), await old.child(CHAT)
    await old.publish(old.day_event(child, {1: UNEXPLAINED}), old.day_event(other, {1: UNEXPLAINED}))
    await old.plan()
    made = await lives.backups.make()
    await old.pass_undo()
    await old.telegram.stop()
    async with lives.restored(made.path) as new:
        assert await release(new, discard=True) == 2
        await new.pass_undo()
        assert [await told(new, one) for one in (child, other)] == [1, 1]
        assert await new.stands(child.parents[0]) == {"telegram": ("expired", "discarded")}
        # The family was told in the lost time that the child is not there; now it turns out that he is.
        await new.states(child, {})
        await new.pass_undo()
        assert [await told(new, one) for one in (child, other)] == [2, 1]


async def test_a_correction_after_the_restore_is_told_at_once_and_takes_what_was_held_along(lives: Lives) -> None:
    old = lives.old
    child = await old.child(CHAT)
    await due(old, child)
    made = await lives.backups.make()
    await old.send()
    await old.telegram.stop()
    old.clock.move(minutes=10)
    async with lives.restored(made.path) as new:
        new.clock.move(minutes=1)
        await new.states(child, {})
        await new.pass_undo()
        assert await told(new, child) == 2, "nobody may go on believing what the lost life told"
        assert (await waiting(new)).held == ()
        assert await release(new) == 0
        await new.retry_for(2)
        assert await told(new, child) == 2


async def test_a_press_under_a_message_of_the_lost_time_proves_that_it_arrived(lives: Lives) -> None:
    old = lives.old
    child = await old.child(CHAT)
    await due(old, child)
    made = await lives.backups.make()
    await old.send()
    await old.telegram.stop()
    async with lives.restored(made.path) as new:
        assert await new.press(child.parents[0], ReceiptKind.ACKNOWLEDGED, key="press")
        await new.settle()
        assert await release(new) in (0, 1)
        await new.retry_for(2)
        alarms = [one for one in new.chat(child.parents[0]) if "математика" in one.text]
        assert len(alarms) == 1


async def test_what_a_reader_does_now_is_drawn_into_the_message_that_he_has(lives: Lives) -> None:
    old = lives.old
    child = await old.child(CHAT)
    await due(old, child)
    await old.send()
    made = await lives.backups.make()
    await old.telegram.stop()
    async with lives.restored(made.path) as new:
        (before,) = new.chat(child.parents[0])
        assert await new.press(child.parents[0], ReceiptKind.ACKNOWLEDGED, key="press")
        await new.settle()
        (after,) = new.chat(child.parents[0])
        assert after.text != before.text
        assert (await waiting(new)).held == ()


async def test_a_letter_sent_again_is_the_same_letter_to_the_mailbox(lives: Lives) -> None:
    old = lives.old
    child = await old.child(LETTER)
    await due(old, child)
    made = await lives.backups.make()
    await old.send()
    await old.mail.stop()
    async with lives.restored(made.path) as new:
        await release(new)
        await new.settle()
        first, again = new.letters(child.parents[0])
        assert first.message_id == again.message_id


async def test_an_evening_letter_leaves_without_what_is_held(lives: Lives) -> None:
    old = lives.old
    child = await old.child(LETTER)
    parent = child.parents[0]
    async with old.database.begin() as session:
        for category in (Category.MARK, Category.BAD_MARK):
            await subscriptions.choose(session, parent.id, category, BY_LETTER, at=old.clock.wall)
    await mark(old, child, 5, "русский язык")
    await old.pass_undo()
    made = await lives.backups.make()
    async with lives.restored(made.path) as new:
        new.clock.move(minutes=10)
        await mark(new, child, 4, "математика")
        await new.pass_undo()
        assert [(one.recipient, one.category, one.count) for one in (await waiting(new)).held] == [
            (parent.id, "mark", 1)
        ]
        await until(new, EVENING + timedelta(seconds=1))
        (letter,) = new.letters(parent)
        assert "математика" in (letter.text or "")
        assert "русский язык" not in (letter.text or "")
        assert await release(new) == 1
        await until(new, EVENING + timedelta(days=1, seconds=1))
        _, letter = new.letters(parent)
        assert "русский язык" in (letter.text or "")
        assert "математика" not in (letter.text or "")


async def test_what_grew_old_while_it_was_held_is_told_of_and_not_sent(lives: Lives) -> None:
    old = lives.old
    child = await old.child(CHAT)
    await due(old, child)
    made = await lives.backups.make()
    async with lives.restored(made.path) as new:
        new.clock.move(days=1)
        await new.settle()
        assert [(one.count, one.late) for one in (await waiting(new)).held] == [(1, 1)]
        assert await release(new) == 1
        await new.settle()
        assert await told(new, child) == 0
        assert await new.stands() == {"telegram": ("expired", "time-passed")}


async def mark(world: GatewayWorld, child: Child, value: int, subject: str) -> None:
    mark_id = uuid4()
    state = MarkState(
        mark=mark_id,
        pupil=child.id,
        pupil_name=child.name,
        class_title="5 «А»",
        lesson=UUID(int=1),
        day=MORNING.date(),
        lesson_number=2,
        subject_name=subject,
        value=value,
        work="ответ на уроке",
    )
    await world.publish(world._event(state, mark_subject(mark_id)))


async def until(world: GatewayWorld, since_morning: timedelta) -> None:
    """Move the clock to so long after 8:40 and settle."""
    world.clock.move(seconds=(MORNING + since_morning - world.clock.wall).total_seconds())
    await world.settle()
