"""Random walks on real parts: whatever journal, parents and wires do, the last word is true or a reason stands.

A failing walk is repeated by its seed.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from core.database import Database
from core.events import AbsenceKind, Channel
from gateway.absence_content import AbsenceContent, Missed
from gateway.receipts import ReceiptKind
from tests.integration.gateway_world import CREDENTIALS, UNEXPLAINED, Child, GatewayWorld, Parent, gateway_world
from tests.unit.gateway_cases import read_absence
from zvonok.sandbox.faults import Cut, Refused, TooMany, bad_gateway, blocked
from zvonok.sandbox.mail_faults import MAILBOX_BUSY, NO_SUCH_MAILBOX, CutAfterDot

WAYS = ((Channel.TELEGRAM,), (Channel.MAIL,), (Channel.TELEGRAM, Channel.MAIL), ())
CHAT_TROUBLE = (
    bad_gateway(),
    Cut(accepted=True),
    Cut(accepted=False),
    blocked(),
    TooMany(5),
    Refused(400, "Bad Request"),
)
MAIL_TROUBLE = (MAILBOX_BUSY, NO_SUCH_MAILBOX, CutAfterDot(), CutAfterDot(kept=False))
AT_REST = ("accepted", "suppressed", "failed", "unknown", "expired")


@pytest_asyncio.fixture
async def world(core_database: Database, gateway_database: Database, tmp_path: Path) -> AsyncIterator[GatewayWorld]:
    async with gateway_world(core_database, gateway_database, tmp_path) as made:
        yield made


@dataclass
class Walk:
    """One child's day, at random."""

    world: GatewayWorld
    dice: random.Random
    child: Child
    truth: Mapping[int, AbsenceKind] = field(default_factory=dict)
    presses: int = 0

    async def step(self) -> None:
        act = self.dice.choices(
            (self.enter, self.trouble, self.press, self.move_address, self.move_rights, self.wait, self.crash),
            (6, 4, 2, 2, 1, 5, 1),
        )
        await act[0]()

    async def enter(self) -> None:
        numbers = self.dice.sample((1, 2, 3), self.dice.randint(0, 3))
        self.truth = {number: self.dice.choice(tuple(AbsenceKind)) for number in numbers}
        await self.world.states(self.child, self.truth)
        if self.dice.random() < 0.7:
            await self.world.settle()

    async def trouble(self) -> None:
        if self.dice.random() < 0.7:
            self.world.emulator.faults.arm(self.dice.choice(CHAT_TROUBLE), times=self.dice.randint(1, 3))
        else:
            self.world.catcher.faults.arm(self.dice.choice(MAIL_TROUBLE), times=1)

    async def press(self) -> None:
        parent = self.dice.choice(self.child.parents)
        if self.world.chat(parent):
            self.presses += 1
            await self.world.press(parent, ReceiptKind.ACKNOWLEDGED, key=f"update:{self.presses}")

    async def move_address(self) -> None:
        parent, channel = self.dice.choice(self.child.parents), self.dice.choice(tuple(Channel))
        if channel is Channel.TELEGRAM and not self.world.emulator.world.chat(4242, parent.chat):
            self.world.open_chat(parent.chat)
        await self.world.publish(self.world.address_event(parent, channel, ended=self.dice.random() < 0.3))

    async def move_rights(self) -> None:
        parent = self.dice.choice(self.child.parents)
        await self.world.publish(self.world.follow_event(self.child, parent, barred=self.dice.random() < 0.5))

    async def wait(self) -> None:
        self.world.clock.move(seconds=self.dice.choice((1, 10, 61, 120)))
        await self.world.settle()

    async def crash(self) -> None:
        """Let both couriers die with what they have claimed; others take over when the leases end."""
        await self.world.plan()
        for courier in (self.world.telegram, self.world.mail):
            self.world.clock.seconds += 1
            await courier.run_once()
            flights = list(courier._flying)
            for flight in flights:
                flight.cancel()
            if flights:
                await asyncio.wait(flights)
        self.world.telegram, self.world.mail = (self.world.courier(channel) for channel in CREDENTIALS)
        self.world.clock.move(seconds=16)

    async def rest(self) -> None:
        """End all trouble, and wait out every retry."""
        self.world.emulator.faults.lift_all()
        self.world.catcher.faults.lift_all()
        for _ in range(4):
            self.world.clock.move(minutes=6)
            await self.world.settle()

    def facts(self) -> AbsenceContent:
        return AbsenceContent(
            tuple(
                Missed(number, "математика", kind, kind is AbsenceKind.UNEXPLAINED)
                for number, kind in sorted(self.truth.items())
            )
        )


async def check(walk: Walk, parent: Parent) -> None:
    world, facts = walk.world, walk.facts()
    threads = await world.threads(parent)
    assert {row.state for row in threads.values()} <= set(AT_REST), "nothing is forgotten on the way"
    left = await world.rows(
        """SELECT t.content_key, t.outcome, t.act, d.channel, d.purpose, t.provider_id FROM gateway.attempt t
        JOIN gateway.delivery d ON d.id = t.delivery
        WHERE d.recipient = :parent AND t.outcome IN ('accepted', 'unknown')
        ORDER BY t.started_at, t.version""",
        parent=parent.id,
    )
    said = [row for row in left if row.purpose != "all-clear"]
    reasons = [row for row in threads.values() if row.state != "accepted" and row.reason is not None]
    if not said:
        assert not facts.alarming or reasons
    elif said[-1].outcome == "accepted" and read_absence(said[-1].content_key).facts == facts.facts:
        check_what_is_seen(world, parent, said[-1].channel, said[-1].provider_id, facts)
    else:
        assert reasons, "what is not told has a reason"
    sent = [row for row in left if row.act == "send"]
    by_chat = [row for row in sent if row.channel == "telegram"]
    assert len(world.emulator.log.delivered(parent.chat)) <= len(by_chat)
    assert len(world.letters(parent)) <= len(sent) - len(by_chat)


def check_what_is_seen(
    world: GatewayWorld, parent: Parent, channel: str, provider_id: str, facts: AbsenceContent
) -> None:
    """Compare the words that the parent really has before his eyes with the truth."""
    if channel == "telegram":
        words = world.emulator.person(parent.chat).chat.all_messages[int(provider_id)].text
    else:
        words = world.letters(parent)[-1].text or ""
    for number in (1, 2, 3):
        missed = any(lesson.number == number for lesson in facts.lessons)
        assert (f"{number}-й урок, " in words) == missed
    # What of a lesson told was taken back goes before a cause that is known of another one.
    cleared = ("отметка об отсутствии снята", *(("причина отсутствия известна",) if facts.lessons else ()))
    assert any(title in words for title in (("тсутствие на урок",) if facts.alarming else cleared))
    assert ("С 1 сентября пропущен" in words) == bool(facts.alarming)


@pytest.mark.parametrize("seed", range(8))
async def test_the_last_word_is_true_or_a_reason_stands(world: GatewayWorld, seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 - a walk to be repeated, not a secret
    child = await world.child(*(dice.choice(WAYS) for _ in range(2)))
    walk = Walk(world, dice, child)
    for _ in range(14):
        await walk.step()
    await walk.rest()
    for parent in child.parents:
        await check(walk, parent)


@pytest.mark.deep
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("seed", range(100, 160))
async def test_long_walks(world: GatewayWorld, seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 - a walk to be repeated, not a secret
    child = await world.child(*(dice.choice(WAYS) for _ in range(3)))
    walk = Walk(world, dice, child)
    for _ in range(40):
        await walk.step()
    await walk.rest()
    for parent in child.parents:
        await check(walk, parent)


@pytest.mark.parametrize("seed", range(3))
async def test_every_follower_of_every_absence_ends_in_a_thread_or_in_a_reason(world: GatewayWorld, seed: int) -> None:
    """house.md §4: followers = planned + reasons."""
    dice = random.Random(seed)  # noqa: S311 - a school to be made again, not a secret
    children = []
    for _ in range(10):
        today = world.clock.wall.date()
        relation: dict[str, Any] = {
            "barred": dice.random() < 0.2,
            "may_see": dice.random() < 0.8,
            "consent_given_on": dice.choice((None, today, today - timedelta(days=9), today + timedelta(days=1))),
            "consent_withdrawn_on": dice.choice((None, None, today)),
            "until": dice.choice((None, None, today - timedelta(days=1))),
        }
        children.append(await world.child(*dice.choices(WAYS, k=dice.randint(0, 3)), **relation))
    parents = [parent for child in children for parent in child.parents]
    for parent in dice.sample(parents, min(4, len(parents))):
        await world.publish(world.address_event(parent, dice.choice(tuple(Channel)), verified_at=None))
    allowed = tuple(dice.sample(tuple(Channel), dice.randint(1, 2)))
    await world.publish(world.school_event(allowed_channels=allowed))
    await world.publish(*(world.day_event(child, {1: UNEXPLAINED}) for child in children))
    await world.settle()
    await world.pass_undo()
    counts = await world.rows(
        """SELECT f.followers, count(DISTINCT d.recipient) AS recipients,
          count(DISTINCT d.recipient) FILTER (WHERE d.state = 'accepted') AS told,
          count(DISTINCT d.recipient) FILTER (WHERE d.reason IS NOT NULL) AS reasons
        FROM gateway.fact f LEFT JOIN gateway.delivery d ON d.month = f.month AND d.subject = f.subject
        GROUP BY f.subject, f.followers"""
    )
    assert len(counts) == len(children)
    assert sum(row.followers for row in counts) == len(parents)
    for row in counts:
        assert row.followers == row.recipients == row.told + row.reasons
