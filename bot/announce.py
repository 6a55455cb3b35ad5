"""A parent says beforehand that a child will not come: why, which days, a last look, «Отправить»; and what stands.

Rights, consent and the day are asked anew at every press. What is being made is kept in the database, so that no
restart loses it; «Отправить» sends the look that it stands under, and that once.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from aiogram import Router
from aiogram.types import CallbackQuery
from sqlalchemy.ext.asyncio import AsyncSession

from bot import announce_cards, announce_making, families, writing_turns
from bot.announce_making import AbsenceScene, AbsenceWriting, last_day
from bot.announce_payloads import (
    AskNote,
    Certificate,
    Edge,
    IllToday,
    Lasting,
    Lasts,
    NewAbsence,
    NoNote,
    PressedAbsence,
    SendAbsence,
    Since,
    TypeDay,
    Whom,
    Why,
)
from bot.desk import Desk
from bot.last_day import read_last_day
from bot.screens import Screen
from bot.teacher_payloads import Token
from bot.turn import Turn
from bot.writings import Asks
from core import free_text
from core.account import accounts
from core.actor import Act
from core.learning import announced_absences
from core.learning.announced_absences import AHEAD, NOTE_LONGEST, PAST, AbsenceDraft, AbsenceReason
from core.refusals import Invalid
from core.school import school_rules
from core.year.span import Span
from core.year.words import day_words

type Decision = Callable[[AbsenceWriting, date], AbsenceWriting]
"""Says what an absence in the making becomes today."""


@dataclass(frozen=True, slots=True)
class AbsenceBook:
    """Acts of a parent who announces an absence."""

    desk: Desk

    def router(self) -> Router:
        """Return the router of its buttons."""
        router = Router(name="announce")
        router.callback_query.register(self.on_new, PressedAbsence(NewAbsence))
        router.callback_query.register(self.on_whom, PressedAbsence(Whom))
        router.callback_query.register(self.on_why, PressedAbsence(Why, IllToday))
        router.callback_query.register(self.on_since, PressedAbsence(Since))
        router.callback_query.register(self.on_lasts, PressedAbsence(Lasts))
        router.callback_query.register(self.on_type_day, PressedAbsence(TypeDay))
        router.callback_query.register(self.on_note, PressedAbsence(AskNote, NoNote))
        router.callback_query.register(self.on_certificate, PressedAbsence(Certificate))
        router.callback_query.register(self.on_send, PressedAbsence(SendAbsence))
        return router

    async def on_new(self, _: CallbackQuery, turn: Turn) -> None:
        """Ask of which child; of the only one, why."""
        async with self.desk.core.begin() as session:
            guardians = await families.guardians(session, turn.account, turn.at)
        children = [child.pupil for persona in guardians for child in persona.children]
        if len(children) > 1:
            await _show(turn, announce_making.of_whom(self.desk.texts, guardians))
        else:
            await self._ask_why(turn, children[0])

    async def on_whom(self, _: CallbackQuery, turn: Turn, press: Whom) -> None:
        """Ask why."""
        await self._ask_why(turn, press.pupil)

    async def on_why(self, _: CallbackQuery, turn: Turn, press: Why | IllToday) -> None:
        """Begin to announce it; of an illness from today nothing is left to ask but how long."""
        scene = await self._scene(turn, press.pupil)
        reason = press.reason if isinstance(press, Why) else AbsenceReason.ILLNESS
        fresh = AbsenceWriting(asks=Asks.DAY, pupil=press.pupil, reason=reason, drawn_on=scene.today)
        if isinstance(press, IllToday):
            fresh = _since(fresh, scene.today)
        token = await writing_turns.begin(self.desk, turn, fresh)
        await _show(turn, announce_making.as_it_stands(self.desk.texts, scene, token, fresh))

    async def on_since(self, _: CallbackQuery, turn: Turn, press: Since) -> None:
        """Take the first day, counted from the day of this press."""
        ahead = timedelta(days=press.ahead)
        await self._amend(turn, press.token, lambda found, today: _since(found, today + ahead))

    async def on_lasts(self, _: CallbackQuery, turn: Turn, press: Lasts) -> None:
        """Take how long."""

        def lasting(writing: AbsenceWriting, _: date) -> AbsenceWriting:
            if writing.first is None:
                return writing
            end = last_day(writing.first, press.lasting)
            return writing.changed(last=end, lasting=press.lasting, asks=Asks.PRESS)

        await self._amend(turn, press.token, lasting)

    async def on_type_day(self, _: CallbackQuery, turn: Turn, press: TypeDay) -> None:
        """Ask for a day; the one that stands stays until another is read."""
        await self._amend(turn, press.token, lambda found, _: _asking_day(found, press.edge))

    async def on_note(self, _: CallbackQuery, turn: Turn, press: AskNote | NoNote) -> None:
        """Ask for a note, or take it away."""

        def noted(writing: AbsenceWriting, _: date) -> AbsenceWriting:
            if isinstance(press, NoNote):
                return writing.changed(note="", asks=Asks.PRESS)
            return writing.changed(asks=Asks.TEXT)

        await self._amend(turn, press.token, noted)

    async def on_certificate(self, _: CallbackQuery, turn: Turn, press: Certificate) -> None:
        """Take whether there will be a certificate."""
        brought = bool(press.brought)
        await self._amend(turn, press.token, lambda found, _: found.changed(certificate=brought, asks=Asks.PRESS))

    async def on_send(self, _: CallbackQuery, turn: Turn, press: SendAbsence) -> None:
        """Announce what this very look shows; one that was drawn on another day is shown anew first."""
        writing = await self._found(turn, press.token)
        if writing is None:
            return
        scene = await self._scene(turn, writing.pupil)
        if await writing_turns.may_send(self.desk, turn, writing, press.view):
            if writing.drawn_on == scene.today:
                await self._announce(turn, press, writing)
                return
            await turn.answer(self.desk.texts.format("announce-new-day"), alert=True)
        await self._amend(turn, press.token, _as_it_is)

    async def take(self, turn: Turn, token: Token, text: str) -> None:
        """Take what was typed as what is asked for now."""
        writing = await writing_turns.look(self.desk, turn, token, AbsenceWriting)
        if writing is not None and writing.asks is Asks.PRESS:
            await turn.answer(self.desk.texts.format("announce-press"))
        await self._amend(turn, token, lambda found, today: _with_text(found, text, today))

    async def _ask_why(self, turn: Turn, pupil: UUID) -> None:
        scene = await self._scene(turn, pupil)
        await _show(turn, announce_making.why(self.desk.texts, scene))

    async def _announce(self, turn: Turn, press: SendAbsence, writing: AbsenceWriting) -> None:
        days = writing.days
        if days is None:
            raise LookupError("without its days nothing has a button to send it")
        draft = AbsenceDraft(days=days, reason=writing.reason, note=writing.note, certificate=writing.certificate)
        async with self.desk.core.begin() as session:
            scene = await scene_of(session, turn, writing.pupil)
            # Keyed by the look, not by the press: an impatient second tap announces nothing more.
            act = Act(scene.actor, turn.at, f"writing:{press.token}:{press.view}")
            made = await announced_absences.announce(session, act, writing.pupil, draft)
        await writing_turns.change(
            self.desk, turn, press.token, AbsenceWriting, lambda found: found.finished(made, turn.at)
        )
        await turn.answer(self.desk.texts.format("announce-sent-toast"))
        await self._show_sent(turn, await self._scene(turn, writing.pupil), made)

    async def _amend(self, turn: Turn, token: Token, decide: Decision) -> None:
        """Change an absence in the making and show it as it stands, drawn today."""
        writing = await self._found(turn, token)
        if writing is None:
            return
        scene = await self._scene(turn, writing.pupil)
        changed = await writing_turns.change(
            self.desk,
            turn,
            token,
            AbsenceWriting,
            lambda found: decide(found, scene.today).changed(drawn_on=scene.today),
        )
        if changed is None:
            await turn.answer(self.desk.texts.format("announce-stale"), alert=True)
        elif changed.done is not None:
            await self._show_sent(turn, scene, changed.done)
        else:
            await _show(turn, announce_making.as_it_stands(self.desk.texts, scene, token, changed))

    async def _show_sent(self, turn: Turn, scene: AbsenceScene, made: UUID) -> None:
        """Show what was sent as it stands now: it may have been changed or taken back since."""
        one = scene.find(made)
        if one is None:
            await _show(turn, announce_cards.cancelled(self.desk.texts, scene))
        else:
            heading = announce_cards.sent_heading(one.reason)
            await _show(turn, announce_cards.card(self.desk.texts, scene, one, heading))

    async def _found(self, turn: Turn, token: Token) -> AbsenceWriting | None:
        """Read an absence in the making; say so if there is none of whoever acts."""
        writing = await writing_turns.look(self.desk, turn, token, AbsenceWriting)
        if writing is None:
            await turn.answer(self.desk.texts.format("announce-stale"), alert=True)
        return writing

    async def _scene(self, turn: Turn, pupil: UUID) -> AbsenceScene:
        async with self.desk.core.begin() as session:
            return await scene_of(session, turn, pupil)


async def scene_of(session: AsyncSession, turn: Turn, pupil: UUID) -> AbsenceScene:
    """Read the child, whoever speaks for him, and what stands announced; ``session`` is core's.

    Raises ``Forbidden``: a stranger, not his child, no consent, a pupil who is of age.
    """
    guardians = await families.guardians(session, turn.account, turn.at)
    persona, child = families.guardian_of(guardians, [pupil])
    actor = await accounts.actor_for(session, turn.account, persona.person)
    today = persona.today(turn.at)
    seen = Span(today - PAST, today + AHEAD)
    said = await announced_absences.of_pupil(session, actor, pupil, seen, turn.at)
    rules = await school_rules.of_school(session, persona.school.id)
    return AbsenceScene(persona, actor, child, today, said, rules.absence_codes)


async def _show(turn: Turn, screen: Screen) -> None:
    await turn.answer()
    await turn.show(screen)


def _since(writing: AbsenceWriting, first: date) -> AbsenceWriting:
    """Take the first day; as long as nothing else is said, it is the only one."""
    return writing.changed(first=first, last=first, lasting=Lasting.ONE, asks=Asks.PRESS)


def _asking_day(writing: AbsenceWriting, edge: Edge) -> AbsenceWriting:
    """Ask for a day; without a first day it can only be that one."""
    meant = Edge.BEGINNING if writing.first is None else edge
    return writing.changed(typing=meant, asks=Asks.DAY)


def _as_it_is(writing: AbsenceWriting, _: date) -> AbsenceWriting:
    return writing


def _with_text(writing: AbsenceWriting, text: str, today: date) -> AbsenceWriting:
    """Take typed words as what is asked for now."""
    if writing.asks is Asks.TEXT:
        note = "" if free_text.says_nothing(text) else free_text.fit(text, NOTE_LONGEST)
        return writing.changed(note=note, asks=Asks.PRESS)
    if writing.asks is not Asks.DAY:
        return writing
    day = _typed_day(text, today, writing)
    if writing.typing is Edge.BEGINNING or writing.first is None:
        return _since(writing, day)
    return writing.changed(last=day, lasting=None, asks=Asks.PRESS)


def _typed_day(text: str, today: date, writing: AbsenceWriting) -> date:
    """Read a day; one that is unclear, too far off, or an end before its beginning is refused by its name."""
    day = read_last_day(text, today)
    if day is None:
        raise Invalid("announce-day-unclear", example=announce_making.example(writing.first or today))
    if not today - PAST <= day <= today + AHEAD:
        raise Invalid("absence-announced-far", first=day_words(today - PAST), last=day_words(today + AHEAD))
    if writing.typing is Edge.END and writing.first is not None and day < writing.first:
        raise Invalid("announce-end-first", last=day_words(day), first=day_words(writing.first))
    return day
