"""Addresses of the homework that is given at a lesson for the next one of the subject."""

from http import HTTPStatus

from core.account.api_keys import Scope
from core.learning import homework
from core.learning.homework import Check
from core.refusals import Conflict, NotFound
from web.api.declared import AnyOperation, Call, Operation, Wish
from web.api.lesson_shapes import Homework, LessonPath, NewHomework, homework_of
from web.api.versions import demand_match

_PATH = "/lessons/{lesson}/homework"
_WRITES = (Scope.JOURNAL_READ, Scope.HOMEWORK_WRITE)
_REFUSED = (HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY)


async def _found[B](call: Call[LessonPath, B]) -> Homework | None:
    found = await homework.set_at_lesson(call.session, call.actor, call.params.lesson, call.now)
    return None if found is None else homework_of(call.params.lesson, found)


async def _read[B](call: Call[LessonPath, B]) -> Homework:
    found = await _found(call)
    if found is None:
        raise NotFound("homework-unknown")
    return found


def _check[B](call: Call[LessonPath, B]) -> Check:
    """Return what holds the homework, as it stands under its lock, against ``If-Match``; none matches nothing."""
    lesson = call.params.lesson
    return lambda view: demand_match(call.match, None if view is None else homework_of(lesson, view))


async def _set(call: Call[LessonPath, NewHomework]) -> Homework:
    doing = await call.doing()
    done = await homework.set_at(call.session, doing.act, call.params.lesson, call.body.text, _check(call))
    if doing.repeated and await _found(call) is None:
        # Shown as it was given, it would look as if it stood.
        raise Conflict("homework-taken-back")
    return homework_of(call.params.lesson, done)


async def _take_back(call: Call[LessonPath, None]) -> None:
    doing = await call.doing()
    if not doing.repeated:
        due = (await _read(call)).due_lesson
        await homework.take_back(call.session, doing.act, due, _check(call))


OPERATIONS: tuple[AnyOperation, ...] = (
    Operation(
        name="homework",
        method="GET",
        path=_PATH,
        handle=_read,
        params=LessonPath,
        answer=Homework,
        scopes=(Scope.JOURNAL_READ,),
    ),
    Operation(
        name="homework-set",
        method="PUT",
        path=_PATH,
        handle=_set,
        params=LessonPath,
        body=NewHomework,
        answer=Homework,
        scopes=_WRITES,
        match=Wish.WELCOME,
        key=Wish.WELCOME,
        refusals=_REFUSED,
    ),
    Operation(
        name="homework-take-back",
        method="DELETE",
        path=_PATH,
        handle=_take_back,
        params=LessonPath,
        status=HTTPStatus.NO_CONTENT,
        scopes=_WRITES,
        match=Wish.WELCOME,
        key=Wish.WELCOME,
        refusals=_REFUSED,
    ),
)
