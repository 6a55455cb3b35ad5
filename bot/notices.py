"""Notices of a class teacher: what is asked, the words, the last day, a last look, «Отправить»."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from aiogram import Router
from aiogram.types import CallbackQuery
from sqlalchemy.ext.asyncio import AsyncSession

from bot import employees, notice_making, unreached, writing_turns
from bot.desk import Desk
from bot.last_day import end_of_school_year, read_last_day
from bot.notice_making import NoticeScene, NoticeWriting
from bot.teacher_payloads import (
    Drop,
    NewNotice,
    NoHurry,
    Notices,
    NoticeText,
    OtherDay,
    Pressed,
    ReplyBy,
    Reword,
    SendNotice,
    Token,
)
from bot.turn import Turn
from bot.wording import day_and_year
from bot.writings import Asks
from core import free_text
from core.actor import Act
from core.events import NoticeAsk
from core.family import families
from core.notice import notices
from core.notice.notices import TEXT_LONGEST, TITLE_LONGEST, NoticeDraft
from core.person import people
from core.refusals import Invalid
from core.school_time import school_date
from texts.reader import Texts


@dataclass(frozen=True, slots=True)
class NoticeBook:
    """Acts of a class teacher who speaks to the families of a class."""

    desk: Desk

    def router(self) -> Router:
        """Return the router of its buttons."""
        router = Router(name="notices")
        router.callback_query.register(self.on_list, Pressed(Notices))
        router.callback_query.register(self.on_new, Pressed(NewNotice))
        router.callback_query.register(self.on_ask, Pressed(NoticeText))
        router.callback_query.register(self.on_reword, Pressed(Reword))
        router.callback_query.register(self.on_day, Pressed(ReplyBy, NoHurry))
        router.callback_query.register(self.on_other_day, Pressed(OtherDay))
        router.callback_query.register(self.on_send, Pressed(SendNotice))
        router.callback_query.register(self.on_drop, Pressed(Drop))
        return router

    async def on_list(self, _: CallbackQuery, turn: Turn, press: Notices) -> None:
        """Show the notices to a class."""
        async with self.desk.core.begin() as session:
            actor, facts = await employees.of_class(session, turn.account, press.school_class, turn.at)
            cards = await notices.published_by(session, actor, facts.id, turn.at)
        _facts, found = await unreached.read(self.desk, turn, facts.id)
        await turn.answer()
        today, texts = school_date(turn.at, facts.school.zone), self.desk.texts
        more = unreached.button(texts, facts, found)
        await turn.show(notice_making.class_list(texts, facts, cards, today, more))

    async def on_new(self, _: CallbackQuery, turn: Turn, press: NewNotice) -> None:
        """Ask what is asked of the families."""
        async with self.desk.core.begin() as session:
            _actor, facts = await employees.of_class(session, turn.account, press.school_class, turn.at)
        await turn.answer()
        await turn.show(notice_making.what_is_asked(self.desk.texts, facts))

    async def on_ask(self, _: CallbackQuery, turn: Turn, press: NoticeText) -> None:
        """Begin a notice. One that is only to be read has no last day."""
        fresh = NoticeWriting(school_class=press.school_class, ask=press.ask, dated=press.ask is NoticeAsk.READ)
        async with self.desk.core.begin() as session:
            scene = await _scene(session, turn, press.school_class)
        token = await writing_turns.begin(self.desk, turn, fresh)
        await turn.answer()
        await turn.show(notice_making.as_it_stands(self.desk.texts, scene, token, fresh))

    async def on_reword(self, _: CallbackQuery, turn: Turn, press: Reword) -> None:
        """Ask for the words again."""

        def wordless(writing: NoticeWriting) -> NoticeWriting:
            return writing.changed(title=None, text=None, asks=Asks.TEXT)

        await self._amend(turn, press.token, wordless)

    async def on_day(self, _: CallbackQuery, turn: Turn, press: ReplyBy | NoHurry) -> None:
        """Take the last day for an answer, or that there is none."""
        day = press.day if isinstance(press, ReplyBy) else None
        await self._amend(turn, press.token, lambda writing: _until(writing, day))

    async def on_other_day(self, _: CallbackQuery, turn: Turn, press: OtherDay) -> None:
        """Ask for the last day."""

        def undated(writing: NoticeWriting) -> NoticeWriting:
            return writing.changed(reply_by=None, dated=False, asks=Asks.DAY)

        writing = await writing_turns.change(self.desk, turn, press.token, NoticeWriting, undated)
        if writing is not None:
            example = notice_making.example_day(self.desk.texts, await self._today(turn, writing))
            await turn.answer(self.desk.texts.format("teacher-notice-type-day", **example), alert=True)
        await self._show(turn, press.token, writing)

    async def take(self, turn: Turn, token: Token, text: str) -> None:
        """Take what was typed as what the notice asks for now."""
        writing = await writing_turns.look(self.desk, turn, token, NoticeWriting)
        if writing is not None and writing.asks is Asks.DAY:
            today = await self._today(turn, writing)
            day = _last_day(self.desk.texts, text, today)
            await self._amend(turn, token, lambda found: _until(found, day))
        elif writing is not None and writing.asks is Asks.TEXT:
            await self._amend(turn, token, lambda found: _worded(found, text))
        else:
            await turn.answer(self.desk.texts.format("teacher-notice-press"))
            await self._amend(turn, token, lambda found: found)

    async def on_send(self, _: CallbackQuery, turn: Turn, press: SendNotice) -> None:
        """Publish what this very look shows."""
        writing = await writing_turns.look(self.desk, turn, press.token, NoticeWriting)
        if writing is not None and await writing_turns.may_send(self.desk, turn, writing, press.view):
            writing = await self._publish(turn, press.token, writing)
            await turn.answer(self.desk.texts.format("teacher-sent-toast"))
        await self._show(turn, press.token, writing)

    async def on_drop(self, _: CallbackQuery, turn: Turn, press: Drop) -> None:
        """Forget a notice that was not sent."""
        writing = await writing_turns.look(self.desk, turn, press.token, NoticeWriting)
        if writing is None or writing.done:
            await self._show(turn, press.token, writing)
            return
        async with self.desk.core.begin() as session:
            _actor, facts = await employees.of_class(session, turn.account, writing.school_class, turn.at)
        await writing_turns.drop(self.desk, turn, press.token)
        await turn.answer()
        await turn.show(notice_making.dropped(self.desk.texts, facts))

    async def _amend(self, turn: Turn, token: Token, decide: writing_turns.Decision[NoticeWriting]) -> None:
        """Change a notice in the making and show it as it stands."""
        await self._show(turn, token, await writing_turns.change(self.desk, turn, token, NoticeWriting, decide))

    async def _publish(self, turn: Turn, token: Token, writing: NoticeWriting) -> NoticeWriting | None:
        draft = NoticeDraft(writing.title or "", writing.text or "", writing.ask, writing.reply_by)
        async with self.desk.core.begin() as session:
            actor, facts = await employees.of_class(session, turn.account, writing.school_class, turn.at)
            made = await notices.publish(session, Act(actor, turn.at, f"writing:{token}"), facts.id, draft)
        return await writing_turns.change(
            self.desk, turn, token, NoticeWriting, lambda found: found.finished(made, turn.at)
        )

    async def _today(self, turn: Turn, writing: NoticeWriting) -> date:
        async with self.desk.core.begin() as session:
            _actor, facts = await employees.of_class(session, turn.account, writing.school_class, turn.at)
        return school_date(turn.at, facts.school.zone)

    async def _show(self, turn: Turn, token: Token, writing: NoticeWriting | None) -> None:
        if writing is None:
            await writing_turns.stale(self.desk, turn)
            return
        async with self.desk.core.begin() as session:
            scene = await _scene(session, turn, writing.school_class)
        await turn.answer()
        await turn.show(notice_making.as_it_stands(self.desk.texts, scene, token, writing))


async def _scene(session: AsyncSession, turn: Turn, school_class: UUID) -> NoticeScene:
    """Read the class and count whom a notice would be meant for."""
    _actor, facts = await employees.of_class(session, turn.account, school_class, turn.at)
    today = school_date(turn.at, facts.school.zone)
    pupils = [one.pupil for one in await people.of_class(session, facts.id)]
    guardians = await families.guardians_of(session, pupils, today)
    known = [adults for adults in guardians.values() if adults]
    # Brothers and sisters in one class have the same adults: they are one family.
    return NoticeScene(facts, today, len(pupils), len(set(known)), len(pupils) - len(known))


def _worded(writing: NoticeWriting, typed: str) -> NoticeWriting:
    """Take typed words: the first line is the title; a title alone waits for its text."""
    clean = free_text.fit(typed, max(1, free_text.length(typed)))
    if writing.title is not None:
        return _complete(writing, writing.title, clean)
    first, _, rest = clean.partition("\n")
    title = " ".join(first.split())
    if free_text.length(title) > TITLE_LONGEST:
        raise Invalid("notice-first-line-long", seen=free_text.length(title), longest=TITLE_LONGEST)
    return _complete(writing, title, rest.strip()) if rest.strip() else writing.changed(title=title)


def _complete(writing: NoticeWriting, title: str, text: str) -> NoticeWriting:
    seen = free_text.length(text)
    if seen > TEXT_LONGEST:
        raise Invalid("notice-text-too-long", seen=seen, longest=TEXT_LONGEST)
    return writing.changed(title=title, text=text, asks=Asks.PRESS if writing.dated else Asks.DAY)


def _until(writing: NoticeWriting, day: date | None) -> NoticeWriting:
    return writing.changed(reply_by=day, dated=True, asks=Asks.PRESS if writing.text is not None else Asks.TEXT)


def _last_day(texts: Texts, text: str, today: date) -> date:
    """Read the last day; one that is over, and one beyond the school year, is refused by its name."""
    day = read_last_day(text, today)
    if day is None:
        example = notice_making.example_day(texts, today)
        raise Invalid("last-day-unclear", figures=example["figures"], words=example["words"])
    farthest = end_of_school_year(today)
    if today <= day <= farthest:
        return day
    named, limit = day_and_year(texts, day, today), day_and_year(texts, farthest, today)
    if day > farthest:
        raise Invalid("last-day-far", day=named, farthest=limit)
    raise Invalid("last-day-gone", day=named[:1].upper() + named[1:], farthest=limit)
