"""Screens of a class's notices, and of one in the making: what it asks, its words, until when, a last look. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar
from uuid import UUID

from babel.dates import format_date

from bot.last_day import end_of_school_year
from bot.payloads import Lessons
from bot.payloads import pack as pack_first
from bot.screens import Button, Rows, Screen
from bot.teacher_payloads import (
    AskToWithdraw,
    Board,
    Classes,
    Drop,
    NewNotice,
    NoHurry,
    Notices,
    NoticeText,
    OtherDay,
    ReplyBy,
    Reword,
    SendNotice,
    Token,
    pack,
)
from bot.undo_window import silent_until
from bot.wording import day_and_year, lines, paragraphs
from bot.writings import Writing
from core.access import Right
from core.events import NoticeAsk
from core.learning.class_rights import ClassFacts
from core.notice.notices import TITLE_LONGEST, NoticeCard
from texts.reader import Texts

SOON = {"tomorrow": 1, "three": 3, "week": 7}
"""Last days that are offered: so many days from today."""
_ON_BUTTON = 40
"""Characters of a title on a button."""


def example_day(texts: Texts, today: date) -> dict[str, str]:
    """Return a day that may be typed as the last one, in figures and in words: a week from now, in this school year."""
    day = min(today + timedelta(days=SOON["week"]), end_of_school_year(today))
    return {"figures": f"{day.day}.{day.month:02}", "words": str(format_date(day, "d MMMM", locale=texts.language))}


class NoticeWriting(Writing):
    """A notice that is being written."""

    KIND: ClassVar[str] = "notice"

    school_class: UUID
    ask: NoticeAsk
    title: str | None = None
    text: str | None = None
    reply_by: date | None = None
    dated: bool = False
    """Whether the last day was chosen; none is a choice, too."""


@dataclass(frozen=True, slots=True)
class NoticeScene:
    """The class, the day at its school, and whom a notice would reach."""

    facts: ClassFacts
    today: date
    pupils: int
    families: int
    """Families of which the journal knows at least one adult who may be told."""
    alone: int
    """Pupils of whom it knows none."""


def class_list(texts: Texts, facts: ClassFacts, cards: Sequence[NoticeCard], today: date, more: Rows = ()) -> Screen:
    """Return the notices to a class, the newest first, the way to write one, and what ``more`` leads to."""
    title = texts.format("teacher-notices", class_title=facts.title)
    listed = [_line(texts, number, card, today) for number, card in enumerate(cards, start=1)]
    text = paragraphs(title, *(listed or [texts.format("teacher-notices-none")]))
    new = Button(texts.format("teacher-notice-new"), pack(NewNotice(facts.id)))
    boards = tuple(
        (Button(f"{number}. {_short(card.title)}", pack(Board(card.id))),) for number, card in enumerate(cards, start=1)
    )
    ways: tuple[Button, ...] = (Button(texts.format("bot-button-lessons"), pack_first(Lessons())),)
    if facts.rights.may_throughout(Right.NOTICE_PUBLISH):
        ways = (Button(texts.format("teacher-button-classes"), pack(Classes(0))), *ways)
    return Screen(text, ((new,), *boards, *more, ways))


def what_is_asked(texts: Texts, facts: ClassFacts) -> Screen:
    """Return the choice of what a notice asks."""
    asks = tuple(
        (Button(texts.format(f"teacher-notice-ask-{ask.value}"), pack(NoticeText(facts.id, ask))),) for ask in NoticeAsk
    )
    text = paragraphs(texts.format("teacher-notice-to", class_title=facts.title), texts.format("teacher-notice-what"))
    return Screen(text, (*asks, (_to_list(texts, facts.id),)))


def as_it_stands(texts: Texts, scene: NoticeScene, token: Token, writing: NoticeWriting) -> Screen:
    """Return the screen of a notice in the making: what is still wanted, its last look, or that it was sent."""
    if writing.done is not None:
        return _sent(texts, scene, writing)
    if writing.title is None or writing.text is None:
        return _words(texts, scene, token, writing)
    return _preview(texts, scene, token, writing) if writing.dated else _until_when(texts, scene, token, writing)


def dropped(texts: Texts, facts: ClassFacts) -> Screen:
    """Return that a notice was not sent and is forgotten."""
    return Screen(texts.format("teacher-notice-dropped"), ((_to_list(texts, facts.id),),))


def reply_words(texts: Texts, ask: NoticeAsk, reply_by: date | None, seen_on: date) -> str:
    """Say what is asked, and until when: with the year, if it is another than that of the day it is seen on."""
    if reply_by is None:
        return texts.format(f"teacher-notice-asks-{ask.value}")
    return texts.format(f"teacher-notice-asks-{ask.value}-until", day=day_and_year(texts, reply_by, seen_on))


def _words(texts: Texts, scene: NoticeScene, token: Token, writing: NoticeWriting) -> Screen:
    ask = (
        texts.format("teacher-notice-words", longest=TITLE_LONGEST)
        if writing.title is None
        else texts.format("teacher-notice-title-taken", title=writing.title)
    )
    text = paragraphs(_to(texts, scene), reply_words(texts, writing.ask, writing.reply_by, scene.today), ask)
    rows: Rows = ((_drop(texts, token),),)
    if writing.title is not None:
        rows = ((Button(texts.format("teacher-button-reword"), pack(Reword(token))), _drop(texts, token)),)
    return Screen(text, rows)


def _until_when(texts: Texts, scene: NoticeScene, token: Token, writing: NoticeWriting) -> Screen:
    days = tuple((_day_button(texts, scene, token, name),) for name in SOON)
    none = Button(texts.format("teacher-notice-whenever"), pack(NoHurry(token)))
    other = Button(texts.format("teacher-notice-other-day"), pack(OtherDay(token)))
    again = Button(texts.format("teacher-button-reword"), pack(Reword(token)))
    text = paragraphs(
        _to(texts, scene),
        lines(writing.title or ""),
        texts.format("teacher-notice-until-when", **example_day(texts, scene.today)),
    )
    return Screen(text, (*days, (none, other), (again, _drop(texts, token))))


def _preview(texts: Texts, scene: NoticeScene, token: Token, writing: NoticeWriting) -> Screen:
    alone = texts.format("teacher-notice-alone", count=scene.alone) if scene.alone else ""
    text = paragraphs(
        _to(texts, scene),
        _whole(writing),
        lines(reply_words(texts, writing.ask, writing.reply_by, scene.today), _other_year(texts, scene, writing)),
        lines(texts.format("teacher-notice-families", count=scene.families), alone),
        texts.format("teacher-notice-check"),
    )
    send = Button(texts.format("teacher-button-send"), pack(SendNotice(token, writing.view)))
    again = Button(texts.format("teacher-button-reword"), pack(Reword(token)))
    other = Button(texts.format("teacher-notice-other-day"), pack(OtherDay(token)))
    return Screen(
        text, ((send,), (again, other) if writing.ask is not NoticeAsk.READ else (again,), (_drop(texts, token),))
    )


def _sent(texts: Texts, scene: NoticeScene, writing: NoticeWriting) -> Screen:
    if writing.done is None or writing.done_at is None:
        raise LookupError("what was not sent is not shown as sent")
    text = paragraphs(
        _to(texts, scene),
        _whole(writing),
        reply_words(texts, writing.ask, writing.reply_by, scene.today),
        lines(
            texts.format("teacher-notice-sent", count=scene.families),
            silent_until(
                texts,
                scene.facts.school,
                writing.done_at,
                "teacher-notice-withdraw",
                "teacher-notice-told-at-once",
            ),
        ),
    )
    board = Button(texts.format("teacher-notice-board"), pack(Board(writing.done)))
    withdraw = Button(texts.format("teacher-notice-withdraw"), pack(AskToWithdraw(writing.done)))
    return Screen(text, ((board, withdraw), (_to_list(texts, scene.facts.id),)))


def _other_year(texts: Texts, scene: NoticeScene, writing: NoticeWriting) -> str:
    """Ask to look at a last day of another year once more: whoever types «1.2» need not have thought of it."""
    day = writing.reply_by
    if day is None or day.year == scene.today.year:
        return ""
    return texts.format("teacher-notice-other-year", year=str(day.year))


def _to(texts: Texts, scene: NoticeScene) -> str:
    return texts.format("teacher-notice-to", class_title=scene.facts.title)


def _whole(writing: NoticeWriting) -> str:
    return paragraphs(writing.title or "", writing.text or "")


def _line(texts: Texts, number: int, card: NoticeCard, today: date) -> str:
    if card.withdrawn:
        state = texts.format("teacher-notice-line-withdrawn")
    elif card.ask is NoticeAsk.READ:
        state = texts.format("teacher-notice-line-read", pupils=card.pupils)
    else:
        state = texts.format("teacher-notice-line-answered", answered=card.answered, pupils=card.pupils)
    until = ""
    if card.reply_by is not None and not card.withdrawn:
        until = texts.format("teacher-notice-line-until", day=day_and_year(texts, card.reply_by, today))
    return lines(f"{number}. {card.title}", state, until)


def _short(title: str) -> str:
    return title if len(title) <= _ON_BUTTON else title[: _ON_BUTTON - 1].rstrip() + "…"


def _day_button(texts: Texts, scene: NoticeScene, token: Token, name: str) -> Button:
    day = scene.today + timedelta(days=SOON[name])
    label = texts.format(f"teacher-notice-{name}", day=day_and_year(texts, day, scene.today))
    return Button(label, pack(ReplyBy(token, day)))


def _drop(texts: Texts, token: Token) -> Button:
    return Button(texts.format("teacher-notice-drop"), pack(Drop(token)))


def _to_list(texts: Texts, school_class: UUID) -> Button:
    return Button(texts.format("teacher-button-notices"), pack(Notices(school_class)))
