"""What the gateway knows of the journal: whole states from events, the higher version kept, never schema ``core``."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from core.events import (
    AbsenceDisputedState,
    AddressState,
    Event,
    GuardianshipState,
    MailboxLinkState,
    PasswordLinkState,
    PersonMergedState,
    RollOverdueState,
    SchoolMorningState,
    SchoolRollsState,
    SchoolState,
    StrangeEntryState,
    Subject,
    TimetableDayState,
    partition_of,
)
from core.school_time import month_of
from gateway.addresses import AddressVault
from gateway.credentials import NOBODY
from gateway.merging import carry_over
from gateway.own_affairs import of_himself, of_his_work
from gateway.planning import Target
from gateway.subjects import day_of, on_duty, pupils_of

SCHOOL = text("""
INSERT INTO gateway.school AS s (id, part, version, rev, state) VALUES (:id, :part, :version, 1, CAST(:state AS jsonb))
ON CONFLICT (id) DO UPDATE SET version = excluded.version, rev = s.rev + 1, state = excluded.state
WHERE s.version < excluded.version RETURNING id
""")
RECIPIENT = text("""
INSERT INTO gateway.recipient AS r (id, school, rev) VALUES (:id, :school, 1)
ON CONFLICT (id) DO UPDATE SET rev = r.rev + 1
""")
KNOWN_RECIPIENT = text("""
INSERT INTO gateway.recipient (id, school, rev) VALUES (:id, :school, 1) ON CONFLICT (id) DO NOTHING
""")
FOLLOW = text("""
INSERT INTO gateway.follow AS f (pupil, recipient, version, state)
VALUES (:pupil, :recipient, :version, CAST(:state AS jsonb))
ON CONFLICT (pupil, recipient) DO UPDATE SET version = excluded.version, state = excluded.state
WHERE f.version < excluded.version RETURNING pupil
""")
ADDRESS = text("""
INSERT INTO gateway.address AS a (recipient, channel, credential, value, value_hmac, verified_at, ended, version)
VALUES (:recipient, :channel, :credential, :value, :value_hmac, :verified_at, :ended, :version)
ON CONFLICT (recipient, channel) DO UPDATE SET credential = excluded.credential, value = excluded.value,
  value_hmac = excluded.value_hmac, verified_at = excluded.verified_at, ended = excluded.ended, dead_reason = NULL,
  dead_at = NULL, version = excluded.version,
  muted_until = CASE WHEN a.value_hmac = excluded.value_hmac THEN a.muted_until END
WHERE a.version < excluded.version RETURNING recipient
""")
FACT = text("""
INSERT INTO gateway.fact AS f (month, subject, school, part, source, category, pupils, day, version, event_id,
  occurred_at, data)
VALUES (:month, :subject, :school, :part, :source, :category, CAST(:pupils AS uuid[]), :day, :version, :event_id,
  :occurred_at, CAST(:data AS jsonb))
ON CONFLICT (month, subject) DO UPDATE SET version = excluded.version, event_id = excluded.event_id,
  occurred_at = excluded.occurred_at, data = excluded.data, pupils = excluded.pupils
WHERE f.version < excluded.version RETURNING subject
""")
SCHOOL_KNOWN = text("SELECT true FROM gateway.school WHERE id = :id")
OPEN_MONTH = text("SELECT gateway.open_month(CAST(:month AS date))")
# Whatever may yet leave or could now be told: threads that wait, and everything of today.
CONCERNED = text("""
SELECT DISTINCT f.month, f.subject, w.recipient FROM gateway.follow w
JOIN gateway.fact f ON f.pupils @> ARRAY[w.pupil] AND f.month >= :month AND f.day >= :today
WHERE w.recipient = ANY(CAST(:recipients AS uuid[]))
UNION
SELECT d.month, d.subject, d.recipient FROM gateway.delivery d
WHERE d.recipient = ANY(CAST(:recipients AS uuid[])) AND d.state = 'pending'
""")
# What waits, and what of today found no way: the school may have allowed one.
CONCERNED_BY_SCHOOL = text("""
SELECT d.month, d.subject FROM gateway.delivery d
WHERE d.school = ANY(CAST(:schools AS uuid[])) AND d.state = 'pending'
UNION
SELECT d.month, d.subject FROM gateway.fact f
JOIN gateway.delivery d ON d.month = f.month AND d.subject = f.subject AND d.state = 'suppressed'
  AND d.reason IN ('channel-not-allowed', 'channel-not-set-up', 'no-address')
WHERE f.school = ANY(CAST(:schools AS uuid[])) AND f.month >= :month AND f.day >= :today
""")
# Letters leave after the lessons: whatever waits for one of a day whose lessons have changed. Of any zone's day.
CONCERNED_BY_LESSONS = text("""
SELECT DISTINCT d.month, d.subject, d.recipient
FROM unnest(CAST(:pupils AS uuid[]), CAST(:days AS date[])) AS l (pupil, day)
JOIN gateway.follow w ON w.pupil = l.pupil
JOIN gateway.bundle b ON b.recipient = w.recipient AND b.closed_at IS NULL
  AND b.slot BETWEEN l.day - interval '1 day' AND l.day + interval '2 days'
JOIN gateway.delivery d ON d.bundle = b.id AND d.state = 'pending'
""")


class EventRefusedError(Exception):
    """An event that cannot be planned, with the reason under which it is set aside."""


@dataclass(slots=True)
class Changed:
    """What a batch of events touched, to be planned anew."""

    subjects: set[Target] = field(default_factory=set)
    recipients: set[UUID] = field(default_factory=set)
    schools: set[UUID] = field(default_factory=set)
    lessons: set[tuple[UUID, date]] = field(default_factory=set)
    """Pupils and days whose timetable changed."""
    opened: set[tuple[UUID, date]] = field(default_factory=set)
    """Schools that are known, with the months opened for them: a bell's events are all of one, and ask once."""

    async def targets(self, session: AsyncSession, today: date) -> set[Target]:
        """Return everything to plan: changed subjects, and what rights, addresses and settings concern."""
        found = set(self.subjects)
        if self.recipients:
            rows = await session.execute(
                CONCERNED, {"recipients": sorted(self.recipients), "today": today, "month": month_of(today)}
            )
            found |= {Target(row.month, row.subject, row.recipient) for row in rows}
        if self.lessons:
            pupils, days = zip(*sorted(self.lessons), strict=True)
            rows = await session.execute(CONCERNED_BY_LESSONS, {"pupils": list(pupils), "days": list(days)})
            found |= {Target(row.month, row.subject, row.recipient) for row in rows}
        if self.schools:
            values = {"schools": sorted(self.schools), "today": today, "month": month_of(today)}
            rows = await session.execute(CONCERNED_BY_SCHOOL, values)
            found |= {Target(row.month, row.subject) for row in rows}
        return found


@dataclass(frozen=True, slots=True)
class Heads:
    """Takes states into the gateway's own tables."""

    vault: AddressVault
    credentials: Mapping[str, str]
    """Which credential serves a channel: «telegram» → «telegram:…»."""

    async def take(self, session: AsyncSession, event: Event, changed: Changed) -> None:
        """Keep the state if its version is higher than what is known. Raises ``EventRefusedError``."""
        match event.data:
            case SchoolState():
                await self._school(session, event, changed)
            case GuardianshipState() as state:
                await self._follow(session, event, state, changed)
            case AddressState() as state:
                await self._address(session, event, state, changed)
            case PersonMergedState() as state:
                await carry_over(session, state, event.school, event.time)
                changed.recipients |= {state.kept, state.gone}
            case _ as state:
                await self._fact(session, event, state, changed)

    async def _school(self, session: AsyncSession, event: Event, changed: Changed) -> None:
        values = {
            "id": event.school,
            "part": partition_of(event.school),
            "version": event.version,
            "state": event.data.model_dump_json(),
        }
        if (await session.execute(SCHOOL, values)).one_or_none():
            changed.schools.add(event.school)

    async def _follow(self, session: AsyncSession, event: Event, state: GuardianshipState, changed: Changed) -> None:
        await session.execute(RECIPIENT, {"id": state.guardian, "school": event.school})
        values = {
            "pupil": state.pupil,
            "recipient": state.guardian,
            "version": event.version,
            "state": state.model_dump_json(),
        }
        if (await session.execute(FOLLOW, values)).one_or_none():
            changed.recipients.add(state.guardian)

    async def _address(self, session: AsyncSession, event: Event, state: AddressState, changed: Changed) -> None:
        await session.execute(RECIPIENT, {"id": state.person, "school": event.school})
        values = {
            "recipient": state.person,
            "channel": state.channel.value,
            "credential": self.credentials.get(state.channel, NOBODY),
            "value": self.vault.seal(state.value),
            "value_hmac": self.vault.hash(state.channel, state.value),
            "verified_at": state.verified_at,
            "ended": state.ended,
            "version": event.version,
        }
        if (await session.execute(ADDRESS, values)).one_or_none():
            changed.recipients.add(state.person)

    async def _fact(self, session: AsyncSession, event: Event, state: Subject, changed: Changed) -> None:
        day = day_of(state)
        month = month_of(day)
        await self._open(session, event.school, month, changed)
        values: dict[str, Any] = {
            "month": month,
            "subject": event.subject,
            "school": event.school,
            "part": partition_of(event.school),
            "source": event.source,
            "category": state.type,
            "pupils": list(pupils_of(state)),
            "day": day,
            "version": event.version,
            "event_id": event.id,
            "occurred_at": event.time,
            "data": state.model_dump_json(),
        }
        if isinstance(state, PasswordLinkState | StrangeEntryState):
            await self._follow_himself(session, event.school, of_himself(state.person))
        if isinstance(state, MailboxLinkState):
            # Not the person: the mailbox is asked, and told nothing else, ever.
            await self._follow_himself(session, event.school, of_himself(state.claim))
        if isinstance(state, RollOverdueState | AbsenceDisputedState | SchoolRollsState | SchoolMorningState):
            for person in on_duty(state):
                await self._follow_himself(session, event.school, of_his_work(person))
        if (await session.execute(FACT, values)).one_or_none():
            changed.subjects.add(Target(month, event.subject))
            if isinstance(state, TimetableDayState):
                changed.lessons |= {(pupil, day) for pupil in pupils_of(state)}

    async def _open(self, session: AsyncSession, school: UUID, month: date, changed: Changed) -> None:
        """Make room for a school's facts of a month, once in a batch. Raises ``EventRefusedError``."""
        if (school, month) in changed.opened:
            return
        if (await session.execute(SCHOOL_KNOWN, {"id": school})).one_or_none() is None:
            raise EventRefusedError("school-unknown")
        await session.execute(OPEN_MONTH, {"month": month})
        changed.opened.add((school, month))

    async def _follow_himself(self, session: AsyncSession, school: UUID, relation: GuardianshipState) -> None:
        """Let a person follow his own affairs, or his work; whoever does already is left as he is."""
        person = relation.guardian
        await session.execute(KNOWN_RECIPIENT, {"id": person, "school": school})
        values = {
            "pupil": relation.pupil,
            "recipient": person,
            "version": 1,
            "state": relation.model_dump_json(),
        }
        if (await session.execute(FOLLOW, values)).one_or_none():
            await session.execute(RECIPIENT, {"id": person, "school": school})


def first_rights_then_facts(event: Event) -> int:
    """Order a batch: settings, rights and addresses are read before the facts they govern (house.md §2.6)."""
    match event.data:
        case SchoolState():
            return 0
        case PersonMergedState() | GuardianshipState() | AddressState():
            return 1
        case _:
            return 2
