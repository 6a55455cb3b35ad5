"""Addresses of a lesson's roll: read, called by exceptions, corrected, taken back.

Every change says by ``If-Match`` from which roll it was made. What parents have answered stands at an address of its
own, so that an answer that comes meanwhile does not send the teacher back to the beginning.
"""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from uuid import UUID

from core.account.api_keys import Scope
from core.learning import attendance
from core.learning.entries import Entry
from core.learning.expected import Expected
from core.refusals import Conflict
from web.api.declared import AnyOperation, Call, Operation, Wish
from web.api.lesson_shapes import (
    CalledRoll,
    CorrectedRoll,
    ExpectedAbsence,
    LessonPath,
    Roll,
    RollEntry,
    RollHint,
    RollHints,
    RollLine,
)
from web.api.problems import ApiError
from web.api.versions import changed_since

_PATH = "/lessons/{lesson}/roll"
_WRITES = (Scope.JOURNAL_READ, Scope.ATTENDANCE_WRITE)
_CONFLICT = (HTTPStatus.CONFLICT,)
_FASTER = "roll-changed-since"
"""The refusal of a roll that somebody has changed between what was read here and what was to be written."""


async def _read[B](call: Call[LessonPath, B]) -> Roll:
    lesson = call.params.lesson
    roll = await attendance.roll(call.session, call.actor, lesson, call.now)
    lines = tuple(
        RollLine(
            pupil=one.id,
            name=one.name.in_full(),
            code=one.entry.code,
            late_minutes=one.entry.late_minutes,
            left_early=one.entry.left_early,
        )
        for one in roll.pupils
    )
    called = await attendance.is_called(call.session, lesson)
    return Roll(lesson=lesson, called=called, version=roll.version, roster=roll.roster, pupils=lines)


async def _hints(call: Call[LessonPath, None]) -> RollHints:
    roll = await attendance.roll(call.session, call.actor, call.params.lesson, call.now)
    items = (
        RollHint(
            pupil=one.id,
            absent_before=one.absent_before,
            answers=one.answers,
            expected=None if one.expected is None else _expected(one.expected),
        )
        for one in roll.pupils
        if one.absent_before or one.answers or one.expected is not None
    )
    return RollHints(lesson=call.params.lesson, items=tuple(items))


def _expected(known: Expected) -> ExpectedAbsence:
    return ExpectedAbsence(
        by=known.by, reason=known.reason.value, order=known.title or None, until=known.until, suggested_code=known.code
    )


async def _call(call: Call[LessonPath, CalledRoll]) -> Roll:
    entries = _by_pupil(call.body.exceptions, "exceptions")
    doing = await call.doing()
    seen = await _read(call)
    call.demand_match(doing, seen)
    recorded = await attendance.record(call.session, doing.act, call.params.lesson, entries, roster=call.body.roster)
    call.demand_next(doing, seen.version, recorded.version)
    return await _anew(call)


async def _correct(call: Call[LessonPath, CorrectedRoll]) -> Roll:
    entries = _by_pupil(call.body.entries, "entries")
    doing = await call.doing()
    seen = await _read(call)
    call.demand_match(doing, seen)
    recorded = await attendance.correct(call.session, doing.act, call.params.lesson, entries)
    call.demand_next(doing, seen.version, recorded.version)
    return await _anew(call)


async def _take_back(call: Call[LessonPath, None]) -> Roll:
    doing = await call.doing()
    seen = await _read(call)
    call.demand_match(doing, seen)
    if not doing.repeated and not seen.called:
        raise Conflict("roll-not-called")
    try:
        await attendance.withdraw(call.session, doing.act, call.params.lesson, seen.version)
    except Conflict as refusal:
        if refusal.code != _FASTER:
            raise
        raise changed_since() from None
    return await _anew(call)


async def _anew[B](call: Call[LessonPath, B]) -> Roll:
    call.forget()
    return await _read(call)


def _by_pupil(entries: Sequence[RollEntry], where: str) -> Mapping[UUID, Entry]:
    """Return entries by pupil. Raises ``ApiError`` (422) for a pupil who stands there twice."""
    found: dict[UUID, Entry] = {}
    for number, one in enumerate(entries):
        if one.pupil in found:
            pointer = f"/{where}/{number}/pupil"
            raise ApiError(HTTPStatus.UNPROCESSABLE_ENTITY, "pupil-twice", pointer=pointer)
        found[one.pupil] = one.entry()
    return found


OPERATIONS: tuple[AnyOperation, ...] = (
    Operation(
        name="roll",
        method="GET",
        path=_PATH,
        handle=_read,
        params=LessonPath,
        answer=Roll,
        scopes=(Scope.JOURNAL_READ,),
    ),
    Operation(
        name="roll-call",
        method="PUT",
        path=_PATH,
        handle=_call,
        params=LessonPath,
        body=CalledRoll,
        answer=Roll,
        scopes=_WRITES,
        match=Wish.NEEDED,
        key=Wish.WELCOME,
        refusals=_CONFLICT,
    ),
    Operation(
        name="roll-correct",
        method="PATCH",
        path=_PATH,
        handle=_correct,
        params=LessonPath,
        body=CorrectedRoll,
        answer=Roll,
        scopes=_WRITES,
        match=Wish.NEEDED,
        key=Wish.WELCOME,
        refusals=_CONFLICT,
    ),
    Operation(
        name="roll-take-back",
        method="DELETE",
        path=_PATH,
        handle=_take_back,
        params=LessonPath,
        answer=Roll,
        scopes=_WRITES,
        match=Wish.NEEDED,
        key=Wish.WELCOME,
        refusals=_CONFLICT,
    ),
    Operation(
        name="roll-hints",
        method="GET",
        path=f"{_PATH}/hints",
        handle=_hints,
        params=LessonPath,
        answer=RollHints,
        scopes=(Scope.JOURNAL_READ,),
    ),
)
