"""The journal of the week: what is stated, when, in the words of the contract; and what else happens around it.

Every subject has a token («т12т») that stands in each message about it, so that a text says by itself what it is about.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from core.events import (
    AbsenceKind,
    Addressee,
    AddressState,
    AttendanceDayState,
    Channel,
    ConsentTerm,
    Event,
    GuardianAnswer,
    GuardianshipState,
    HomeworkState,
    LessonAbsence,
    LessonAttended,
    MarkState,
    NotHeld,
    NoticeAnswer,
    NoticeAsk,
    NoticeState,
    ProposedReason,
    RemarkKind,
    RemarkState,
    SchoolKind,
    SchoolRest,
    SchoolSettings,
    SchoolState,
    Subject,
    TimetableDayState,
    TimetableLesson,
    address_subject,
    attendance_subject,
    event,
    guardianship_subject,
    homework_subject,
    mark_subject,
    notice_subject,
    remark_subject,
    school_subject,
    timetable_subject,
)
from core.school_time import school_date
from tests.school_week.people import (
    BALTIC,
    GUARDIANS,
    HOLIDAY,
    LONG_AGO,
    PUPILS,
    SPACE,
    URAL,
    Guardian,
    Place,
    Pupil,
    day_of,
)

type Act = Callable[[], Awaitable[None]]
UNEXPLAINED, ILLNESS = AbsenceKind.UNEXPLAINED, AbsenceKind.ILLNESS


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happens at a moment: an event of the journal, or an act upon the world, by its name."""

    at: datetime
    event: Event | None = None
    act: tuple[str, str] | None = None
    """What is done, and to whom."""


@dataclass(slots=True)
class Told:
    """One subject with all that was ever stated of it."""

    token: str
    subject: str
    place: Place
    versions: list[tuple[datetime, Subject]] = field(default_factory=list)
    case: str = ""
    """Of the hand-written table; empty: of the ordinary week."""

    @property
    def pupils(self) -> frozenset[UUID]:
        state = self.versions[-1][1]
        if isinstance(state, HomeworkState | NoticeState | TimetableDayState):
            return frozenset(one.pupil for one in state.pupils)
        assert isinstance(state, AttendanceDayState | MarkState | RemarkState)
        return frozenset({state.pupil})


@dataclass
class Journal:
    """Collects the week."""

    happenings: list[Happening] = field(default_factory=list)
    told: dict[str, Told] = field(default_factory=dict)
    relations: list[tuple[datetime, GuardianshipState]] = field(default_factory=list)
    _versions: dict[str, int] = field(default_factory=dict)

    # --- how the week begins --------------------------------------------------------------------------------------

    def beginning(self, at: datetime) -> None:
        for place in (URAL, BALTIC):
            rest = SchoolRest(first=day_of(HOLIDAY), last=day_of(HOLIDAY))
            state = SchoolState(
                kind=SchoolKind.PRIVATE,
                name=place.name,
                zone=place.zone,
                settings=SchoolSettings(allowed_channels=(Channel.TELEGRAM, Channel.MAIL)),
                rests=(rest,) if place is URAL else (),
            )
            self._put(at, place, state, school_subject(place.id))
        for guardian in GUARDIANS.values():
            for pupil in guardian.pupils:
                self._tie(at, guardian, pupil)
            for channel in guardian.ways:
                self.address(at, guardian, channel)

    def _tie(self, at: datetime, guardian: Guardian, pupil: Pupil, **changes: object) -> None:
        tie = guardian.tie
        term = ConsentTerm(given_on=LONG_AGO) if tie.consents else ConsentTerm()
        values: dict[str, object] = {
            "may_see": tie.may_see,
            "barred": tie.barred,
            "no_contact": tie.no_contact,
            "achievement_consent": term,
            "attendance_consent": term,
        }
        state = GuardianshipState.model_validate(
            {
                "pupil": pupil.id,
                "guardian": guardian.id,
                "relation": "родственник",
                "kind": tie.kind,
                "since": LONG_AGO,
                **values,
                **changes,
            }
        )
        self.relations.append((at, state))
        self._put(at, pupil.place, state, guardianship_subject(pupil.id, guardian.id))

    def address(self, at: datetime, guardian: Guardian, channel: Channel) -> None:
        """State an address: made, or made anew."""
        verified = None if channel in guardian.unverified else at
        state = AddressState(person=guardian.id, channel=channel, value=guardian.address(channel), verified_at=verified)
        self._put(at, guardian.place, state, address_subject(guardian.id, channel))

    # --- what happens to people -----------------------------------------------------------------------------------

    def bars(self, when: str, code: str) -> None:
        """A court's order: this guardian may learn nothing any more."""
        guardian = GUARDIANS[code]
        for pupil in guardian.pupils:
            self._tie(guardian.place.at(when), guardian, pupil, barred=True)

    def withdraws(self, when: str, code: str) -> None:
        """A guardian takes all his consents back."""
        guardian = GUARDIANS[code]
        term = ConsentTerm(given_on=LONG_AGO, withdrawn_on=day_of(when.split(maxsplit=1)[0]))
        for pupil in guardian.pupils:
            at = guardian.place.at(when)
            self._tie(at, guardian, pupil, achievement_consent=term, attendance_consent=term)

    def does(self, when: str, code: str, what: str) -> None:
        """Something that is no event of the journal: a choice, a block, a silence of the wire."""
        self.happenings.append(Happening(GUARDIANS[code].place.at(when), act=(what, code)))

    # --- what is told ---------------------------------------------------------------------------------------------

    def day(  # noqa: PLR0913 - a day has as many sides
        self,
        when: str,
        number: int,
        missed: Mapping[int, AbsenceKind] | Sequence[int] = (),
        *,
        attended: Sequence[int] = (),
        late: Mapping[int, int] | None = None,
        answers: Mapping[str, ProposedReason] | None = None,
        of: str | None = None,
        case: str = "",
    ) -> Told:
        """State a pupil's day (``of``: another than that of ``when``)."""
        pupil, day = PUPILS[number], of or when.split(maxsplit=1)[0]
        subject = attendance_subject(pupil.id, day_of(day))
        told, at = self._told(subject, pupil.place, case), pupil.place.at(when)
        kinds = dict(missed) if isinstance(missed, Mapping) else dict.fromkeys(missed, UNEXPLAINED)
        known = {
            one.number: one.recorded_at
            for _, state in told.versions
            if isinstance(state, AttendanceDayState)
            for one in state.absences
        }
        state = AttendanceDayState(
            pupil=pupil.id,
            pupil_name=pupil.name,
            class_title=pupil.class_title,
            day=day_of(day),
            absences=tuple(
                LessonAbsence(
                    lesson=uuid5(SPACE, f"lesson {pupil.class_title} {day} {lesson}"),
                    number=lesson,
                    subject_name=f"алгебра {told.token}",
                    starts_at=_lesson(pupil.place, day, lesson),
                    code="н",
                    kind=kind,
                    recorded_at=known.get(lesson, at),
                )
                for lesson, kind in sorted(kinds.items())
            ),
            attended=tuple(
                LessonAttended(
                    lesson=uuid5(SPACE, f"lesson {pupil.class_title} {day} {lesson}"),
                    number=lesson,
                    subject_name=f"алгебра {told.token}",
                    starts_at=_lesson(pupil.place, day, lesson),
                    late_minutes=(late or {}).get(lesson),
                )
                for lesson in sorted({*attended, *(late or {})})
            ),
            answers=tuple(
                GuardianAnswer(guardian=GUARDIANS[code].id, reason=reason, at=at)
                for code, reason in (answers or {}).items()
            ),
            missed_lessons=len(kinds),
            counted_since=LONG_AGO,
        )
        return self._state(told, at, state)

    def mark(self, when: str, number: int, name: str, value: int | None, *, case: str = "") -> Told:
        """State a mark, called by a name of its own."""
        pupil, mark = PUPILS[number], uuid5(SPACE, f"mark {name}")
        at, told = pupil.place.at(when), self._told(mark_subject(mark), pupil.place, case)
        first = told.versions[0][1] if told.versions else None
        day = first.day if isinstance(first, MarkState) else school_date(at, pupil.place.zone)
        state = MarkState(
            mark=mark,
            pupil=pupil.id,
            pupil_name=pupil.name,
            class_title=pupil.class_title,
            lesson=uuid5(SPACE, f"lesson of {name}"),
            day=day,
            lesson_number=2,
            subject_name=f"физика {told.token}",
            value=value,
            work="ответ на уроке",
        )
        return self._state(told, at, state)

    def remark(  # noqa: PLR0913 - so many things are said of it
        self,
        when: str,
        number: int,
        name: str,
        text: str,
        *,
        praise: bool = False,
        withdrawn: bool = False,
        case: str = "",
    ) -> Told:
        """State a remark or praise."""
        pupil, remark = PUPILS[number], uuid5(SPACE, f"remark {name}")
        at, told = pupil.place.at(when), self._told(remark_subject(remark), pupil.place, case)
        state = RemarkState(
            remark=remark,
            pupil=pupil.id,
            pupil_name=pupil.name,
            class_title=pupil.class_title,
            kind=RemarkKind.PRAISE if praise else RemarkKind.REMARK,
            day=school_date(told.versions[0][0] if told.versions else at, pupil.place.zone),
            subject_name=None,
            author_name="Иванова Вера Петровна",
            text=f"{text} {told.token}",
            withdrawn=withdrawn,
        )
        return self._state(told, at, state)

    def homework(self, when: str, numbers: Sequence[int], name: str, text: str, due: str, *, case: str = "") -> Told:
        """Set homework to some pupils of a class."""
        pupil, lesson = PUPILS[numbers[0]], uuid5(SPACE, f"homework {name}")
        at, told = pupil.place.at(when), self._told(homework_subject(lesson), pupil.place, case)
        state = HomeworkState(
            lesson=lesson,
            class_title=pupil.class_title,
            pupils=_addressees(numbers),
            subject_name="история",
            set_on=school_date(at, pupil.place.zone),
            due_on=day_of(due),
            text=f"{text} {told.token}",
        )
        return self._state(told, at, state)

    def notice(  # noqa: PLR0913 - so many things are said of it
        self,
        when: str,
        numbers: Sequence[int],
        name: str,
        *,
        ask: NoticeAsk = NoticeAsk.SIGN,
        answers: Sequence[NoticeAnswer] = (),
        withdrawn: bool = False,
        case: str = "",
    ) -> Told:
        """Write to the families of some pupils."""
        pupil, notice = PUPILS[numbers[0]], uuid5(SPACE, f"notice {name}")
        at, told = pupil.place.at(when), self._told(notice_subject(notice), pupil.place, case)
        state = NoticeState(
            notice=notice,
            class_title=pupil.class_title,
            pupils=_addressees(numbers),
            author_name="Иванова Вера Петровна",
            title=f"{name} {told.token}",
            text="Просим ответить.",
            text_hash=f"{len(name):064x}",
            ask=ask,
            reply_by=None,
            published_on=school_date(told.versions[0][0] if told.versions else at, pupil.place.zone),
            answers=tuple(answers),
            withdrawn=withdrawn,
        )
        return self._state(told, at, state)

    def timetable(
        self,
        when: str,
        numbers: Sequence[int],
        day: str,
        ends: str,
        *,
        not_held: Mapping[int, NotHeld] | None = None,
        case: str = "",
    ) -> Told:
        """State a class's day: three lessons, the last of which ends at ``ends``."""
        pupil = PUPILS[numbers[0]]
        learners = uuid5(SPACE, f"class {pupil.class_title}")
        told = self._told(timetable_subject(learners, day_of(day)), pupil.place, case)
        last = pupil.place.at(f"{day} {ends}")
        lessons = tuple(
            TimetableLesson(
                lesson=uuid5(SPACE, f"lesson {pupil.class_title} {day} {lesson}"),
                day=day_of(day),
                number=lesson,
                starts_at=last - timedelta(hours=4 - lesson) + timedelta(minutes=15),
                ends_at=last - timedelta(hours=3 - lesson),
                subject_name=f"химия {told.token}",
                teacher_name="Иванова Вера Петровна",
                room_name=None,
                cancelled=(not_held or {}).get(lesson),
            )
            for lesson in (1, 2, 3)
        )
        state = TimetableDayState(
            learners=learners,
            class_title=pupil.class_title,
            pupils=_addressees(numbers),
            day=day_of(day),
            lessons=lessons,
        )
        return self._state(told, pupil.place.at(when), state)

    # --- the week itself ------------------------------------------------------------------------------------------

    def in_order(self) -> list[Happening]:
        """Return all that happens, by time; of the same moment in the order in which it was written down."""
        return sorted(self.happenings, key=lambda one: one.at)

    def _told(self, subject: str, place: Place, case: str) -> Told:
        found = self.told.get(subject)
        if found is None:
            found = self.told[subject] = Told(f"т{len(self.told) + 1}т", subject, place, case=case)
        return found

    def _state(self, told: Told, at: datetime, state: Subject) -> Told:
        told.versions.append((at, state))
        self._put(at, told.place, state, told.subject)
        return told

    def _put(self, at: datetime, place: Place, state: Any, subject: str) -> None:
        version = self._versions[subject] = self._versions.get(subject, 0) + 1
        put = event(state, subject=subject, school=place.id, version=version, at=at)
        self.happenings.append(Happening(at, put))


def _lesson(place: Place, day: str, number: int) -> datetime:
    return place.at(f"{day} 08:30") + timedelta(hours=number - 1)


def _addressees(numbers: Sequence[int]) -> tuple[Addressee, ...]:
    return tuple(Addressee(pupil=PUPILS[number].id, name=PUPILS[number].name) for number in numbers)
