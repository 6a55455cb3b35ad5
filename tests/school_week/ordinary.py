"""The rest of the week: what happens in any school on any day, a few hundred events from one seed."""

import random

from tests.school_week.journal import Journal, Told
from tests.school_week.people import BALTIC, DAYS, HOLIDAY, PUPILS, URAL, Place

SCHOOL_DAYS = {URAL: ("Mon", "Tue", "Wed", "Thu", "Sat"), BALTIC: ("Mon", "Tue", "Wed", "Thu", "Fri")}
OUTAGE = "Wed"
MARKS, ABSENCES, REMARKS = 7, 3, 2
"""In each school on each day."""


def timetables(journal: Journal) -> list[Told]:
    """State the days of two classes as they are every week: nobody is told of them, letters leave by them."""
    early, late = range(12), range(24, 36)
    found = []
    for day in SCHOOL_DAYS[URAL]:
        found.append(journal.timetable("Mon 06:00", early, day, "13:10"))
        found.append(journal.timetable("Mon 06:00", late, day, "18:10"))
    return found


def ordinary(journal: Journal) -> list[Told]:
    """Write the week around the hardest events; nobody is absent twice on a day."""
    chance, found = random.Random(7), []  # noqa: S311 - nothing secret
    for place, days in SCHOOL_DAYS.items():
        pupils = [one.number for one in PUPILS if one.place is place]
        for day in days:
            for turn, number in enumerate(chance.sample(pupils, MARKS)):
                found.append(_mark(journal, place, day, turn, number))
            absent = {
                one for told in journal.told.values() if told.subject.startswith("attendance") for one in told.pupils
            }
            free = [number for number in pupils if PUPILS[number].id not in absent]
            for turn, number in enumerate(chance.sample(free, ABSENCES)):
                found.append(_absence(journal, day, turn, number))
            quiet = [number for number in pupils if not 48 <= number < 52]
            for turn, number in enumerate(chance.sample(quiet, REMARKS)):
                found.append(_remark(journal, place, day, turn, number))
    return found


def _mark(journal: Journal, place: Place, day: str, turn: int, number: int) -> Told:
    """By turns: simply put; changed before the letter, after it; taken back before, after; put in the late evening."""
    name = f"{place.name} {day} {turn}"
    told = journal.mark(f"{day} {'21:10' if turn == 5 else '12:00'}", number, name, 2 + turn % 4)
    if turn == 1:
        journal.mark(f"{day} 12:20", number, name, 5)
    if turn == 2:
        journal.mark(f"{_next(day, place)} 11:00", number, name, 2)
    if turn == 3:
        journal.mark(f"{day} 12:20", number, name, None)
    if turn == 4:
        journal.mark(f"{_next(day, place)} 11:00", number, name, None)
    return told


def _absence(journal: Journal, day: str, turn: int, number: int) -> Told:
    """By turns: stands; is taken back within the undo window; is taken back an hour later."""
    told = journal.day(f"{day} 08:40", number, [1])
    if turn == 1:
        journal.day(f"{day} 08:40:30", number, [], attended=[1])
    if turn == 2 and day != OUTAGE:
        journal.day(f"{day} 09:40", number, [], attended=[1])
    return told


def _remark(journal: Journal, place: Place, day: str, turn: int, number: int) -> Told:
    """By turns: stands; is taken back when it was told."""
    name = f"{place.name} {day} remark {turn}"
    told = journal.remark(f"{day} 12:00", number, name, "Нужна тетрадь в клетку")
    if turn == 1 and day != OUTAGE:
        journal.remark(f"{day} 13:00", number, name, "Нужна тетрадь в клетку", withdrawn=True)
    return told


def _next(day: str, place: Place) -> str:
    """Return the next school day, or Sunday, when some teachers correct marks."""
    later = DAYS[DAYS.index(day) + 1 :]
    return next((one for one in later if one != HOLIDAY or place is BALTIC), "Sun")
