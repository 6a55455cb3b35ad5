"""Links in letters: ours alone, one spelling each, nothing of a person in them."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from gateway.links import Links

LINKS = Links("https://school.example", b"a key of the tests, thirty-two bytes")
OTHERS = Links("https://school.example", b"another key of thirty-two bytes or so")


@given(st.uuids())
def test_a_token_is_read_back_by_its_maker_only(delivery: UUID) -> None:
    token = LINKS.token(delivery)
    assert LINKS.read(token) == delivery
    assert OTHERS.read(token) is None
    assert LINKS.notice(delivery) == f"https://school.example/n/{token}"
    assert len(token) == 43


@given(st.uuids(), st.integers(0, 42), st.sampled_from("ABCxyz019-_"))
def test_a_changed_token_opens_nothing(delivery: UUID, place: int, letter: str) -> None:
    token = LINKS.token(delivery)
    changed = token[:place] + letter + token[place + 1 :]
    assert changed == token or LINKS.read(changed) is None


@given(st.text())
def test_whatever_stands_in_the_address_is_no_reason_to_break(token: str) -> None:
    assert LINKS.read(token) is None


def test_without_pages_there_are_no_links() -> None:
    assert Links(None, b"key").notice(UUID(int=1)) is None
