"""What nobody is to pass on: marks and remarks, as Telegram is asked to keep them; other news anybody may be shown."""

import json
from datetime import date, timedelta
from uuid import UUID

import pytest

from core.events import (
    Addressee,
    HomeworkState,
    LearningWeekState,
    NoticeAsk,
    NoticeState,
    RemarkKind,
    RemarkState,
    Subject,
)
from gateway.content import content_for
from gateway.digest import Letter, digest_chat, piece_of
from gateway.rendering import AnyTelling, chat_message
from gateway.wording.words import Telling
from notifiers.port import Message
from notifiers.telegram import request_of
from tests.unit.gateway_cases import PUPIL, READER, TODAY, UNEXPLAINED, day_state, mark_state, school
from tests.unit.plan_cases import COLD, FAIR, WORK, day
from texts.reader import load

TEXTS = load("ru")
CHILD = Addressee(pupil=PUPIL, name="Ёлкина Саша")


def remark(kind: RemarkKind) -> RemarkState:
    return RemarkState(
        remark=UUID(int=8),
        kind=kind,
        pupil=PUPIL,
        pupil_name="Ёлкина Саша",
        class_title="5А",
        day=TODAY,
        subject_name=None,
        author_name="Петрова Мария Ивановна",
        text="Помогла дежурным.",
    )


HOMEWORK = HomeworkState(
    lesson=UUID(int=1),
    class_title="5А",
    pupils=(CHILD,),
    subject_name="математика",
    set_on=TODAY,
    text="№ 5",
    due_on=TODAY + timedelta(days=1),
)
NOTICE = NoticeState(
    notice=UUID(int=1),
    class_title="5А",
    pupils=(CHILD,),
    author_name="Петрова Мария Ивановна",
    title="Поездка в музей",
    text="Едем.",
    text_hash="ab" * 32,
    ask=NoticeAsk.READ,
    reply_by=None,
    published_on=TODAY,
)
WEEK = LearningWeekState(
    pupil=PUPIL, pupil_name="Ёлкина Саша", class_title="5А", day=date(2026, 10, 24), first=date(2026, 10, 18)
)
KEPT = (mark_state(), mark_state(value=5), mark_state(value=None), *(remark(kind) for kind in RemarkKind), WEEK)
"""A week holds the same in sums: averages and what is missing."""
OTHERS = (day_state({1: UNEXPLAINED}), HOMEWORK, NOTICE, day(*COLD), WORK, FAIR)


def telling(state: Subject) -> AnyTelling:
    content = content_for(state, READER, acknowledged=False, interactive=True)
    return Telling(UUID(int=5), content, None, state, school(), children=("Ёлкина Саша",))


def is_protected(message: Message) -> bool:
    """Tell what goes to Telegram."""
    body = request_of(message)
    assert isinstance(body, bytes)
    return bool(json.loads(body).get("protect_content", False))


@pytest.mark.parametrize("state", KEPT, ids=lambda state: f"{state.type}")
def test_marks_and_remarks_are_not_for_passing_on(state: Subject) -> None:
    assert is_protected(chat_message(TEXTS, telling(state), "1001", "key"))


@pytest.mark.parametrize("state", OTHERS, ids=lambda state: f"{state.type}")
def test_everything_else_may_be(state: Subject) -> None:
    assert not is_protected(chat_message(TEXTS, telling(state), "1001", "key"))


def test_an_evening_message_is_kept_if_a_part_of_it_is() -> None:
    letter = Letter(key="key", address="1001", day=TODAY, longest=4096)
    news, mark = piece_of(TEXTS, telling(HOMEWORK)), piece_of(TEXTS, telling(mark_state()))
    assert is_protected(digest_chat(TEXTS, [news, mark], letter))
    assert not is_protected(digest_chat(TEXTS, [news], letter))
