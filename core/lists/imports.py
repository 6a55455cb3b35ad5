"""The office's lists: looked at, brought in whole or not at all, listed, taken back.

What a look shows is what an import writes, to the letter: both are one :class:`~core.lists.difference.Difference`, and
an import that was looked at names its fingerprint. Whatever came between makes the import refuse.
"""

from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from core import rights
from core.access import Right
from core.actor import Act, Actor
from core.journal import first_time, id_made_by
from core.lists import (
    clashing,
    closed_years,
    comparing,
    depending,
    kept,
    reading,
    undone_timetable,
    writing_people,
    writing_places,
    writing_relations,
    writing_timetable,
)
from core.lists.clashing import Clashing
from core.lists.comparing import Giver
from core.lists.depending import Because, Reason
from core.lists.difference import Difference, Entry, What
from core.lists.kept import ImportCard
from core.lists.matching import Answers
from core.lists.stages import OnStage, Stage, unseen
from core.lists.undone_timetable import Former
from core.lists.work import Work
from core.outbox import publish
from core.refusals import Conflict, Invalid
from core.rights import Facts
from core.roster_file import LineError, RosterFiles
from core.school.schools import SchoolCard
from core.school_time import school_date, school_year_of_lists
from core.tables import School, SchoolClass, Subject

type Write = Callable[[Work, Sequence[Entry]], Coroutine[Any, Any, None]]

WRITES: tuple[Write, ...] = (
    writing_people.people,
    writing_people.staff,
    writing_people.roles,
    writing_people.classes,
    writing_places.pupils,
    writing_relations.relations,
    writing_relations.addresses,
    writing_timetable.subjects,
    writing_timetable.rooms,
    writing_timetable.slots,
)
"""In the order in which one refers to another; going, the other way round."""


GROUND = frozenset({What.CLASS, What.SUBJECT, What.ROOM, What.SLOT})
"""On what other things of the journal come to rest."""


class RosterRefused(Invalid):
    """The files contradict the journal or themselves; ``problems`` are all reasons, each with its place.

    So are ``clashing.clashes``, of which each has two places.
    """

    def __init__(self, problems: Sequence[LineError], clashing: Clashing = Clashing()) -> None:  # noqa: B008 - a frozen value
        super().__init__("roster-refused")
        self.problems = tuple(problems)
        self.clashing = clashing


class ImportDoubtful(Conflict):
    """Nobody can tell who some lines are; ``difference`` has them, and nothing is written until they are answered."""

    def __init__(self, difference: Difference) -> None:
        super().__init__("import-doubtful", count=len(difference.doubts))
        self.difference = difference


class ImportStands(Conflict):
    """An import cannot be taken back; ``reasons`` are all that rests on it.

    ``clashing`` are the lessons that could not both be held without it.
    """

    def __init__(self, reasons: Sequence[Reason], clashing: Clashing = Clashing()) -> None:  # noqa: B008 - a frozen value
        super().__init__("import-stands", count=len(reasons) + len(clashing.clashes))
        self.reasons = tuple(reasons)
        self.clashing = clashing


@dataclass(frozen=True, slots=True)
class Wish:
    """How lists are to be brought in."""

    answers: Answers = field(default_factory=lambda: MappingProxyType({}))
    """To the doubtful lines."""
    expected: str | None = None
    """The fingerprint of the difference that was shown; None: whatever it is now."""
    files: tuple[str, ...] = ()
    """Names of the files, for the list of imports."""


@dataclass(frozen=True, slots=True)
class Brought:
    """An import that was carried out."""

    id: UUID
    difference: Difference


@dataclass(frozen=True, slots=True)
class TakenBack:
    """An import that was taken back."""

    card: ImportCard
    entries: tuple[Entry, ...]
    """What it had written."""


async def look(
    session: AsyncSession,
    act: Act,
    school: SchoolCard,
    files: RosterFiles,
    answers: Answers = MappingProxyType({}),
    on_stage: OnStage = unseen,
) -> Difference:
    """Say what these lists would change, and write nothing.

    Raises ``NotFound``, ``Forbidden``, ``RosterRefused`` with every problem found, ``Invalid`` (an answer to what
    nobody asks).
    """
    facts = await _facts(session, act.actor, school.id, act.at)
    difference, _ = await _compare(session, act, facts, files, _How(answers, on_stage, lock=False))
    return difference


async def bring_in(
    session: AsyncSession,
    act: Act,
    school: SchoolCard,
    files: RosterFiles,
    wish: Wish,
    on_stage: OnStage = unseen,
) -> Brought:
    """Bring the lists into the journal: all that the difference says, and nothing else.

    Raises as ``look`` does, and ``Conflict``: the difference is not the one that was shown, or lines are doubtful
    (``ImportDoubtful``).
    """
    facts = await _facts(session, act.actor, school.id, act.at)
    difference, work = await _compare(session, act, facts, files, _How(wish.answers, on_stage, lock=True))
    if wish.expected is not None and wish.expected != difference.fingerprint:
        raise Conflict("import-not-as-shown", shown=wish.expected, now=difference.fingerprint)
    if difference.doubts:
        raise ImportDoubtful(difference)
    on_stage(Stage.WRITING)
    for write in WRITES:
        await write(work, difference.entries)
    if work.changed:
        raise Conflict("import-meanwhile")
    import_id = id_made_by(act.key, "import")
    await publish(session, *work.events)
    said = kept.said_of(difference, wish.files)
    await kept.write(session, act, school.id, import_id, difference.entries, said)
    return Brought(import_id, difference)


async def listed(session: AsyncSession, actor: Actor, school_id: UUID, now: datetime) -> tuple[ImportCard, ...]:
    """List the imports of a school, the newest first. Raises ``NotFound``, ``Forbidden``."""
    await _facts(session, actor, school_id, now)
    return await kept.listed(session, school_id)


async def titles(session: AsyncSession, actor: Actor, school_id: UUID, now: datetime) -> dict[UUID, str]:
    """Return how classes and subjects of a school are called, by id. Raises ``NotFound``, ``Forbidden``."""
    await _facts(session, actor, school_id, now)
    classes = await session.execute(select(SchoolClass.id, SchoolClass.title).where(SchoolClass.school_id == school_id))
    subjects = await session.execute(select(Subject.id, Subject.name).where(Subject.school_id == school_id))
    return dict(classes.all()) | dict(subjects.all())


async def take_back(session: AsyncSession, act: Act, school: SchoolCard, import_id: UUID, why: str = "") -> TakenBack:
    """Take an import back: what it changed is as it was, what it brought goes; all or nothing.

    Possible while everything it wrote stands as it left it, and nothing rests on what it brought
    (``core.lists.depending``); another import since does no harm unless it changed the same things, or the timetable
    would ask of somebody two things at once without it. Records of people stay, as nobody's; consents that it entered
    are withdrawn, not struck out; roles are given anew from today. Whoever was told of a day from which lessons go is
    told anew.

    Raises ``NotFound``, ``Forbidden`` (also whoever gives no roles, if the import changed some), ``Conflict`` (taken
    back already, of a closed year, or its words were erased from the audit), ``ImportStands`` with every reason.
    """
    facts = await _facts(session, act.actor, school.id, act.at)
    await session.execute(select(School.id).where(School.id == school.id).with_for_update(key_share=True))
    card = kept.card_of(await kept.listed(session, school.id), import_id)
    if not await first_time(session, act.key, act.at):
        return TakenBack(card, ())
    if card.undone_at is not None:
        raise Conflict("import-undone-already", at=card.undone_at.strftime("%d.%m.%Y"))
    entries = await kept.entries_of(session, school.id, card)
    if any(entry.what is What.ROLE for entry in entries):
        rights.demand(facts, Right.ROLE_GRANT, "undo-roles")
    written_on = school_date(card.at, school.zone)
    await closed_years.demand_open(session, school.id, written_on, entries)
    work = Work(session, act, school, may_grant=facts.may(Right.ROLE_GRANT), is_taking_back=True)
    former = await undone_timetable.hold(work, school_year_of_lists(written_on), entries)
    if reasons := await depending.on(session, entries, card.at):
        raise ImportStands(reasons)
    turned = [entry.turned() for entry in entries]
    await _write_back(work, turned)
    if former is not None:
        await _judge(work, former, entries)
    await publish(session, *work.events)
    await kept.write_undo(session, act, school.id, import_id, turned, why)
    return TakenBack(card, entries)


async def _write_back(work: Work, turned: Sequence[Entry]) -> None:
    try:
        for write in reversed(WRITES):
            await write(work, turned)
    except IntegrityError as error:
        # What somebody has changed stays where it is, and what it rests on cannot go: that is no reason of its own.
        if not work.changed:
            raise ImportStands(_used(turned, str(error.orig))) from None
    if work.changed:
        raise ImportStands([Reason(Because.CHANGED, (one.what.value, *one.key)) for one in work.changed])


def _used(turned: Sequence[Entry], said: str) -> list[Reason]:
    """Name what of the ground that goes is in use: what the database names, all of it if that is none of it."""
    going = [one for one in turned if one.after is None and one.what in GROUND]
    named = [one for one in going if one.what is not What.SLOT and one.key[0] in said]
    return [Reason(Because.USED, one.key) for one in named or going]


async def _judge(work: Work, former: Former, entries: Sequence[Entry]) -> None:
    """Look whether the timetable may be as the undo has left it, and tell whoever knows another."""
    closed, found = await undone_timetable.judge(work, former, entries)
    if closed or found.any:
        raise ImportStands(closed, found)
    await undone_timetable.tell(work, former)


async def _facts(session: AsyncSession, actor: Actor, school_id: UUID, now: datetime) -> Facts:
    facts = await rights.of_school(session, actor, school_id, now)
    rights.demand(facts, Right.ROSTER_IMPORT, "office-only")
    return facts


@dataclass(frozen=True, slots=True)
class _How:
    answers: Mapping[str, int]
    on_stage: OnStage
    lock: bool


async def _compare(
    session: AsyncSession, act: Act, facts: Facts, files: RosterFiles, how: _How
) -> tuple[Difference, Work]:
    may_grant = facts.may(Right.ROLE_GRANT)
    how.on_stage(Stage.JOURNAL)
    book = await reading.read(session, facts.of_school, act.at, lock=how.lock)
    how.on_stage(Stage.COMPARING)
    if how.answers and (wrong := comparing.unused(how.answers, book, files)):
        raise Invalid("import-answer-unknown", mark=wrong[0])
    difference, problems = comparing.compare(book, files, Giver(act.actor.person, may_grant), how.answers)
    if problems:
        raise RosterRefused(problems)
    await closed_years.demand_open(session, facts.of_school.id, book.today, difference.entries)
    how.on_stage(Stage.TIMETABLE)
    found = await clashing.find(session, facts.of_school, book, difference, difference.places)
    if found.any:
        raise RosterRefused(found.problems, found)
    return difference, Work(session, act, facts.of_school, may_grant)
