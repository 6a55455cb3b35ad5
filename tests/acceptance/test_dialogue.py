"""One dialogue over each messenger: the same acts, the same process, killed at every turn.

``zvonok up`` is a process of its own; the messenger is its emulator over real HTTP. A parent joins by a code and a
birth date, a teacher calls the roll, the parent answers by one tap, the mark is corrected. Nothing may be lost on the
way, and nothing may come twice.
"""

from collections.abc import AsyncIterator, Iterable
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import URL, text

from core.events import Channel
from tests.acceptance.town import Process, Town, build_town
from zvonok.sandbox.chats import ChatMessage
from zvonok.sandbox.faults import Fault, Hang, Scope
from zvonok.sandbox.max_api import MaxEmulator
from zvonok.sandbox.people import Person

PARENT, TEACHER = 501, 101
UNDO_SECONDS = 3
ABSENT = "Иванова А."
NOT_SEEN = (
    "Понятно",
    "Болеет",
    "Семейные причины",
    "Опаздывает",
    "Ребёнок в школе, это ошибка",
    "Не знаю, где ребёнок",
)


@pytest.fixture(params=[Channel.TELEGRAM, Channel.MAX])
async def town(request: pytest.FixtureRequest, database_url: URL, tmp_path: Path) -> AsyncIterator[Town]:
    async with build_town(database_url, tmp_path, undo_window=UNDO_SECONDS, messenger=request.param) as built:
        yield built


@pytest.mark.req("ATT-08", "ATT-13")
async def test_from_the_code_to_the_correction_with_the_process_killed_at_every_turn(town: Town) -> None:
    pupil = await town.builder.pupil(town.class_id, "Иванова Анна", date(2014, 3, 5))
    await town.builder.pupil(town.class_id, "Яшин Лев")
    guardian = await town.builder.guardian(pupil, name="Иванова Ольга")
    parent, teacher = town.emulator.person(PARENT, "Ольга"), town.emulator.person(TEACHER, "Анна")
    process = await town.start("up")

    # A parent joins, and the process dies between the code and the birth date.
    await parent.start(await town.builder.code(guardian))
    await says(town, parent, "Напишите дату рождения")
    process = await again(town, process)
    await parent.send("5 марта 2014")
    await says(town, parent, "Готово! Этот чат связан с журналом: Иванова Ольга.")
    greeted = parent.chat.messages

    # A teacher joins and marks; the last tap comes while nobody is there to see it.
    await teacher.start(await town.builder.code(town.teacher))
    roll = await says(town, teacher, "5А · математика")
    joined = by_bot(teacher)[:-1]
    await teacher.press(ABSENT)
    await shows(town, teacher, f"н · {ABSENT}")
    await process.kill()
    await teacher.press("Готово: отсутствует 1")
    process = await town.start("up")
    written = await says(town, teacher, "Записано: отсутствует 1.")
    assert written.message_id == roll.message_id, "the new process edits the message of the old one"

    # The undo window passes, and the parent is told.
    alert = await says(town, parent, "Отсутствие на уроке")
    assert "Иванова Анна" in alert.text
    assert alert.labels() == NOT_SEEN

    # One tap tells why. The process dies with the redrawn alert on the wire, and nobody knows what came of it.
    hung = hold_edits(town)
    await parent.press("Болеет")
    await town.until(lambda: hung.struck == 1)
    await process.kill()
    town.emulator.faults.release(hung)
    process = await town.start("up")
    answered = await shows(town, parent, "✓ Болеет")
    assert "Ваш ответ: болеет." in answered.text
    assert await journal(town, "SELECT reason FROM core.absence_answer") == [("ill",)]

    # The mark was a mistake: the same message says so, without its buttons, and a short one rings.
    await take_the_mark_back(town, teacher)
    corrected = await says(town, parent, "Исправлено: отметка об отсутствии снята")
    assert (corrected.message_id, corrected.labels()) == (alert.message_id, ())
    process = await again(town, process)
    clear = await says(town, parent, "Ребёнок в школе")
    assert clear.labels() == ()
    await nothing_is_left(town)
    await process.stop()

    # Nothing lost, nothing twice.
    assert numbers(parent.chat.messages) == [*numbers(greeted), alert.message_id, clear.message_id]
    assert numbers(by_bot(teacher)) == [*numbers(joined), roll.message_id]
    await nothing_came_twice(town, parent, teacher)


async def take_the_mark_back(town: Town, teacher: Person) -> None:
    """Correct the roll: the teacher sees there what the parent has answered."""
    await teacher.press("Исправить")
    await says(town, teacher, f"Ответили родители: {ABSENT} — болеет.")
    await teacher.press(f"н · {ABSENT}")
    await shows(town, teacher, "Готово: опозданий 1")
    (late,) = (label for label in by_bot(teacher)[-1].labels() if label.startswith("оп "))
    assert late.endswith(ABSENT)
    await teacher.press(late)
    await shows(town, teacher, ABSENT)
    await teacher.press("Все на месте")
    await says(town, teacher, "Записано: все присутствуют.")


async def again(town: Town, process: Process) -> Process:
    """Kill the process by SIGKILL and start another."""
    await process.kill()
    return await town.start("up")


async def says(town: Town, person: Person, words: str) -> ChatMessage:
    """Wait until the newest message of the bot says this, and return it."""
    await town.until(lambda: any(words in one.text for one in by_bot(person)[-1:]))
    return by_bot(person)[-1]


async def shows(town: Town, person: Person, label: str) -> ChatMessage:
    """Wait until the newest message of the bot has this button, and return it."""
    await town.until(lambda: any(label in one.labels() for one in by_bot(person)[-1:]))
    return by_bot(person)[-1]


def by_bot(person: Person) -> list[ChatMessage]:
    """Return what the bot has said to a person, as it stands now."""
    return [one for one in person.chat.messages if one.from_bot]


async def nothing_came_twice(town: Town, *people: Person) -> None:
    """Check what the messenger was asked to deliver against what stands there, and what the journal holds."""
    for person in people:
        assert len(town.emulator.log.delivered(person.user_id)) == len(by_bot(person))
    assert await journal(town, "SELECT count(*) FROM core.absence") == [(0,)]
    assert await journal(town, "SELECT count(*) FROM core.absence_answer") == [(1,)]


def numbers(messages: Iterable[ChatMessage]) -> list[int]:
    """Return the ids of messages."""
    return [one.message_id for one in messages]


def hold_edits(town: Town) -> Fault:
    """Let the next edit in the parent's chat happen, and keep its answer back."""
    method = "PUT /messages" if isinstance(town.emulator, MaxEmulator) else "editMessageText"
    return town.emulator.faults.arm(Hang(), Scope(chat_id=PARENT, method=method), times=1)


async def journal(town: Town, query: str) -> list[tuple[object, ...]]:
    """Read from the journal's own tables."""
    async with town.core.begin() as session:
        return [tuple(row) for row in await session.execute(text(query))]


async def nothing_is_left(town: Town) -> None:
    """Wait until every message that was wanted is told."""
    await town.until_rows("SELECT DISTINCT state, want_key = told_key FROM gateway.delivery", [("accepted", True)])
