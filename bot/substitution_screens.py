"""Screens on the way to a substitution. Pure."""

from collections.abc import Callable, Sequence
from uuid import UUID

from bot.class_day_payloads import SchoolNow
from bot.labels import labels_of
from bot.lesson_card import heading
from bot.payloads import Lessons
from bot.payloads import pack as pack_first
from bot.screens import Button, Rows, Screen, in_pairs
from bot.substitution_payloads import LessonsLeft, StepBack, StepIn, WhoIsAway, WhoStepsIn
from bot.teacher_payloads import pack
from bot.wording import bell, paragraphs
from core.learning.lesson_rights import LessonFacts
from core.learning.timetable import LessonCard
from core.russian import FullName
from core.school.schools import SchoolCard
from core.timetable.stand_ins import Giver, StandIn
from texts.reader import Texts

ON_PAGE = 40
"""Names on a page: so many are still found by eye."""


def who_is_away(texts: Texts, school: UUID, found: Sequence[Giver], page: int) -> Screen:
    """Return whose lessons of today are not over: whom to replace."""
    labels = labels_of([one.name for one in found])
    buttons = tuple(
        Button(texts.format("stand-in-giver", name=label, count=one.lessons), pack(LessonsLeft(school, one.person)))
        for one, label in zip(found, labels, strict=True)
    )
    ask = texts.format("stand-in-whom" if buttons else "stand-in-nobody-teaches")
    rows = _paged(texts, buttons, page, lambda wanted: WhoIsAway(school, wanted))
    return Screen(ask, (*rows, _way_back(texts, school)))


def which_lesson(texts: Texts, school: SchoolCard, name: FullName, left: Sequence[LessonCard]) -> Screen:
    """Return which of a teacher's lessons may be given by somebody else."""
    rows = tuple(
        (
            Button(
                texts.format(
                    "stand-in-lesson",
                    number=one.number,
                    starts=bell(one.starts_at, school.zone),
                    class_title=one.class_title,
                    subject=one.subject_name,
                ),
                pack(WhoStepsIn(one.id, 0)),
            ),
        )
        for one in left
    )
    ask = texts.format("stand-in-which" if rows else "stand-in-none-left", name=name.in_full())
    return Screen(ask, (*rows, _way_back(texts, school.id)))


def who_steps_in(texts: Texts, facts: LessonFacts, found: Sequence[StandIn], page: int) -> Screen:
    """Return who gives no lesson at that time; whoever is at school today stands first, and is marked."""
    labels = labels_of([one.name for one in found])
    buttons = tuple(
        Button(
            texts.format("stand-in-here", name=label) if one.at_school else label, pack(StepIn(facts.id, one.person))
        )
        for one, label in zip(found, labels, strict=True)
    )
    ask = texts.format("stand-in-who" if buttons else "stand-in-nobody-free")
    rows = _paged(texts, buttons, page, lambda wanted: WhoStepsIn(facts.id, wanted))
    return Screen(paragraphs(heading(texts, facts), ask), (*rows, _way_back(texts, facts.school.id)))


def recorded(texts: Texts, facts: LessonFacts, name: str, change: UUID) -> Screen:
    """Return that it is recorded, and the way back."""
    said = texts.format("stand-in-recorded", name=name)
    undo = Button(texts.format("stand-in-button-undo"), pack(StepBack(facts.school.id, change)))
    more = Button(texts.format("stand-in-button-more"), pack(WhoIsAway(facts.school.id, 0)))
    return Screen(paragraphs(heading(texts, facts), said), ((undo,), (more,), _way_back(texts, facts.school.id)))


def taken_back(texts: Texts, school: UUID) -> Screen:
    """Return that the lesson is given as it was to be."""
    more = Button(texts.format("stand-in-button-more"), pack(WhoIsAway(school, 0)))
    return Screen(texts.format("stand-in-taken-back"), ((more,), _way_back(texts, school)))


def _paged(texts: Texts, buttons: tuple[Button, ...], page: int, to: Callable[[int], object]) -> Rows:
    page = min(page, max(0, len(buttons) - 1) // ON_PAGE)
    before = (Button(texts.format("teacher-classes-before"), pack(to(page - 1))),) if page > 0 else ()
    more = (page + 1) * ON_PAGE < len(buttons)
    after = (Button(texts.format("teacher-classes-after"), pack(to(page + 1))),) if more else ()
    turning = ((*before, *after),) if before or after else ()
    return (*in_pairs(buttons[page * ON_PAGE : (page + 1) * ON_PAGE]), *turning)


def _way_back(texts: Texts, school: UUID) -> tuple[Button, ...]:
    now = Button(texts.format("school-now-button"), pack(SchoolNow(school)))
    return (now, Button(texts.format("bot-button-lessons"), pack_first(Lessons())))
