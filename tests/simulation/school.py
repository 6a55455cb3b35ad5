"""The school of the simulation: three adults, two pupils, and what is stated of them in events.

Each event carries a number that every message made from it shows (in the title of the class, which is no fact), so that
the oracle needs nobody's word for what a message was made from.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from core.event_people import ConsentTerm
from core.events import (
    AbsenceKind,
    Addressee,
    AddressState,
    AttendanceDayState,
    Channel,
    Event,
    GuardianshipState,
    LessonAbsence,
    MarkState,
    NoticeAsk,
    NoticeState,
    RemarkKind,
    RemarkState,
    SchoolKind,
    SchoolSettings,
    SchoolState,
    address_subject,
    attendance_subject,
    event,
    guardianship_subject,
    mark_subject,
    notice_subject,
    remark_subject,
    school_subject,
)
from core.school_time import school_date
from tests.simulation.history import Stated

ZONE = "Asia/Yekaterinburg"
SCHOOL = UUID(int=7 << 64 | 5)
PUPILS = (UUID(int=101), UUID(int=102))
ADULTS = (UUID(int=201), UUID(int=202), UUID(int=203))
FOLLOWS = ((PUPILS[0], ADULTS[0]), (PUPILS[1], ADULTS[0]), (PUPILS[0], ADULTS[1]), (PUPILS[1], ADULTS[2]))
ADDRESSES = (
    (ADULTS[0], Channel.TELEGRAM, "1001"),
    (ADULTS[0], Channel.MAIL, "one@example.ru"),
    (ADULTS[1], Channel.TELEGRAM, "1002"),
    (ADULTS[2], Channel.MAIL, "three@example.ru"),
)
LONG_AGO = date(2026, 9, 1)
UNDO_SECONDS = 20


@dataclass
class School:
    """States what happens; remembers the newest state of everything."""

    started: datetime
    """The wall clock at virtual nought."""
    versions: dict[str, int] = field(default_factory=dict)
    stated: list[Stated] = field(default_factory=list)
    owners: dict[str, UUID] = field(default_factory=lambda: {value: person for person, _, value in ADDRESSES})
    """Whose an address is, or was."""
    values: dict[tuple[UUID, Channel], str] = field(
        default_factory=lambda: {(person, channel): value for person, channel, value in ADDRESSES}
    )
    absences: dict[tuple[UUID, date], dict[int, AbsenceKind]] = field(default_factory=dict)
    marks: dict[UUID, MarkState] = field(default_factory=dict)
    remarks: dict[UUID, RemarkState] = field(default_factory=dict)
    notices: dict[UUID, NoticeState] = field(default_factory=dict)
    relations: dict[tuple[UUID, UUID], GuardianshipState] = field(default_factory=dict)
    settings: SchoolSettings = field(
        default_factory=lambda: SchoolSettings(
            allowed_channels=(Channel.TELEGRAM, Channel.MAIL),
            undo_window_seconds=UNDO_SECONDS,
            floor=(),
            settle_minutes=1,
            daily_budget=2,
        )
    )

    def wall(self, seconds: float) -> datetime:
        """Return the wall clock at a virtual second."""
        return self.started + timedelta(seconds=seconds)

    def seconds(self, at: datetime) -> float:
        """Return the virtual second of a moment."""
        return (at - self.started).total_seconds()

    def beginning(self) -> list[Event]:
        """Return the events with which it all begins."""
        self.relations = {pair: self._relation(*pair) for pair in FOLLOWS}
        events = [self.settle(0.0)]
        events += [self.relate(*pair, 0.0) for pair in FOLLOWS]
        return events + [self.address(person, channel, value, 0.0) for person, channel, value in ADDRESSES]

    # --- what families are told of -------------------------------------------------------------------------------

    def day(self, pupil: UUID, at: float) -> Event:
        """State the pupil's today as it stands in ``absences``."""
        now = self.wall(at)
        day = school_date(now, ZONE)
        missed = self.absences.setdefault((pupil, day), {})
        state = AttendanceDayState(
            pupil=pupil,
            pupil_name=self._name(pupil),
            class_title=self._title(),
            day=day,
            absences=tuple(self._absence(number, kind, now) for number, kind in sorted(missed.items())),
            missed_lessons=len(missed),
        )
        facts = tuple(sorted((number, kind.value) for number, kind in missed.items()))
        alarming = AbsenceKind.UNEXPLAINED in missed.values()
        return self._state(state, attendance_subject(pupil, day), at, ("absence", facts, alarming), (pupil,))

    def mark(self, key: UUID, pupil: UUID, value: int | None, at: float) -> Event:
        """State a mark."""
        state = MarkState(
            mark=key,
            pupil=pupil,
            pupil_name=self._name(pupil),
            class_title=self._title(),
            lesson=UUID(int=1),
            day=self.marks[key].day if key in self.marks else school_date(self.wall(at), ZONE),
            lesson_number=1,
            subject_name="математика",
            value=value,
            work="ответ на уроке",
        )
        self.marks[key] = state
        return self._state(state, mark_subject(key), at, ("mark", value, value is not None), (pupil,))

    def remark(self, key: UUID, pupil: UUID, at: float, *, withdrawn: bool) -> Event:
        """State a remark."""
        state = RemarkState(
            remark=key,
            pupil=pupil,
            pupil_name=self._name(pupil),
            class_title=self._title(),
            kind=RemarkKind.REMARK,
            day=self.remarks[key].day if key in self.remarks else school_date(self.wall(at), ZONE),
            subject_name=None,
            author_name="Петрова Анна Ивановна",
            text=f"замечание {key.int % 1000}",
            withdrawn=withdrawn,
        )
        self.remarks[key] = state
        return self._state(state, remark_subject(key), at, ("remark", withdrawn, not withdrawn), (pupil,))

    def notice(self, key: UUID, at: float, *, withdrawn: bool) -> Event:
        """State a notice to both families."""
        state = NoticeState(
            notice=key,
            class_title=self._title(),
            pupils=tuple(Addressee(pupil=pupil, name=self._name(pupil)) for pupil in PUPILS),
            author_name="Петрова Анна Ивановна",
            title="Собрание",
            text="В четверг собрание.",
            text_hash=key.hex * 2,
            ask=NoticeAsk.READ,
            reply_by=None,
            published_on=self.notices[key].published_on if key in self.notices else school_date(self.wall(at), ZONE),
            withdrawn=withdrawn,
        )
        self.notices[key] = state
        return self._state(state, notice_subject(key), at, ("notice", withdrawn, not withdrawn), PUPILS)

    # --- who may be told, and how --------------------------------------------------------------------------------

    def relate(self, pupil: UUID, adult: UUID, at: float, **changes: Any) -> Event:
        """State a relation with changes."""
        state = self.relations[pupil, adult] = self.relations[pupil, adult].model_copy(update=changes)
        return self._state(state, guardianship_subject(pupil, adult), at, ("rights", None, False), (pupil,))

    def consent(self, pupil: UUID, adult: UUID, at: float, *, given: bool) -> Event:
        """State that consent is given or withdrawn today, for everything."""
        today = school_date(self.wall(at), ZONE)
        term = ConsentTerm(given_on=LONG_AGO, withdrawn_on=None if given else today)
        return self.relate(pupil, adult, at, achievement_consent=term, attendance_consent=term)

    def address(self, person: UUID, channel: Channel, value: str, at: float, *, ended: bool = False) -> Event:
        """State an address."""
        state = AddressState(person=person, channel=channel, value=value, verified_at=self.wall(at), ended=ended)
        self.owners[value] = person
        self.values[person, channel] = value
        return self._state(state, address_subject(person, channel), at, ("address", None, False), ())

    def settle(self, at: float, **changes: Any) -> Event:
        """State the school's settings with changes."""
        self.settings = self.settings.model_copy(update=changes)
        state = SchoolState(kind=SchoolKind.PRIVATE, name="Школа «Радуга»", zone=ZONE, settings=self.settings)
        return self._state(state, school_subject(SCHOOL), at, ("school", None, False), ())

    def again(self, stated: Stated, at: float) -> Event:
        """State something old once more, as a redelivery does."""
        made = event(
            stated.state,
            subject=stated.subject,
            school=SCHOOL,
            version=stated.version,
            at=self.wall(stated.occurred_at),
        )
        assert at >= stated.occurred_at
        return made

    def _state(
        self, state: Any, subject: str, at: float, said: tuple[str, Any, bool], pupils: tuple[UUID, ...]
    ) -> Event:
        category, facts, alarming = said
        version = self.versions[subject] = self.versions.get(subject, 0) + 1
        made = event(state, subject=subject, school=SCHOOL, version=version, at=self.wall(at))
        token = len(self.stated)
        self.stated.append(Stated(token, subject, version, made.id, at, pupils, facts, alarming, category, state=state))
        return made

    def _title(self) -> str:
        """Name the class by the number of the event that is being made."""
        return f"5 «т{len(self.stated)}т»"

    def _name(self, pupil: UUID) -> str:
        return "Ёлкина Саша" if pupil == PUPILS[0] else "Дубов Женя"

    def _relation(self, pupil: UUID, adult: UUID) -> GuardianshipState:
        term = ConsentTerm(given_on=LONG_AGO)
        return GuardianshipState(
            pupil=pupil,
            guardian=adult,
            relation="parent",
            may_see=True,
            barred=False,
            since=LONG_AGO,
            achievement_consent=term,
            attendance_consent=term,
        )

    def _absence(self, number: int, kind: AbsenceKind, at: datetime) -> LessonAbsence:
        return LessonAbsence(
            lesson=UUID(int=number),
            number=number,
            subject_name="математика",
            starts_at=datetime(2026, 10, 20, 3, 30, tzinfo=UTC) + timedelta(hours=number - 1),
            code="н",
            kind=kind,
            recorded_at=at,
        )


def new_key() -> UUID:
    """Return a name for a mark, a remark or a notice."""
    return uuid4()
