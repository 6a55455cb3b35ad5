"""What the oracle judges by: the provider's list, the journal's own memory, and what the tables claim."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from core.event_words import ConsentPurpose
from core.school_time import end_of_school_date, school_date
from gateway.states import Reason
from notifiers.port import Rejected, Unknown
from tests.simulation.history import Stated
from tests.simulation.school import FOLLOWS, UNDO_SECONDS, ZONE
from tests.simulation.wire import Mark, Post
from tests.simulation.world import World

DELIVERIES = "SELECT * FROM gateway.delivery ORDER BY created_at, id"
ATTEMPTS = "SELECT id, delivery, outcome FROM gateway.attempt"
FACTS = "SELECT subject, version, followers FROM gateway.fact"
TO_DO = """
SELECT (SELECT count(*) FROM bus.outbox) AS unread, (SELECT count(*) FROM gateway.timer) AS timers,
  (SELECT count(*) FROM gateway.refused_event) AS refused
"""
NO_RIGHT = frozenset({Reason.RIGHTS_LOST, Reason.BARRED, Reason.NO_CONSENT, Reason.NO_CONTACT, Reason.LIMITED_VIEW})
NO_WAY = frozenset({Reason.NO_ADDRESS, Reason.ADDRESS_DEAD, "blocked"})


@dataclass(frozen=True, slots=True)
class Told:
    """One thing of one message: what it said of a subject, and to whom."""

    post: Post
    stated: Stated
    recipient: UUID
    delivery: str | None

    @property
    def line(self) -> tuple[str, UUID, str]:
        """The thread in which it stands."""
        return self.stated.subject, self.recipient, self.post.channel

    @property
    def mark(self) -> Mark | None:
        """The try to which it belongs."""
        return self.post.marks.get(self.delivery or "")

    @property
    def late(self) -> bool:
        """Its process was stopped or slowed between marking it and sending it: nobody can prevent that."""
        mark = self.mark
        return mark is not None and any(at >= mark.at for at in self.post.hurts)


@dataclass
class Evidence:
    """All that is known at the end."""

    world: World
    limits: dict[str, int]
    deliveries: Sequence[Any]
    outcomes: dict[str, str | None]
    facts: dict[str, Any]
    told: list[Told] = field(default_factory=list)
    heads: dict[str, Stated] = field(default_factory=dict)
    """The newest committed state of each subject."""

    def of(self, subject: str) -> list[Stated]:
        """Return the committed versions of a subject."""
        stated = self.world.school.stated
        return [one for one in stated if one.subject == subject and one.committed is not None]

    def threads(self, subject: str, recipient: UUID) -> list[Any]:
        """Return what the tables say of a reader of a subject."""
        return [row for row in self.deliveries if row["subject"] == subject and row["recipient"] == recipient]

    def lines(self) -> dict[tuple[str, UUID, str], list[Told]]:
        """Return what was told, thread by thread."""
        found: dict[tuple[str, UUID, str], list[Told]] = {}
        for one in self.told:
            found.setdefault(one.line, []).append(one)
        return found

    def shortest_undo(self) -> float:
        """Return the shortest undo window that the school ever had in this run."""
        states = [one.state for one in self.world.school.stated if one.category == "school"]
        return float(min([UNDO_SECONDS, *(state.settings.undo_window_seconds for state in states)]))

    def allowed_at(self, pupil: UUID, adult: UUID, read: int) -> bool:
        """Tell whether an adult might be told of a pupil, by what stood when planning had read, or came later."""
        stated = [one for one in self._relations(pupil, adult) if one.committed is not None]
        known = [one for one in stated if _effect(one) < read]
        newest = max(known, key=lambda one: one.version, default=None)
        later = [one for one in stated if _effect(one) >= read]
        return any(_allows(one.state) for one in later) or (newest is not None and _allows(newest.state))

    def justifies(self, reason: str | None, state: str, head: Stated, reader: UUID) -> bool:
        """Tell whether what is recorded as the reason of somebody's ignorance is so."""
        if state == "expired":
            return self._too_late(head)
        if state == "unknown":
            return any(isinstance(one.post.outcome, Unknown) for one in self._to(head, reader)) or bool(self.struck)
        if reason in NO_RIGHT:
            stated = [one for pupil in head.pupils for one in self._relations(pupil, reader)]
            return any(one.committed is not None and not _allows(one.state) for one in stated)
        if reason in NO_WAY or reason == Reason.UNSUBSCRIBED:
            return reader in (self.world.unreachable if reason in NO_WAY else self.world.silenced)
        refused = any(isinstance(one.post.outcome, Rejected) for one in self._to(head, reader))
        return state == "failed" and refused

    @property
    def struck(self) -> int:
        """How many faults there were."""
        return len(self.world.turnstile.struck)

    def _to(self, head: Stated, reader: UUID) -> list[Told]:
        return [one for one in self.told if one.line[:2] == (head.subject, reader)]

    def _too_late(self, head: Stated) -> bool:
        now = self.world.school.wall(self.world.calm_since)
        happened = self.world.school.wall(head.occurred_at)
        return now >= end_of_school_date(school_date(happened, ZONE), ZONE)

    def _relations(self, pupil: UUID, adult: UUID) -> Iterator[Stated]:
        for one in self.world.school.stated:
            if one.category == "rights" and (one.state.pupil, one.state.guardian) == (pupil, adult):
                yield one


async def gather(world: World, limits: dict[str, int]) -> tuple[Evidence, Any]:
    """Read the tables, and what is left to do."""
    monitor = world.machine.monitor
    with world.machine.loop.real():
        deliveries = await monitor.fetch(DELIVERIES)
        attempts = await monitor.fetch(ATTEMPTS)
        facts = await monitor.fetch(FACTS)
        left = await monitor.fetchrow(TO_DO)
    outcomes = {str(row["id"]): row["outcome"] for row in attempts}
    evidence = Evidence(world, limits, deliveries, outcomes, {row["subject"]: row for row in facts})
    for stated in world.school.stated:
        if stated.committed is not None and stated.is_news:
            newest = evidence.heads.get(stated.subject)
            if newest is None or newest.version < stated.version:
                evidence.heads[stated.subject] = stated
    ids: dict[tuple[str, UUID, str], list[str]] = {}
    for row in deliveries:
        ids.setdefault((row["subject"], row["recipient"], row["channel"]), []).append(str(row["id"]))
    for post in world.provider.posts:
        person = world.school.owners[post.address]
        for token in post.tokens:
            stated = world.school.stated[token]
            delivery = _delivery_of(post, ids.get((stated.subject, person, post.channel), []))
            evidence.told.append(Told(post, stated, person, delivery))
    return evidence, left


def _delivery_of(post: Post, rows: Sequence[str]) -> str | None:
    """Return whose message it is: its key says so; a letter is of those that were marked for it.

    A reader has two threads of one subject on one channel if it serves as an alert once, and to fall back on.
    """
    own = [one for one in rows if one.replace("-", "") == post.key.partition(".")[0]]
    return next(iter([*own, *(one for one in rows if one in post.marks)]), None)


def readers(stated: Stated) -> list[UUID]:
    """Return everybody who follows a pupil of a subject."""
    return sorted({adult for pupil, adult in FOLLOWS if pupil in stated.pupils})


def _effect(stated: Stated) -> int:
    assert stated.committed is not None
    return stated.committed[0]


def _allows(relation: Any) -> bool:
    term = relation.consent(ConsentPurpose.ATTENDANCE)
    return relation.may_see and not relation.barred and term.withdrawn_on is None
