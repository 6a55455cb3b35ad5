"""Links, heads and commitments, without a database."""

from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.audit.audit_links import EMPTY, ChainKey, Head, SealedFacts, commitment_of

KEY = ChainKey(b"key")
AT = datetime(2026, 11, 24, 3, 40, tzinfo=UTC)
HEADS = st.builds(Head, st.integers(0, 10**17), st.binary(min_size=32, max_size=32))
TEXTS = st.text(max_size=6)
FACTS = st.builds(
    SealedFacts,
    id=st.uuids(),
    seq=st.integers(1, 99),
    school=st.uuids(),
    at=st.just(AT),
    person=st.none() | st.uuids(),
    account=st.none() | st.uuids(),
    via=TEXTS,
    action=TEXTS,
    subject=TEXTS,
    commitment=st.binary(min_size=32, max_size=32),
)
WORDS = st.none() | st.dictionaries(TEXTS, st.none() | st.booleans() | st.integers() | TEXTS, max_size=3)


@given(FACTS, FACTS)
def test_different_facts_are_never_written_alike(one: SealedFacts, other: SealedFacts) -> None:
    assert (one.in_bytes() == other.in_bytes()) == (one == other)


def test_facts_do_not_run_into_each_other() -> None:
    def facts(action: str, subject: str) -> bytes:
        return SealedFacts(UUID(int=1), 1, UUID(int=2), AT, None, None, "x", action, subject, b"").in_bytes()

    assert facts("a", "bc") != facts("ab", "c")
    assert facts('a","b', "c") != facts("a", 'b","c')


def test_the_zone_of_a_moment_does_not_matter_and_its_microseconds_do() -> None:
    def facts(at: datetime) -> bytes:
        return SealedFacts(UUID(int=1), 1, UUID(int=2), at, None, None, "", "", "", b"").in_bytes()

    assert facts(AT) == facts(AT.astimezone(timezone(timedelta(hours=5))))
    assert facts(AT) != facts(AT + timedelta(microseconds=1))


@given(FACTS, HEADS, HEADS)
def test_a_link_depends_on_the_key_on_what_went_before_and_on_its_moment(
    facts: SealedFacts, head: Head, other: Head
) -> None:
    link = KEY.next(head, facts, AT)
    assert link.number == head.number + 1
    assert link.hash != ChainKey(b"other").next(head, facts, AT).hash
    assert link.hash != KEY.next(head, facts, AT + timedelta(seconds=1)).hash
    assert (link.hash == KEY.next(other, facts, AT).hash) == (head == other)


@given(st.tuples(WORDS, WORDS, st.none() | TEXTS), st.tuples(WORDS, WORDS, st.none() | TEXTS))
def test_a_commitment_tells_words_apart(one: tuple, other: tuple) -> None:  # type: ignore[type-arg]  # drawn as they are
    assert (commitment_of(b"salt", *one) == commitment_of(b"salt", *other)) == (repr_of(one) == repr_of(other))
    assert commitment_of(b"salt", *one) != commitment_of(b"tlas", *one)


def repr_of(words: tuple) -> str:  # type: ignore[type-arg]  # drawn as they are
    """Write words so that True and 1 differ, and the order of names does not matter."""
    return repr([sorted(one.items()) if isinstance(one, dict) else one for one in words])


@given(HEADS)
def test_a_head_is_read_back_as_it_was_written(head: Head) -> None:
    assert Head.read(str(head)) == head
    short = Head.read(f" {head.on_paper().upper()} \n")
    assert short is not None
    assert (short.number, head.hash.startswith(short.hash), len(short.hash)) == (head.number, True, 10)


def test_a_head_on_paper_looks_like_a_head() -> None:
    assert Head(128, bytes.fromhex("1f2e3d4c5b6a79880f1e" + "00" * 22)).on_paper() == "128-1f2e-3d4c-5b6a-7988-0f1e"
    assert EMPTY.on_paper() == "0-0000-0000-0000-0000-0000"


@pytest.mark.parametrize(
    "written", ["", "12", "12-", "-1f2e3d4c5b6a79880f1e", "12-1f2e-3d4c-5b6a-7988", "12-1f2e3d4c5b6a79880f1ez", "№ 12"]
)
def test_what_is_no_head_is_not_read_as_one(written: str) -> None:
    assert Head.read(written) is None


def test_a_key_is_not_shown() -> None:
    assert "key" not in repr(ChainKey(b"key")).replace("ChainKey", "")
