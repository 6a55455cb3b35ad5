"""Buttons by which a parent chooses for one child or for all: read as they were drawn, as long as chats hold them."""

from dataclasses import fields
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import announce_payloads, parent_payloads, payloads, subscription_payloads, teacher_payloads
from bot.subscription_payloads import EVERY_CHILD, ChooseFor, Place, SubjectSign, pack_choice, read_choice, sign_of
from core.events import Channel
from gateway.categories import Category
from gateway.profiles import OFF, Choice, Mode

HOURS = st.none() | st.integers(16, 20)
VALUES: dict[Any, st.SearchStrategy[Any]] = {
    UUID: st.uuids() | st.just(EVERY_CHILD),
    Category: st.sampled_from(Category),
    Choice: st.one_of(
        st.just(OFF),
        st.builds(Choice, st.just(Mode.NOW), st.sampled_from(Channel)),
        st.builds(Choice, st.just(Mode.DAILY), st.sampled_from(Channel), HOURS),
        st.builds(Choice, st.just(Mode.WEEKLY), st.sampled_from(Channel), HOURS, st.integers(1, 7)),
    ),
    SubjectSign: st.text(min_size=1).map(sign_of),
    int: st.integers(2, 6),
    Place: st.integers(0, 99).map(Place),
    bool: st.booleans(),
}
KINDS = tuple(subscription_payloads._KINDS.values())
PRESSES = st.sampled_from(KINDS).flatmap(
    lambda kind: st.builds(kind, **{field.name: VALUES[field.type] for field in fields(kind)})
)


@given(PRESSES)
def test_every_button_is_read_as_it_was_drawn_and_fits_any_messenger(press: Any) -> None:
    packed = pack_choice(press)
    assert read_choice(packed) == press
    assert len(packed.encode()) <= 64
    others = (
        payloads.read,
        payloads.read_alert,
        teacher_payloads.read,
        parent_payloads.read_parent,
        announce_payloads.read_absence,
    )
    assert [read(packed) for read in others] == [None] * len(others)


@given(st.one_of(st.text(max_size=70), st.text("abcXYZ019_-", max_size=70).map("p3:h".__add__)))
def test_any_other_payload_is_nobodys(junk: str) -> None:
    press = read_choice(junk)
    assert press is None or pack_choice(press) == junk


@pytest.mark.parametrize("choice", ["dt21", "dt6", "w", "wt18", "nt18", "nt6", "wt188", "o1", "ox", "dt15", "dt١٨"])
def test_a_choice_that_makes_no_sense_is_nobodys(choice: str) -> None:
    drawn = pack_choice(ChooseFor(UUID(int=1), EVERY_CHILD, Category.MARK, OFF))
    assert read_choice(drawn.removesuffix("o") + choice) is None


def test_a_drawn_button_keeps_its_spelling() -> None:
    press = ChooseFor(UUID(int=1), EVERY_CHILD, Category.DIGEST, Choice(Mode.WEEKLY, Channel.MAIL, 18, 6))
    assert pack_choice(press) == f"p3:h{'A' * 21}Q{'A' * 22}gwm186"
