"""Rules of a school: which it has, and who changes them. What equals its profile is not kept as the school's own.

Whoever has to obey a rule asks ``of_school``; what rules there may be is told by ``core.rule_book``. The gateway, which
may not ask, is told of those that it obeys (``SchoolTelling``) in the transaction that keeps them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core import rights
from core.access import Right
from core.actor import Act, Actor
from core.events import school_subject
from core.journal import Change, audit, first_time
from core.refusals import Invalid, NotFound
from core.rule_book.model import SchoolRules
from core.rule_book.profiles import Profile, kept, rules_by
from core.rule_book.wording import wanted
from core.school import schools
from core.tables import AuditRow, School


@dataclass(frozen=True, slots=True)
class RulesView:
    """The rules of a school, and which of them are its own."""

    profile: Profile
    rules: SchoolRules
    own: frozenset[str]
    """Names of the rules that the school decided otherwise than its profile."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """That somebody put the school under its profile."""

    at: datetime
    person: UUID | None
    """None: the office at the command line."""


async def of_school(session: AsyncSession, school_id: UUID) -> SchoolRules:
    """Return the rules of a school, for whoever has to obey them. Raises ``NotFound``."""
    return _view(await _school(session, school_id)).rules


async def read(session: AsyncSession, actor: Actor, school_id: UUID, now: datetime) -> RulesView:
    """Show the rules of a school. Raises ``NotFound``, ``Forbidden``."""
    rights.demand(await rights.of_school(session, actor, school_id, now), Right.SETTINGS_VIEW)
    return _view(await _school(session, school_id))


async def profile_chosen(session: AsyncSession, school_id: UUID) -> Chosen | None:
    """Return who put the school under its profile, and when; None for the one with which every school begins.

    By the audit: words that were erased there no longer tell.
    """
    changes = select(AuditRow.at, AuditRow.person_id, AuditRow.before, AuditRow.after).where(
        AuditRow.school_id == school_id, AuditRow.action == "school.rules"
    )
    for at, person, before, after in await session.execute(changes.order_by(AuditRow.seq.desc())):
        if (before or {}).get("profile") != (after or {}).get("profile"):
            return Chosen(at, person)
    return None


async def change(session: AsyncSession, act: Act, school_id: UUID, changes: Mapping[str, Any]) -> RulesView:
    """Change rules; values are in the form in which they are kept, ``...`` gives a rule back to the profile.

    Raises ``NotFound``, ``Forbidden``, or ``Invalid``, which names the rule and says what it has to be.
    """
    school = await _for_writing(session, act, school_id)
    own = {**school.rules, **changes}
    for name in [name for name, value in own.items() if value is ...]:
        if name not in SchoolRules.model_fields:
            raise Invalid("rule-unknown", name=name)
        del own[name]
    return await _keep(session, act, school, Profile(school.profile), own)


async def choose_profile(session: AsyncSession, act: Act, school_id: UUID, profile: str) -> RulesView:
    """Put a school under another profile; what it decided itself stays.

    Raises ``NotFound``, ``Forbidden``, or ``Invalid`` for a profile that there is not.
    """
    school = await _for_writing(session, act, school_id)
    if profile not in Profile:
        raise Invalid("rule-profile-unknown", profile=profile, choices=", ".join(Profile))
    return await _keep(session, act, school, Profile(profile), school.rules)


async def _for_writing(session: AsyncSession, act: Act, school_id: UUID) -> School:
    rights.demand(await rights.of_school(session, act.actor, school_id, act.at), Right.SETTINGS_CHANGE)
    return await session.get_one(School, school_id, with_for_update=True, populate_existing=True)


async def _keep(session: AsyncSession, act: Act, school: School, profile: Profile, own: Mapping[str, Any]) -> RulesView:
    """Check the rules as a whole and keep what differs from the profile."""
    rules = _checked(profile, own)
    by_profile = kept(rules_by(profile, {}))
    differing = {name: value for name, value in kept(rules).items() if value != by_profile[name]}
    before = {"profile": school.profile, "rules": school.rules}
    after = {"profile": profile.value, "rules": differing}
    if before != after and await first_time(session, act.key, act.at):
        told = schools.card_of(school).telling
        school.profile, school.rules = profile.value, differing
        if schools.telling_by(rules) != told:
            school.version += 1
            await schools.announce(session, school, act.at)
        await session.flush()
        change_made = Change("school.rules", school_subject(school.id), before, after)
        await audit(session, act.actor, school.id, act.at, change_made)
    return _view(school)


def _checked(profile: Profile, own: Mapping[str, Any]) -> SchoolRules:
    try:
        return rules_by(profile, own)
    except ValidationError as error:
        raise _refusal(error) from None


def _refusal(error: ValidationError) -> Invalid:
    first = error.errors(include_url=False, include_input=False)[0]
    if first["type"] == "rule-low-above-optimal":
        return Invalid("rule-low-above-optimal")
    name = str(first["loc"][0])
    return Invalid("rule-unknown", name=name) if name not in SchoolRules.model_fields else wanted(name)


async def _school(session: AsyncSession, school_id: UUID) -> School:
    school = await session.get(School, school_id)
    if school is None:
        raise NotFound("school-unknown")
    return school


def _view(school: School) -> RulesView:
    profile = Profile(school.profile)
    return RulesView(profile, rules_by(profile, school.rules), frozenset(school.rules))
