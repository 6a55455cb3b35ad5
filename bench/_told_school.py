"""A school as the gateway knows it, stated by events alone: pupils with one parent each, reached by Telegram."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import batched
from uuid import UUID, uuid4

from core.database import Database
from core.events import (
    AbsenceKind,
    AddressState,
    AttendanceDayState,
    Channel,
    ConsentTerm,
    DaySituation,
    Event,
    GuardianshipState,
    LessonAbsence,
    SchoolKind,
    SchoolSettings,
    SchoolState,
    State,
    address_subject,
    attendance_subject,
    event,
    guardianship_subject,
    school_subject,
)
from core.outbox import publish
from core.school_time import school_date, school_year_start

ZONE = "Asia/Yekaterinburg"
MORNING = datetime(2026, 10, 5, 3, 40, tzinfo=UTC)
"""Monday, 8:40 by the school's clock: ten minutes after the first bell."""
UNDO = timedelta(seconds=61)
"""Longer than the window in which a teacher takes an entry back."""
_LONG_AGO = (MORNING - timedelta(days=35)).date()
_EVENTS_AT_ONCE = 500
_SURNAMES = ("Ёлкина", "Смирнов", "Кузнецова-Заречная", "Хабибуллин", "Ли", "Добронравова")
_NAMES = ("Саша", "Женя", "Александра", "Тимур", "Валентина")
_LESSONS = ("математика", "русский язык", "изобразительное искусство", "биология")


@dataclass(frozen=True, slots=True)
class Pupil:
    """A pupil and his parent's chat."""

    number: int
    id: UUID = field(default_factory=uuid4)
    parent: UUID = field(default_factory=uuid4)

    @property
    def name(self) -> str:
        """As it stands in messages."""
        return f"{_SURNAMES[self.number % len(_SURNAMES)]} {_NAMES[self.number % len(_NAMES)]}"


@dataclass(frozen=True, slots=True)
class ToldSchool:
    """A school with so many pupils."""

    pupils: tuple[Pupil, ...]
    id: UUID = field(default_factory=uuid4)

    @classmethod
    def of(cls, count: int) -> "ToldSchool":
        """Make one."""
        return cls(tuple(Pupil(number) for number in range(count)))

    def people(self) -> Iterator[Event]:
        """State the school, who follows whom, and by what he is reached."""
        settings = SchoolSettings(allowed_channels=(Channel.TELEGRAM, Channel.MAIL))
        school = SchoolState(kind=SchoolKind.PRIVATE, name="Школа «Радуга»", zone=ZONE, settings=settings)
        yield self._event(school, school_subject(self.id), MORNING)
        for pupil in self.pupils:
            relation = GuardianshipState(
                pupil=pupil.id,
                guardian=pupil.parent,
                relation="parent",
                since=_LONG_AGO,
                attendance_consent=ConsentTerm(given_on=_LONG_AGO),
                may_see=True,
                barred=False,
            )
            yield self._event(relation, guardianship_subject(pupil.id, pupil.parent), MORNING)
            address = AddressState(
                person=pupil.parent, channel=Channel.TELEGRAM, value=str(1_000_000 + pupil.number), verified_at=MORNING
            )
            yield self._event(address, address_subject(pupil.parent, Channel.TELEGRAM), MORNING)

    def absences(self, at: datetime) -> Iterator[Event]:
        """State that every pupil is missing at the first lesson of a day; ``at`` is the moment of the entry."""
        day = school_date(at, ZONE)
        for pupil in self.pupils:
            missed = LessonAbsence(
                lesson=UUID(int=pupil.number),
                number=1,
                subject_name=_LESSONS[pupil.number % len(_LESSONS)],
                starts_at=at - timedelta(minutes=10),
                code="н",
                kind=AbsenceKind.UNEXPLAINED,
                recorded_at=at,
            )
            state = AttendanceDayState(
                pupil=pupil.id,
                pupil_name=pupil.name,
                class_title="5 «А»",
                day=day,
                absences=(missed,),
                missed_lessons=1 + pupil.number % 40,
                situation=DaySituation.NOT_COME,
                counted_since=school_year_start(day),
            )
            yield self._event(state, attendance_subject(pupil.id, day), at)

    def _event(self, state: State, subject: str, at: datetime) -> Event:
        return event(state, subject=subject, school=self.id, version=1, at=at)


async def put(core: Database, events: Iterator[Event]) -> None:
    """Put events into the outbox, as the journal does."""
    for some in batched(events, _EVENTS_AT_ONCE):
        async with core.begin() as session:
            await publish(session, *some)
