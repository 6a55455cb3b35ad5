"""How facts that void operations have left are put right: through the ordinary corrections, history kept (AUTH-11).

Each kind of fact has one function: it gets the operations of one subject that nobody else's followed, and brings the
fact back to what stood before the first of them. What has no way back says so, and is named to whoever signs the act.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.actor import Act
from core.audit.audit_log import AuditLine
from core.consent import consents
from core.consent.consent_entries import BOTH, Decision
from core.events import ConsentPurpose, ConsentTerm
from core.family import guardianships
from core.learning import attendance, gradebook, homework, remarks
from core.learning.entries import entry_said
from core.learning.learning_tables import Homework, Mark, Remark
from core.notice import notices
from core.notice.notice_tables import Notice
from core.school import school_settings, schools
from core.school_time import school_date
from core.staff import roles
from core.tables import AuditRow, RoleAssignment, RollCall, School

DAY = timedelta(days=1)


class Outcome(StrEnum):
    """What became of the fact of a void operation."""

    PUT_RIGHT = "put-right"
    """The fact stands as before."""
    NOTHING_LEFT = "nothing-left"
    """Nothing of it stands any more: somebody has put it right already."""
    CHANGED_SINCE = "changed-since"
    """Somebody else has changed the fact since: his word stands."""
    NO_WAY_BACK = "no-way-back"
    """There is no correction that takes it back."""
    NO_FACT = "no-fact"
    """It has left no fact of its own."""


@dataclass(frozen=True, slots=True)
class Run:
    """Void operations about one thing that nobody else's followed, the oldest first, and the act that voids them."""

    act: Act
    school: UUID
    number: str
    """Of the act on paper."""
    lines: Sequence[AuditLine]

    @property
    def first(self) -> AuditLine:
        """The operation before which all was right."""
        return self.lines[0]

    @property
    def before(self) -> Mapping[str, Any]:
        """What stood before it."""
        return self.first.before or {}

    def one(self) -> UUID:
        """Return the id in a subject such as ``mark/…``."""
        return UUID(self.first.subject.split("/")[1])

    def why(self) -> str:
        """Return the reason of corrections that ask for one."""
        return f"Акт № {self.number}"


type Correction = Callable[[AsyncSession, Run], Awaitable[Outcome]]


async def _mark(session: AsyncSession, run: Run) -> Outcome:
    """Correct or take back a mark; one that was taken back is given anew, since nothing changes it any more."""
    mark = await session.get_one(Mark, run.one(), populate_existing=True)
    wanted = run.before.get("value")
    if mark.value == wanted:
        return Outcome.NOTHING_LEFT
    if wanted is None:
        await gradebook.take_back(session, run.act, mark.id)
    elif mark.value is None:
        # What stood stands again, whether or not the pupil is absent there.
        await gradebook.give_for_missed(session, run.act, mark.lesson_id, mark.pupil_id, wanted, mark.work)
    else:
        await gradebook.correct(session, run.act, mark.id, wanted)
    return Outcome.PUT_RIGHT


async def _absence(session: AsyncSession, run: Run) -> Outcome:
    _, lesson, pupil = run.first.subject.split("/")
    wanted = entry_said(run.before)
    if await attendance.entry_of(session, UUID(lesson), UUID(pupil)) == wanted:
        return Outcome.NOTHING_LEFT
    await attendance.correct(session, run.act, UUID(lesson), {UUID(pupil): wanted})
    return Outcome.PUT_RIGHT


async def _roll(session: AsyncSession, run: Run) -> Outcome:
    """Take back the first calling of a roll as a whole; of any other the entries are put right one by one."""
    called = await session.get(RollCall, run.one(), populate_existing=True)
    if called is None or called.withdrawn:
        return Outcome.NOTHING_LEFT
    if called.previous is None:
        await attendance.withdraw(session, run.act, called.lesson_id, called.version)
        return Outcome.PUT_RIGHT
    called_before = exists().where(
        AuditRow.subject == run.first.subject, AuditRow.action == run.first.action, AuditRow.seq < run.first.seq
    )
    return Outcome.NO_FACT if (await session.execute(select(called_before))).scalar_one() else Outcome.NO_WAY_BACK


async def _homework(session: AsyncSession, run: Run) -> Outcome:
    """Give again what was given before, at the lesson where it was given; or take back."""
    due = run.one()
    stands = await session.get_one(Homework, due, populate_existing=True)
    if not run.before or run.before["withdrawn"]:
        if stands.withdrawn:
            return Outcome.NOTHING_LEFT
        await homework.take_back(session, run.act, due)
        return Outcome.PUT_RIGHT
    said = await _last_set(session, run)
    if said is None:
        return Outcome.NO_WAY_BACK
    text = None if said["text"] == homework.NOTHING_SET else said["text"]
    await homework.set_at(session, run.act, UUID(said["lesson"]), text)
    return Outcome.PUT_RIGHT


async def _last_set(session: AsyncSession, run: Run) -> Mapping[str, Any] | None:
    """Return what was last given for this lesson before the void operations, with the lesson where it was given."""
    query = (
        select(AuditRow.after)
        .where(AuditRow.subject == run.first.subject, AuditRow.action == "homework.set", AuditRow.seq < run.first.seq)
        .order_by(AuditRow.seq.desc())
        .limit(1)
    )
    return (await session.execute(query)).scalar_one_or_none()


async def _remark(session: AsyncSession, run: Run) -> Outcome:
    if run.before:
        return Outcome.NO_WAY_BACK  # words of another's cannot be written anew in his name
    if (await session.get_one(Remark, run.one(), populate_existing=True)).withdrawn:
        return Outcome.NOTHING_LEFT
    await remarks.withdraw(session, run.act, run.one())
    return Outcome.PUT_RIGHT


async def _notice(session: AsyncSession, run: Run) -> Outcome:
    if run.before:
        return Outcome.NO_WAY_BACK  # whoever had answered would have to answer again
    if (await session.get_one(Notice, run.one(), populate_existing=True)).withdrawn:
        return Outcome.NOTHING_LEFT
    await notices.withdraw(session, run.act, run.one())
    return Outcome.PUT_RIGHT


async def _consent(session: AsyncSession, run: Run) -> Outcome:
    """Enter on paper, the act, what stood before for each purpose."""
    _, pupil, guardian = run.first.subject.split("/")
    today = school_date(run.act.at, (await session.get_one(School, run.school)).zone)
    stands = await consents.standing(session, UUID(pupil), UUID(guardian))
    changed = False
    for purpose in BOTH:
        before = ConsentTerm.model_validate(run.before[purpose.value])
        if before.in_force(today) != stands.term(purpose).in_force(today):
            act = replace(run.act, key=f"{run.act.key}/{purpose}")
            decision = _decision(run, purpose, before, today)
            await consents.record(session, act, UUID(pupil), UUID(guardian), decision, voiding=True)
            changed = True
    return Outcome.PUT_RIGHT if changed else Outcome.NOTHING_LEFT


def _decision(run: Run, purpose: ConsentPurpose, before: ConsentTerm, today: date) -> Decision:
    given = before.in_force(today)
    until = before.until if given else None
    return Decision(given=given, since=today, purposes=(purpose,), until=until, paper_ref=run.why())


async def _settings(session: AsyncSession, run: Run) -> Outcome:
    if (await schools.of_id(session, run.school)).settings.model_dump(mode="json") == run.before:
        return Outcome.NOTHING_LEFT
    await school_settings.change(session, run.act.actor, run.school, dict(run.before), run.act.at)
    return Outcome.PUT_RIGHT


async def _role(session: AsyncSession, run: Run) -> Outcome:
    """End a role that was given as if it had never been; one that was ended is given again by an order only."""
    if run.first.action != "role.grant":
        return Outcome.NO_WAY_BACK
    given = (RoleAssignment.granted_at == run.first.at, RoleAssignment.granted_by == run.first.person)
    rows = await session.execute(select(RoleAssignment).where(RoleAssignment.person_id == run.one(), *given))
    standing = rows.scalars().all()
    for row in standing:
        act = replace(run.act, key=f"{run.act.key}/{row.id}")
        await roles.end(session, act, row.id, row.since - DAY, run.why())
    return Outcome.PUT_RIGHT if standing else Outcome.NOTHING_LEFT


async def _relation(session: AsyncSession, run: Run) -> Outcome:
    """End a relation that was added as if it had never been; what else was done to one is put right by hand."""
    if run.first.action != "guardianship.add" or run.before:
        return Outcome.NO_WAY_BACK
    _, pupil, guardian = run.first.subject.split("/")
    since = date.fromisoformat((run.first.after or {})["since"])
    await guardianships.end(session, run.act, UUID(pupil), UUID(guardian), since - DAY, run.why())
    return Outcome.PUT_RIGHT


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of fact."""

    actions: frozenset[str]
    """What is done with it."""
    correct: Correction
    each: bool = False
    """Every operation makes a fact of its own, whatever was done about the same subject since."""


KINDS = (
    Kind(frozenset({"mark.give", "mark.correct", "mark.take-back"}), _mark),
    Kind(frozenset({"attendance.roll"}), _roll),
    Kind(frozenset({"attendance.record"}), _absence),
    Kind(frozenset({"homework.set", "homework.take-back"}), _homework),
    Kind(frozenset({"remark.write", "remark.withdraw"}), _remark),
    Kind(frozenset({"notice.publish", "notice.withdraw"}), _notice),
    Kind(frozenset({"consent.record"}), _consent),
    Kind(frozenset({"school.settings"}), _settings),
    Kind(frozenset({"role.grant", "role.end"}), _role, each=True),
    Kind(frozenset({f"guardianship.{what}" for what in ("add", "change", "end", "bar", "unbar")}), _relation),
)
"""Facts that void operations may have left; any other operation is named as one without a way back."""


def kind_of(action: str) -> Kind | None:
    """Return the kind of fact that an action is about."""
    return next((kind for kind in KINDS if action in kind.actions), None)
