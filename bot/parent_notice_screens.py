"""Screens of notices as a parent sees them: the list, the very text, the question before a signature. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from babel.dates import format_date

from bot.parent_home import home_row
from bot.parent_payloads import (
    AskToRefuse,
    AskToSign,
    Confirm,
    Listed,
    NoticePress,
    Notices,
    NoticeSource,
    Open,
    Sign,
    pack_parent,
    shown_signs,
)
from bot.persons import Persona
from bot.screens import Button, Rows, Screen
from bot.wording import bell, commas, day_and_year, lines, paragraphs
from core.events import NoticeAct, NoticeAsk
from core.notice.notices import NoticeView
from core.school_time import school_date
from texts.reader import Texts

ON_PAGE = 8
LABEL_LONGEST = 48
"""Characters of a title on a button; the whole title stands in the text above it."""


@dataclass(frozen=True, slots=True)
class OfReader:
    """A notice and the guardian who reads it."""

    reader: Persona
    view: NoticeView
    today: date
    """At the reader's school."""

    @property
    def open(self) -> bool:
        """Tell whether an answer is taken."""
        return self.view.ask is not NoticeAsk.READ and not self.view.withdrawn and not self.view.too_late(self.today)

    @property
    def waits(self) -> bool:
        """Tell whether an answer is taken and was not given."""
        return self.open and self.view.own is None

    @property
    def changeable(self) -> bool:
        """Tell whether the answer that stands may still be turned into the other one."""
        return self.open and self.view.own is not None and self.view.ask is NoticeAsk.SIGN

    @property
    def shown(self) -> str:
        """Sign the text and the answer that stands, as a button that answers remembers them."""
        view = self.view
        if view.answered_at is None:
            return shown_signs(view.text_hash)
        act = "" if view.own is None else view.own.act.value
        return shown_signs(view.text_hash, f"{act} {view.answered_at.timestamp()}")

    def has_said(self, act: NoticeAct) -> bool:
        """Tell whether this is the answer that stands."""
        return self.view.own is not None and self.view.own.act is act

    @property
    def listed(self) -> Listed:
        """Name the notice in a button."""
        return Listed(self.reader.person, self.view.id)


def notice_list(texts: Texts, notices: Sequence[OfReader], page: int, closed: Sequence[str] = ()) -> Screen:
    """Return a page of the notices: those that wait for an answer first, the newest first among each.

    ``closed`` names the children of whom none is shown, because the reader's consent is missing.
    """
    on_paper = texts.format("parent-notices-closed", children=commas(closed)) if closed else ""
    if not notices:
        return Screen(on_paper or texts.format("parent-notices-none"), (home_row(texts),))
    newest_first = sorted(notices, key=lambda one: one.view.published_on, reverse=True)
    ordered = sorted(newest_first, key=lambda one: not one.waits)
    page = min(page, (len(ordered) - 1) // ON_PAGE)
    shown = ordered[page * ON_PAGE : (page + 1) * ON_PAGE]
    heading = texts.format("parent-notices", waiting=sum(one.waits for one in notices))
    rows = tuple((Button(_on_button(one.view.title), pack_parent(Open(one.listed))),) for one in shown)
    text = paragraphs(heading, *(_entry(texts, one) for one in shown), on_paper)
    return Screen(text, (*rows, *_turning(texts, page, len(ordered)), home_row(texts)))


def notice(texts: Texts, one: OfReader) -> Screen:
    """Return a notice in full, with what may be answered."""
    standing = lines(_standing(texts, one), _changeable(texts, one))
    text = paragraphs(_very_text(one.view), _about(texts, one.view), standing)
    return Screen(text, (*_answers(texts, one), (_button(texts, "notices", Notices()),)))


def question(texts: Texts, one: OfReader, source: NoticeSource, act: NoticeAct) -> Screen:
    """Return the exact text once more, the one answer that was chosen, and the way back to the notice as it stands."""
    text = paragraphs(
        texts.format("parent-notice-question"),
        _very_text(one.view),
        _about(texts, one.view),
        lines(_standing(texts, one), texts.format("parent-notice-question-anew")) if one.view.own is not None else "",
        texts.format(f"parent-notice-question-{act}"),
    )
    counts = _button(texts, act.value, Sign(source, act, one.shown))
    return Screen(text, ((counts,), (_button(texts, "back", Open(one.listed)),)))


def answered(texts: Texts, one: OfReader) -> Screen:
    """Return what stands after an answer, and the way to another one as long as it is taken."""
    standing = lines(_standing(texts, one), _changeable(texts, one))
    text = paragraphs(standing, one.view.title, _about(texts, one.view))
    rows: Rows = ((_button(texts, "notice", Open(one.listed)),), (_button(texts, "notices", Notices()),))
    return Screen(text, (*_change(texts, one), *rows))


def _very_text(view: NoticeView) -> str:
    return paragraphs(view.title, view.text)


def _about(texts: Texts, view: NoticeView) -> str:
    return lines(
        texts.format("parent-notice-for", class_title=view.class_title, children=commas(view.children)),
        texts.format("parent-notice-author", author=view.author_name, day=_day(texts, view.published_on)),
    )


def _entry(texts: Texts, one: OfReader) -> str:
    return lines(
        one.view.title,
        texts.format("parent-notice-for", class_title=one.view.class_title, children=commas(one.view.children)),
        _standing(texts, one),
    )


def _standing(texts: Texts, one: OfReader) -> str:
    """Say what this reader did, or what he is asked for, or why nothing is to be done."""
    view = one.view
    if view.withdrawn:
        return texts.format("parent-notice-withdrawn")
    if view.own is not None:
        zone = one.reader.school.zone
        day, clock = _day(texts, school_date(view.own.at, zone)), bell(view.own.at, zone)
        return texts.format(f"parent-notice-own-{view.own.act}", day=day, clock=clock)
    if view.ask is NoticeAsk.READ:
        return texts.format("parent-notice-ask-read")
    if view.reply_by is None:
        return texts.format(f"parent-notice-ask-{view.ask}")
    late = "late" if view.too_late(one.today) else f"ask-{view.ask}-until"
    return texts.format(f"parent-notice-{late}", day=day_and_year(texts, view.reply_by, one.today))


def _answers(texts: Texts, one: OfReader) -> Rows:
    if not one.open:
        return ()
    if one.view.own is not None:
        return _change(texts, one)
    if one.view.ask is NoticeAsk.SIGN:
        sign = _button(texts, "sign", AskToSign(one.listed))
        return ((sign,), (_button(texts, "refuse", AskToRefuse(one.listed)),))
    return ((_button(texts, "confirm", Confirm(one.listed)),),)


def _change(texts: Texts, one: OfReader) -> Rows:
    """Return the button that asks for the other answer; a confirmation has no other."""
    if not one.changeable:
        return ()
    other = AskToRefuse(one.listed) if one.has_said(NoticeAct.SIGNED) else AskToSign(one.listed)
    return ((_button(texts, "change", other),),)


def _changeable(texts: Texts, one: OfReader) -> str:
    """Say until when the answer may be changed; nothing, if it may not."""
    if not one.changeable:
        return ""
    if one.view.reply_by is None:
        return texts.format("parent-notice-changeable")
    day = day_and_year(texts, one.view.reply_by, one.today)
    return texts.format("parent-notice-changeable-until", day=day)


def _turning(texts: Texts, page: int, size: int) -> Rows:
    before = (_button(texts, "page-before", Notices(page - 1)),) if page > 0 else ()
    after = (_button(texts, "page-after", Notices(page + 1)),) if (page + 1) * ON_PAGE < size else ()
    return ((*before, *after),) if before or after else ()


def _on_button(title: str) -> str:
    return title if len(title) <= LABEL_LONGEST else f"{title[: LABEL_LONGEST - 1].rstrip()}…"


def _day(texts: Texts, day: date) -> str:
    return str(format_date(day, "d MMMM", locale=texts.language))


def _button(texts: Texts, name: str, press: NoticePress) -> Button:
    return Button(texts.format(f"parent-button-{name}"), pack_parent(press))
