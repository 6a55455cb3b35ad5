"""What a page weighs with its style: a family opens it on a phone, where the network is slow and paid by the megabyte.

Real templates, real texts, and in a notice the most that a teacher may write, of the sign that HTML makes longest.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from http import HTTPStatus
from uuid import UUID

import pytest

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
from texts.reader import Texts, load
from web import wording
from web.notice_page import BUTTONS
from web.pages import TEMPLATES, Pages

HEAVIEST = 30_000
"""Bytes of a page as it leaves us, not packed."""
LONG = '"'
"""Five bytes in HTML; a letter of Russian has two, an emoji, which counts as two signs, four."""
SCHOOL = LONG * 300
TODAY, LAST_DAY = date(2026, 11, 23), date(2027, 1, 12)
FAMILY = {"absence.html", "message.html", "notice.html", "password.html", "unsubscribe.html"}
READER = UUID(int=9)
PARTS = {"page.html", "page.css"}
FOR_PROGRAMMERS = {"api.html"}
"""Grows with every operation and is read at a desk; no link of a letter leads to it."""


@pytest.fixture(params=["ru", "en"])
def texts(request: pytest.FixtureRequest) -> Texts:
    return load(request.param)


def notice(ask: NoticeAsk, own: NoticeAnswer | None) -> NoticeView:
    title, text = LONG * TITLE_LONGEST, LONG * TEXT_LONGEST
    return NoticeView(
        id=UUID(int=1),
        class_title="11 «А»",
        author_name=LONG * 180,
        title=title,
        text=text,
        text_hash=hash_of(title, text),
        ask=ask,
        reply_by=LAST_DAY,
        published_on=TODAY,
        withdrawn=False,
        children=(LONG * 60,) * 10,
        pupils=tuple(map(UUID, map("{:032x}".format, range(10)))),
        own=own,
        answered_at=None if own is None else own.at,
    )


def weight(texts: Texts, template: str, **values: object) -> int:
    body = Pages(texts).page(template, HTTPStatus.OK, **values).body
    assert isinstance(body, bytes)
    return len(body)


def notice_weight(texts: Texts, view: NoticeView) -> int:
    return weight(
        texts,
        "notice.html",
        notice=view,
        school=SCHOOL,
        published=wording.day(texts, TODAY, TODAY),
        last_day=wording.day(texts, LAST_DAY, TODAY),
        refusal=texts.format("refusal-notice-text-changed") if view.own else None,
        own=wording.answer(texts, view.own, "Asia/Kamchatka") if view.own else None,
        state="open",
        buttons=BUTTONS[view.ask],
    )


def test_every_template_is_weighed_here_or_is_none_that_a_family_opens() -> None:
    assert {path.name for path in TEMPLATES.iterdir() if path.is_file()} == FAMILY | PARTS | FOR_PROGRAMMERS


@pytest.mark.parametrize("answered", [False, True])
@pytest.mark.parametrize("ask", NoticeAsk)
def test_the_longest_notice_is_light(texts: Texts, ask: NoticeAsk, *, answered: bool) -> None:
    own = NoticeAnswer(guardian=UUID(int=2), act=NoticeAct.REFUSED, at=datetime(2026, 11, 23, 9, tzinfo=UTC))
    view = notice(ask, own if answered else None)
    whole = notice_weight(texts, view)
    assert whole <= HEAVIEST
    # The text is really in it, as long as it may be: what is weighed is no empty frame.
    assert whole - notice_weight(texts, replace(view, text="")) == TEXT_LONGEST * len("&#34;")


@pytest.mark.parametrize(("left", "returned"), [(False, False), (True, False), (False, True)])
@pytest.mark.parametrize("others", [False, True])
def test_the_page_of_unsubscribing_is_light(texts: Texts, *, left: bool, returned: bool, others: bool) -> None:
    states = {"left": left, "returned": returned, "others": others, "leave": "leave", "back": "back"}
    assert weight(texts, "unsubscribe.html", school=SCHOOL, **states) <= HEAVIEST


def test_pages_of_a_password_and_of_one_sentence_are_light(texts: Texts) -> None:
    said = texts.format("web-form-broken")
    assert weight(texts, "password.html", refusal=said, least=15) <= HEAVIEST
    assert weight(texts, "message.html", title=said, sentence=said) <= HEAVIEST


@pytest.mark.parametrize("answer", [None, *ProposedReason])
def test_the_longest_day_of_absence_is_light(texts: Texts, answer: ProposedReason | None) -> None:
    """As many lessons as a day may have, each with the longest name of a subject."""
    bell = datetime(2026, 11, 23, 3, 30, tzinfo=UTC)
    lessons = [
        LessonAbsence(
            lesson=UUID(int=number),
            number=number,
            subject_name=LONG * LONGEST,
            starts_at=bell + timedelta(hours=number),
            code="н",
            kind=AbsenceKind.UNEXPLAINED,
            recorded_at=bell + timedelta(hours=number),
        )
        for number in range(1, 16)
    ]
    said = () if answer is None else (GuardianAnswer(guardian=READER, reason=answer, at=bell),)
    state = AttendanceDayState(
        pupil=UUID(int=1),
        pupil_name=LONG * 180,
        class_title="11 «А»",
        day=TODAY,
        absences=tuple(lessons),
        answers=said,
        missed_lessons=999,
        counted_since=date(2026, 9, 1),
    )
    message = ToldMessage(TODAY, UUID(int=3), "", READER, UUID(int=4), 0, (state.pupil,), TODAY)
    settings = SchoolSettings(settle_minutes=0, floor=(), allowed_channels=(Channel.MAIL,))
    told = SchoolState(kind=SchoolKind.PRIVATE, name=SCHOOL, zone="Asia/Kamchatka", settings=settings)
    words = AskedAbsence(message, told, None, acknowledged=False).words(texts, state)
    assert len(words.body) == len(lessons)
    shown = {"words": words, "keys": words.keys, "reason": answer, "answered": answer is not None}
    refusal = texts.format("refusal-year-closed", day="23.11.2026")
    whole = weight(texts, "absence.html", school=SCHOOL, refusal=refusal, call=True, closed=False, **shown)
    assert whole <= HEAVIEST
