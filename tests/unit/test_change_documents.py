"""Changes of the timetable survive being stored, whatever they say; what is none of ours is refused."""

import json
from datetime import date, time
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from core.timetable.change_documents import read, read_one, write
from core.timetable.timetable_tables import TimetableChange
from core.year.bells import Bell, BellSchedule
from core.year.changes import (
    Cancellation,
    CancelReason,
    Change,
    Closed,
    DayAct,
    Distance,
    Move,
    Scope,
    ShortBells,
    Substitution,
    TaughtBy,
)
from core.year.span import Hours, Span

DAYS = st.dates(date(2026, 9, 1), date(2027, 5, 31))
IDS, MAYBE = st.uuids(), st.none() | st.uuids()
REASONS, NOTES, NUMBERS = st.sampled_from(CancelReason), st.text(max_size=20), st.integers(0, 12)
GRADES = st.none() | st.frozensets(st.integers(0, 11))
HOURS = st.tuples(st.times(time(8), time(12)), st.times(time(12, 0, 1), time(20))).map(lambda two: Hours(*two))
SCHEDULES = st.builds(
    BellSchedule,
    name=NOTES,
    shift=st.integers(1, 3),
    bells=st.lists(st.builds(Bell, NUMBERS, HOURS), max_size=3).map(tuple),
    grades=GRADES,
    weekdays=st.none() | st.frozensets(st.integers(1, 7)),
)
EFFECTS = (
    st.builds(ShortBells, st.lists(SCHEDULES, max_size=2).map(tuple))
    | st.builds(Closed, REASONS, NOTES)
    | st.builds(Distance)
    | st.builds(TaughtBy, DAYS)
)
SCOPES = st.builds(
    Scope, shift=st.none() | st.integers(1, 3), grades=GRADES, classes=st.none() | st.frozensets(IDS, max_size=3)
)
CHANGES: st.SearchStrategy[Change] = st.one_of(
    st.builds(Substitution, IDS, DAYS, IDS, MAYBE, MAYBE),
    st.builds(Move, IDS, DAYS, DAYS, NUMBERS, MAYBE, st.none() | HOURS),
    st.builds(Cancellation, IDS, DAYS, REASONS, NOTES),
    st.builds(DayAct, st.tuples(DAYS, DAYS).map(lambda two: Span(min(two), max(two))), EFFECTS, SCOPES),
)
SLOT, DAY = UUID(int=1), date(2026, 11, 24)


def stored(change: Change) -> TimetableChange:
    written = write(change)
    data = json.loads(json.dumps(written.data))
    return TimetableChange(
        kind=written.kind, slot_id=written.slot_id, first=written.first, last=written.last, data=data
    )


@given(st.lists(CHANGES, max_size=4))
def test_every_change_is_read_as_it_was_written_and_in_order(changes: list[Change]) -> None:
    assert read([stored(change) for change in changes]) == tuple(changes)


@given(st.builds(DayAct, st.just(Span(DAY, DAY)), st.builds(Distance), SCOPES))
def test_the_same_scope_is_the_same_document(act: DayAct) -> None:
    again = DayAct(act.span, act.effect, Scope(act.scope.shift, act.scope.grades, act.scope.classes))
    assert json.dumps(write(act).data) == json.dumps(write(again).data)


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("substitution", {}),
        ("substitution", {"teacher": str(SLOT), "techer": str(SLOT)}),
        ("move", {"to": "завтра", "number": 1}),
        ("cancellation", {"reason": "лень"}),
        ("holiday", {}),
    ],
)
def test_what_is_no_change_of_ours_is_refused(kind: str, data: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_one(TimetableChange(kind=kind, slot_id=SLOT, first=DAY, last=DAY, data=data))


def test_an_act_whose_effect_is_not_named_is_refused() -> None:
    with pytest.raises(ValidationError):
        read_one(TimetableChange(kind="day-act", slot_id=None, first=DAY, last=DAY, data={"effect": {}}))
