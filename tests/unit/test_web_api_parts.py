"""The small parts of the HTTP API: pages of lists, buckets, versions; and what a program may, cell by cell."""

from base64 import urlsafe_b64encode
from dataclasses import dataclass
from http import HTTPStatus
from itertools import product
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.access import Right, Standing, Thing, is_personal, may
from core.account.api_keys import RIGHTS_OF_SCOPE, Scope
from core.actor import Program
from web.api.cursors import part_of
from web.api.limits import MOST_BUCKETS, Buckets, Rate
from web.api.problems import ApiError
from web.api.versions import is_known, tag_of
from web.api.wire_types import Page

HERE, THERE = uuid4(), uuid4()


@dataclass(frozen=True)
class Line:
    id: UUID


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


@given(count=st.integers(0, 30), limit=st.integers(1, 12), gone=st.sets(st.integers(0, 29)))
def test_pages_show_every_line_once_even_if_lines_go_meanwhile(count: int, limit: int, gone: set[int]) -> None:
    lines = [Line(UUID(int=number)) for number in range(count)]
    seen: list[Line] = []
    after: str | None = None
    for _ in range(count + 1):
        part = part_of("lines", lines, Page(limit=limit, after=after))
        seen += part.lines
        after = part.next
        if after is None:
            break
    assert (seen, after) == (lines, None)
    first = part_of("lines", lines, Page(limit=limit))
    if first.next is not None:
        # What was shown goes, but for the last line: the next page begins where it would have.
        left = [line for line in lines if line.id.int not in gone or line.id.int >= limit - 1]
        assert part_of("lines", left, Page(limit=limit, after=first.next)).lines == tuple(lines[limit : 2 * limit])


@pytest.mark.parametrize("said", ["others:1", "lines:0", "lines:-1", "lines:x", "lines:9999999", "lines"])
def test_the_cursor_of_something_else_is_refused(said: str) -> None:
    after = urlsafe_b64encode(f"{said}:{HERE}".encode()).decode().rstrip("=")
    with pytest.raises(ApiError) as refused:
        part_of("lines", [Line(HERE)], Page(limit=1, after=after))
    assert (refused.value.status, refused.value.code) == (HTTPStatus.UNPROCESSABLE_ENTITY, "cursor-unknown")


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
