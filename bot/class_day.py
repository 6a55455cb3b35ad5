"""The absent of a class today, for whoever speaks to its families: why, who does not know, what a call has brought.

The list empties as causes become known (ATT-10, DL-02): by one tap where the family has named one, by three where
somebody telephoned. Rights are core's at every press.
"""

from dataclasses import dataclass
from uuid import UUID

from aiogram import Router
from aiogram.types import CallbackQuery
from sqlalchemy.ext.asyncio import AsyncSession

from bot import class_day_screens, employees
from bot.class_day_payloads import AbsentToday, Cause, ClassDay, GoneOver, Named
from bot.class_day_screens import ClassDayView, Relative
from bot.desk import Desk
from bot.teacher_payloads import Pressed
from bot.turn import Turn
from core.actor import Act
from core.family import families
from core.learning import absence_confirmation, absence_lists
from core.learning.attendance_day import DayKey
from core.learning.class_rights import ClassFacts
from core.person import people
from core.refusals import Conflict
from core.rule_book.values import AbsenceClass
from core.school import school_rules
from core.school_time import school_date
from gateway.unreached import absence_routes

KINDS = {Named.ILLNESS: AbsenceClass.ILLNESS, Named.OTHER: AbsenceClass.EXCUSED}


@dataclass(frozen=True, slots=True)
class ClassDayBook:
    """The screens of a class teacher's day."""

    desk: Desk

    def router(self) -> Router:
        """Return the router of its buttons."""
        router = Router(name="class-day")
        router.callback_query.register(self.on_open, Pressed(ClassDay))
        router.callback_query.register(self.on_pupil, Pressed(AbsentToday))
        router.callback_query.register(self.on_cause, Pressed(Cause))
        router.callback_query.register(self.on_gone_over, Pressed(GoneOver))
        return router

    async def on_open(self, _: CallbackQuery, turn: Turn, press: ClassDay) -> None:
        """Show it as it stands now. Raises ``Forbidden`` for whoever does not speak to this class."""
        await turn.answer()
        await self._show(turn, press.school_class)

    async def on_pupil(self, _: CallbackQuery, turn: Turn, press: AbsentToday) -> None:
        """Show one of the absent: what was missed, who was told, what may be written down."""
        view = await self._read(turn, press.school_class)
        line = next((one for one in view.absent.pupils if one.pupil == press.pupil), None)
        if line is None or not line.is_unexplained:
            # Meanwhile the cause became known, or the entry went: the list says so.
            await turn.answer()
            await turn.show(class_day_screens.the_list(self.desk.texts, view))
            return
        async with self.desk.core.begin() as session:
            family = await self._family(session, view, press.pupil)
        await turn.answer()
        await turn.show(class_day_screens.card(self.desk.texts, view, line, family))

    async def on_cause(self, _: CallbackQuery, turn: Turn, press: Cause) -> None:
        """Write a cause down. Raises what ``absence_confirmation.confirm`` raises."""
        async with self.desk.core.begin() as session:
            actor, facts = await employees.of_class(session, turn.account, press.school_class, turn.at)
            today = school_date(turn.at, facts.school.zone)
            why = self.desk.texts.format(f"class-day-why-{'family' if press.by_answer else 'call'}")
            code = await _code(session, facts, press.named)
            act = Act(actor, turn.at, turn.key)
            await absence_confirmation.confirm(session, act, DayKey(press.pupil, today), code, why)
        await turn.answer(self.desk.texts.format("bot-recorded-toast"))
        await self._show(turn, press.school_class)

    async def on_gone_over(self, _: CallbackQuery, turn: Turn, press: GoneOver) -> None:
        """Write down that the list was gone over (ATT-10)."""
        async with self.desk.core.begin() as session:
            actor, facts = await employees.of_class(session, turn.account, press.school_class, turn.at)
            today = school_date(turn.at, facts.school.zone)
            await absence_lists.recheck(session, Act(actor, turn.at, turn.key), facts.id, today)
        await turn.answer(self.desk.texts.format("bot-recorded-toast"))
        await self._show(turn, press.school_class)

    async def _show(self, turn: Turn, school_class: UUID) -> None:
        await turn.show(class_day_screens.the_list(self.desk.texts, await self._read(turn, school_class)))

    async def _read(self, turn: Turn, school_class: UUID) -> ClassDayView:
        async with self.desk.core.begin() as session:
            actor, facts = await employees.of_class(session, turn.account, school_class, turn.at)
            today = school_date(turn.at, facts.school.zone)
            absent = await absence_lists.of_class(session, actor, facts.id, today, turn.at)
            listed = await people.of_class(session, facts.id)
            rules = await school_rules.of_school(session, facts.school.id)
        async with self.desk.gateway.begin() as session:
            routes = await absence_routes(session, [one.pupil for one in absent.pupils], today)
        nameable = tuple(one for one, kind in KINDS.items() if any(code.kind is kind for code in rules.absence_codes))
        return ClassDayView(facts, absent, len(listed), routes, nameable, rechecks=rules.absence_recheck)

    async def _family(self, session: AsyncSession, view: ClassDayView, pupil: UUID) -> tuple[Relative, ...]:
        guardians = (await families.guardians_of(session, [pupil], view.absent.day))[pupil]
        names = await people.names(session, guardians)
        told = view.routes[pupil].told
        silent = {one.recipient: one.reason for one in view.routes[pupil].silent}
        line = next(one for one in view.absent.pupils if one.pupil == pupil)
        answers = {one.guardian: one for one in line.answers}
        return tuple(
            Relative(names[one], one in told, silent.get(one), answers.get(one))
            for one in sorted(guardians, key=lambda one: names[one])
        )


async def _code(session: AsyncSession, facts: ClassFacts, named: Named) -> str:
    """Return the school's code of a cause: the first of its table that is of this kind. Raises ``Conflict``."""
    rules = await school_rules.of_school(session, facts.school.id)
    found = next((code.code for code in rules.absence_codes if code.kind is KINDS[named]), None)
    if found is None:
        raise Conflict("class-day-no-code")
    return found
