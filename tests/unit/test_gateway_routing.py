"""Which ways lead to a reader: rights, then consent, then the school's policy, then addresses."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.events import Channel, ConsentPurpose, ConsentTerm, RelationKind, SchoolSettings, Subject
from gateway.routing import PREFERENCE, AddressView, Route, Untold, refusal, ringing, routes
from gateway.states import Reason
from tests.unit.gateway_cases import TODAY, UNEXPLAINED, address, day_state, follower, mark_state

TELEGRAM, MAIL = Channel.TELEGRAM, Channel.MAIL
ALL = SchoolSettings(allowed_channels=(MAIL, TELEGRAM))
DAY = timedelta(days=1)
ABSENT = day_state({1: UNEXPLAINED})


def ways(*addresses: AddressView, settings: SchoolSettings = ALL, **relation: Any) -> tuple[str, ...] | Reason:
    found = routes(follower(*addresses, **relation), ABSENT, settings, TODAY)
    return found.reason if isinstance(found, Untold) else tuple(way.channel for way in found)


def test_messengers_come_before_letters_whatever_the_order_of_addresses() -> None:
    assert ways(address(MAIL), address(TELEGRAM)) == (TELEGRAM, MAIL)
    assert ways(address(MAIL)) == (MAIL,)


def test_a_way_carries_the_credential_of_its_address() -> None:
    found = routes(follower(address(MAIL, credential="mail:office")), ABSENT, ALL, TODAY)
    assert found == (Route(MAIL, "mail:office"),)


def test_an_unconfirmed_address_is_no_way() -> None:
    assert ways(address(TELEGRAM, verified=False), address(MAIL)) == (MAIL,)
    assert ways(address(TELEGRAM, verified=False), address(MAIL, verified=False)) == Reason.NO_ADDRESS
    assert ways() == Reason.NO_ADDRESS


@pytest.mark.parametrize(
    ("addresses", "allowed", "reason"),
    [
        ((address(TELEGRAM),), (MAIL,), Reason.CHANNEL_NOT_ALLOWED),
        ((address(MAIL),), (TELEGRAM,), Reason.CHANNEL_NOT_ALLOWED),
        ((address(TELEGRAM, credential=""),), (TELEGRAM, MAIL), Reason.CHANNEL_NOT_SET_UP),
        ((address(TELEGRAM, credential=""), address(MAIL)), (TELEGRAM,), Reason.CHANNEL_NOT_SET_UP),
        ((address(TELEGRAM, dead_reason="blocked-by-user"),), (TELEGRAM, MAIL), Reason.ADDRESS_DEAD),
        (
            (address(TELEGRAM, dead_reason="blocked-by-user"), address(MAIL, verified=False)),
            (TELEGRAM, MAIL),
            Reason.ADDRESS_DEAD,
        ),
        ((address(TELEGRAM, verified=False, dead_reason="x"),), (TELEGRAM, MAIL), Reason.NO_ADDRESS),
    ],
)
def test_the_reason_names_what_stands_in_the_way(
    addresses: tuple[AddressView, ...], allowed: tuple[Channel, ...], reason: Reason
) -> None:
    assert ways(*addresses, settings=SchoolSettings(allowed_channels=allowed)) == reason


def test_a_dead_address_leaves_the_next_one() -> None:
    assert ways(address(TELEGRAM, dead_reason="blocked-by-user"), address(MAIL)) == (MAIL,)


@pytest.mark.req("CONS-17")
@pytest.mark.parametrize(
    ("given_on", "withdrawn_on", "told"),
    [
        (None, None, False),
        (TODAY, None, True),
        (TODAY + DAY, None, False),
        (TODAY - DAY, TODAY + DAY, True),
        (TODAY - DAY, TODAY, False),
        (TODAY - 2 * DAY, TODAY - DAY, False),
        (TODAY - DAY, TODAY - 2 * DAY, True),
        (TODAY + DAY, TODAY - DAY, False),
    ],
)
def test_consent_counts_from_its_day_until_the_day_it_is_withdrawn(
    given_on: date | None, withdrawn_on: date | None, *, told: bool
) -> None:
    found = ways(address(MAIL), consent_given_on=given_on, consent_withdrawn_on=withdrawn_on)
    assert found == ((MAIL,) if told else Reason.NO_CONSENT)


@pytest.mark.parametrize(("until", "told"), [(TODAY, True), (TODAY + DAY, True), (TODAY - DAY, False)])
def test_consent_counts_through_its_last_day(until: date, *, told: bool) -> None:
    term = ConsentTerm(given_on=TODAY - 2 * DAY, until=until)
    assert ways(address(MAIL), attendance_consent=term) == ((MAIL,) if told else Reason.NO_CONSENT)


def test_attendance_and_all_other_news_need_each_its_own_consent() -> None:
    subjects: dict[Subject, ConsentPurpose] = {
        ABSENT: ConsentPurpose.ATTENDANCE,
        mark_state(): ConsentPurpose.ACHIEVEMENT,
    }
    for purpose in ConsentPurpose:
        terms = {f"{one}_consent": ConsentTerm(given_on=TODAY if one is purpose else None) for one in ConsentPurpose}
        relation = follower(**terms).relation
        told = {needed for state, needed in subjects.items() if refusal(relation, state, TODAY) is None}
        assert told == {purpose}


@pytest.mark.parametrize(
    ("since", "until", "told"),
    [
        (TODAY, None, True),
        (TODAY + DAY, None, False),
        (TODAY - DAY, TODAY, True),
        (TODAY - 2 * DAY, TODAY - DAY, False),
    ],
)
def test_a_guardianship_lasts_through_its_last_day(since: date, until: date | None, *, told: bool) -> None:
    assert ways(address(MAIL), since=since, until=until) == ((MAIL,) if told else Reason.RIGHTS_LOST)


def test_rights_come_before_bars_and_bars_before_consent() -> None:
    assert ways(address(MAIL), may_see=False, barred=True, consent_given_on=None) == Reason.RIGHTS_LOST
    assert ways(address(MAIL), barred=True, consent_given_on=None) == Reason.BARRED
    assert ways(address(TELEGRAM, dead_reason="x"), consent_given_on=None) == Reason.NO_CONSENT


def test_whoever_may_not_be_contacted_is_told_nothing_although_he_may_look() -> None:
    assert ways(address(MAIL), no_contact=True) == Reason.NO_CONTACT
    assert ways(address(MAIL), no_contact=True, consent_given_on=None) == Reason.NO_CONTACT
    assert ways(address(MAIL), no_contact=True, barred=True) == Reason.BARRED


def test_a_trusted_adult_is_told_of_absences_and_of_nothing_else() -> None:
    trusted = follower(address(MAIL), kind=RelationKind.TRUSTED)
    assert routes(trusted, ABSENT, ALL, TODAY) == (Route(MAIL, "mail:1"),)
    assert routes(trusted, mark_state(), ALL, TODAY) == Untold(Reason.LIMITED_VIEW)
    told = [refusal(trusted.relation, state, TODAY) for state in (ABSENT, mark_state())]
    assert told == [None, Reason.LIMITED_VIEW]


addresses_of_a_person = st.lists(
    st.builds(
        AddressView,
        st.sampled_from(Channel),
        st.sampled_from(["", "some:1"]),
        st.booleans(),
        st.sampled_from([None, "blocked-by-user"]),
    ),
    unique_by=lambda one: one.channel,
)


@settings(deadline=None)
@given(
    addresses=addresses_of_a_person,
    allowed=st.lists(st.sampled_from(Channel), min_size=1, unique=True),
    consent=st.booleans(),
    barred=st.booleans(),
)
def test_every_way_is_lawful_verified_living_and_consented_to(
    addresses: list[AddressView], allowed: list[Channel], *, consent: bool, barred: bool
) -> None:
    settings = SchoolSettings(allowed_channels=tuple(allowed))
    relation = {"barred": barred, "consent_given_on": TODAY if consent else None}
    found = routes(follower(*addresses, **relation), ABSENT, settings, TODAY)
    fit = [
        one
        for one in addresses
        if one.channel in allowed and one.credential and one.verified and one.dead_reason is None
    ]
    if barred or not consent or not fit:
        assert isinstance(found, Untold)
    else:
        assert not isinstance(found, Untold)
        assert {way.channel for way in found} == {one.channel for one in fit}
        assert [PREFERENCE.index(way.channel) for way in found] == sorted(PREFERENCE.index(one.channel) for one in fit)


AT = datetime(2026, 10, 20, 3, 40, tzinfo=UTC)
CHAT_THEN_LETTER = (Route(TELEGRAM, "t"), Route(MAIL, "m"))


@pytest.mark.parametrize(
    ("until", "spoken", "first"),
    [
        (None, (), TELEGRAM),
        (AT + timedelta(seconds=1), (), MAIL),
        (AT, (), TELEGRAM),
        (AT + timedelta(days=1), (TELEGRAM,), TELEGRAM),
        (AT + timedelta(days=1), (MAIL,), MAIL),
    ],
    ids=["heard", "muted", "over", "has told it already", "the letter told it"],
)
def test_a_muted_way_comes_behind_the_others_until_it_has_spoken(
    until: datetime | None, spoken: tuple[Channel, ...], first: Channel
) -> None:
    found = ringing(CHAT_THEN_LETTER, (address(TELEGRAM, muted_until=until), address(MAIL)), spoken, AT)
    assert found[0].channel == first
    assert set(found) == set(CHAT_THEN_LETTER), "no way is lost"


def test_ways_that_are_all_muted_keep_their_order() -> None:
    addresses = (address(TELEGRAM, muted_until=AT + DAY), address(MAIL, muted_until=AT + DAY))
    assert ringing(CHAT_THEN_LETTER, addresses, (), AT) == CHAT_THEN_LETTER
