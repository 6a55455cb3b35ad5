"""What one reader is told: comparable with what he was told, and holding nothing of the other guardian."""

from collections.abc import Mapping
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.events import AbsenceKind, ProposedReason
from gateway.absence_content import AbsenceContent, Missed
from tests.unit.gateway_cases import EXCUSED, ILLNESS, OTHER, READER, UNEXPLAINED, absence_for, day_state, read_absence

days = st.dictionaries(st.integers(1, 8), st.sampled_from(AbsenceKind))
answers = st.dictionaries(st.sampled_from([READER, OTHER]), st.sampled_from(ProposedReason))
missed = st.builds(Missed, st.integers(0, 20), st.text(), st.sampled_from(AbsenceKind))
contents = st.builds(
    AbsenceContent, st.lists(missed).map(tuple), st.none() | st.sampled_from(ProposedReason), acknowledged=st.booleans()
)


@settings(deadline=None)
@given(contents)
def test_a_content_is_read_back_from_its_key(content: AbsenceContent) -> None:
    assert read_absence(content.key()) == content
    assert read_absence(content.key()).key() == content.key()


@settings(deadline=None)
@given(contents, contents)
def test_keys_are_equal_if_and_only_if_contents_are(one: AbsenceContent, other: AbsenceContent) -> None:
    assert (one.key() == other.key()) == (one == other)


@settings(deadline=None)
@given(day=days, before=answers, after=answers, acknowledged=st.booleans(), interactive=st.booleans())
def test_nothing_that_the_other_guardian_does_changes_what_i_am_told(
    day: Mapping[int, AbsenceKind],
    before: Mapping[UUID, ProposedReason],
    after: Mapping[UUID, ProposedReason],
    *,
    acknowledged: bool,
    interactive: bool,
) -> None:
    mine = {READER: before[READER]} if READER in before else {}
    theirs = {OTHER: after[OTHER]} if OTHER in after else {}
    shown = [
        absence_for(day_state(day, given), READER, acknowledged=acknowledged, interactive=interactive)
        for given in (mine, mine | theirs, theirs | mine)
    ]
    assert shown[0] == shown[1] == shown[2]


@settings(deadline=None)
@given(day=days, given_answers=answers, acknowledged=st.booleans())
def test_a_letter_tells_the_same_whatever_was_pressed(
    day: Mapping[int, AbsenceKind], given_answers: Mapping[UUID, ProposedReason], *, acknowledged: bool
) -> None:
    plain = absence_for(day_state(day), READER, acknowledged=False, interactive=False)
    pressed = absence_for(day_state(day, given_answers), READER, acknowledged=acknowledged, interactive=False)
    assert pressed == plain
    assert pressed.key() == plain.key()


def test_my_own_presses_show_where_they_can() -> None:
    state = day_state({1: UNEXPLAINED}, {READER: ProposedReason.ILL, OTHER: ProposedReason.UNAWARE})
    shown = absence_for(state, READER, acknowledged=True, interactive=True)
    assert (shown.answer, shown.acknowledged) == (ProposedReason.ILL, True)
    assert "unaware" not in shown.key()


@pytest.mark.req("NOTIF-19")
def test_only_an_absence_without_a_known_cause_must_be_told_unasked() -> None:
    state = day_state({1: UNEXPLAINED, 2: ILLNESS, 3: EXCUSED, 4: UNEXPLAINED})
    shown = absence_for(state, READER, acknowledged=False, interactive=True)
    assert [lesson.number for lesson in shown.missed] == [1, 4]
    assert [lesson.number for lesson in shown.lessons] == [1, 2, 3, 4]
