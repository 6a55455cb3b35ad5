from dataclasses import fields
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import payloads, teacher_payloads
from bot.class_day_payloads import Named
from bot.teacher_payloads import (
    Give,
    GiveForMissed,
    Homework,
    LessonWeek,
    Marks,
    Once,
    Phrase,
    ReplyBy,
    ThisWeek,
    Token,
    pack,
    read,
)
from core.events import NoticeAsk, RemarkKind
from core.learning.gradebook import WORKS

ALPHABET = "abcXYZ019_-"
VALUES: dict[Any, st.SearchStrategy[Any]] = {
    UUID: st.uuids(),
    Token: st.text(ALPHABET, min_size=8, max_size=8),
    Once: st.text(ALPHABET, min_size=6, max_size=6),
    int: st.integers(0, 99),
    date: st.dates(min_value=date(1000, 1, 1)),
    RemarkKind: st.sampled_from(RemarkKind),
    NoticeAsk: st.sampled_from(NoticeAsk),
    Named: st.sampled_from(Named),
}
KINDS = tuple(teacher_payloads._KINDS.values())
PRESSES = st.sampled_from(KINDS).flatmap(
    lambda kind: st.builds(kind, **{field.name: VALUES[field.type] for field in fields(kind)})
)


@given(PRESSES)
def test_every_button_is_read_as_it_was_drawn_and_fits_any_messenger(press: object) -> None:
    packed = pack(press)
    assert read(packed) == press
    assert len(packed.encode()) <= 64
    assert payloads.read(packed) is None
    assert payloads.read_alert(packed) is None


@given(st.one_of(st.text(max_size=70), st.text(ALPHABET + "t2:gvD", max_size=70).map("t2:".__add__)))
def test_any_other_payload_is_nobodys(junk: str) -> None:
    press = read(junk)
    assert press is None or pack(press) == junk


@pytest.mark.parametrize(
    "payload",
    [
        "t2:",
        "t2",
        "t1:s",
        "t2:h" + "A" * 21,
        "t2:h" + "A" * 23,
        "t2:h" + "A" * 21 + "B",
        "t2:h" + "A" * 22 + "\n",
        "t2:g" + "A" * 22 + "1",
        "t2:g" + "A" * 22 + "٠١",
        "t2:k" + "A" * 22 + "x",
        "t2:Dabcdefgh20261301",
        "t2:f" + "abc!efgh" + "01",
    ],
)
def test_broken_buttons_are_nobodys(payload: str) -> None:
    assert read(payload) is None


def test_a_button_drawn_today_is_read_for_as_long_as_chats_hold_it() -> None:
    lesson, pupil = UUID(int=1), UUID(int=2)
    one, two = "A" * 21 + "Q", "A" * 21 + "g"
    assert pack(Marks(lesson, 3)) == f"t2:g{one}03"
    assert pack(Give(lesson, pupil, 0, 5, Once("abcdef"))) == f"t2:v{one}{two}0005abcdef"
    assert pack(GiveForMissed(lesson, pupil, 0, 5, Once("abcdef"))) == f"t2:m{one}{two}0005abcdef"
    assert pack(Homework(lesson)) == f"t2:h{one}"
    assert pack(Phrase(Token("abcdefgh"), 2)) == "t2:fabcdefgh02"
    assert pack(ReplyBy(Token("abcdefgh"), date(2026, 10, 23))) == "t2:Dabcdefgh20261023"
    assert pack(ThisWeek(lesson)) == f"t2:U{one}"
    assert pack(LessonWeek(lesson, date(2026, 11, 23), 1)) == f"t2:V{one}2026112301"


def test_every_kind_of_work_has_a_place_on_a_button() -> None:
    assert len(WORKS) <= 100
