"""A class with its teacher at the bot during a lesson: for the tests of marks, remarks, homework and notices."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import time
from typing import Any
from uuid import UUID

from core.school.schools import SchoolCard
from tests.integration.bot_world import BotWorld, Rooms, bot_world, last
from texts.reader import load
from zvonok.sandbox.people import Person

NAMES = ("Абрамов Глеб Ильич", "Ёлкин Вадим Олегович", "Иванова Анна Петровна", "Яшин Лев Ильич")
LABELS = ("Абрамов Г.", "Ёлкин В.", "Иванова А.", "Яшин Л.")
CARD = ("Оценки", "Замечание / похвала", "Домашнее задание")


@dataclass
class Classroom:
    """A class, the teacher who gives its lesson and leads it, and the lesson that is on."""

    world: BotWorld
    school: SchoolCard
    teacher: Person
    person: UUID
    school_class: UUID
    pupils: dict[str, UUID]
    lesson: UUID

    @property
    def text(self) -> str:
        """What the newest message of the bot says to the teacher."""
        return last(self.teacher).text

    def labels(self) -> tuple[str, ...]:
        """The buttons under it."""
        return last(self.teacher).labels()

    async def open_card(self, *absent: str) -> None:
        """Call the roll of the lesson that is on, which brings its card."""
        await self.teacher.send("урок")
        await self.world.settled()
        done = f"Готово: отсутствует {len(absent)}" if absent else "Все на месте"
        await self.world.taps(self.teacher, *absent, done)

    async def taps(self, *labels: str) -> None:
        """Let the teacher press buttons."""
        await self.world.taps(self.teacher, *labels)

    async def types(self, text: str) -> None:
        """Let the teacher type."""
        await self.teacher.send(text)
        await self.world.settled()

    async def refused(self, label: str, person: Person | None = None) -> str:
        """Press a button that only raises an alert; return what it says."""
        answer = await (person or self.teacher).press(label, within=5)
        await self.world.settled()
        assert answer is not None
        assert answer.show_alert
        return answer.text

    async def forged(self, person: Person, payload: str) -> str:
        """Let somebody press a button that he was never shown; return what he is told."""
        answer = await person.forge_press(payload, message_id=last(person).message_id, within=5)
        await self.world.settled()
        assert answer is not None
        assert answer.show_alert
        return answer.text

    def payload(self, label: str) -> str:
        """Return what a button of the newest message carries."""
        buttons = [button for row in last(self.teacher).buttons for button in row]
        found = next(button.data for button in buttons if button.label == label)
        assert found is not None
        return found

    async def values(self, query: str, **values: Any) -> Any:
        """Read one value with core's rights."""
        return await self.world.core_value(query, **values)


@asynccontextmanager
async def classroom(rooms: Rooms) -> AsyncIterator[Classroom]:
    """Build it; the bot does not run yet."""
    async with bot_world(rooms) as world:
        builder = world.builder
        school = await builder.school()
        person = await builder.teacher(school, "Кузнецова Мария Петровна")
        school_class = await builder.school_class(school, "5А", person)
        made = await builder.pupils(school_class, *NAMES)
        lesson = await builder.lesson(school_class, person, time(8, 30))
        teacher = await world.linked(100, person)
        pupils = dict(zip(LABELS, made, strict=True))
        yield Classroom(world, school, teacher, person, school_class, pupils, lesson)


async def colleague(room: Classroom, user_id: int = 101) -> Person:
    """Bring another teacher of the school, who has opened the bot."""
    someone = await room.world.linked(user_id, await room.world.builder.teacher(room.school, "Орлов Пётр"))
    await someone.send("урок")
    await room.world.settled()
    return someone


def refusal(code: str, **details: str | int) -> str:
    """Return the journal's own sentence."""
    return load("ru").format(f"refusal-{code}", **details)
