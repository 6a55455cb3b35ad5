"""Every page in every state, made of the real templates, texts and style: weighed, looked at, asked by axe.

Values are as long as they may be, of the sign that HTML makes longest, where ``long`` is asked for; else as in life.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from http import HTTPStatus
from typing import Any, NamedTuple
from uuid import UUID

from core.account.own_account import OwnAccount, OwnPerson
from core.events import (
    AbsenceKind,
    AttendanceDayState,
    Channel,
    GuardianAnswer,
    LessonAbsence,
    NoticeAct,
    NoticeAnswer,
    NoticeAsk,
    ProposedReason,
    SchoolKind,
    SchoolSettings,
    SchoolState,
)
from core.notice.notices import TEXT_LONGEST, TITLE_LONGEST, NoticeView, hash_of
from core.plan.subject_names import LONGEST
from gateway.asked_absence import AskedAbsence
from gateway.receipts import ToldMessage
from gateway.switches import Switches
from texts.reader import Texts
from web import wording
from web.api.application import OPERATIONS
from web.api.reference import page_of
from web.forms import Asking, FormField, Way
from web.home_page import Stay
from web.notice_page import BUTTONS
from web.pages import Pages
from web.switches_section import TURN, in_lines

LONG = '"'
"""Five bytes in HTML; a letter of Russian has two, an emoji, which counts as two signs, four."""
TODAY, LAST_DAY = date(2026, 11, 23), date(2027, 1, 12)
BELL = datetime(2026, 11, 23, 3, 30, tzinfo=UTC)
READER = UUID(int=9)
NOTICE_TEXT = (
    "Дорогие родители!\n\nВо вторник едем в музей. Сбор у школы в 9:00, вернёмся к 13:30. "
    "С собой – вода и хорошее настроение."
)
MESSAGES = (
    "nothing-here",
    "form-broken",
    "away",
    "password-set",
    "password-link-over",
    "foreign-page",
    "unsubscribed",
    "mailbox-confirmed",
    "mailbox-refused",
    "mailbox-link-over",
    "entry-disowned",
    "strange-entry-over",
)


class Shown(NamedTuple):
    """A page in one state."""

    name: str
    template: str
    values: dict[str, Any]
    status: HTTPStatus = HTTPStatus.OK

    def html(self, pages: Pages) -> bytes:
        """Return the page as it leaves us."""
        body = pages.page(self.template, self.status, **self.values).body
        assert isinstance(body, bytes)
        return body


def gallery(texts: Texts, *, long: bool = False) -> Iterator[Shown]:
    """Return every page in its states."""
    yield from _notices(texts, long=long)
    yield from _absences(texts, long=long)
    yield from _unsubscribing(long=long)
    yield from _accounts(texts, long=long)
    yield from _mailboxes(long=long)
    browser = "Samsung Internet, Android" if long else "Chrome, Windows"
    when = {"day": "23\N{NO-BREAK SPACE}ноября", "time": "18:40", "browser": browser}
    yield Shown("not-me", "not_me.html", {"school": school_name(long=long), "act": "not-me"} | when)
    for name in MESSAGES:
        said = {"title": texts.format(f"web-{name}-title"), "sentence": texts.format(f"web-{name}")}
        yield Shown(f"message-{name}", "message.html", said)


def reference(texts: Texts) -> Shown:
    """Return the page for programmers, which grows with every operation and is read at a desk."""
    return Shown("api", "api.html", page_of(OPERATIONS, texts))


def school_name(*, long: bool) -> str:
    """Return the name of a school."""
    return LONG * 300 if long else "Школа № 12 имени А. С. Пушкина"


def notice(ask: NoticeAsk, own: NoticeAnswer | None, *, long: bool) -> NoticeView:
    """Return a notice as a guardian of one child reads it, or of ten."""
    title, text = (LONG * TITLE_LONGEST, LONG * TEXT_LONGEST) if long else ("Едем в музей", NOTICE_TEXT)
    children = (LONG * 60,) * 10 if long else ("Ёлкина Саша",)
    return NoticeView(
        id=UUID(int=1),
        class_title="11 «А»",
        author_name=LONG * 180 if long else "Лесная Лариса Петровна",
        title=title,
        text=text,
        text_hash=hash_of(title, text),
        ask=ask,
        reply_by=LAST_DAY,
        published_on=TODAY,
        withdrawn=False,
        children=children,
        pupils=tuple(UUID(int=number) for number in range(len(children))),
        own=own,
        answered_at=None if own is None else own.at,
    )


def of_notice(texts: Texts, view: NoticeView, school: str, state: str = "open") -> dict[str, Any]:
    """Return what the page of a notice shows."""
    return {
        "notice": view,
        "school": school,
        "published": wording.day(texts, TODAY, TODAY),
        "last_day": wording.day(texts, LAST_DAY, TODAY),
        "refusal": texts.format("refusal-notice-text-changed") if view.own else None,
        "own": wording.answer(texts, view.own, "Asia/Kamchatka") if view.own else None,
        "state": state,
        "buttons": BUTTONS[view.ask] if state == "open" else (),
    }


def _notices(texts: Texts, *, long: bool) -> Iterator[Shown]:
    school = school_name(long=long)
    own = NoticeAnswer(guardian=UUID(int=2), act=NoticeAct.REFUSED, at=datetime(2026, 11, 23, 9, tzinfo=UTC))
    for ask in NoticeAsk:
        for answer in (None, own):
            view = notice(ask, answer, long=long)
            said = "answered" if answer else "asked"
            yield Shown(f"notice-{ask}-{said}", "notice.html", of_notice(texts, view, school))
    view = notice(NoticeAsk.SIGN, None, long=long)
    yield Shown("notice-late", "notice.html", of_notice(texts, view, school, "late"))
    withdrawn = replace(view, own=own, withdrawn=True)
    yield Shown("notice-withdrawn", "notice.html", of_notice(texts, withdrawn, school, "withdrawn"))


def _absences(texts: Texts, *, long: bool) -> Iterator[Shown]:
    for answer in (None, *ProposedReason):
        values = _absence(texts, answer, long=long)
        yield Shown(f"absence-{answer or 'asked'}", "absence.html", values)
        if answer is not None:
            closed = values | {"keys": (), "closed": True, "call": False}
            yield Shown(f"absence-{answer}-closed", "absence.html", closed, HTTPStatus.CONFLICT)


def _absence(texts: Texts, answer: ProposedReason | None, *, long: bool) -> dict[str, Any]:
    """Return a day of absence: as many lessons as one may have, each with the longest name; or three."""
    lessons = [
        LessonAbsence(
            lesson=UUID(int=number),
            number=number,
            subject_name=LONG * LONGEST if long else "математика",
            starts_at=BELL + timedelta(hours=number),
            code="н",
            kind=AbsenceKind.UNEXPLAINED,
            recorded_at=BELL + timedelta(hours=number),
        )
        for number in range(1, 16 if long else 4)
    ]
    state = AttendanceDayState(
        pupil=UUID(int=1),
        pupil_name=LONG * 180 if long else "Ёлкина Саша",
        class_title="11 «А»",
        day=TODAY,
        absences=tuple(lessons),
        answers=() if answer is None else (GuardianAnswer(guardian=READER, reason=answer, at=BELL),),
        missed_lessons=999,
        counted_since=date(2026, 9, 1),
    )
    message = ToldMessage(TODAY, UUID(int=3), "", READER, UUID(int=4), 0, (state.pupil,), TODAY)
    school = school_name(long=long)
    settings = SchoolSettings(settle_minutes=0, floor=(), allowed_channels=(Channel.MAIL,))
    told = SchoolState(kind=SchoolKind.PRIVATE, name=school, zone="Asia/Kamchatka", settings=settings)
    words = AskedAbsence(message, told, None, acknowledged=False).words(texts, state)
    assert len(words.body) == len(lessons)
    return {
        "words": words,
        "keys": words.keys,
        "reason": answer,
        "answered": answer is not None,
        "refusal": texts.format("refusal-year-closed", day="23.11.2026") if long or answer else None,
        "school": school,
        "call": answer in (None, ProposedReason.UNAWARE),
        "closed": False,
    }


def _unsubscribing(*, long: bool) -> Iterator[Shown]:
    for name, left, returned in (("asks", False, False), ("left", True, False), ("back", False, True)):
        for others in (False, True):
            states = {"left": left, "returned": returned, "others": others, "leave": "leave", "back": "back"}
            values = {"school": school_name(long=long), **states}
            yield Shown(f"unsubscribe-{name}-{'others' if others else 'nothing'}", "unsubscribe.html", values)


def _accounts(texts: Texts, *, long: bool) -> Iterator[Shown]:
    """Return what ``web.login_pages`` and its kin ask, with and without a refusal."""
    say = texts.format
    login = FormField("login", say("web-login-login"), complete="username", value=LONG * 1024 if long else "elkina-yy")
    password = FormField("password", say("web-login-password"), "password", "current-password")
    new = FormField("new", say("web-password-new"), "password", "new-password")
    advice, ways = say("web-password-advice", least=15), (Way("forgotten", say("web-login-forgotten")),)
    askings = {
        "login": Asking(say("web-login-title"), (login, password), say("web-login-button"), (), ways, "Госуслуги"),
        "new-password": Asking(say("web-new-password-title"), (password, new), say("web-password-save"), (advice,)),
    }
    for name, asking in askings.items():
        yield Shown(name, "fields.html", {"asking": asking, "refusal": None})
        refusal = say("refusal-login-too-many", minutes=15)
        yield Shown(
            f"{name}-refused", "fields.html", {"asking": asking, "refusal": refusal}, HTTPStatus.TOO_MANY_REQUESTS
        )
    for refused in (None, say("refusal-password-short", least=15)):
        values = {"new": new, "least": 15, "refusal": refused, "enter": "enter"}
        yield Shown(f"link-{'refused' if refused else 'asks'}", "link.html", values)
    yield Shown("home", "home.html", _home(texts, long=long))


def _home(texts: Texts, *, long: bool) -> dict[str, Any]:
    name = LONG * 180 if long else "Ёлкина Яна Юрьевна"
    school = school_name(long=long)
    persons = tuple(OwnPerson(UUID(int=one), name, school, this=one == 0) for one in range(3))
    stays = [
        Stay(UUID(int=one), LONG * 60 if long else "Яндекс Браузер, Android", when, this=one == 0)
        for one, when in enumerate(
            [texts.format("web-stay-password", began="22 ноября в 9:05", seen="23 ноября в 18:40")]
            * (20 if long else 3)
        )
    ]
    own = OwnAccount(persons, (), has_password=True, zone="Europe/Moscow")
    switches = in_lines(texts, Switches(news=True, letters=long, copies=True, mailbox=True))
    shown = {"own": own, "stays": stays, "calls_rolls": True, "refusal": None}
    return shown | {"switches": switches, "turn": TURN}


def _mailboxes(*, long: bool) -> Iterator[Shown]:
    mailbox = f"{'a' * 64}@{'b' * 180}.example" if long else "anna.elkina@example.ru"
    values = {"school": school_name(long=long), "mailbox": mailbox, "confirm": "confirm", "refuse": "not-me"}
    yield Shown("mailbox", "mailbox.html", values | {"day": "24.11.2026", "until": "9:30"})
