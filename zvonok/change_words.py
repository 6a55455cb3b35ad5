"""Changes of the timetable in words: each a line, with what it says beside."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import assert_never
from uuid import UUID

from core.timetable.change_list import ChangeCard
from core.year.changes import (
    Cancellation,
    CancelReason,
    Closed,
    DayAct,
    Distance,
    Effect,
    Move,
    Scope,
    ShortBells,
    Substitution,
    TaughtBy,
)
from core.year.span import Hours, Span
from core.year.words import day_words
from texts.reader import load
from zvonok.short_numbers import short
from zvonok.year_words import numbers

_SAY = load("ru").format


def card(one: ChangeCard) -> Iterator[str]:
    """Say one change: what it is, and in further lines what else is otherwise, and why."""
    yield _head(one)
    notes = [*_beside(one), *([_SAY("change-line-note", note=one.why)] if one.why else [])]
    if notes:
        yield f"  {'; '.join(notes)}"


def reason_words(reason: CancelReason) -> str:
    """Name a reason for which lessons are not held."""
    return _SAY(f"cancel-reason-{reason}")


def lesson_words(day: date, number: int, subject: str, learners: str) -> str:
    """Name a lesson: «24.11.2026, урок 3: математика, 5А»."""
    return _SAY("change-lesson", day=day_words(day), number=str(number), subject=subject, learners=learners)


def days(span: Span) -> str:
    """Name one day or several."""
    first, last = day_words(span.first), day_words(span.last)
    return first if span.first == span.last else f"{first} – {last}"


def hours(said: Hours) -> str:
    """Name hours of a lesson: «14:00–14:40»."""
    return _SAY("change-line-hours", starts=f"{said.starts:%H:%M}", ends=f"{said.ends:%H:%M}")


def effect(said: Effect) -> str:
    """Name what an act does."""
    match said:
        case Closed(reason):
            return _SAY("change-what-closed", reason=reason_words(reason))
        case ShortBells():
            return _SAY("change-what-short")
        case Distance():
            return _SAY("change-what-distance")
        case TaughtBy(day):
            return _SAY("change-what-taught-by", day=day_words(day))
        case never:
            assert_never(never)


def acted(what: str, lessons: int, held: int) -> list[str]:
    """Say what an act of days has done to how many lessons, and how many were over before it."""
    if held and not lessons:
        return [_SAY("change-acted-late", what=what, held=held)]
    return [_SAY("change-acted", what=what, lessons=lessons), *([_SAY("change-acted-held", held=held)] if held else [])]


def whom(scope: Scope, names: Mapping[UUID, str]) -> str:
    """Name whom an act concerns."""
    grades, classes = scope.grades or (), sorted(names[one] for one in scope.classes or ())
    said = [
        *([_SAY("change-whom-classes", classes=", ".join(classes))] if classes else []),
        *([_SAY("change-whom-grades", grades=numbers(grades), count=len(grades))] if grades else []),
        *([_SAY("change-whom-shift", shift=str(scope.shift))] if scope.shift is not None else []),
    ]
    return ", ".join(said) or _SAY("change-whom-all")


def _head(one: ChangeCard) -> str:
    change = one.change
    if isinstance(change, DayAct):
        said = {"days": days(change.span), "what": effect(change.effect), "whom": whom(change.scope, one.names)}
        return _SAY("change-line-act", id=short(one.id), **said)
    at = one.lesson
    lesson = _SAY("change-line-gone")
    if at is not None:
        lesson = lesson_words(change.day, at.number, at.subject_name, at.learners)
    match change:
        case Substitution():
            teacher = one.names[change.teacher]
            return _SAY("change-line-substitution", id=short(one.id), lesson=lesson, teacher=teacher)
        case Move():
            where = {"day": day_words(change.day), "to": day_words(change.to), "number": str(change.number)}
            return _SAY("change-line-move", id=short(one.id), lesson=lesson, **where)
        case Cancellation():
            reason = reason_words(change.reason)
            return _SAY("change-line-cancellation", id=short(one.id), lesson=lesson, reason=reason)
        case never:
            assert_never(never)


def _beside(one: ChangeCard) -> Iterator[str]:
    """Say what else a change says: another subject, another room, a note."""
    change = one.change
    if isinstance(change, Substitution) and change.subject is not None:
        yield _SAY("change-line-subject", subject=one.names[change.subject])
    if isinstance(change, Move) and change.hours is not None:
        yield hours(change.hours)
    if isinstance(change, Substitution | Move) and change.room is not None:
        yield _SAY("change-line-room", room=one.names[change.room])
    note = change.note if isinstance(change, Cancellation) else ""
    if isinstance(change, DayAct) and isinstance(change.effect, Closed):
        note = change.effect.note
    if note:
        yield _SAY("change-line-note", note=note)
