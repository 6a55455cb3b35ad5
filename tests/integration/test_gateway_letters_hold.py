"""Evening letters and rights under attack: nothing stuck, nothing split, nothing to whoever lost his right."""

from collections.abc import AsyncIterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import pytest_asyncio

from core.database import Database
from core.events import Addressee, Channel, HomeworkState, RemarkKind, homework_subject
from core.school_time import school_date
from gateway import subscriptions
from gateway.categories import Category
from gateway.courier import Courier
from gateway.intake import Intake
from gateway.packing import Part
from gateway.profiles import Choice, Mode
from gateway.receipts import ReceiptKind
from notifiers.port import ALWAYS, Capabilities, Message, Outcome, Window
from tests.integration.gateway_world import ZONE, Child, GatewayWorld, gateway_world
from tests.integration.test_gateway_news import BOTH, BY_LETTER, CHAT, EVENING, LETTER, at, choose, mark, notice, remark
from zvonok.sandbox.faults import Cut, TooMany

AT_FIVE = Choice(Mode.DAILY, Channel.MAIL, 17)
SIX = EVENING + timedelta(seconds=1)


@pytest_asyncio.fixture
async def world(core_database: Database, gateway_database: Database, tmp_path: Path) -> AsyncIterator[GatewayWorld]:
    async with gateway_world(core_database, gateway_database, tmp_path) as made:
        yield made


async def homework(world: GatewayWorld, lesson: UUID, *children: Child, words: str) -> None:
    state = HomeworkState(
        lesson=lesson,
        class_title="5 «А»",
        pupils=tuple(Addressee(pupil=child.id, name=child.name) for child in children),
        subject_name="математика",
        set_on=date(2026, 10, 20),
        due_on=date(2026, 10, 22),
        text=words,
    )
    await world.publish(world._event(state, homework_subject(lesson)))


# --- a child leaves what was said of a class --------------------------------------------------------------------------


async def test_a_pupil_who_left_a_homework_neither_learns_of_it_nor_holds_up_the_letter(world: GatewayWorld) -> None:
    left, stays = await world.child(LETTER), await world.child(LETTER, name="Щукина Мира")
    parent, lesson = left.parents[0], uuid4()
    await choose(world, parent, BY_LETTER, Category.HOMEWORK)
    await homework(world, lesson, left, stays, words="№ 12")
    await mark(world, left, 2, uuid4())
    await world.pass_undo()
    await homework(world, lesson, stays, words="№ 14")
    await choose(world, parent, BY_LETTER, Category.PRAISE)
    await at(world, SIX)
    (letter,) = world.letters(parent)
    assert "математика: 2" in (letter.text or "")
    assert "№" not in (letter.text or "")


@pytest.mark.parametrize("what", ["remark", "notice"])
async def test_whose_right_ended_at_midnight_is_told_nothing_in_the_morning(world: GatewayWorld, what: str) -> None:
    child = await world.child(CHAT)
    parent = child.parents[0]
    await world.publish(world.follow_event(child, parent, until=school_date(world.clock.wall, ZONE)))
    await at(world, timedelta(hours=12, minutes=30))
    if what == "remark":
        await remark(world, child, uuid4(), RemarkKind.REMARK)
    else:
        await notice(world, uuid4(), child)
    await world.pass_undo()
    await at(world, timedelta(hours=22, minutes=21))
    assert world.chat(parent) == ()
    assert await world.stands() == {"telegram": ("suppressed", "rights-lost")}


async def test_a_letter_leaves_out_the_child_whose_right_ended_meanwhile(world: GatewayWorld) -> None:
    first = await world.child(LETTER)
    parent = first.parents[0]
    second = await world.child(name="Ёлкин Миша")
    await world.publish(world.follow_event(second, parent, until=school_date(world.clock.wall, ZONE)))
    await world.do(
        "UPDATE gateway.recipient SET quiet_from = '17:00', quiet_until = '07:00', rev = rev + 1 WHERE id = :parent",
        parent=parent.id,
    )
    await mark(world, first, 2, uuid4())
    await mark(world, second, 2, uuid4())
    await world.pass_undo()
    await at(world, EVENING + timedelta(hours=13, seconds=1))
    (letter,) = world.letters(parent)
    assert "Миша" not in (letter.text or "") + letter.subject


# --- nobody holds up anybody else -------------------------------------------------------------------------------------


async def test_a_partition_that_cannot_be_planned_silences_no_other_school(
    world: GatewayWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = await world.child(LETTER)
    await choose(world, mine.parents[0], AT_FIVE, Category.BAD_MARK)
    await mark(world, mine, 2, uuid4())
    broken = await world.value("SELECT part FROM gateway.school")
    world.school = uuid4()
    other = await world.child(LETTER, name="Щукина Мира")
    await mark(world, other, 2, uuid4())
    await world.pass_undo()
    plan = Intake._plan_batch

    async def fails_for_one(intake: Intake, part: int) -> int:
        if part == broken:
            raise RuntimeError("cannot be planned")
        return await plan(intake, part)

    monkeypatch.setattr(Intake, "_plan_batch", fails_for_one)
    world.mail = world.courier("mail", rate=1)
    await at(world, SIX)
    await world.retry_for(20, step=10)
    assert len(world.letters(other.parents[0])) == 1


async def test_a_letter_counts_as_one_message_however_much_it_tells(world: GatewayWorld) -> None:
    many, one = await world.child(LETTER), await world.child(LETTER, name="Щукина Мира")
    for _ in range(25):
        await mark(world, many, 2, uuid4())
    await mark(world, one, 2, uuid4())
    await world.pass_undo()
    world.mail = world.courier("mail", rate=5)
    await at(world, SIX)
    assert [len(world.letters(child.parents[0])) for child in (many, one)] == [1, 1]


# --- one letter an evening --------------------------------------------------------------------------------------------


class Meanwhile:
    """A mail server's door behind which something happens once while a letter is on the wire."""

    def __init__(self, world: GatewayWorld, happens: Any) -> None:
        self._inner, self._happens = world.mail.notifier, happens

    @property
    def capabilities(self) -> Capabilities:
        return self._inner.capabilities

    @property
    def room(self) -> int:
        return self._inner.room

    async def send(self, batch: Sequence[Message], window: Window = ALWAYS) -> Sequence[Outcome]:
        outcomes = await self._inner.send(batch, window)
        happens, self._happens = self._happens, None
        if happens is not None:
            await happens()
        return outcomes

    async def close(self) -> None:
        await self._inner.close()


async def test_a_correction_while_the_letter_is_on_the_wire_goes_with_the_next_one(world: GatewayWorld) -> None:
    child = await world.child(LETTER)
    parent, bad = child.parents[0], uuid4()
    await mark(world, child, 2, bad)
    await mark(world, child, 3, uuid4())
    await world.pass_undo()

    async def corrected() -> None:
        await mark(world, child, 4, bad)
        await world.plan()

    world.mail.notifier = Meanwhile(world, corrected)
    await at(world, SIX)
    await world.pass_undo()
    assert len(world.letters(parent)) == 1
    await at(world, SIX + timedelta(days=1))
    assert "было 2, стало 4" in (world.letters(parent)[1].text or "")


async def test_what_was_put_back_from_a_letter_does_not_follow_it_alone(
    world: GatewayWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    child = await world.child(LETTER)
    parent, bad = child.parents[0], uuid4()
    await mark(world, child, 2, bad)
    await mark(world, child, 3, uuid4())
    await world.pass_undo()
    make = Courier._mark
    corrected: list[bool] = []

    async def after_a_correction(courier: Courier, *what: Any) -> list[Part]:
        if not corrected:
            corrected.append(True)
            await mark(world, child, 4, bad)
            await world.plan()
            # The horizon passes the moment that the courier has in hand.
            world.clock.move(seconds=1)
            await world.plan()
        return await make(courier, *what)

    monkeypatch.setattr(Courier, "_mark", after_a_correction)
    await at(world, SIX)
    for _ in range(3):
        await world.turn(world.mail)
    await world.settle()
    assert corrected
    assert len(world.letters(parent)) == 1


async def test_what_joins_a_letter_late_delays_nobody(world: GatewayWorld) -> None:
    child = await world.child(BOTH)
    parent = child.parents[0]
    await mark(world, child, 2, uuid4())
    await world.pass_undo()
    world.emulator.faults.arm(TooMany(3600 * 20), times=1)
    await at(world, EVENING - timedelta(minutes=30))
    await remark(world, child, uuid4(), RemarkKind.REMARK)
    await at(world, SIX)
    assert len(world.letters(parent)) == 1
    # Next morning he prefers letters, for what still waits for the messenger too.
    await at(world, EVENING + timedelta(hours=15))
    await choose(world, parent, BY_LETTER, Category.REMARK)
    await mark(world, child, 5, uuid4(), day=date(2026, 10, 21))
    await at(world, SIX + timedelta(days=1))
    assert len(world.letters(parent)) == 2


async def test_a_slip_of_the_finger_at_six_has_its_undo_window(world: GatewayWorld) -> None:
    child = await world.child(LETTER)
    parent, fine = child.parents[0], uuid4()
    await mark(world, child, 4, fine)
    await world.pass_undo()
    await at(world, EVENING - timedelta(seconds=1))
    world.clock.move(seconds=1.2)
    await mark(world, child, 2, fine)
    await world.settle()
    assert not any("2 (ответ" in (letter.text or "") for letter in world.letters(parent))


# --- true in the end --------------------------------------------------------------------------------------------------


async def test_a_press_on_what_arrived_does_not_prove_what_did_not(world: GatewayWorld) -> None:
    child = await world.child(CHAT)
    parent, written = child.parents[0], uuid4()
    world.emulator.faults.arm(Cut(accepted=True), times=1)
    await remark(world, child, written, RemarkKind.REMARK)
    await world.pass_undo()
    world.emulator.faults.arm(Cut(accepted=False), times=1)
    await remark(world, child, written, RemarkKind.REMARK, withdrawn=True)
    await world.retry_for(5)
    await world.press(parent, ReceiptKind.ACKNOWLEDGED, key="press:1")
    await world.retry_for(5)
    assert any("замечание снято" in message.text for message in world.chat(parent))


async def test_a_channel_switched_off_and_on_again_loses_no_letter(world: GatewayWorld) -> None:
    child = await world.child(LETTER)
    await mark(world, child, 2, uuid4())
    await world.pass_undo()
    await world.publish(world.school_event(allowed_channels=(Channel.TELEGRAM,)))
    await world.settle()
    await world.publish(world.school_event())
    await at(world, SIX)
    assert len(world.letters(child.parents[0])) == 1


async def test_news_that_nobody_could_tell_end_one_day(world: GatewayWorld) -> None:
    child = await world.child(LETTER)
    await mark(world, child, 2, uuid4())
    await world.pass_undo()
    for _ in range(9):
        world.clock.move(minutes=60 * 24)
        await world.plan()
    assert await world.stands() == {"mail": ("expired", "time-passed")}


async def test_who_wants_nothing_any_more_does_not_keep_a_wrong_message(world: GatewayWorld) -> None:
    child = await world.child(BOTH)
    parent, asked = child.parents[0], uuid4()
    await notice(world, asked, child)
    await world.pass_undo()
    async with world.database.begin() as session:
        await subscriptions.silence(session, parent.id, at=world.clock.wall)
    await notice(world, asked, child, withdrawn=True)
    await notice(world, uuid4(), child, title="Другое")
    await world.pass_undo()
    (told,) = world.chat(parent)
    assert told.text.startswith("Объявление отозвано")
    assert told.buttons == ()
    assert world.letters(parent) == ()
