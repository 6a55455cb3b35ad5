"""A reader is rung for what he must know, once for a roll, and never for what he has seen to himself."""

from datetime import datetime, timedelta
from typing import get_args
from uuid import UUID, uuid4

import pytest

from core.events import Channel, LearningWeekState, Subject, SubjectAverage
from gateway import digest
from gateway.categories import Duty, topic_of
from gateway.content import Content, ends_in_silence, read_content, rings_again
from gateway.due_times import Hours
from gateway.duty_content import DisputeContent, DutyContent, RollContent
from gateway.learning_content import LearningContent
from gateway.routing import Route
from gateway.states import Purpose, Reason, State
from gateway.terms import TERMS, over_at
from gateway.thread import Thread, Wanted
from gateway.threads import Head, Plan, Reader, plan_threads
from tests.unit.plan_cases import COLD, DAY, FAIR, READER, SUBSTITUTED, USUAL, ZONE, at, day, lesson, otherwise

NOW = at(9, 50)
LATE, CALLED = RollContent("математика", "5А", 1, overdue=True), RollContent("математика", "5А", 1, overdue=False)
OPEN, CLOSED = DisputeContent("математика", 1, disputed=True), DisputeContent("математика", 1, disputed=False)
STAFF = Hours(at(19).time(), at(7, 30).time(), ZONE)


def thread(channel: Channel, told: DutyContent | None, state: State, want: DutyContent | None = None) -> Thread:
    wanted = want or told
    assert wanted is not None
    key = None if told is None else told.key()
    has_message = told is not None and channel is Channel.TELEGRAM
    version = None if told is None else 1
    threads = (uuid4(), channel, Purpose.ALERT, state, 1, wanted.key(), version, key, 0, 1)
    return Thread(*threads, has_message=has_message)


def planned(now: DutyContent, channel: Channel, *threads: Thread) -> tuple[Plan, ...]:
    head = Head(2, NOW, DAY, ZONE, timedelta(), urgent=False, terms=TERMS[Duty.ROLL])
    ways = (Route(channel, f"{channel}:1"),)
    return plan_threads(head, Reader(ways, 1, Wanted(now, now), threads, STAFF), NOW)


@pytest.mark.parametrize(("open_", "over"), [(LATE, CALLED), (OPEN, CLOSED)])
def test_what_is_over_is_drawn_into_a_chat_and_never_written_in_a_letter(open_: DutyContent, over: DutyContent) -> None:
    (edit,) = planned(over, Channel.TELEGRAM, thread(Channel.TELEGRAM, open_, State.ACCEPTED))
    assert (edit.state, edit.new_message) == (State.PENDING, False)
    assert planned(over, Channel.MAIL, thread(Channel.MAIL, open_, State.ACCEPTED)) == ()
    (stopped,) = planned(over, Channel.MAIL, thread(Channel.MAIL, open_, State.PENDING, over))
    assert (stopped.state, stopped.reason) == (State.SUPPRESSED, Reason.SUPERSEDED)
    (never,) = planned(over, Channel.MAIL, thread(Channel.MAIL, None, State.PENDING, open_))
    assert (never.state, never.reason) == (State.SUPPRESSED, Reason.SUPERSEDED)


def test_a_roll_that_is_late_again_rings_nobody_and_a_dispute_does() -> None:
    (again,) = planned(LATE, Channel.TELEGRAM, thread(Channel.TELEGRAM, CALLED, State.ACCEPTED))
    assert (again.state, again.new_message) == (State.PENDING, False)
    (anew,) = planned(OPEN, Channel.TELEGRAM, thread(Channel.TELEGRAM, CLOSED, State.ACCEPTED))
    assert (anew.state, anew.new_message) == (State.PENDING, True)
    assert not rings_again(LATE, CALLED)
    assert rings_again(OPEN, CLOSED)


@pytest.mark.parametrize("one", [LATE, CALLED, OPEN, CLOSED])
def test_duties_are_read_back_from_their_keys(one: DutyContent) -> None:
    assert read_content(one.key()) == one
    assert ends_in_silence(one) is (one in (CALLED, CLOSED))


def test_a_week_is_read_back_from_its_key_and_says_nothing_to_others() -> None:
    average = SubjectAverage(subject_name="физика", hundredths=400)
    state = LearningWeekState(
        pupil=UUID(int=1),
        pupil_name="Ёлкина Саша",
        class_title="5А",
        day=DAY,
        first=DAY,
        averages=(average,),
        missed=1,
        readers=(READER,),
    )
    mine = LearningContent.of(state, READER, attendance=True)
    assert (mine.averages, mine.missed, mine.alarming) == ((average,), 1, (DAY,))
    assert read_content(mine.key()) == mine
    assert LearningContent.of(state, UUID(int=9), attendance=True).alarming == ()
    assert LearningContent.of(state, READER, attendance=False).alarming == (), "what is left of it is no news"
    assert LearningContent.of(state.model_copy(update={"readers": None}), UUID(int=9), attendance=True).alarming


def _contents(alias: object) -> set[type]:
    if isinstance(alias, type):
        return {alias}
    inside = get_args(alias) or get_args(getattr(alias, "__value__", None))
    return {one for part in inside for one in _contents(part)}


def test_every_content_has_a_topic_a_place_in_letters_and_terms() -> None:
    kinds = _contents(Content)
    assert len(kinds) == 16
    assert set(digest._ORDER) == kinds
    for one in (LATE, OPEN, LearningContent(DAY)):
        assert topic_of(one) in TERMS


@pytest.mark.parametrize(
    ("state", "over"),
    [
        (day(lesson(1), SUBSTITUTED), at(10, 10)),
        (day(lesson(1), otherwise(2, starts_at=at(8), ends_at=at(8, 40))), at(10, 10)),
        (day(*COLD), at(11, 10)),
        (day(*USUAL), at(11, 10)),
        (day(), None),
        (FAIR, FAIR.ends_at),
    ],
)
def test_a_plan_is_past_when_the_last_of_what_it_changes_is_over(state: Subject, over: datetime | None) -> None:
    assert over_at(state, ZONE) == over
