"""A teacher's lessons by week: what is his to give, what has changed, what goes on beside lessons (TT-10, YEAR-31)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from aiogram import Router
from aiogram.types import CallbackQuery
from sqlalchemy.ext.asyncio import AsyncSession

from bot import persons
from bot.desk import Desk
from bot.persons import Persona
from bot.teacher_payloads import LessonWeek, Pressed, ThisWeek
from bot.turn import Turn
from bot.week_screens import OpenWeek, week_screen
from core.account import accounts
from core.refusals import Forbidden, Invalid
from core.timetable import views

_YEARS_BACK = 12
_YEARS_AHEAD = 1
"""Pages are turned as far as those of a diary."""


@dataclass(frozen=True, slots=True)
class TeachingWeek:
    """The pages of weeks."""

    desk: Desk

    def router(self) -> Router:
        """Return the router of its buttons."""
        router = Router(name="teaching-week")
        router.callback_query.register(self.on_this, Pressed(ThisWeek))
        router.callback_query.register(self.on_week, Pressed(LessonWeek))
        return router

    async def on_this(self, _: CallbackQuery, turn: Turn, press: ThisWeek) -> None:
        """Show the week that is on. Raises ``Forbidden``."""
        await self._show(turn, press.person, lambda today: today, 0)

    async def on_week(self, _: CallbackQuery, turn: Turn, press: LessonWeek) -> None:
        """Show the week of a day. Raises ``Forbidden``, and ``Invalid`` for a week too far away."""
        await self._show(turn, press.person, lambda _: press.day, press.part)

    async def _show(self, turn: Turn, person: UUID, choose: Callable[[date], date], part: int) -> None:
        async with self.desk.core.begin() as session:
            opened = await self._open(session, turn, person, choose)
        await turn.answer()
        await turn.show(week_screen(self.desk.texts, opened, part))

    async def _open(self, session: AsyncSession, turn: Turn, person: UUID, choose: Callable[[date], date]) -> OpenWeek:
        personas = await persons.behind(session, turn.account, turn.at)
        persona = _his(personas, person)
        today = persona.today(turn.at)
        day = choose(today)
        if not today.year - _YEARS_BACK <= day.year <= today.year + _YEARS_AHEAD:
            raise Invalid("week-out-of-reach")
        actor = await accounts.actor_for(session, turn.account, person)
        week = await views.of_teacher(session, actor, person, day, turn.at)
        school = persona.school.name if sum(one.is_staff for one in personas) > 1 else ""
        return OpenWeek(person, week, persona.school.zone, today, school)


def _his(personas: Sequence[Persona], person: UUID) -> Persona:
    found = next((one for one in personas if one.person == person and one.is_staff), None)
    if found is None and not personas:
        raise Forbidden("account-not-linked")
    if found is None:
        raise Forbidden("not-allowed")
    return found
