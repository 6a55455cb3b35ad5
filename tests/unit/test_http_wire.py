"""What is common to the channels that speak HTTP."""

from enum import StrEnum

import pytest

from notifiers.http_wire import WireReason
from notifiers.max_errors import MaxReason
from notifiers.telegram_errors import TelegramReason


@pytest.mark.parametrize("channel", [TelegramReason, MaxReason])
def test_a_channel_knows_every_reason_of_its_wire(channel: type[StrEnum]) -> None:
    assert set(WireReason) <= set(channel)
