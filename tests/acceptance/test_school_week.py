"""A school week on a virtual clock, with the gateway's real loops on a real PostgreSQL (issue: the gateway's heart).

Sixty pupils and a hundred guardians in two zones; custody changes, consents are withdrawn, a bot is blocked, the
messenger is away all Wednesday, one school has a holiday. The hardest events stand in a table written by hand; an
independent slow checker looks at all the others.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from uuid import UUID

import pytest
from sqlalchemy import text

from core.database import Database
from tests.school_week.checker import Checker, dead_tried_again, is_about
from tests.school_week.clockwork import Clockwork
from tests.school_week.gateway_of_week import WeekGateway
from tests.school_week.hardest import Case, Expected, Way, Why, hardest
from tests.school_week.journal import Journal
from tests.school_week.ordinary import ordinary, timetables
from tests.school_week.people import GUARDIANS, PUPILS, URAL, Guardian
from tests.school_week.wire import Post, Wire

LEDGER = text("SELECT id, subject, recipient, state, reason FROM gateway.delivery")
LEFT_OVER = text("SELECT count(*) FROM gateway.delivery WHERE state IN ('pending', 'claimed', 'sending')")
type Reasons = dict[tuple[str, UUID], list[tuple[str, str | None]]]


async def test_a_school_week_is_told_as_the_table_and_the_slow_checker_say(
    core_database: Database, gateway_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Live the week once; then compare."""
    assert (len(PUPILS), len(GUARDIANS)) == (60, 100)
    clock = Clockwork(URAL.at("Mon 06:30"))
    monkeypatch.setattr("gateway.service._wait", clock.wait)
    journal = Journal()
    journal.beginning(URAL.at("Mon 06:00"))
    timetables(journal)
    cases = hardest(journal)
    ordinary(journal)
    outage = (URAL.at("Wed 00:00"), URAL.at("Thu 00:00"))
    wire = Wire(lambda: clock.wall, down=outage)
    gateway = WeekGateway(core_database, gateway_database, clock, wire)
    await gateway.live(journal, URAL.at("Sun 23:59"))
    await clock.stop()
    async with gateway_database.begin() as session:
        reasons: Reasons = defaultdict(list)
        subjects: dict[str, str] = {}
        for row in await session.execute(LEDGER):
            reasons[row.subject, row.recipient].append((row.state, row.reason))
            subjects[row.id.hex] = row.subject
        left = (await session.execute(LEFT_OVER)).scalar_one()
    wrong = [line for case in cases for line in _against(case, wire.posts, reasons, subjects)]
    found = Checker(journal, wire.posts, reasons, subjects, outage).check()
    summary = f"{len(cases)} cases, {found}"[:200] + f"; {clock.steps} steps, {len(wire.posts)} posts"
    assert len(cases) >= 40
    problems = [*wrong, *found.wrong, *dead_tried_again(wire.posts)]
    assert not problems, "\n".join([summary, *problems])
    assert left == 0
    assert found.told > 100
    assert found.untold > 20


def _against(case: Case, posts: Sequence[Post], reasons: Reasons, subjects: Mapping[str, str]) -> list[str]:
    wrong = []
    for code, expected in case.expected.items():
        guardian = GUARDIANS[code]
        got = _got(case, guardian, posts, subjects)
        if why := _differs(expected, got, guardian):
            wrong.append(f"{case.name} | {code}: {why}")
        if isinstance(expected, Why):
            said = {reason for told in case.told for _, reason in reasons[told.subject, guardian.id]}
            if expected.reason not in said:
                wrong.append(f"{case.name} | {code}: ledger says {said}, not {expected.reason}")
    return wrong


def _got(case: Case, guardian: Guardian, posts: Sequence[Post], subjects: Mapping[str, str]) -> list[Post]:
    """Return what this guardian got of the case, once for each of its subjects that a letter tells."""
    addresses = {guardian.address(way) for way in guardian.ways}
    return [
        post
        for post in posts
        if post.arrived and post.message.address in addresses
        for told in case.told
        if is_about(post, told, subjects)
    ]


def _differs(expected: Expected, got: Sequence[Post], guardian: Guardian) -> str | None:
    ways = expected.ways if isinstance(expected, Why) else expected
    here = guardian.place.wall
    wanted = sorted((way.at, way.channel, way.edits) for way in ways)
    had = sorted((here(post.at), post.channel, post.edits) for post in got)
    if wanted != had:
        return f"wanted {wanted}, got {had}"
    free = list(got)
    for way in ways:
        post = next((one for one in free if _is(way, one, here(one.at))), None)
        if post is None:
            return f"nothing says {way}: {[one.message.text for one in got]}"
        free.remove(post)
    return None


def _is(way: Way, post: Post, at: str) -> bool:
    same = (way.channel, way.at, way.edits) == (post.channel, at, post.edits)
    words = post.message.text
    return same and all(one in words for one in way.says) and not any(one in words for one in way.hides)
