"""Small makers for the tests of the gateway's pure parts."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from core.events import (
    AbsenceKind,
    AttendanceDayState,
    Channel,
    GuardianAnswer,
    GuardianshipState,
    LessonAbsence,
    LessonAttended,
    MarkState,
    ProposedReason,
    SchoolKind,
    SchoolSettings,
    SchoolState,
)
from gateway.absence_content import AbsenceContent, Missed
from gateway.categories import Category
from gateway.content import Content, content_for, read_content
from gateway.due_times import Hours, Timing
from gateway.occasions import Occasion, ReaderTimes, timed
from gateway.routing import AddressView, Follower
from gateway.school_days import Evenings, Rhythm
from gateway.terms import TERMS
from gateway.thread import Wanted
from gateway.threads import Head

ZONE = "Asia/Yekaterinburg"
TODAY = date(2026, 10, 20)
MORNING = datetime(2026, 10, 20, 3, 40, tzinfo=UTC)
BELL = datetime(2026, 10, 20, 3, 30, tzinfo=UTC)
"""The first lesson begins, at 8:30; each of the others an hour later."""
UNDO = timedelta(seconds=60)
HOURS = Hours(time(21), time(7), ZONE)
PUPIL, READER, OTHER = (UUID(int=number) for number in (1, 2, 3))
UNEXPLAINED, ILLNESS, EXCUSED = AbsenceKind.UNEXPLAINED, AbsenceKind.ILLNESS, AbsenceKind.EXCUSED


def content(*absent: int, known: tuple[int, ...] = (), **shown: Any) -> AbsenceContent:
    """Return what is told of lessons missed without a cause, and of lessons missed for illness."""
    missed = [Missed(number, "математика", UNEXPLAINED, told=True) for number in absent]
    missed += [Missed(number, "математика", ILLNESS, told=False) for number in known]
    return AbsenceContent(tuple(sorted(missed, key=lambda one: one.number)), **shown)


def absence(found: Content) -> AbsenceContent:
    """Take a content for what it must be here."""
    assert isinstance(found, AbsenceContent)
    return found


def read_absence(key: str) -> AbsenceContent:
    return absence(read_content(key))


def absence_for(state: AttendanceDayState, reader: UUID, **shown: bool) -> AbsenceContent:
    return absence(content_for(state, reader, **shown))


def wanted(*absent: int, known: tuple[int, ...] = (), **shown: Any) -> Wanted:
    """Return the same on a messenger and in a letter."""
    return Wanted(interactive=content(*absent, known=known, **shown), plain=content(*absent, known=known))


def head(version: int = 1, occurred_at: datetime = MORNING) -> Head:
    return Head(version, occurred_at, TODAY, ZONE, UNDO)


def address(channel: Channel, **changes: Any) -> AddressView:
    values: dict[str, Any] = {"credential": f"{channel}:1", "verified": True, "dead_reason": None} | changes
    return AddressView(channel, **values)


def follower(*addresses: AddressView, **changes: Any) -> Follower:
    values: dict[str, Any] = {
        "pupil": PUPIL,
        "guardian": READER,
        "relation": "parent",
        "may_see": True,
        "barred": False,
        "since": date(2026, 9, 1),
        "consent_given_on": date(2026, 9, 1),
    }
    return Follower(READER, 1, GuardianshipState(**(values | changes)), addresses)


def day_state(
    absences: Mapping[int, AbsenceKind],
    answers: Mapping[UUID, ProposedReason] | None = None,
    **changes: Any,
) -> AttendanceDayState:
    """Return a day of the pupil: numbers of lessons and why they were missed."""
    values: dict[str, Any] = {
        "pupil": PUPIL,
        "pupil_name": "Ёлкина Саша",
        "class_title": "5 «А»",
        "day": TODAY,
        "absences": tuple(_absence(number, kind) for number, kind in sorted(absences.items())),
        "answers": tuple(
            GuardianAnswer(guardian=guardian, reason=reason, at=MORNING) for guardian, reason in (answers or {}).items()
        ),
        "missed_lessons": len(absences),
        "counted_since": date(2026, 9, 1),
    }
    return AttendanceDayState(**(values | changes))


def attended(*numbers: int, late: Mapping[int, int] | None = None) -> tuple[LessonAttended, ...]:
    """Return lessons at which the pupil was; of some, how late."""
    return tuple(
        LessonAttended(
            lesson=UUID(int=number),
            number=number,
            subject_name="физика",
            starts_at=BELL + timedelta(hours=number - 1),
            late_minutes=(late or {}).get(number),
        )
        for number in sorted((*numbers, *(late or {})))
    )


def mark_state(**changes: Any) -> MarkState:
    """Return a mark of the pupil."""
    values: dict[str, Any] = {
        "mark": UUID(int=9),
        "pupil": PUPIL,
        "pupil_name": "Ёлкина Саша",
        "class_title": "5 «А»",
        "lesson": UUID(int=1),
        "day": TODAY,
        "lesson_number": 1,
        "subject_name": "математика",
        "value": 2,
        "work": "ответ на уроке",
    }
    return MarkState(**(values | changes))


def _absence(number: int, kind: AbsenceKind) -> LessonAbsence:
    return LessonAbsence(
        lesson=UUID(int=number),
        number=number,
        subject_name="математика",
        starts_at=BELL + timedelta(hours=number - 1),
        code="н",
        kind=kind,
        recorded_at=BELL + timedelta(hours=number - 1, minutes=10),
    )


def school(**changes: Any) -> SchoolState:
    values: dict[str, Any] = {
        "kind": SchoolKind.PRIVATE,
        "name": "Школа «Радуга»",
        "zone": ZONE,
        "settings": SchoolSettings(allowed_channels=(Channel.TELEGRAM, Channel.MAIL)),
    }
    return SchoolState(**(values | changes))


def in_daily_letter(moment: datetime, hour: int, hours: Hours, at: datetime) -> Timing:
    """Time what happened at ``moment`` for a reader who wants it with a letter at ``hour`` of his school's clock."""
    told = Occasion("remark/1", moment, moment.date(), hours.zone, timedelta(), TERMS[Category.REMARK])
    return timed(told, ReaderTimes(hours, Evenings(hours.zone), Rhythm(time(hour))), at)
