from datetime import date
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.parent_payloads import (
    ADVISED,
    ADVISED_SURE,
    ASK_SILENCE,
    LATER,
    SHOW,
    SILENCE,
    AskToRefuse,
    AskToSign,
    Back,
    Children,
    Choose,
    Confirm,
    Day,
    Home,
    Listed,
    Notices,
    OfCategory,
    OfProfile,
    Open,
    ParentPress,
    Profiles,
    Sign,
    Today,
    Told,
    Week,
    pack_parent,
    read_parent,
    shown_signs,
)
from bot.payloads import AlertPress, NoticeVerb, Verb, read, read_alert
from core.events import Channel, NoticeAct
from core.notice.notices import hash_of
from gateway.categories import Category
from gateway.profiles import OFF, Choice, Mode
from gateway.rendering import payload

DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))
LISTED = st.builds(Listed, st.uuids(), st.uuids())
CHOICES = st.one_of(
    st.just(OFF),
    st.builds(Choice, st.just(Mode.NOW), st.sampled_from(Channel)),
    st.builds(Choice, st.just(Mode.DAILY), st.sampled_from(Channel), st.integers(16, 20)),
)
SHOWN = st.builds(hash_of, st.text(max_size=5), st.text(max_size=5)).map(shown_signs)
PRESSES = st.one_of(
    st.just(Children()),
    st.just(Home()),
    st.builds(Week, st.uuids(), DAYS),
    st.builds(Day, st.uuids(), DAYS, st.integers(0, 99)),
    st.builds(Today, st.uuids(), st.booleans()),
    st.just(Profiles()),
    st.builds(OfProfile, st.uuids(), st.sampled_from([SHOW, ADVISED, ADVISED_SURE, ASK_SILENCE, SILENCE, LATER])),
    st.builds(OfCategory, st.uuids(), st.sampled_from(Category)),
    st.builds(Choose, st.uuids(), st.sampled_from(Category), CHOICES),
    st.builds(Notices, st.integers(0, 99)),
    st.builds(Open, LISTED),
    st.builds(Confirm, LISTED),
    st.builds(AskToSign, LISTED),
    st.builds(AskToRefuse, LISTED),
    st.builds(
        Sign,
        st.one_of(st.builds(Told, st.uuids()), LISTED),
        st.sampled_from([NoticeAct.SIGNED, NoticeAct.REFUSED]),
        SHOWN,
    ),
    st.just(Back()),
)


@settings(deadline=None)
@given(PRESSES)
def test_every_button_is_read_as_it_was_drawn_and_fits_any_messenger(press: ParentPress) -> None:
    packed = pack_parent(press)
    assert read_parent(packed) == press
    assert len(packed.encode()) <= 64
    assert read(packed) is None
    assert read_alert(packed) is None


def test_every_choice_of_every_category_fits() -> None:
    daily = [Choice(Mode.DAILY, channel, hour) for channel in Channel for hour in range(16, 21)]
    for choice in (OFF, *(Choice(Mode.NOW, channel) for channel in Channel), *daily):
        for category in Category:
            press = Choose(UUID(int=1), category, choice)
            assert read_parent(pack_parent(press)) == press
            assert len(pack_parent(press)) <= 64


@settings(deadline=None)
@given(st.text(max_size=70))
def test_any_other_payload_is_nobodys(junk: str) -> None:
    assert read_parent(junk) is None


ZERO = "0" * 32


@pytest.mark.parametrize(
    "body",
    [
        "",
        "w",
        f"w:{ZERO}:20261301",
        f"w:{ZERO}:00010101",
        f"w:{ZERO}:2026102",
        f"d:{ZERO}:20261020",
        f"d:{ZERO}:20260229:0",
        f"d:{ZERO}:20261020:100",
        f"t:{ZERO}:2",
        f"s:{ZERO}\n",
        f"y:{ZERO}",
        f"g:{ZERO}:everything",
        f"o:{ZERO}:mark:daily.mail.21",
        f"o:{ZERO}:mark:now.mail.18",
        f"o:{ZERO}:mark:now.pigeon",
        f"o:{ZERO}:mark:off.mail",
        f"o:{ZERO}:mark:weekly.mail",
        "a:",
        "a:-1",
        f"n:{'A' * 22}",
        f"k:{'A' * 22}:short",
        f"k:{'A' * 44}",
        f"z:{'A' * 44}:{'A' * 14}",
    ],
)
def test_broken_buttons_are_nobodys(body: str) -> None:
    assert read_parent(f"p1:{body}") is None


def test_a_button_remembers_the_text_that_it_stands_under() -> None:
    texts = [("Экскурсия", "Едем в пятницу."), ("Экскурсия", "Едем в субботу."), ("Экскурсия ", "Едем в пятницу.")]
    signs = [shown_signs(hash_of(*text)) for text in texts]
    assert len(set(signs)) == len(texts)
    assert signs[0] == shown_signs(hash_of(*texts[0]))


def test_a_button_remembers_the_answer_that_stood_when_it_was_drawn() -> None:
    text_hash = hash_of("Экскурсия", "Едем в пятницу.")
    signs = [shown_signs(text_hash, said) for said in ("", "signed 1", "signed 2", "refused 1")]
    assert len(set(signs)) == len(signs)
    assert {len(one) for one in signs} == {14}


def test_the_gateways_buttons_under_notices_are_understood() -> None:
    delivery = UUID(int=7)
    assert [read_alert(payload(delivery, verb)) for verb in ("confirm", "sign", "refuse")] == [
        AlertPress(delivery, verb) for verb in NoticeVerb
    ]
    assert not set(NoticeVerb) & set(Verb)
