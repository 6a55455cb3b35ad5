from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.payloads import (
    AlertPress,
    AsLast,
    Done,
    Edit,
    Lessons,
    Look,
    Mark,
    Presence,
    TeacherPress,
    Undo,
    Verb,
    pack,
    read,
    read_alert,
)
from gateway.rendering import payload
from gateway.wording.absence import ROWS

DRAFTS = st.text("abcXYZ019_-", min_size=8, max_size=8)
PRESSES = st.one_of(
    st.builds(Mark, DRAFTS, st.integers(0, 999), st.sampled_from(Presence)),
    st.builds(AsLast, DRAFTS),
    st.builds(Done, DRAFTS),
    st.builds(Look, st.uuids()),
    st.builds(Edit, st.uuids()),
    st.builds(Undo, st.uuids(), st.integers(0, 999_999_999)),
    st.just(Lessons()),
)


@given(PRESSES)
def test_every_button_is_read_as_it_was_drawn_and_fits_any_messenger(press: TeacherPress) -> None:
    packed = pack(press)
    assert read(packed) == press
    assert len(packed.encode()) <= 64


def test_buttons_drawn_before_there_was_lateness_still_say_what_they_said() -> None:
    assert read("t1:m:abcXYZ01:5:1") == Mark("abcXYZ01", 5, Presence.ABSENT)
    assert read("t1:m:abcXYZ01:5:0") == Mark("abcXYZ01", 5, Presence.HERE)


@given(st.text(max_size=70))
def test_any_other_payload_is_nobodys(junk: str) -> None:
    assert read(junk) is None
    assert read_alert(junk) is None


@pytest.mark.parametrize(
    "payload",
    ["t1:", "t1:x", "t0:s", "t1:m:abcXYZ01:1:2", "t1:m:abcXYZ01:-1:1", "t1:m:abc:1:1", "t1:u:00:1", "t1:s:", "t1:s\n"],
)
def test_broken_buttons_are_nobodys(payload: str) -> None:
    assert read(payload) is None


@pytest.mark.parametrize("payload", ["a:", "a:00:ok", f"a:{'0' * 32}:", f"a:{'0' * 32}:nonsense", f"a:{'0' * 32}:ok "])
def test_broken_buttons_under_an_alert_are_nobodys(payload: str) -> None:
    assert read_alert(payload) is None


def test_the_gateways_buttons_are_understood() -> None:
    delivery = UUID(int=7)
    verbs = [verb for row in ROWS for verb in row]
    assert [read_alert(payload(delivery, verb)) for verb in verbs] == [AlertPress(delivery, Verb(v)) for v in verbs]
    assert set(verbs) == set(Verb)
