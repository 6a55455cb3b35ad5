"""Reads what profiles are made of: relations, addresses, choices, and what a school allows."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from core.events import GuardianshipState, SchoolState
from gateway.categories import Category
from gateway.own_affairs import duties, own_affairs
from gateway.profiles import Mode, Selection, SubscriptionRow
from gateway.routing import AddressView
from gateway.watches import Policy, Sphere, Tie

ADDRESSES = text("""
SELECT a.recipient, a.channel, a.credential, a.verified_at IS NOT NULL AS verified, a.dead_reason, a.muted_until,
  EXISTS (SELECT FROM gateway.opt_out o WHERE o.recipient = a.recipient AND o.channel = a.channel) AS refused
FROM gateway.address a WHERE a.recipient = ANY(CAST(:recipients AS uuid[])) AND NOT a.ended
ORDER BY a.recipient, a.channel
""")
SUBSCRIPTIONS = text("""
SELECT recipient, category, channel, mode, hour, weekday, pupil FROM gateway.subscription
WHERE recipient = ANY(CAST(:recipients AS uuid[]))
""")
SELECTIONS = text("""
SELECT recipient, category, pupil, below, subjects FROM gateway.selection
WHERE recipient = ANY(CAST(:recipients AS uuid[]))
""")


async def addresses_of(session: AsyncSession, recipients: Sequence[UUID]) -> dict[UUID, list[AddressView]]:
    """Read the addresses of these readers that have not ended."""
    found: dict[UUID, list[AddressView]] = {}
    for row in await session.execute(ADDRESSES, {"recipients": recipients}):
        view = AddressView(row.channel, row.credential, row.verified, row.dead_reason, row.refused, row.muted_until)
        found.setdefault(row.recipient, []).append(view)
    return found


async def subscription_rows(session: AsyncSession, recipients: Sequence[UUID]) -> dict[UUID, list[SubscriptionRow]]:
    """Read what these readers chose themselves."""
    found: dict[UUID, list[SubscriptionRow]] = {}
    for row in await session.execute(SUBSCRIPTIONS, {"recipients": recipients}):
        kept = SubscriptionRow(Category(row.category), row.channel, Mode(row.mode), row.hour, row.weekday, row.pupil)
        found.setdefault(row.recipient, []).append(kept)
    return found


async def selections_of(session: AsyncSession, recipients: Sequence[UUID]) -> dict[UUID, list[Selection]]:
    """Read which marks are bad to these readers, and of which subjects they want to hear."""
    found: dict[UUID, list[Selection]] = {}
    for row in await session.execute(SELECTIONS, {"recipients": recipients}):
        kept = Selection(Category(row.category), row.pupil, row.below, frozenset(row.subjects))
        found.setdefault(row.recipient, []).append(kept)
    return found


def tie_of(recipient: UUID, relation: GuardianshipState) -> Tie:
    """Say what ties a reader to what he follows."""
    if relation.pupil == own_affairs(recipient):
        return Tie(relation, Sphere.OWN)
    return Tie(relation, Sphere.DUTY if relation.pupil == duties(recipient) else Sphere.FAMILY)


def policy_of(school: SchoolState) -> Policy:
    """Return what a school allows and demands."""
    return Policy.of(school.settings, school.telling)
