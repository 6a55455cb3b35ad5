"""The contract: every state survives the wire, a misspelt field is refused, names and partitions never change."""

import json
import re
from datetime import UTC, date, datetime, timedelta, timezone
from typing import get_args
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import AwareDatetime, BaseModel, TypeAdapter, ValidationError

from core import events
from core.events import (
    AbsenceDisputedState,
    AbsenceKind,
    Addressee,
    AddressState,
    AttendanceDayState,
    Channel,
    ConsentPurpose,
    ConsentTerm,
    ControlWorkState,
    DatedWork,
    Event,
    GuardianAnswer,
    GuardianshipState,
    HomeworkState,
    LateLesson,
    LearningWeekState,
    LessonAbsence,
    MailboxLinkState,
    MarkState,
    NotHeld,
    NoticeAct,
    NoticeAnswer,
    NoticeAsk,
    NoticeState,
    PasswordLinkState,
    PersonMergedState,
    PlannedAs,
    ProposedReason,
    RemarkKind,
    RemarkState,
    RollOverdueState,
    RollStep,
    SchoolEventState,
    SchoolKind,
    SchoolMorningState,
    SchoolRollsState,
    SchoolSettings,
    SchoolState,
    State,
    StrangeEntryState,
    SubjectAverage,
    TimetableDayState,
    TimetableLesson,
    address_subject,
    attendance_subject,
    control_work_subject,
    event,
    guardianship_subject,
    partition_of,
    read_state,
    school_event_subject,
    school_subject,
    timetable_subject,
)
from core.year.changes import CancelReason

PUPIL, GUARDIAN, SCHOOL, LESSON = (UUID(int=number) for number in (1, 2, 3, 4))
MOMENT = datetime(2026, 11, 24, 3, 40, 0, 123456, tzinfo=UTC)
DAY = date(2026, 11, 24)

TEXTS = st.text(max_size=20)
# Bounds without a zone, since hypothesis adds it.
MOMENTS = st.datetimes(
    datetime(2000, 1, 1),  # noqa: DTZ001 - see above
    datetime(2100, 1, 1),  # noqa: DTZ001 - see above
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=5))]),
)
DATES = st.dates()
UUIDS = st.uuids()
SETTINGS = st.builds(
    SchoolSettings,
    undo_window_seconds=st.integers(0, 3600),
    allowed_channels=st.lists(st.sampled_from(Channel), min_size=1).map(tuple),
)
SCHOOLS = st.builds(
    SchoolState,
    kind=st.sampled_from(SchoolKind),
    name=TEXTS,
    zone=st.sampled_from(["Asia/Omsk", "Europe/Moscow"]),
    settings=SETTINGS,
)
TERMS = st.builds(ConsentTerm, given_on=st.none() | DATES, until=st.none() | DATES, withdrawn_on=st.none() | DATES)
GUARDIANSHIPS = st.builds(
    GuardianshipState,
    pupil=UUIDS,
    guardian=UUIDS,
    relation=TEXTS,
    may_see=st.booleans(),
    barred=st.booleans(),
    since=DATES,
    until=st.none() | DATES,
    achievement_consent=TERMS,
    attendance_consent=TERMS,
)
ADDRESSES = st.builds(
    AddressState,
    person=UUIDS,
    channel=st.sampled_from(Channel),
    value=TEXTS,
    verified_at=st.none() | MOMENTS,
    ended=st.booleans(),
)
ABSENCES = st.builds(
    LessonAbsence,
    lesson=UUIDS,
    number=st.integers(0, 12),
    subject_name=TEXTS,
    starts_at=MOMENTS,
    code=TEXTS,
    kind=st.sampled_from(AbsenceKind),
    recorded_at=MOMENTS,
)
ANSWERS = st.builds(GuardianAnswer, guardian=UUIDS, reason=st.sampled_from(ProposedReason), at=MOMENTS)
DAYS = st.builds(
    AttendanceDayState,
    pupil=UUIDS,
    pupil_name=TEXTS,
    class_title=TEXTS,
    day=DATES,
    absences=st.lists(ABSENCES, max_size=3).map(tuple),
    answers=st.lists(ANSWERS, max_size=2).map(tuple),
    missed_lessons=st.integers(0, 2000),
)
MARKS = st.builds(
    MarkState,
    mark=UUIDS,
    pupil=UUIDS,
    pupil_name=TEXTS,
    class_title=TEXTS,
    lesson=UUIDS,
    day=DATES,
    lesson_number=st.integers(0, 12),
    subject_name=TEXTS,
    value=st.none() | st.integers(1, 5),
    work=TEXTS,
)
REMARKS = st.builds(
    RemarkState,
    remark=UUIDS,
    pupil=UUIDS,
    pupil_name=TEXTS,
    class_title=TEXTS,
    kind=st.sampled_from(RemarkKind),
    day=DATES,
    subject_name=st.none() | TEXTS,
    author_name=TEXTS,
    text=TEXTS,
    withdrawn=st.booleans(),
)
PUPILS = st.lists(st.builds(Addressee, pupil=UUIDS, name=TEXTS), max_size=3).map(tuple)
HOMEWORKS = st.builds(
    HomeworkState,
    lesson=UUIDS,
    class_title=TEXTS,
    pupils=PUPILS,
    subject_name=TEXTS,
    set_on=DATES,
    due_on=DATES,
    text=TEXTS,
    nothing_set=st.booleans(),
    withdrawn=st.booleans(),
)
SIGNATURES = st.builds(NoticeAnswer, guardian=UUIDS, act=st.sampled_from(NoticeAct), at=MOMENTS)
NOTICES = st.builds(
    NoticeState,
    notice=UUIDS,
    class_title=TEXTS,
    pupils=PUPILS,
    author_name=TEXTS,
    title=TEXTS,
    text=TEXTS,
    text_hash=st.text("0123456789abcdef", min_size=64, max_size=64),
    ask=st.sampled_from(NoticeAsk),
    reply_by=st.none() | DATES,
    published_on=DATES,
    answers=st.lists(SIGNATURES, max_size=2).map(tuple),
    withdrawn=st.booleans(),
)
PLANNED = st.builds(
    PlannedAs,
    day=DATES,
    number=st.integers(0, 12),
    starts_at=MOMENTS,
    ends_at=st.just(MOMENT),
    subject_name=TEXTS,
    teacher_name=st.just("Кузнецова Мария Петровна"),
    room_name=st.none() | st.just("12"),
)
TITLES = st.sampled_from([(), ("5А",), ("5А", "5Б")])
LESSONS = st.builds(
    TimetableLesson,
    lesson=UUIDS,
    day=DATES,
    number=st.integers(0, 12),
    starts_at=MOMENTS,
    ends_at=st.just(MOMENT),
    subject_name=TEXTS,
    teacher_name=st.just("Кузнецова Мария Петровна"),
    room_name=st.none() | st.just("12"),
    substituted=st.booleans(),
    cancelled=st.none() | st.sampled_from(NotHeld),
    cancelled_note=TEXTS,
    distant=TITLES,
    left_out=TITLES,
    was=st.none() | PLANNED,
)
TIMETABLES = st.builds(
    TimetableDayState,
    learners=UUIDS,
    class_title=TEXTS,
    pupils=PUPILS,
    day=DATES,
    lessons=st.lists(LESSONS, max_size=2).map(tuple),
    taught_by=st.none() | DATES,
)
WORKS = st.builds(
    ControlWorkState,
    work=UUIDS,
    class_title=TEXTS,
    pupils=PUPILS,
    lesson=UUIDS,
    day=DATES,
    number=st.integers(0, 12),
    subject_name=TEXTS,
    form=st.just("диктант"),
    topic=TEXTS,
    planned_on=DATES,
    cancelled=st.none() | st.sampled_from(NotHeld),
    withdrawn=st.booleans(),
)
SCHOOL_EVENTS = st.builds(
    SchoolEventState,
    event=UUIDS,
    title=TEXTS,
    place=TEXTS,
    note=TEXTS,
    starts_at=MOMENTS,
    ends_at=st.just(MOMENT),
    classes=st.none() | TITLES,
    pupils=PUPILS,
    planned_on=DATES,
    withdrawn=st.booleans(),
)
ROLLS = st.builds(
    RollOverdueState,
    lesson=UUIDS,
    class_title=TEXTS,
    subject_name=TEXTS,
    teacher=UUIDS,
    teacher_name=TEXTS,
    day=DATES,
    number=st.integers(0, 15),
    starts_at=MOMENTS,
    minutes=st.integers(1, 60),
    overdue=st.booleans(),
    step=st.sampled_from(RollStep),
    silent=st.booleans(),
)
SCHOOL_ROLLS = st.builds(
    SchoolRollsState,
    day=DATES,
    lessons=st.lists(
        st.builds(
            LateLesson,
            lesson=UUIDS,
            class_title=TEXTS,
            subject_name=TEXTS,
            number=st.integers(0, 15),
            starts_at=MOMENTS,
            teacher_name=TEXTS,
        ),
        max_size=2,
    ).map(tuple),
    administration=st.lists(UUIDS, max_size=2).map(tuple),
    rings=st.integers(0, 9),
)
MORNINGS = st.builds(
    SchoolMorningState,
    day=DATES,
    at=MOMENTS,
    **dict.fromkeys(
        ("classes", "called", "enrolled", "present", "unknown", "late_rolls", "substituted", "cancelled"),
        st.integers(0, 900),
    ),
    administration=st.lists(UUIDS, max_size=2).map(tuple),
)
DISPUTES = st.builds(
    AbsenceDisputedState,
    pupil=UUIDS,
    pupil_name=TEXTS,
    class_title=TEXTS,
    guardian=UUIDS,
    day=DATES,
    lesson=UUIDS,
    lesson_number=st.integers(0, 15),
    subject_name=TEXTS,
    teacher=UUIDS,
    class_teachers=st.lists(UUIDS, max_size=2).map(tuple),
    disputed=st.booleans(),
)
DATED = st.lists(st.builds(DatedWork, subject_name=TEXTS, day=DATES, form=TEXTS), max_size=2).map(tuple)
HUNDREDTHS = st.integers(100, 500)
WEEKS = st.builds(
    LearningWeekState,
    pupil=UUIDS,
    pupil_name=TEXTS,
    class_title=TEXTS,
    day=DATES,
    first=DATES,
    counted_since=st.none() | DATES,
    averages=st.lists(
        st.builds(SubjectAverage, subject_name=TEXTS, hundredths=HUNDREDTHS, before=st.none() | HUNDREDTHS), max_size=2
    ).map(tuple),
    marks=st.integers(0, 40),
    missed=st.integers(0, 40),
    unexplained=st.integers(0, 40),
    unwritten=DATED,
    homework=DATED,
    ahead=DATED,
    readers=st.none() | st.lists(UUIDS, max_size=2).map(tuple),
)
STATES: dict[type[BaseModel], st.SearchStrategy[State]] = {
    SchoolState: SCHOOLS,
    GuardianshipState: GUARDIANSHIPS,
    AddressState: ADDRESSES,
    AttendanceDayState: DAYS,
    MarkState: MARKS,
    RemarkState: REMARKS,
    HomeworkState: HOMEWORKS,
    NoticeState: NOTICES,
    TimetableDayState: TIMETABLES,
    ControlWorkState: WORKS,
    SchoolEventState: SCHOOL_EVENTS,
    RollOverdueState: ROLLS,
    SchoolRollsState: SCHOOL_ROLLS,
    SchoolMorningState: MORNINGS,
    AbsenceDisputedState: DISPUTES,
    LearningWeekState: WEEKS,
    StrangeEntryState: st.builds(
        StrangeEntryState, stay=UUIDS, person=UUIDS, day=DATES, at=MOMENTS, browser=TEXTS, expires_at=MOMENTS
    ),
    MailboxLinkState: st.builds(MailboxLinkState, claim=UUIDS, person=UUIDS, day=DATES, expires_at=MOMENTS),
    PasswordLinkState: st.builds(PasswordLinkState, reset=UUIDS, person=UUIDS, day=DATES, expires_at=MOMENTS),
    PersonMergedState: st.builds(PersonMergedState, kept=UUIDS, gone=UUIDS),
}


def wrapped(state: State) -> Event:
    return event(state, subject="subject", school=SCHOOL, version=1, at=MOMENT)


def plain() -> dict[str, object]:
    state = AddressState(person=PUPIL, channel=Channel.MAIL, value="a@example.org", verified_at=MOMENT)
    written: dict[str, object] = json.loads(wrapped(state).model_dump_json())
    return written


def test_every_state_of_the_contract_is_tried_here() -> None:
    union, _ = get_args(State.__value__)
    assert set(get_args(union)) == set(STATES)


@given(st.one_of(*STATES.values()), st.integers(1, 2**31 - 1))
def test_every_state_survives_the_wire(state: State, version: int) -> None:
    sent = event(state, subject="subject", school=SCHOOL, version=version, at=MOMENT)
    assert Event.model_validate_json(sent.model_dump_json()) == sent
    assert Event.model_validate(json.loads(json.dumps(sent.model_dump(mode="json")))) == sent
    assert read_state(json.loads(state.model_dump_json())) == state


@given(GUARDIANSHIPS, st.none() | DATES, st.none() | DATES)
def test_a_state_that_knows_one_consent_is_read_as_one_for_both_purposes(
    state: GuardianshipState, given_on: date | None, withdrawn_on: date | None
) -> None:
    written = state.model_dump(mode="json", exclude={"achievement_consent", "attendance_consent"})
    written["consent_given_on"] = given_on and given_on.isoformat()
    written["consent_withdrawn_on"] = withdrawn_on and withdrawn_on.isoformat()
    read = read_state(written)
    assert isinstance(read, GuardianshipState)
    term = ConsentTerm(given_on=given_on, withdrawn_on=withdrawn_on)
    assert [read.consent(purpose) for purpose in ConsentPurpose] == [term, term]
    assert read_state(read.model_dump(mode="json")) == read


def test_the_envelope_is_a_cloudevent() -> None:
    written = plain()
    assert written["specversion"] == "1.0"
    assert written["type"] == "zvonok.address"
    assert written["source"] == "urn:zvonok:core"
    assert written["datacontenttype"] == "application/json"
    assert TypeAdapter(AwareDatetime).validate_python(written["time"]) == MOMENT
    assert all(isinstance(written[name], str) and written[name] for name in ("id", "subject", "school"))
    assert isinstance(written["version"], int)
    # CloudEvents 1.0 §3.1: names of attributes are lower-case letters and digits.
    assert all(re.fullmatch("[a-z0-9]{1,20}", name) for name in written)


def test_every_event_has_an_id_of_its_own_and_the_type_of_its_state() -> None:
    state = SchoolState(kind=SchoolKind.STATE, name="Школа 1", zone="Asia/Omsk", settings=SchoolSettings())
    one, other = wrapped(state), wrapped(state)
    assert one.id != other.id
    assert one.type == "zvonok.school"


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("verion", 1),
        ("data.verified", None),
        ("specversion", "0.3"),
        ("version", 0),
        ("version", "много"),
        ("time", "2026-11-24T03:40:00"),
        ("school", "Школа 1"),
        ("data.type", "mark"),
        ("data.channel", "pigeon"),
        ("data.verified_at", "2026-11-24T03:40:00"),
        ("data", {}),
        ("datacontenttype", "text/xml"),
    ],
)
def test_what_is_not_in_the_contract_is_refused(place: str, value: object) -> None:
    written = plain()
    inner = written
    *path, name = place.split(".")
    for step in path:
        below = inner[step]
        assert isinstance(below, dict)
        inner = below
    inner[name] = value
    with pytest.raises(ValidationError):
        Event.model_validate(written)


@pytest.mark.parametrize("name", ["id", "type", "subject", "time", "school", "version", "data"])
def test_an_event_without_a_field_that_says_something_is_refused(name: str) -> None:
    written = plain()
    del written[name]
    with pytest.raises(ValidationError):
        Event.model_validate(written)


@pytest.mark.parametrize(
    "model",
    [
        Event,
        *STATES,
        SchoolSettings,
        ConsentTerm,
        LessonAbsence,
        GuardianAnswer,
        Addressee,
        NoticeAnswer,
        TimetableLesson,
        PlannedAs,
    ],
)
def test_nothing_of_the_contract_can_be_changed_or_widened(model: type[BaseModel]) -> None:
    assert model.model_config.get("frozen") is True
    assert model.model_config.get("extra") == "forbid"


def test_an_address_is_not_shown_in_logs() -> None:
    state = AddressState(person=PUPIL, channel=Channel.MAIL, value="secret@example.org", verified_at=None)
    assert "secret" not in repr(state)
    assert "secret" not in repr(wrapped(state))


def test_subjects_have_names_that_never_change() -> None:
    pupil, guardian = "00000000-0000-0000-0000-000000000001", "00000000-0000-0000-0000-000000000002"
    assert attendance_subject(PUPIL, DAY) == f"attendance/{pupil}/2026-11-24"
    assert guardianship_subject(PUPIL, GUARDIAN) == f"guardianship/{pupil}/{guardian}"
    assert address_subject(PUPIL, Channel.TELEGRAM) == f"address/{pupil}/telegram"
    assert school_subject(PUPIL) == f"school/{pupil}"
    assert timetable_subject(PUPIL, DAY) == f"timetable/{pupil}/2026-11-24"
    assert control_work_subject(PUPIL) == f"control-work/{pupil}"
    assert school_event_subject(PUPIL) == f"school-event/{pupil}"


def test_events_know_every_reason_for_which_a_lesson_is_not_held() -> None:
    assert [(one.name, one.value) for one in NotHeld] == [(one.name, one.value) for one in CancelReason]


@pytest.mark.parametrize(
    ("school", "part"),
    [
        ("00000000-0000-0000-0000-000000000000", 0),
        ("6f1d7d4e-55a5-4b52-8c43-0a5e3c1b9d3f", 63),
        ("6f1d7d4e-55a5-4b52-8c43-0a5e3c1b9d40", 0),
        ("6f1d7d4e-55a5-4b52-8c43-0a5e3c1b9d41", 1),
    ],
)
def test_the_partition_of_a_school_never_changes(school: str, part: int) -> None:
    assert partition_of(UUID(school)) == part


@given(UUIDS)
def test_a_partition_is_one_of_sixty_four(school: UUID) -> None:
    assert 0 <= partition_of(school) < events.PARTITIONS == 64
