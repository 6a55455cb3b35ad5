"""A parent's diary: the week that is on, one message edited in place; opening it registers the reading (DIARY-04)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import assert_never
from uuid import UUID

from bot import families
from bot.desk import Desk
from bot.diary_screens import OpenDiary, choice_of_child, day_screen, week_screen
from bot.parent_payloads import Children, Day, DiaryPress, Today, Week
from bot.screens import Screen
from bot.turn import Turn
from core.account import accounts
from core.actor import Act
from core.learning import diary

type Choosing = Callable[[date], date]
"""From today at the child's school to the day that is to be opened."""


@dataclass(frozen=True, slots=True)
class Diary:
    """Screens of the diary."""

    desk: Desk

    async def open(self, turn: Turn) -> None:
        """Open the diary of the only child, or ask whose."""
        await turn.say(await self._first_screen(turn))

    async def on_press(self, turn: Turn, press: DiaryPress) -> None:
        """Turn to another child, week, day."""
        screen = await self._screen(turn, press)
        await turn.answer()
        await turn.show(screen)

    async def _screen(self, turn: Turn, press: DiaryPress) -> Screen:
        match press:
            case Children():
                return await self._first_screen(turn)
            case Week(pupil, day):
                return await self._week(turn, pupil, lambda _: day)
            case Day(pupil, day, part):
                return await self._day(turn, pupil, lambda _: day, part)
            case Today(pupil, whole_week=True):
                return await self._week(turn, pupil, lambda today: today)
            case Today(pupil):
                return await self._day(turn, pupil, lambda today: today, 0)
            case _:
                assert_never(press)

    async def _first_screen(self, turn: Turn) -> Screen:
        async with self.desk.core.begin() as session:
            guardians = await families.guardians(session, turn.account, turn.at)
        children = [child for persona in guardians for child in persona.children]
        if len(children) > 1:
            return choice_of_child(self.desk.texts, guardians)
        return await self._week(turn, children[0].pupil, lambda today: today)

    async def _week(self, turn: Turn, pupil: UUID, choose: Choosing) -> Screen:
        opened, day = await self._open(turn, pupil, choose)
        return week_screen(self.desk.texts, opened, day)

    async def _day(self, turn: Turn, pupil: UUID, choose: Choosing, part: int) -> Screen:
        opened, day = await self._open(turn, pupil, choose)
        return day_screen(self.desk.texts, opened, day, part)

    async def _open(self, turn: Turn, pupil: UUID, choose: Choosing) -> tuple[OpenDiary, date]:
        async with self.desk.core.begin() as session:
            guardians = await families.guardians(session, turn.account, turn.at)
            persona, _ = families.guardian_of(guardians, [pupil])
            today = persona.today(turn.at)
            day = choose(today)
            actor = await accounts.actor_for(session, turn.account, persona.person)
            week = await diary.open_week(session, Act(actor, turn.at, turn.key), pupil, day)
        several = sum(len(one.children) for one in guardians) > 1
        return OpenDiary(week, persona.school.zone, today, several), day
