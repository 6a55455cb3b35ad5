"""A school at this moment, for its deputies and director: who is there, which rolls are late, what nobody knows yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from aiogram import Router
from aiogram.types import CallbackQuery

from bot import class_choice
from bot.class_day_payloads import SchoolNow
from bot.desk import Desk
from bot.payloads import Lessons
from bot.payloads import pack as pack_first
from bot.persons import Persona
from bot.screens import Button, Screen
from bot.substitution_payloads import WhoIsAway
from bot.teacher_payloads import Pressed, pack
from bot.turn import Turn
from bot.wording import bell, commas, day_words, lines, paragraphs
from core.learning import absence_counts, absence_lists, roll_deadlines
from core.learning.absence_counts import HeadCount, Unexplained
from core.learning.absence_lists import ClassWaiting
from core.learning.roll_deadlines import LateRoll
from core.year.span import Span
from gateway.unreached import absence_routes
from texts.reader import Texts

MOST = 12
"""Lines of a list: of a morning on which everything is late the number says enough."""


@dataclass(frozen=True, slots=True)
class SchoolNowView:
    """A school at a moment."""

    persona: Persona
    at: datetime
    heads: Sequence[HeadCount]
    late: Sequence[LateRoll]
    unexplained: Sequence[Unexplained]
    """Pupils who are absent today without a known cause."""
    unreached: Sequence[Unexplained]
    """Those of them of whom nobody in the family is told."""
    waiting: Sequence[ClassWaiting]
    """Classes whose absent nobody has gone over."""


@dataclass(frozen=True, slots=True)
class SchoolNowBook:
    """The screen of a school's administration."""

    desk: Desk

    def router(self) -> Router:
        """Return the router of its button."""
        router = Router(name="school-now")
        router.callback_query.register(self.on_open, Pressed(SchoolNow))
        return router

    async def on_open(self, _: CallbackQuery, turn: Turn, press: SchoolNow) -> None:
        """Show it as it stands now. Raises ``Forbidden`` for whoever does not administer this school."""
        async with self.desk.core.begin() as session:
            actor, persona = await class_choice.administration(session, turn.account, press.school, turn.at)
            today, school = persona.today(turn.at), persona.school.id
            heads = await absence_counts.heads(session, actor, school, turn.at, turn.at)
            late = await roll_deadlines.overdue(session, actor, school, turn.at)
            unknown = await absence_counts.unexplained(session, actor, school, Span(today, today), turn.at, from_days=1)
            waiting = await absence_lists.waiting(session, actor, school, today, turn.at)
        async with self.desk.gateway.begin() as session:
            routes = await absence_routes(session, [one.pupil for one in unknown], today)
        silent = [one for one in unknown if routes[one.pupil].nobody]
        await turn.answer()
        view = SchoolNowView(persona, turn.at, heads, late, unknown, silent, waiting)
        await turn.show(school_now(self.desk.texts, view))


def school_now(texts: Texts, view: SchoolNowView) -> Screen:
    """Return a school in five lines: how many are there, late rolls, unknown causes, unreached families, lists."""
    zone = view.persona.school.zone
    title = texts.format(
        "school-now-title",
        school=view.persona.school.name,
        day=day_words(texts, view.persona.today(view.at)),
        time=bell(view.at, zone),
    )
    text = paragraphs(title, _there(texts, view), _late(texts, view), _unknown(texts, view), _waiting(texts, view))
    school = view.persona.school.id
    step_in = Button(texts.format("stand-in-button"), pack(WhoIsAway(school, 0)))
    again = Button(texts.format("class-day-button-again"), pack(SchoolNow(school)))
    return Screen(text, ((step_in,), (again, Button(texts.format("bot-button-lessons"), pack_first(Lessons())))))


def _there(texts: Texts, view: SchoolNowView) -> str:
    here = [one for one in view.heads if not one.distant]
    if not here:
        return texts.format("school-now-no-lessons")
    called = sum(1 for one in here if one.called)
    counts = {"present": sum(one.present for one in here), "enrolled": sum(one.enrolled for one in here)}
    return texts.format("school-now-there", called=called, classes=len(here), **counts)


def _late(texts: Texts, view: SchoolNowView) -> str:
    if not view.late:
        return texts.format("school-now-no-late")
    zone = view.persona.school.zone
    listed = [
        texts.format(
            "school-now-roll",
            class_title=one.class_title,
            subject=one.subject_name,
            starts=bell(one.starts_at, zone),
            teacher=one.teacher_name,
        )
        for one in view.late
    ]
    return lines(texts.format("school-now-late", count=len(listed)), *_shown(texts, listed))


def _unknown(texts: Texts, view: SchoolNowView) -> str:
    if not view.unexplained:
        return texts.format("school-now-no-unknown")
    count = texts.format("school-now-unknown", count=len(view.unexplained))
    if not view.unreached:
        return count
    listed = [
        texts.format("school-now-pupil", name=one.name.in_lists(), class_title=one.class_title)
        for one in view.unreached
    ]
    return lines(count, texts.format("school-now-unreached", count=len(listed)), *_shown(texts, listed))


def _waiting(texts: Texts, view: SchoolNowView) -> str:
    if not view.waiting:
        return ""
    listed = [
        texts.format("school-now-class", class_title=one.class_title, absent=one.absent) for one in view.waiting[:MOST]
    ]
    more = texts.format("school-now-more", count=len(view.waiting) - MOST) if len(view.waiting) > MOST else ""
    return lines(texts.format("school-now-waiting", classes=commas(listed)), more)


def _shown(texts: Texts, listed: Sequence[str]) -> Sequence[str]:
    """Return so many lines as a message should have, and how many there are beside."""
    if len(listed) <= MOST:
        return listed
    return (*listed[:MOST], texts.format("school-now-more", count=len(listed) - MOST))
