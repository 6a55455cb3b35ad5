"""Mutations of core: each is what a slip in one line would make of it, and a walk must find it.

Of each the docstring says where the slip is; ``MUTATIONS`` is the table that the test goes through.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from types import MappingProxyType
from uuid import UUID

import pytest
from sqlalchemy import ColumnElement, and_, or_, text
from sqlalchemy.ext.asyncio import AsyncSession

from core import outbox, rights
from core.account import admission
from core.actor import Act
from core.consent import consent_entries, consents
from core.consent.consent_entries import Standing
from core.events import Event
from core.family import guardianship_events, majority
from core.person import merging
from core.staff import roles
from core.tables import Guardianship, RoleAssignment


def barred_sees(patch: pytest.MonkeyPatch) -> None:
    """``core.rights`` no longer asks whether an adult is barred."""

    def in_force(today: date) -> ColumnElement[bool]:
        not_ended = or_(Guardianship.until.is_(None), Guardianship.until >= today)
        return and_(Guardianship.may_see, Guardianship.since <= today, not_ended)

    patch.setattr(rights, "in_force", in_force)


def withdrawal_is_not_told(patch: pytest.MonkeyPatch) -> None:
    """``core.consent.consents`` publishes nothing once a consent was withdrawn."""
    tell = consents._tell

    async def silent(session: AsyncSession, act: Act, school: UUID, row: Guardianship, consent: Standing) -> None:
        if consent.achievement.withdrawn_on is None and consent.attendance.withdrawn_on is None:
            await tell(session, act, school, row, consent)

    patch.setattr(consents, "_tell", silent)


def ended_role_lasts_a_day_longer(patch: pytest.MonkeyPatch) -> None:
    """``core.staff.roles`` takes the last day for the day after it."""
    cut = roles.cut

    async def late(session: AsyncSession, row: RoleAssignment, last_day: date) -> None:
        await cut(session, row, last_day + timedelta(days=1))

    patch.setattr(roles, "cut", late)


def merging_forgets_consents(patch: pytest.MonkeyPatch) -> None:
    """``core.person.merging`` leaves the register of consents with the record that goes."""
    patch.setattr(merging, "EVIDENCE", text("SELECT CAST(:gone AS uuid)"))


def coming_of_age_leaves_rights(patch: pytest.MonkeyPatch) -> None:
    """``core.family.majority`` asks the pupil, and ends nobody's right."""

    async def nobody(*_: object) -> list[Guardianship]:
        return []

    patch.setattr(majority, "_open_relations", nobody)


def refusal_counts_as_consent(patch: pytest.MonkeyPatch) -> None:
    """``core.consent.consent_entries`` does not look whether an entry gives or refuses."""
    stand = consent_entries.stand

    def generous(entries: Iterable[consent_entries.ConsentEntry]) -> Standing:
        return stand(replace(one, given=True) for one in entries)

    patch.setattr(consents, "stand", generous)


def state_keeps_its_version(patch: pytest.MonkeyPatch) -> None:
    """``core.family.guardianship_events`` states a relation anew under the version that it had."""

    async def same(session: AsyncSession, event: Event) -> None:
        await outbox.publish(session, event.model_copy(update={"version": max(1, event.version - 1)}))

    patch.setattr(guardianship_events, "publish", same)


def code_without_consent(patch: pytest.MonkeyPatch) -> None:
    """``core.account.admission`` lets in whoever has a child, consent or none."""

    async def agreed(_: AsyncSession, relations: list[consents.Relation], __: date) -> bool:
        return bool(relations)

    patch.setattr(admission, "_consented", agreed)


MUTATIONS: Mapping[Callable[[pytest.MonkeyPatch], None], frozenset[str]] = MappingProxyType(
    {
        barred_sees: frozenset({"a_court_decides"}),
        withdrawal_is_not_told: frozenset({"a_sheet_is_recorded", "an_adult_decides_himself"}),
        ended_role_lasts_a_day_longer: frozenset({"a_role_is_given", "a_role_ends"}),
        merging_forgets_consents: frozenset({"two_records_become_one"}),
        coming_of_age_leaves_rights: frozenset({"days_pass", "a_relation_changes"}),
        refusal_counts_as_consent: frozenset({"a_sheet_is_recorded", "an_adult_decides_himself"}),
        state_keeps_its_version: frozenset({"a_relation_changes", "a_relation_ends"}),
        code_without_consent: frozenset({"a_code_is_handed_out", "a_code_is_shown"}),
    }
)
"""Each mutation with the rules near it: walks by these alone find it soon, walks by all rules after a while."""
