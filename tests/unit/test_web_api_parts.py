"""The small parts of the HTTP API: pages of lists, buckets, versions; and what a program may, cell by cell."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from http import HTTPStatus
from itertools import product
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.access import Right, Standing, Thing, is_personal, may
from core.account.account_keeper import AccountKeeper
from core.account.api_keys import RIGHTS_OF_SCOPE, Scope
from core.actor import Program
from web.api.cursors import Place, cursors_by
from web.api.limits import MOST_BUCKETS, Buckets, Rate
from web.api.problems import ApiError
from web.api.versions import is_known, tag_of
from web.api.wire_types import Page

HERE, THERE = uuid4(), uuid4()
CURSORS = cursors_by(AccountKeeper(b"a" * 32))


@dataclass(frozen=True)
class Line:
    id: UUID
    name: str = ""


def place_of(line: Line) -> Place:
    return line.name, str(line.id)


@pytest.mark.parametrize("scope", Scope)
def test_a_program_may_what_its_scopes_say_in_its_school_and_nothing_else(scope: Scope) -> None:
    standing = Standing(None, program=Program(HERE, frozenset({RIGHTS_OF_SCOPE[scope]})))
    somebody = uuid4()
    places = (HERE, THERE, None)
    let = {
        (right, school)
        for right, school in product(Right, places)
        if may(standing, right, Thing(school=school, person=somebody, guardians=frozenset({somebody})))
    }
    assert let == {(RIGHTS_OF_SCOPE[scope], HERE)}


def test_what_is_somebodys_own_no_key_opens_whatever_is_written_in_it() -> None:
    standing = Standing(None, program=Program(HERE, frozenset(Right)))
    assert {right for right in Right if not may(standing, right, Thing(school=HERE))} == {
        right for right in Right if is_personal(right)
    }
    assert set(RIGHTS_OF_SCOPE) == set(Scope)
    assert not any(is_personal(right) for right in RIGHTS_OF_SCOPE.values())


NAMES = st.text("абв", max_size=2)
LISTS = st.lists(st.builds(Line, st.uuids(version=4), NAMES), max_size=25, unique_by=lambda line: line.id)


@given(
    stays=LISTS,
    others=st.lists(
        st.builds(Line, st.uuids(version=4), NAMES), min_size=1, max_size=8, unique_by=lambda line: line.id
    ),
    limits=st.lists(st.integers(1, 6), min_size=1),
    there=st.data(),
)
def test_whatever_stands_all_the_time_is_shown_once_however_others_come_and_go(
    stays: list[Line], others: list[Line], limits: list[int], there: st.DataObject
) -> None:
    """Between any two pages any of the others may be removed or added, the line that was shown last among them."""
    others = [line for line in others if line.id not in {one.id for one in stays}]
    seen: list[Line] = []
    after: str | None = None
    for number in range(len(stays) + len(others) + 1):
        now = there.draw(st.lists(st.sampled_from(others), unique=True) if others else st.just([]))
        lines = sorted([*stays, *now], key=place_of)
        part = CURSORS.part_of("lines", lines, Page(limit=limits[number % len(limits)], after=after), place_of)
        seen += part.lines
        after = part.next
        if after is None:
            break
    assert after is None
    assert [line for line in seen if line in stays] == sorted(stays, key=place_of)
    assert len(seen) == len(set(seen))


def test_a_cursor_tells_nothing_is_always_the_same_and_belongs_to_its_list_and_its_installation() -> None:
    lines = [Line(UUID(int=number), "Абрамов Глеб") for number in range(3)]
    word = CURSORS.part_of("lines", lines, Page(limit=1), place_of).next
    assert word is not None
    assert word == CURSORS.part_of("lines", lines, Page(limit=1), place_of).next, "or an answer's tag would change"
    again = cursors_by(AccountKeeper(b"a" * 32)).part_of("lines", lines, Page(limit=1, after=word), place_of)
    assert again.lines == (lines[1],)
    opened = urlsafe_b64decode(word + "=" * (-len(word) % 4))
    assert "Абрамов".encode() not in opened
    assert str(lines[0].id).encode() not in opened
    changed = word[:-2] + ("A" if word[-2] != "A" else "B") + word[-1]
    elsewhere = cursors_by(AccountKeeper(b"b" * 32))
    made_up = urlsafe_b64encode(f"lines:1:{HERE}".encode()).decode().rstrip("=")
    for cursors, of, after in (
        (CURSORS, "others", word),
        (elsewhere, "lines", word),
        *((CURSORS, "lines", wrong) for wrong in (changed, made_up, word[:-1], word + "A", "A", "____", "AAAA")),
    ):
        with pytest.raises(ApiError) as refused:
            cursors.part_of(of, lines, Page(limit=1, after=after), place_of)
        assert (refused.value.status, refused.value.code) == (HTTPStatus.UNPROCESSABLE_ENTITY, "cursor-unknown"), after


def test_a_bucket_lets_through_what_it_holds_and_says_how_long_to_wait() -> None:
    now = 0.0
    buckets = Buckets(lambda: now)
    rate = Rate(2, 0.5)
    buckets.take("one", rate)
    buckets.take("one", rate)
    with pytest.raises(ApiError) as refused:
        buckets.take("one", rate)
    assert (refused.value.status, refused.value.wait) == (HTTPStatus.TOO_MANY_REQUESTS, 2)
    buckets.take("other", rate)
    now = 2.0
    buckets.take("one", rate)
    with pytest.raises(ApiError):
        buckets.take("one", rate)
    now = 1000.0
    for _ in range(2):
        buckets.take("one", rate)
    with pytest.raises(ApiError):
        buckets.take("one", rate)


def test_buckets_are_no_more_than_there_may_be() -> None:
    buckets = Buckets(lambda: 0.0)
    for number in range(MOST_BUCKETS + 5):
        buckets.take(str(number), Rate(1, 1))
    buckets.take("0", Rate(1, 1))
    with pytest.raises(ApiError):
        buckets.take(str(MOST_BUCKETS), Rate(1, 1))


def test_a_tag_is_known_alone_in_a_list_and_weakened_on_its_way() -> None:
    tag = tag_of("ответ".encode())
    assert tag == tag_of("ответ".encode())
    assert all(is_known(seen, tag) for seen in (tag, f'"a", W/{tag}', "*"))
    assert not any(is_known(seen, tag) for seen in (None, "", '"a"', tag[1:-1]))
