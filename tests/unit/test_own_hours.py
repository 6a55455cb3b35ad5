"""A reader's own hours: what makes sense is kept, what would leave no time to tell him anything is refused."""

from datetime import time
from uuid import UUID

import pytest

from bot.quiet_hours import NONE, QUIET, ZONES, changed, screen
from bot.subscription_payloads import BeQuiet, LiveBy, OfHours, Place, RestOnSunday
from core.refusals import Invalid
from gateway.own_hours import check
from gateway.routing import OwnHours
from tests.unit.test_bot_subscription_screens import TEXTS, labels, persona

PERSON = UUID(int=3)


@pytest.mark.parametrize(
    "hours",
    [
        OwnHours(),
        OwnHours((time(22), time(18))),
        OwnHours((time(1), time(21))),
        OwnHours(NONE, "Asia/Kamchatka", frozenset({6, 7})),
    ],
)
def test_hours_that_leave_something_of_the_day_are_kept(hours: OwnHours) -> None:
    check(hours)


@pytest.mark.parametrize(
    "hours",
    [
        OwnHours((time(22), time(18, 1))),
        OwnHours((time(0, 30), time(21))),
        OwnHours(zone="Europe/Atlantis"),
        OwnHours(days_off=frozenset(range(1, 8))),
        OwnHours(days_off=frozenset({0})),
    ],
)
def test_hours_that_leave_nothing_are_refused(hours: OwnHours) -> None:
    with pytest.raises(ValueError, match=r"left|zone|days off"):
        check(hours)


def test_everything_that_is_offered_can_be_kept_and_is_named() -> None:
    assert len(ZONES) == 12
    for quiet in QUIET:
        check(OwnHours(quiet))
    for zone in ZONES:
        check(OwnHours(zone=zone))
    shown = screen(TEXTS, persona(), OwnHours((time(22), time(7)), "Asia/Omsk", frozenset({7})))
    assert shown.text.startswith(
        "Когда вас не беспокоить\n\nТихие часы: с 22:00 до 7:00.\nЧасовой пояс: Омск.\nПо воскресеньям тоже не"
    )
    marked = [label for label in labels(shown) if label.startswith("✓")]
    assert marked == ["✓ с 22:00 до 7:00", "✓ Не беспокоить в воскресенье", "✓ Омск"]
    usual = screen(TEXTS, persona(), OwnHours())
    assert labels(usual)[0] == "✓ Как в школе: с 21:00 до 7:00"
    assert "✓ Часовой пояс: как в школе" in labels(usual)
    assert "Тихие часы: с 21:00 до 7:00.\nЧасовой пояс: как в школе." in usual.text


def test_a_press_changes_one_thing_and_says_what_shall_be() -> None:
    mine = OwnHours((time(22), time(7)), "Asia/Omsk", frozenset({6}))
    assert changed(mine, OfHours(PERSON)) == mine
    assert changed(mine, BeQuiet(PERSON, Place(6))) == OwnHours(NONE, "Asia/Omsk", frozenset({6}))
    assert changed(mine, LiveBy(PERSON, Place(0))) == OwnHours((time(22), time(7)), None, frozenset({6}))
    rests = changed(mine, RestOnSunday(PERSON, wanted=True))
    assert rests.days_off == {6, 7}
    assert changed(rests, RestOnSunday(PERSON, wanted=True)) == rests
    assert changed(rests, RestOnSunday(PERSON, wanted=False)) == mine
    for press in (BeQuiet(PERSON, Place(len(QUIET))), LiveBy(PERSON, Place(99))):
        with pytest.raises(Invalid, match="hours-not-offered"):
            changed(mine, press)
