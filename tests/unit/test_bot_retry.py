from datetime import UTC, datetime, timedelta

import pytest
from aiogram.exceptions import (
    TelegramBadRequest,
    TelegramEntityTooLarge,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiogram.methods import GetMe
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from bot.retry import (
    MAX_ATTEMPTS,
    PATIENCE,
    SetAside,
    TryAgain,
    UndecodableUpdateError,
    failure_code,
    is_others_trouble,
    verdict_on,
)
from core.learning import attendance_day

NOW = datetime(2026, 10, 20, 4, 0, tzinfo=UTC)


class AwayError(Exception):
    def __init__(self, sqlstate: str) -> None:
        super().__init__("secret of Иванова")
        self.sqlstate = sqlstate


def wrapped(cause: Exception) -> Exception:
    error = RuntimeError()
    error.__cause__ = cause
    return error


OTHERS = [
    TelegramNetworkError(GetMe(), "x"),
    TelegramServerError(GetMe(), "x"),
    TelegramRetryAfter(GetMe(), "x", 7),
    TimeoutError(),
    ConnectionRefusedError(),
    PoolTimeoutError(),
    AwayError("57P01"),
    AwayError("08006"),
    wrapped(ConnectionResetError()),
    DBAPIError("select", {}, Exception(), connection_invalidated=True),
]
OURS = [
    KeyError("x"),
    TelegramBadRequest(GetMe(), "x"),
    TelegramEntityTooLarge(GetMe(), "x"),
    AwayError("23505"),
    DBAPIError("select", {}, Exception()),
]


@pytest.mark.parametrize("failure", OTHERS, ids=lambda failure: type(failure).__name__)
def test_others_trouble_is_waited_out_for_a_day_and_does_not_count(failure: Exception) -> None:
    assert is_others_trouble(failure)
    hours_ago = NOW - timedelta(hours=5)
    verdict = verdict_on(failure, attempts=99, received_at=hours_ago, now=NOW)
    assert isinstance(verdict, TryAgain)
    assert verdict.blameless
    assert NOW < verdict.at <= NOW + timedelta(minutes=1)
    assert verdict_on(failure, attempts=1, received_at=NOW - PATIENCE, now=NOW) == SetAside()


@pytest.mark.parametrize("failure", OURS, ids=lambda failure: type(failure).__name__)
def test_our_mistake_is_tried_a_few_times(failure: Exception) -> None:
    verdicts = [verdict_on(failure, attempts=tries, received_at=NOW, now=NOW) for tries in range(1, MAX_ATTEMPTS + 1)]
    pauses = [verdict.at - NOW for verdict in verdicts if isinstance(verdict, TryAgain)]
    assert [pause.total_seconds() for pause in pauses] == [1, 5, 25]
    assert verdicts[-1] == SetAside()


def test_telegram_is_waited_for_as_long_as_it_says() -> None:
    failure = TelegramRetryAfter(GetMe(), "x", 300)
    assert verdict_on(failure, attempts=1, received_at=NOW, now=NOW) == TryAgain(
        NOW + timedelta(seconds=300), blameless=True
    )


def test_the_first_wait_is_short() -> None:
    verdict = verdict_on(TimeoutError(), attempts=1, received_at=NOW, now=NOW)
    assert verdict == TryAgain(NOW + timedelta(seconds=1), blameless=True)


def test_what_cannot_be_read_is_set_aside_at_once() -> None:
    assert verdict_on(UndecodableUpdateError(), attempts=1, received_at=NOW, now=NOW) == SetAside()


async def test_a_failure_is_named_by_its_type_and_our_line_and_never_by_its_text() -> None:
    try:
        await attendance_day.raise_and_publish(None, None, [None], NOW)  # type: ignore[arg-type,list-item]  # wrong on purpose
    except AttributeError as failure:
        code = failure_code(failure)
    assert code.startswith("AttributeError at core/learning/attendance_day.py:")
    assert failure_code(AwayError("57P01")) == "AwayError"
