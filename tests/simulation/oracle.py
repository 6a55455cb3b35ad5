"""The oracle: slow, and independent of the gateway's queries. It believes the provider, the journal and the clock.

What the tables say is used for two things only: whether anything still waits there, and whether what they claim to have
happened is what the provider saw.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, time
from itertools import pairwise
from uuid import UUID

from core.school_time import at_school, school_date
from notifiers.port import Accepted, Deferred, Outcome, Rejected, Unknown
from tests.simulation.evidence import Evidence, Told, gather, readers
from tests.simulation.history import Stated
from tests.simulation.machine import CREDENTIALS
from tests.simulation.school import ZONE
from tests.simulation.wire import Mark, Post
from tests.simulation.world import LEASE, World


@dataclass
class Judged:
    """What is wrong, and what was seen."""

    violations: list[str] = field(default_factory=list)
    summary: dict[str, int] = field(default_factory=dict)


async def judge(world: World, limits: dict[str, int], *, at_rest: bool) -> Judged:
    """Compare what was seen with what must hold. ``limits``: how often a message may reach its reader, by channel."""
    evidence, left = await gather(world, limits)
    judged = Judged()
    if not at_rest:
        judged.violations.append("forgotten: something never comes to rest")
    judged.violations += [f"forgotten: {left[name]} {name}" for name in ("unread", "timers", "refused") if left[name]]
    for check in (nobody_overlooked, twice, in_order, no_lies, whole_letters, quiet, overtaken, one_owner, truth):
        judged.violations += check(evidence)
    judged.violations += _trouble(world)
    judged.summary = dict(Counter(f"{row['state']}/{row['reason']}" for row in evidence.deliveries))
    return judged


def nobody_overlooked(evidence: Evidence) -> Iterator[str]:
    """Each (event × follower) ends in a delivery or in a recorded reason; nothing waits or hangs."""
    for row in evidence.deliveries:
        if row["state"] in ("pending", "claimed", "sending"):
            yield f"forgotten: {row['subject']} is {row['state']}"
    for subject, head in evidence.heads.items():
        fact = evidence.facts.get(subject)
        if fact is None or fact["version"] != head.version:
            yield f"overlooked: {subject} v{head.version} was never planned"
            continue
        if fact["followers"] != len(readers(head)):
            yield f"overlooked: {subject} has {fact['followers']} followers"
        for reader in readers(head):
            if head.alarming and not evidence.threads(subject, reader):
                yield f"overlooked: {subject} says nothing of {reader.int}"


def twice(evidence: Evidence) -> Iterator[str]:
    """The same message reaches its reader again only through an unknown outcome, and not too often."""
    for (subject, recipient, channel), line in evidence.lines().items():
        run: list[Told] = []
        for one in line:
            if one.post.edits is not None or not one.post.arrived:
                continue
            if run and run[-1].stated.facts == one.stated.facts and not _is_news(evidence, line, run[-1], one):
                yield from _again(evidence, run[-1], one)
                run.append(one)
            else:
                run = [one]
            if len(run) > evidence.limits[channel]:
                yield f"twice: {subject} reached {recipient.int} {len(run)} times by {channel}"


def _is_news(evidence: Evidence, line: list[Told], first: Told, second: Told) -> bool:
    """Tell whether something else was told or known between the two: then the same words say something new."""
    return _between(line, first, second) or _was_known_otherwise(evidence, first, second)


def _between(line: list[Told], first: Told, second: Told) -> bool:
    """Tell whether something else was told, or may have been, between the two."""
    between = [one for one in line if first.post.effect < one.post.effect < second.post.effect]
    return any(one.stated.facts != first.stated.facts for one in between)


def _again(evidence: Evidence, first: Told, second: Told) -> Iterator[str]:
    mark = first.mark
    outcome = None if mark is None else evidence.outcomes.get(mark.attempt)
    if isinstance(first.post.outcome, Accepted) and outcome == "accepted" and not _let_go_late(evidence, first, second):
        yield f"twice: {first.stated.subject} to {first.recipient.int} although it was accepted ({second.post.key})"


def _was_known_otherwise(evidence: Evidence, first: Told, second: Told) -> bool:
    """Tell whether the journal said something else in between, so that saying the same again is news."""
    versions = [one for one in evidence.of(first.stated.subject) if one.version > first.stated.version]
    return any(one.facts != first.stated.facts and one.version <= second.stated.version for one in versions)


def _let_go_late(evidence: Evidence, first: Told, second: Told) -> bool:
    """Tell whether the second one's process was stopped with its request in hand, before the first one was marked.

    It had been written off as unknown; nothing can stand between the last look and the wire.
    """
    if first.mark is None or second.mark is None or not second.late:
        return False
    return second.mark.effect < first.mark.effect and evidence.outcomes.get(second.mark.attempt) == "unknown"


def in_order(evidence: Evidence) -> Iterator[str]:
    """One subject reaches one recipient on one channel in order, whoever was stopped in the middle excepted."""
    for (subject, recipient, channel), line in evidence.lines().items():
        newest = 0
        for one in line:
            if one.stated.version < newest and not one.late:
                yield f"order: {subject} v{one.stated.version} after v{newest} to {recipient.int} by {channel}"
            newest = max(newest, one.stated.version)


def no_lies(evidence: Evidence) -> Iterator[str]:
    """What a try is said to have come to is what the provider did; nothing is accepted that nobody took."""
    for told in evidence.told:
        mark = told.mark
        if mark is None:
            yield f"unmarked: {told.stated.subject} left before it was marked"
            continue
        said = evidence.outcomes.get(mark.attempt)
        if said not in _true_of(told.post.outcome):
            yield f"lie: {told.stated.subject} is said to be {said}, the provider said {told.post.outcome}"
    arrived = {(told.stated.subject, told.recipient, told.post.channel) for told in evidence.told if told.post.arrived}
    for row in evidence.deliveries:
        line = (row["subject"], row["recipient"], row["channel"])
        if row["told_key"] is not None and line not in arrived:
            yield f"lie: {row['subject']} is said to have been told to {row['recipient'].int}, and never arrived"


def _true_of(outcome: Outcome) -> tuple[str, ...]:
    match outcome:
        case Accepted():
            return ("accepted", "unknown")
        case Unknown():
            return ("unknown",)
        case Deferred():
            return ("deferred", "unknown")
        case Rejected():
            return ("rejected", "unknown")


def whole_letters(evidence: Evidence) -> Iterator[str]:
    """An evening letter never splits: one bundle is one letter, and it comes again only through an unknown outcome."""
    letters: dict[str, list[Post]] = {}
    for post in evidence.world.provider.posts:
        name, _, rest = post.key.partition(".")
        if len(rest) == len("0123456789ab") and post.arrived:
            letters.setdefault(name, []).append(post)
    for posts in letters.values():
        for first, second in pairwise(posts):
            known = isinstance(first.outcome, Accepted) and any(
                evidence.outcomes.get(mark.attempt) == "accepted" for mark in _marks_of(evidence, first)
            )
            if known:
                yield f"split: a letter to {first.address} came in two ({len(first.tokens)} and {len(second.tokens)})"


def _marks_of(evidence: Evidence, post: Post) -> list[Mark]:
    told = [one for one in evidence.told if one.post is post]
    return [one.mark for one in told if one.mark is not None]


def quiet(evidence: Evidence) -> Iterator[str]:
    """Nothing but what is urgent leaves in quiet hours; what was claimed just before may end within the lease."""
    school = evidence.world.school
    for told in evidence.told:
        at = school.wall(told.post.at)
        if told.stated.urgent or told.late or not _quiet_since(at - LEASE) or not _quiet_since(at):
            continue
        if told.post.edits is None or not _redraws(evidence, told):
            yield f"quiet: {told.stated.subject} left at {at:%H:%M:%S} UTC"


def _redraws(evidence: Evidence, told: Told) -> bool:
    """An edit makes no sound; one that only shows what the reader pressed may come at any time."""
    before = [one for one in evidence.told if one.line == told.line and one.post.effect < told.post.effect]
    return any(one.stated.facts == told.stated.facts and one.post.arrived for one in before)


def _quiet_since(at: datetime) -> bool:
    day = school_date(at, ZONE)
    begin, end = at_school(day, time(21), ZONE), at_school(day, time(7), ZONE)
    return at >= begin or at < end


def overtaken(evidence: Evidence) -> Iterator[str]:
    """Nothing leaves that was superseded, or whose reader had lost the right, within the horizon at its claim.

    And no news leaves that was taken back before its undo window was over, horizon or not.
    """
    for told in evidence.told:
        mark = told.mark
        if mark is None or told.late:
            continue
        _, read = mark.claim_horizon
        for other in evidence.of(told.stated.subject):
            if other.version > told.stated.version and other.facts != told.stated.facts:
                if _committed(other)[0] < read:
                    yield f"superseded: {told.stated.subject} v{told.stated.version} left, v{other.version} was planned"
                elif told.stated.alarming and _undone(evidence, told, other):
                    yield f"overtaken: {told.stated.subject} v{told.stated.version} left, taken back in time"
        if not _may_be_told(evidence, told, read):
            yield f"rights: {told.stated.subject} told {told.recipient.int}, who had lost the right"


def _committed(stated: Stated) -> tuple[int, float]:
    assert stated.committed is not None
    return stated.committed


def _undone(evidence: Evidence, told: Told, other: Stated) -> bool:
    """Tell whether ``other`` took the news back before it was due."""
    if told.stated.category != "absence" or other.alarming:
        return False
    before = [one for one in evidence.told if one.line[:2] == told.line[:2] and one.post.effect < told.post.effect]
    if before or any(one.alarming and one.version < told.stated.version for one in evidence.of(told.stated.subject)):
        return False
    return _committed(other)[1] < told.stated.occurred_at + evidence.shortest_undo()


def _may_be_told(evidence: Evidence, told: Told, read: int) -> bool:
    """Tell whether the reader had the right, by whatever was committed before planning read last."""
    return any(evidence.allowed_at(pupil, told.recipient, read) for pupil in told.stated.pupils)


def one_owner(evidence: Evidence) -> Iterator[str]:
    """A credential is used by one owner at a time: nobody marks and sends after another one took it over."""
    for told in evidence.told:
        mark = told.mark
        if mark is None:
            continue
        credential = CREDENTIALS[told.post.channel]
        held = [
            one for one in evidence.world.recorder.leases if one.credential == credential and one.effect < mark.effect
        ]
        if held and held[-1].process != told.post.process:
            yield f"owner: {told.post.process} sent {told.stated.subject} after {held[-1].process} took over"


def truth(evidence: Evidence) -> Iterator[str]:
    """At the end every reader knows what is true, or it is recorded why not, and that reason is so."""
    for subject, head in evidence.heads.items():
        for reader in readers(head):
            told = [one for one in evidence.told if one.line[:2] == (subject, reader) and one.post.arrived]
            last = told[-1] if told else None
            if last is not None and (last.stated.facts == head.facts or last.stated.version > head.version):
                continue
            if last is None and not head.alarming:
                continue
            yield from _excused(evidence, head, reader, last)


def _excused(evidence: Evidence, head: Stated, reader: UUID, last: Told | None) -> Iterator[str]:
    rows = [row for row in evidence.threads(head.subject, reader) if row["state"] not in ("accepted", "delivered")]
    if not any(evidence.justifies(row["reason"], row["state"], head, reader) for row in rows):
        knows = "nothing" if last is None else f"v{last.stated.version}"
        recorded = sorted(f"{row['state']} {row['reason']}" for row in rows)
        yield f"untrue: {reader.int} knows {knows} of {head.subject} v{head.version}; recorded: {recorded}"


def _trouble(world: World) -> list[str]:
    """Errors in the log mean something where no connection was lost."""
    lost = any(fault.blow.startswith("lost") for fault in world.turnstile.struck)
    return [] if lost else [f"trouble: {error}" for error in world.machine.errors]
