"""How the rail counts readers: green only if everybody who should have been told was."""

from collections.abc import Sequence
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest

from gateway.states import Reason, State
from texts.reader import load
from zvonok.sandbox.rail import Traces, Words, _ways
from zvonok.sandbox.rail_people import Standing, Sum, of_reader, of_thread
from zvonok.sandbox.rail_records import Records
from zvonok.sandbox.rail_times import dated

READER, UTC_ZONE, NOON = UUID(int=7), ZoneInfo("UTC"), datetime(2026, 9, 8, 12, tzinfo=UTC)

TOLD, WAITS, MISSED, FORBIDDEN, UNNEEDED = Standing
NEVER_MEANT = {
    UNNEEDED: {"unsubscribed", "not-recommended", "not-asked-for", "superseded", "moved-to-another-channel"},
    FORBIDDEN: {"rights-lost", "barred", "no-contact", "limited-view"},
}


def thread(state: State, reason: str | None = None, want: int = 1) -> Any:
    return SimpleNamespace(state=state.value, reason=reason, want=want)


@pytest.mark.parametrize("reason", [*Reason, "a-reason-of-another-version"])
def test_what_was_suppressed_is_a_miss_unless_nobody_meant_it_to_be_told(reason: str) -> None:
    expected = next((standing for standing, reasons in NEVER_MEANT.items() if reason in reasons), MISSED)
    assert of_thread(thread(State.SUPPRESSED, reason)) is expected


@pytest.mark.parametrize(
    ("state", "standing"),
    [
        (State.PENDING, WAITS),
        (State.CLAIMED, WAITS),
        (State.SENDING, WAITS),
        (State.ACCEPTED, TOLD),
        (State.DELIVERED, TOLD),
        (State.BOUNCED, MISSED),
        (State.UNKNOWN, MISSED),
        (State.FAILED, MISSED),
        (State.EXPIRED, MISSED),
    ],
)
def test_a_state_has_one_standing(state: State, standing: Standing) -> None:
    assert of_thread(thread(state, Reason.UNSUBSCRIBED)) is standing


def test_one_way_that_came_through_is_enough_and_only_the_newest_version_counts() -> None:
    assert of_reader([thread(State.FAILED, "blocked-by-user"), thread(State.ACCEPTED)]) is TOLD
    assert of_reader([thread(State.FAILED, "blocked-by-user"), thread(State.PENDING)]) is WAITS
    assert of_reader([thread(State.ACCEPTED, want=1), thread(State.FAILED, want=2)]) is MISSED
    assert of_reader([thread(State.FAILED, want=1), thread(State.SUPPRESSED, Reason.SUPERSEDED, want=2)]) is UNNEEDED


@pytest.mark.parametrize(
    ("standings", "tone", "text"),
    [
        ([TOLD], "ok", "сказано"),
        ([TOLD, TOLD, UNNEEDED, FORBIDDEN], "ok", "сказано всем: 2"),
        ([TOLD, TOLD, MISSED], "some", "сказано не всем: 2 из 3"),
        ([WAITS, MISSED, UNNEEDED], "some", "сказано не всем: 0 из 2"),
        ([MISSED], "bad", "не сказано"),
        ([MISSED, MISSED, UNNEEDED], "bad", "не сказано никому"),
        ([TOLD, WAITS, WAITS], "wait", "сказано 1 из 3"),
        ([WAITS, WAITS, UNNEEDED], "wait", "ждёт до 18:00"),
        ([UNNEEDED, FORBIDDEN], "quiet", "говорить не нужно"),
        ([FORBIDDEN], "quiet", "говорить не положено"),
    ],
)
def test_the_head_says_it_in_a_word(standings: Sequence[Standing], tone: str, text: str) -> None:
    assert counted(standings).head(load("ru")) == {"tone": tone, "text": text}


def test_readers_are_counted_by_their_outcome() -> None:
    found = counted([TOLD] * 30 + [WAITS] * 2 + [MISSED] + [FORBIDDEN] + [UNNEEDED] * 3).counts(load("ru"))
    said = ["сказано 30", "ждёт до 18:00 — 2", "не сказано 1", "не положено 1", "не нужно 3"]
    assert [one["text"] for one in found] == said
    assert [one["tone"] for one in found] == ["ok", "wait", "bad", "quiet", "quiet"]
    apart = Sum.of([(WAITS, "в пути"), (WAITS, "ждёт до 18:00")])
    assert apart.head(load("ru")) == {"tone": "wait", "text": "в пути"}
    assert [one["text"] for one in apart.counts(load("ru"))] == ["в пути — 1", "ждёт до 18:00 — 1"]


def tried(hour: int, outcome: str = "accepted") -> Any:
    """Return an attempt at this hour of 8 September."""
    at = datetime(2026, 9, 8, hour, tzinfo=UTC)
    return SimpleNamespace(act="send", started_at=at, finished_at=at, outcome=outcome, reason=None)


def way(channel: str, state: State, want: int, reason: str | None = None) -> Any:
    """Return a way of the one reader, planned at seven."""
    planned = datetime(2026, 9, 8, 7, tzinfo=UTC)
    row = SimpleNamespace(id=uuid4(), recipient=READER, channel=channel, state=state.value, reason=reason, want=want)
    return SimpleNamespace(**vars(row), slot=None, created_at=planned, due_at=planned, changed_at=planned)


def legs(*ways: tuple[Any, list[Any]]) -> list[str]:
    """Draw one reader from his ways and their attempts."""
    words = Words(load("ru"), UTC_ZONE, datetime(2026, 9, 9, 8, tzinfo=UTC))
    traces = Traces({READER: "Анна"}, {row.id: attempts for row, attempts in ways}, {})
    drawn = words.person([row for row, _ in ways], traces)
    assert all(step["when"].startswith("8 сент., ") for step in drawn["steps"]), "yesterday's hours have their day"
    return [leg["text"] for leg in drawn["legs"]]


def test_ways_stand_in_the_order_in_which_they_were_tried_and_older_news_says_so() -> None:
    blocked = way("telegram", State.FAILED, 5, "blocked-by-user"), [tried(8, "rejected")]
    letter = way("mail", State.ACCEPTED, 5), [tried(9)]
    assert legs(blocked, letter) == ["Телеграм: бот заблокирован", "письмо: принято сервером"]
    corrected = way("telegram", State.ACCEPTED, 6), [tried(8, "rejected"), tried(10)]
    assert legs(corrected, letter) == ["раньше — письмо: принято сервером", "Телеграм: сообщение принято"]


@pytest.mark.parametrize(
    ("now", "said"),
    [("2026-09-08T18:00", "8:33"), ("2026-09-08T20:00", "8 сент., 8:33"), ("2026-10-09", "8 сент., 8:33")],
)
def test_a_moment_of_another_day_of_the_school_has_its_day(now: str, said: str) -> None:
    at = datetime(2026, 9, 8, 3, 33, tzinfo=UTC)
    beside = datetime.fromisoformat(now).replace(tzinfo=UTC)
    assert dated(at, beside, ZoneInfo("Asia/Yekaterinburg"), "ru", "d MMM") == said


def test_the_rail_speaks_no_cipher() -> None:
    words = Words(load("ru"), UTC_ZONE, NOON)
    said = [words.event(NOON, version, waits=waits)["text"] for version in (1, 4) for waits in (False, True)]
    assert said == [
        "Записано в журнал",
        "Записано в журнал, шлюз ещё не прочитал",
        "Изменение записано в журнал",
        "Записано в журнал, шлюз ещё не прочитал",
    ]


def test_the_first_record_stays_on_the_path_when_later_ones_come() -> None:
    words = Words(load("ru"), UTC_ZONE, NOON)

    def act(hour: int) -> Any:
        at = datetime(2026, 9, 8, hour, tzinfo=UTC)
        row = {"at": at, "action": "mark.give", "before": None, "after": {"value": "2"}}
        return SimpleNamespace(**row, surname="Царёва", given="Надежда", patronymic="")

    def path(version: int, *hours: int) -> list[tuple[str, str]]:
        fact: Any = SimpleNamespace(version=version, occurred_at=datetime(2026, 9, 8, hours[-1], tzinfo=UTC))
        steps = words.path(fact, [act(hour) for hour in hours])
        return [(one["when"], one["text"] if one["kind"] == "event" else one["kind"]) for one in steps]

    assert path(1, 9) == [("9:00", "act"), ("9:00", "Записано в журнал")]
    assert path(3, 9, 10, 11) == [
        ("9:00", "act"),
        ("9:00", "Записано в журнал"),
        ("10:00", "act"),
        ("11:00", "act"),
        ("11:00", "Изменение записано в журнал"),
    ]


def test_a_roll_that_was_taken_back_is_not_one_with_nobody_absent() -> None:
    words = Words(load("ru"), UTC_ZONE, NOON)
    row = {
        "at": NOON,
        "before": None,
        "after": {"absent": 0},
        "surname": "Царёва",
        "given": "Надежда",
        "patronymic": "",
    }
    acts: list[Any] = [SimpleNamespace(action=f"attendance.roll{end}", **row) for end in ("", ".undone")]
    assert [words.act(act)["text"].partition(": ")[2] for act in acts] == [
        "перекличка, отсутствуют: 0",
        "перекличка отменена",
    ]


def counted(standings: Sequence[Standing]) -> Sum:
    """Count readers of whom all that wait wait for the same."""
    return Sum.of((one, "ждёт до 18:00") for one in standings)


def ended(hour: int, absent: int) -> Any:
    """Return the end of a roll call at this hour."""
    teacher = {"actor": READER, "surname": "Царёва", "given": "Надежда", "patronymic": "Юрьевна"}
    lesson = {"subject": "roll/1", "number": 1, "class_title": "7Б"}
    at = datetime(2026, 9, 8, hour, tzinfo=UTC)
    return SimpleNamespace(**teacher, **lesson, action="attendance.roll", before=None, after={"absent": absent}, at=at)


def test_a_roll_call_ended_again_with_nothing_changed_is_one_step() -> None:
    acts: Any = [ended(10, 2), ended(9, 1), ended(8, 1)]
    records = Records(acts, (), (), (), (), (), {})
    (card,) = _ways(records, Words(load("ru"), UTC_ZONE, datetime(2026, 9, 8, 11, tzinfo=UTC)))
    assert [step["text"].rpartition(": ")[2] for step in card["steps"]] == ["1", "2"]
    assert card["when"] == "10:00"
