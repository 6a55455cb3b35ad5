"""Which lesson the office means: whose it is, its day and its number."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from core.learning import timetable
from core.roster_file.rows import fold
from core.school.schools import SchoolCard
from core.tables import Lesson
from core.timetable import lesson_views
from core.timetable.lesson_views import LessonView
from core.year.words import day_words
from texts.reader import load
from zvonok.installation import Installation
from zvonok.trouble import OfficeError

_SAY = load("ru").format


@dataclass(frozen=True, slots=True)
class Named:
    """A lesson as the office names it."""

    learners: str
    """A class, a group, or a pupil who is taught alone."""
    day: date
    number: int
    subject: str | None = None
    """Needed where the class is divided at that hour."""


async def find(session: AsyncSession, here: Installation, school: SchoolCard, wanted: Named) -> LessonView:
    """Find the lesson that is meant, on a day whose lessons are made if they are not there yet.

    Where one that is held has come to the place of one of the same name that is not held, the former is meant. Raises
    ``OfficeError`` if there is none or if there are several.
    """
    await timetable.open_day(session, school, wanted.day, here.school_clock.now())
    there = await lesson_views.read(
        session, Lesson.school_id == school.id, Lesson.day == wanted.day, Lesson.number == wanted.number
    )
    own = [one for one in there if fold(one.learners) == fold(wanted.learners)]
    of_class = [one for one in there if fold(wanted.learners) in {fold(title) for title in one.classes}]
    subject = None if wanted.subject is None else fold(wanted.subject)
    found = [one for one in own or of_class if subject in (None, fold(one.subject_name))]
    held = {_name(one) for one in found if one.cancelled is None}
    found = [one for one in found if one.cancelled is None or _name(one) not in held]
    words = {"learners": wanted.learners, "day": day_words(wanted.day), "number": str(wanted.number)}
    if not found:
        raise OfficeError(_SAY("change-no-lesson", **words))
    if len(found) > 1:
        listed = "; ".join(f"{one.subject_name}, {one.learners}" for one in found)
        raise OfficeError(_SAY("change-several-lessons", found=listed, **words))
    return found[0]


def _name(one: LessonView) -> tuple[str, str]:
    return one.learners, one.subject_name
