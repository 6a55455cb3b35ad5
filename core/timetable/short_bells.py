"""Shortened bells for a day, made from the usual ones. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from core.refusals import Invalid
from core.year.bells import Bell, BellSchedule
from core.year.span import Hours

_SOME_DAY = date(2000, 1, 1)
SHORTEST, LONGEST = 10, 60
"""Minutes of a lesson."""


def shortened(
    usual: Sequence[BellSchedule], minutes: int, *, pause: int | None = None, lessons: int | None = None
) -> tuple[BellSchedule, ...]:
    """Return the same bells with lessons of so many minutes, each shift beginning when it usually does.

    ``pause``: minutes between lessons; None: as usual. ``lessons``: of the highest number that there is that day; None:
    all. Raises ``Invalid``: no bells to shorten, lessons too short or too long, or a day that would not end.
    """
    if not usual:
        raise Invalid("timetable-no-bells")
    if not SHORTEST <= minutes <= LONGEST:
        raise Invalid("timetable-minutes", shortest=SHORTEST, longest=LONGEST)
    return tuple(replace(one, bells=tuple(_bells(one, minutes, pause, lessons))) for one in usual)


def _bells(schedule: BellSchedule, minutes: int, pause: int | None, lessons: int | None) -> Iterator[Bell]:
    bells = sorted(schedule.bells, key=lambda bell: bell.number)
    kept = [bell for bell in bells if lessons is None or bell.number <= lessons]
    pauses = [_between(one.hours.ends, other.hours.starts) for one, other in pairwise(kept)]
    starts = datetime.combine(_SOME_DAY, kept[0].hours.starts) if kept else None
    for bell, usual_pause in zip(kept, [*pauses, timedelta()], strict=True):
        if starts is None:
            return
        ends = starts + timedelta(minutes=minutes)
        if ends.date() != _SOME_DAY:
            raise Invalid("timetable-day-endless", name=schedule.name)
        yield Bell(bell.number, Hours(starts.time(), ends.time()))
        starts = ends + (usual_pause if pause is None else timedelta(minutes=pause))


def _between(earlier: time, later: time) -> timedelta:
    return datetime.combine(_SOME_DAY, later) - datetime.combine(_SOME_DAY, earlier)
