"""Until when a breach must be reported."""

from datetime import UTC, datetime

import pytest

from core.audit.breach_clock import hours_after, working_days_after

ZONE = "Asia/Yekaterinburg"


def test_hours_run_through_nights_and_weekends() -> None:
    assert hours_after(datetime(2026, 11, 21, 18, 30, tzinfo=UTC), 1) == datetime(2026, 11, 21, 19, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("found", "days", "last"),
    [
        (datetime(2026, 11, 24, 3, 0, tzinfo=UTC), 1, datetime(2026, 11, 25, 19, 0, tzinfo=UTC)),
        # Thursday 23:30 by the school's wall clock is still Thursday; half an hour later it is not.
        (datetime(2026, 11, 26, 18, 30, tzinfo=UTC), 1, datetime(2026, 11, 27, 19, 0, tzinfo=UTC)),
        (datetime(2026, 11, 26, 19, 0, tzinfo=UTC), 1, datetime(2026, 11, 30, 19, 0, tzinfo=UTC)),
        (datetime(2026, 11, 27, 3, 0, tzinfo=UTC), 1, datetime(2026, 11, 30, 19, 0, tzinfo=UTC)),
        (datetime(2026, 11, 28, 3, 0, tzinfo=UTC), 1, datetime(2026, 11, 30, 19, 0, tzinfo=UTC)),
        (datetime(2026, 11, 29, 3, 0, tzinfo=UTC), 1, datetime(2026, 11, 30, 19, 0, tzinfo=UTC)),
        (datetime(2026, 11, 26, 3, 0, tzinfo=UTC), 3, datetime(2026, 12, 1, 19, 0, tzinfo=UTC)),
    ],
    ids=["tuesday", "thursday-night", "friday-night", "friday", "saturday", "sunday", "three-days"],
)
def test_working_days_end_with_their_last_day_and_skip_weekends(found: datetime, days: int, last: datetime) -> None:
    assert working_days_after(found, days, ZONE) == last
