"""What the office's commands about groups, plans and load have in common: a year of a school, and files to read."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from uuid import uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from core.actor import OFFICE, Act
from core.plan.list_file import ListProblem, ListRefused, describe
from core.roster_file import DEFAULT_LIMITS, NamedBytes
from core.school import schools
from core.school.schools import SchoolCard
from core.school_time import school_date, school_year_of_lists
from texts.reader import load
from zvonok.installation import Installation
from zvonok.trouble import OfficeError

_SAY = load("ru").format
PROBLEMS_SHOWN = 200


@dataclass(frozen=True, slots=True)
class WhichYear:
    """Which school and which of its years the office means; the coming one from July on, unless it is named."""

    school: str | None = None
    year: int | None = None


@dataclass(frozen=True, slots=True)
class AtYear:
    """A transaction of the office at a year of a school."""

    session: AsyncSession
    school: SchoolCard
    year: int
    now: datetime

    @property
    def today(self) -> date:
        """The day at the school."""
        return school_date(self.now, self.school.zone)

    @property
    def day(self) -> date:
        """The day that lists are shown for: today, or the first of the year if it has not begun."""
        return min(max(self.today, date(self.year, 9, 1)), date(self.year + 1, 8, 31))

    def act(self) -> Act:
        """Return an act of the office, now."""
        return Act(OFFICE, self.now, f"office:{uuid4()}")


type Work = Callable[[AtYear], Awaitable[list[str]]]


async def at_year(here: Installation, which: WhichYear, work: Work, *, dry: bool = False) -> list[str]:
    """Do something at a year of a school, in one transaction; a dry run is done and taken back whole.

    Raises ``OfficeError`` with every problem of a list.
    """
    async with here.journal() as database, database.begin() as session:
        school = await schools.find(session, which.school)
        now = here.school_clock.now()
        year = school_year_of_lists(school_date(now, school.zone)) if which.year is None else which.year
        try:
            lines = await work(AtYear(session, school, year, now))
        except ListRefused as refused:
            raise OfficeError(refusal_words(refused.problems)) from None
        if dry:
            await session.rollback()
            lines = [_SAY("plan-dry"), *lines]
    return lines


def refusal_words(problems: Sequence[ListProblem]) -> str:
    """Say everything that is wrong with a list, a line for each problem."""
    lines = [describe(problem, _SAY) for problem in problems[:PROBLEMS_SHOWN]]
    more = len(problems) - len(lines)
    return "\n".join(
        [*lines, *([_SAY("office-more-errors", count=more)] if more else []), _SAY("plan-nothing-written")]
    )


def read_file(path: Path) -> NamedBytes:
    """Read a file, but never more than may be read. Raises ``OfficeError``."""
    try:
        with path.open("rb") as file:
            return NamedBytes(path.name, file.read(DEFAULT_LIMITS.file_bytes + 1))
    except FileNotFoundError:
        raise OfficeError(_SAY("plan-file-missing", path=str(path))) from None
    except IsADirectoryError:
        raise OfficeError(_SAY("plan-file-folder", path=str(path))) from None
    except OSError as error:
        raise OfficeError(_SAY("plan-file-shut", path=str(path), error=type(error).__name__)) from None
