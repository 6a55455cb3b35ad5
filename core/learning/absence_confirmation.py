"""What the school decides of an absence whose cause was not known: it accepts a cause, or not what the family says.

The right to it is not that of calling rolls (CONF-02): the class teacher has it, who knows the family. A cause that
becomes known is no correction: the entry was right when it was made.
"""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core import free_text, rights
from core.access import Right
from core.actor import Act
from core.events import AbsenceKind
from core.journal import Change, audit, first_time
from core.learning import attendance_day, causes, journal_locks
from core.learning.absence_codes import KINDS, code_of
from core.learning.absence_lists import REFUSED
from core.learning.attendance_day import DayKey
from core.learning.attendance_tables import AbsenceAnswer, AnnouncedAbsence
from core.movement import closing
from core.movement.enrolments import in_force_on
from core.movement.movement_tables import Enrolment
from core.refusals import Conflict, Invalid
from core.rights import Facts
from core.rule_book.model import SchoolRules
from core.school import school_rules

WHY_LONGEST = 300
"""Characters of what the decision rests on: a line of the audit."""


async def confirm(session: AsyncSession, act: Act, key: DayKey, code: str, why: str = "") -> tuple[UUID, ...]:
    """Give the lessons of a day that a pupil missed without a known cause this one; return those that changed.

    ``why`` is what it rests on: «справка № 12». Whoever can open locked lessons does by it what the lock asks of the
    administration, its leave and a reason, in one act (ATT-11): a certificate often comes when the week is over.

    Raises ``NotFound``, ``Forbidden``, ``Invalid`` (a code that the school has not, or that is no cause; no reason
    where one is needed), or ``Conflict``: nothing is unexplained, the lessons are locked, the year is closed.
    """
    facts, rules, reason = await _for_deciding(session, act, key, why)
    known = code_of(rules, code)
    if known is None:
        raise Invalid("absence-code-unknown", code=code)
    if KINDS[known.kind] is AbsenceKind.UNEXPLAINED:
        raise Invalid("absence-code-no-cause", code=known.code)
    if not await first_time(session, act.key, act.at):
        return ()
    changed = await causes.change_causes(session, act, facts.of_school, key, known.code)
    if not changed:
        raise Conflict("absence-all-explained")
    # Only now that the lessons are held: who locks them meanwhile waits, or was before and is seen.
    await _demand_unlocked(session, act, facts, rules, changed, reason=reason)
    after = {"code": known.code, "lessons": [str(one) for one in sorted(changed)]}
    change = Change("absence.confirm", key.subject, None, after, reason or None)
    await audit(session, act.actor, facts.of_school.id, act.at, change)
    return changed


async def refuse(session: AsyncSession, act: Act, key: DayKey, why: str) -> None:
    """Say that what the family gives as a reason of a day, then or beforehand, is not accepted.

    Raises ``NotFound``, ``Forbidden``, ``Invalid`` (no word why), or ``Conflict``: nothing is unexplained, nobody has
    said anything, the year is closed.
    """
    facts, _, reason = await _for_deciding(session, act, key, why)
    if not reason:
        raise Invalid("absence-refuse-why", longest=WHY_LONGEST)
    if not await first_time(session, act.key, act.at):
        return
    await _demand_unexplained(session, key)
    said = select(AbsenceAnswer.guardian_id, AbsenceAnswer.reason).where(
        AbsenceAnswer.pupil_id == key.pupil, AbsenceAnswer.day == key.day
    )
    answers = {str(guardian): answer for guardian, answer in await session.execute(said)}
    announced = select(AnnouncedAbsence.id).where(
        AnnouncedAbsence.pupil_id == key.pupil,
        AnnouncedAbsence.withdrawn_at.is_(None),
        AnnouncedAbsence.first <= key.day,
        AnnouncedAbsence.last >= key.day,
    )
    beforehand = [str(one) for one in (await session.execute(announced.order_by(AnnouncedAbsence.id))).scalars()]
    if not answers and not beforehand:
        raise Conflict("absence-nothing-said")
    change = Change(REFUSED, key.subject, {"answers": answers, "announced": beforehand}, None, reason)
    await audit(session, act.actor, facts.of_school.id, act.at, change)


async def _for_deciding(session: AsyncSession, act: Act, key: DayKey, why: str) -> tuple[Facts, SchoolRules, str]:
    facts = await _facts(session, act, key)
    reason = " ".join(free_text.plain(why).split())
    if free_text.length(reason) > WHY_LONGEST:
        raise Invalid("text-too-long", longest=WHY_LONGEST, seen=free_text.length(reason))
    await closing.demand_open(session, facts.of_school.id, key.day)
    rules = await school_rules.of_school(session, facts.of_school.id)
    return facts, rules, "" if free_text.says_nothing(reason) else reason


async def _facts(session: AsyncSession, act: Act, key: DayKey) -> Facts:
    """Ask for the right: of the class where he learns now, or of that where he learned on the day."""
    facts = await rights.of_pupil(session, act.actor, key.pupil, act.at)
    if not facts.may(Right.ABSENCE_CONFIRM):
        then = select(Enrolment.class_id).where(Enrolment.pupil_id == key.pupil, in_force_on(key.day))
        class_id = (await session.execute(then)).scalar_one_or_none()
        if class_id is not None:
            facts = await rights.of_class(session, act.actor, class_id, act.at)
        rights.demand(facts, Right.ABSENCE_CONFIRM)
    return facts


async def _demand_unexplained(session: AsyncSession, key: DayKey) -> None:
    """Keep the day as it is until the commit; raise ``Conflict`` if all that was missed has a known cause."""
    await attendance_day.lock(session, key)
    state = (await attendance_day.read(session, [key])).get(key)
    if state is None or all(one.kind is not AbsenceKind.UNEXPLAINED for one in state.absences):
        raise Conflict("absence-all-explained")


async def _demand_unlocked(
    session: AsyncSession, act: Act, facts: Facts, rules: SchoolRules, lessons: Collection[UUID], *, reason: str
) -> None:
    """Refuse what is locked, unless it is the administration that confirms, and says why."""
    try:
        await journal_locks.demand_all_open(session, facts.of_school, rules, lessons, act.at)
    except Conflict:
        if not facts.may_throughout(Right.JOURNAL_UNLOCK):
            raise
        if not reason:
            raise Invalid("absence-confirm-why") from None
