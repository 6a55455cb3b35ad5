"""Addresses of a lesson's marks: read, given one by one or all together, corrected, taken back."""

from http import HTTPStatus
from uuid import UUID

from core.account.api_keys import Scope
from core.actor import Act
from core.learning import gradebook
from core.learning.gradebook import Check, Given
from core.refusals import Conflict, NotFound
from web.api.declared import AnyOperation, Call, Made, Operation, Wish
from web.api.lesson_shapes import LessonPath, Mark, MarkPath, Marks, NewMark, NewMarks, OtherValue, mark_of
from web.api.versions import demand_match

_PATH, _ONE = "/lessons/{lesson}/marks", "/lessons/{lesson}/marks/{mark}"
_READS = (Scope.JOURNAL_READ,)
_WRITES = (Scope.JOURNAL_READ, Scope.MARKS_WRITE)
_REFUSED = (HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY)


async def _standing[B](call: Call[LessonPath, B] | Call[MarkPath, B]) -> dict[UUID, Mark]:
    lesson = call.params.lesson
    page = await gradebook.page(call.session, call.actor, lesson, call.now)
    return {view.id: mark_of(lesson, line.pupil, view) for line in page.pupils for view in line.marks}


async def _list(call: Call[LessonPath, None]) -> Marks:
    return Marks(lesson=call.params.lesson, items=tuple((await _standing(call)).values()))


async def _one[B](call: Call[MarkPath, B]) -> Mark:
    found = (await _standing(call)).get(call.params.mark)
    if found is None:
        raise NotFound("mark-unknown")
    return found


async def _give(call: Call[LessonPath, NewMark]) -> Made:
    doing = await call.doing()
    given = await _given(call, doing.act, call.body)
    call.forget()
    (mark,) = await _left(call, given)
    return Made(mark, f"marks/{mark.id}")


async def _give_all(call: Call[LessonPath, NewMarks]) -> Marks:
    doing = await call.doing()
    given = []
    for number, wanted in enumerate(call.body.marks):
        act = Act(doing.act.actor, doing.act.at, f"{doing.act.key}/{number}")
        given.append(await _given(call, act, wanted))
    call.forget()
    return Marks(lesson=call.params.lesson, items=await _left(call, *given))


async def _correct(call: Call[MarkPath, OtherValue]) -> Mark:
    doing = await call.doing()
    seen = await _one(call)
    await gradebook.correct(call.session, doing.act, seen.id, call.body.value, _check(call, seen))
    call.forget()
    return await _one(call)


async def _take_back(call: Call[MarkPath, None]) -> None:
    doing = await call.doing()
    if not doing.repeated:
        seen = await _one(call)
        await gradebook.take_back(call.session, doing.act, seen.id, _check(call, seen))


def _check[B](call: Call[MarkPath, B], seen: Mark) -> Check:
    """Return what holds the mark, as it stands under its lock, against ``If-Match``."""
    return lambda view: demand_match(call.match, mark_of(seen.lesson, seen.pupil, view))


async def _given[B](call: Call[LessonPath, B], act: Act, wanted: NewMark) -> Given:
    give = gradebook.give_for_missed if wanted.for_missed else gradebook.give
    return await give(call.session, act, call.params.lesson, wanted.pupil, wanted.value, wanted.work)


async def _left[B](call: Call[LessonPath, B], *given: Given) -> tuple[Mark, ...]:
    """Return marks as they stand. Raises ``Conflict``: one that a repeat is about was taken back meanwhile."""
    standing = await _standing(call)
    if any(one.mark not in standing for one in given):
        raise Conflict("mark-taken-back")
    return tuple(standing[one.mark] for one in given)


OPERATIONS: tuple[AnyOperation, ...] = (
    Operation(name="marks", method="GET", path=_PATH, handle=_list, params=LessonPath, answer=Marks, scopes=_READS),
    Operation(
        name="mark-give",
        method="POST",
        path=_PATH,
        handle=_give,
        params=LessonPath,
        body=NewMark,
        answer=Mark,
        status=HTTPStatus.CREATED,
        scopes=_WRITES,
        key=Wish.NEEDED,
        refusals=_REFUSED,
    ),
    Operation(
        name="marks-give",
        method="POST",
        path="/lessons/{lesson}/mark-batches",
        handle=_give_all,
        params=LessonPath,
        body=NewMarks,
        answer=Marks,
        scopes=_WRITES,
        key=Wish.NEEDED,
        refusals=_REFUSED,
    ),
    Operation(name="mark", method="GET", path=_ONE, handle=_one, params=MarkPath, answer=Mark, scopes=_READS),
    Operation(
        name="mark-correct",
        method="PATCH",
        path=_ONE,
        handle=_correct,
        params=MarkPath,
        body=OtherValue,
        answer=Mark,
        scopes=_WRITES,
        match=Wish.WELCOME,
        key=Wish.WELCOME,
        refusals=_REFUSED,
    ),
    Operation(
        name="mark-take-back",
        method="DELETE",
        path=_ONE,
        handle=_take_back,
        params=MarkPath,
        status=HTTPStatus.NO_CONTENT,
        scopes=_WRITES,
        match=Wish.WELCOME,
        key=Wish.WELCOME,
        refusals=_REFUSED,
    ),
)
