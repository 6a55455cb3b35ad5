"""Links in letters: ours alone, one spelling each, nothing of a person in them, dead when the mailbox was another's."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from gateway.links import Links, Use

LINKS = Links("https://school.example", b"a key of the tests, thirty-two bytes")
OTHERS = Links("https://school.example", b"another key of thirty-two bytes or so")
ADDRESS = b"hash of a mailbox"


@given(st.uuids())
def test_a_token_is_proved_by_its_maker_only_and_for_its_address_only(delivery: UUID) -> None:
    token = LINKS.token(delivery, ADDRESS)
    assert LINKS.delivery_of(token) == delivery
    assert LINKS.proves(token, delivery, ADDRESS)
    assert not OTHERS.proves(token, delivery, ADDRESS)
    assert not LINKS.proves(token, delivery, b"hash of another mailbox")
    assert LINKS.notice(delivery, ADDRESS) == f"https://school.example/n/{token}"
    assert len(token) == 43


@given(st.uuids(), st.integers(0, 42), st.sampled_from("ABCxyz019-_"))
def test_a_changed_token_proves_nothing(delivery: UUID, place: int, letter: str) -> None:
    token = LINKS.token(delivery, ADDRESS)
    changed = token[:place] + letter + token[place + 1 :]
    named = LINKS.delivery_of(changed)
    assert changed == token or named is None or not LINKS.proves(changed, named, ADDRESS)


@given(st.text())
def test_whatever_stands_in_the_address_is_no_reason_to_break(token: str) -> None:
    named = LINKS.delivery_of(token)
    assert named is None or not LINKS.proves(token, named, ADDRESS)


def test_without_pages_there_are_no_links() -> None:
    assert Links(None, b"key").notice(UUID(int=1), ADDRESS) is None
    assert Links(None, b"key").absence(UUID(int=1), ADDRESS) is None
    assert Links(None, b"key").unsubscribe(UUID(int=1), ADDRESS) is None


@given(st.uuids())
def test_a_token_of_unsubscribing_is_no_other_token_and_no_other_is_one(named: UUID) -> None:
    token, notice = LINKS.unsubscribing(named, ADDRESS), LINKS.token(named, ADDRESS)
    assert LINKS.recipient_of(token) == named
    assert LINKS.unsubscribe(named, ADDRESS) == f"https://school.example/u/{token}"
    assert LINKS.unsubscribes(token, named, ADDRESS)
    assert not LINKS.unsubscribes(notice, named, ADDRESS)
    assert not LINKS.proves(token, named, ADDRESS)
    assert not LINKS.unsubscribes(token, named, b"hash of another mailbox")
    assert not OTHERS.unsubscribes(token, named, ADDRESS)


@given(st.uuids())
def test_a_token_of_an_absence_opens_no_notice_and_no_other_opens_an_absence(delivery: UUID) -> None:
    token, notice = LINKS.token(delivery, ADDRESS, Use.ABSENCE), LINKS.token(delivery, ADDRESS)
    assert LINKS.absence(delivery, ADDRESS) == f"https://school.example/a/{token}"
    assert LINKS.delivery_of(token) == delivery
    assert LINKS.proves(token, delivery, ADDRESS, Use.ABSENCE)
    assert not LINKS.proves(token, delivery, ADDRESS)
    assert not LINKS.proves(notice, delivery, ADDRESS, Use.ABSENCE)
    assert not LINKS.unsubscribes(token, delivery, ADDRESS)
    assert not OTHERS.proves(token, delivery, ADDRESS, Use.ABSENCE)
