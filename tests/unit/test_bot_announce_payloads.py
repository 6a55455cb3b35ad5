"""Buttons by which a parent announces an absence: read as they were drawn, for as long as chats hold them."""

from dataclasses import fields
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import announce_payloads, parent_payloads, payloads, teacher_payloads
from bot.announce_payloads import (
    Certificate,
    Edge,
    Lasting,
    Lasts,
    NewAbsence,
    OneAnnounced,
    SendAbsence,
    Since,
    TypeDay,
    Until,
    Why,
    pack_absence,
    read_absence,
    version_mark,
)
from bot.teacher_payloads import Homework, Token
from core.learning.announced_absences import AbsenceReason

ALPHABET = "abcXYZ019_-"
VALUES: dict[Any, st.SearchStrategy[Any]] = {
    UUID: st.uuids(),
    Token: st.text(ALPHABET, min_size=8, max_size=8),
    int: st.integers(0, 99),
    date: st.dates(min_value=date(1000, 1, 1)),
    AbsenceReason: st.sampled_from(AbsenceReason),
    Lasting: st.sampled_from(Lasting),
    Edge: st.sampled_from(Edge),
}
KINDS = tuple(announce_payloads._KINDS.values())
PRESSES = st.sampled_from(KINDS).flatmap(
    lambda kind: st.builds(kind, **{field.name: VALUES[field.type] for field in fields(kind)})
)


@given(PRESSES)
def test_every_button_is_read_as_it_was_drawn_and_fits_any_messenger(press: object) -> None:
    packed = pack_absence(press)
    assert read_absence(packed) == press
    assert len(packed.encode()) <= 64
    others = (payloads.read, payloads.read_alert, teacher_payloads.read, parent_payloads.read_parent)
    assert [read(packed) for read in others] == [None] * len(others)


@given(st.one_of(st.text(max_size=70), st.text(ALPHABET + "p2:sou", max_size=70).map("p2:".__add__)))
def test_any_other_payload_is_nobodys(junk: str) -> None:
    press = read_absence(junk)
    assert press is None or pack_absence(press) == junk


@pytest.mark.parametrize(
    "payload",
    [
        "p2:",
        "p2",
        "p1:o",
        "p2:oo",
        "p2:w" + "A" * 21,
        "p2:w" + "A" * 21 + "B",
        "p2:w" + "A" * 22 + "\n",
        "p2:y" + "A" * 22 + "x",
        "p2:labcdefghz",
        "p2:sabcdefgh1",
        "p2:u" + "A" * 44 + "2026130101",
    ],
)
def test_broken_buttons_are_nobodys(payload: str) -> None:
    assert read_absence(payload) is None


def test_a_button_drawn_today_is_read_for_as_long_as_chats_hold_it() -> None:
    pupil, announced, token = UUID(int=1), UUID(int=2), Token("abcdefgh")
    one, two = "A" * 21 + "Q", "A" * 21 + "g"
    assert pack_absence(NewAbsence()) == "p2:o"
    assert [pack_absence(Why(pupil, reason)) for reason in AbsenceReason] == [f"p2:y{one}{each}" for each in "ifo"]
    assert pack_absence(Since(token, 1)) == "p2:sabcdefgh01"
    assert [pack_absence(Lasts(token, lasting)) for lasting in Lasting] == [f"p2:labcdefgh{each}" for each in "ofwu"]
    assert [pack_absence(TypeDay(token, edge)) for edge in Edge] == ["p2:tabcdefghb", "p2:tabcdefghe"]
    assert pack_absence(Certificate(token, 1)) == "p2:cabcdefgh01"
    assert pack_absence(SendAbsence(token, 7)) == "p2:xabcdefgh07"
    assert pack_absence(OneAnnounced(pupil, announced)) == f"p2:k{one}{two}"
    assert pack_absence(Until(pupil, announced, date(2026, 11, 27), 3)) == f"p2:u{one}{two}2026112703"
    assert (version_mark(99), version_mark(103)) == (99, 3)


def test_a_press_of_somebody_else_is_not_packed() -> None:
    with pytest.raises(LookupError, match="Homework"):
        pack_absence(Homework(UUID(int=1)))
