"""What addresses of lessons take and show: lessons, rolls, marks, homework."""

from datetime import UTC, date
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, BeforeValidator, Field

from core.events import LeftEarly, ProposedReason
from core.learning.announced_absences import AbsenceReason
from core.learning.entries import LATE_MOST, Entry
from core.learning.expected import ExpectedBy
from core.learning.gradebook import ANSWER, MARKS, WORKS, MarkView
from core.learning.homework import LONGEST
from core.learning.homework_telling import HomeworkView
from core.learning.lesson_rights import LessonFacts
from core.learning.release_orders import ReleaseKind
from core.learning.timetable import LessonCard
from core.person.class_titles import title_order
from core.timetable.lesson_views import LessonView
from web.api.cursors import Place
from web.api.wire_types import Day, Given, Id, Page, Params, Shown, whole

MOST_LEARNERS = 200
"""Of a stream of several classes; a list that is longer is a mistake."""
LONGEST_CODE = 10
EXPECTED_REASONS = tuple(dict.fromkeys(one.value for kind in (AbsenceReason, ReleaseKind) for one in kind))
"""Of a family, then of an order; "other" is a word of both."""
Work = Annotated[str, Field(json_schema_extra={"enum": list(WORKS)})]
MarkValue = Annotated[int, Field(ge=MARKS[0], le=MARKS[-1]), BeforeValidator(whole)]
Minutes = Annotated[int, Field(ge=1, le=LATE_MOST), BeforeValidator(whole)]


class LessonPath(Params):
    """A lesson."""

    lesson: Id


class MarkPath(Params):
    """A mark of a lesson."""

    lesson: Id
    mark: Id


class MyDay(Params):
    """A day of one's own; today, if none is named."""

    day: Day | None = None


class SchoolDay(Page):
    """A day of a school; today, if none is named."""

    school: Id
    day: Day | None = None


class Lesson(Shown):
    """A lesson."""

    id: UUID
    learners: str
    subject: str
    day: date
    number: int
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    room: str | None = None
    instead_of: str | None = None
    cancelled: str | None = None
    roll_called: bool | None = None


class Lessons(Shown):
    """The lessons of a day."""

    day: date
    items: tuple[Lesson, ...]


class LessonPage(Shown):
    """A part of the lessons of a school's day."""

    day: date
    items: tuple[Lesson, ...]
    next: str | None


class RollLine(Shown):
    """One line of a roll."""

    pupil: UUID
    name: str
    code: str | None
    late_minutes: int | None
    left_early: LeftEarly | None


class Roll(Shown):
    """The roll of a lesson."""

    lesson: UUID
    called: bool
    version: int
    roster: str
    pupils: tuple[RollLine, ...]


class ExpectedAbsence(Shown):
    """Why it is known beforehand that a pupil will not be there."""

    by: ExpectedBy
    reason: Annotated[str, Field(json_schema_extra={"enum": list(EXPECTED_REASONS)})]
    order: str | None
    until: date
    suggested_code: str | None


class RollHint(Shown):
    """What is known of a pupil's day beside the roll."""

    pupil: UUID
    absent_before: bool
    answers: tuple[ProposedReason, ...]
    expected: ExpectedAbsence | None


class RollHints(Shown):
    """What is known of the day of those on a roll; whoever has nothing known of is left out."""

    lesson: UUID
    items: tuple[RollHint, ...]


class RollEntry(Given):
    """Of one pupil: absent with a code, or there, though not all the time; none of these: was there."""

    pupil: Id
    code: Annotated[str, Field(min_length=1, max_length=LONGEST_CODE)] | None = None
    late_minutes: Minutes | None = None
    left_early: Annotated[LeftEarly, Field(strict=False)] | None = None

    def entry(self) -> Entry:
        """Return it in core's own form."""
        return Entry(self.code, self.late_minutes, self.left_early)


class CalledRoll(Given):
    """A roll as it was called: whoever is not named was there."""

    roster: Annotated[str, Field(max_length=100)]
    exceptions: Annotated[tuple[RollEntry, ...], Field(strict=False, max_length=MOST_LEARNERS)]


class CorrectedRoll(Given):
    """Entries of a called roll, corrected; whoever is not named stays as he is entered."""

    entries: Annotated[tuple[RollEntry, ...], Field(strict=False, min_length=1, max_length=MOST_LEARNERS)]


class Mark(Shown):
    """A mark that stands."""

    id: UUID
    lesson: UUID
    pupil: UUID
    value: int
    work: str
    version: int


class Marks(Shown):
    """Marks of a lesson."""

    lesson: UUID
    items: tuple[Mark, ...]


class NewMark(Given):
    """A mark to be given."""

    pupil: Id
    value: MarkValue
    work: Work = ANSWER
    for_missed: bool = False


class NewMarks(Given):
    """Marks of one lesson, to be given all together or not at all."""

    marks: Annotated[tuple[NewMark, ...], Field(strict=False, min_length=1, max_length=MOST_LEARNERS)]


class OtherValue(Given):
    """What a mark is corrected to."""

    value: MarkValue


class Homework(Shown):
    """What was given at a lesson to be done for the next one."""

    lesson: UUID
    due_lesson: UUID
    learners: str
    subject: str
    set_on: date
    due_on: date
    text: str
    nothing_set: bool


class NewHomework(Given):
    """What is to be done; null: nothing is set."""

    text: Annotated[str, Field(min_length=1, max_length=LONGEST)] | None


def lesson_of(facts: LessonFacts, *, called: bool) -> Lesson:
    """Show a lesson whose page was opened."""
    return Lesson(
        id=facts.id,
        learners=facts.class_title,
        subject=facts.subject_name,
        day=facts.day,
        number=facts.number,
        starts_at=facts.starts_at,
        ends_at=facts.ends_at,
        instead_of=facts.instead_of,
        cancelled=facts.cancelled,
        roll_called=called,
    )


def lesson_of_card(card: LessonCard) -> Lesson:
    """Show a lesson of one's own list."""
    return Lesson(
        id=card.id,
        learners=card.class_title,
        subject=card.subject_name,
        day=card.day,
        number=card.number,
        starts_at=card.starts_at,
        ends_at=card.ends_at,
        room=card.room or None,
        instead_of=card.instead_of,
        cancelled=card.cancelled,
        roll_called=card.roll_called,
    )


def lesson_of_view(view: LessonView) -> Lesson:
    """Show a lesson of the school's timetable."""
    return Lesson(
        id=view.id,
        learners=view.learners,
        subject=view.subject_name,
        day=view.day,
        number=view.number,
        starts_at=view.starts_at,
        ends_at=view.ends_at,
        room=view.room_name,
        instead_of=view.own_teacher,
        cancelled=view.cancelled,
    )


def place_of_lesson(view: LessonView) -> Place:
    """Return by what lessons are ordered: as they begin, then by whose they are."""
    return view.starts_at.astimezone(UTC).isoformat(), *title_order(view.learners), str(view.id)


def mark_of(lesson: UUID, pupil: UUID, view: MarkView) -> Mark:
    """Show a mark."""
    return Mark(id=view.id, lesson=lesson, pupil=pupil, value=view.value, work=view.work, version=view.version)


def homework_of(lesson: UUID, view: HomeworkView) -> Homework:
    """Show what was given at this lesson."""
    return Homework(
        lesson=lesson,
        due_lesson=view.lesson,
        learners=view.class_title,
        subject=view.subject_name,
        set_on=view.set_on,
        due_on=view.due_on,
        text=view.text,
        nothing_set=view.nothing_set,
    )
