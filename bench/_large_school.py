"""A school of a thousand pupils as its office would hand it in: 40 classes, 52 employees, a week of 1,036 lessons."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import count
from types import MappingProxyType

from core.roster_file import (
    ClassTitle,
    GuardianCells,
    LessonRow,
    Place,
    PupilRow,
    Relation,
    RosterFiles,
    StaffRow,
    Weekday,
)
from core.russian import FullName

GRADES = range(1, 11)
LETTERS = "АБВГ"
PUPILS_EACH = 25
TEACHERS, OF_ENGLISH = 40, 10
ENGLISH = "английский язык"
FREE = "Свободнов Пётр Ильич"
"""Works at the school and has no lesson in the week: whoever replaces somebody."""
SUBJECTS = (
    "русский язык",
    "литература",
    "математика",
    "история",
    "география",
    "биология",
    "физика",
    "химия",
    "музыка",
    "технология",
)
LESSONS_A_DAY = MappingProxyType({1: 4, 2: 4, 3: 4, 4: 5, 10: 6})
"""By grade; five in the others."""
WEEKDAYS = range(1, 6)
_LETTERS = "абвгдежзиклмнопрстуфхцчшэюя"
_NOWHERE = Place("")
_CONSENT = date(2026, 9, 1)
_CHANGES = MappingProxyType({"renamed": 40, "moved": 30, "come": 20, "mail": 28, "rooms": 30})
"""What is otherwise when the lists come again: 148 lines."""


def classes() -> tuple[ClassTitle, ...]:
    """Return the classes of the school."""
    return tuple(ClassTitle(grade, letter) for grade in GRADES for letter in LETTERS)


def divided() -> tuple[ClassTitle, ...]:
    """Return the classes that are halved for English."""
    return tuple(one for one in classes() if one.grade > 1)


def halves(of: ClassTitle) -> tuple[str, str]:
    """Return how the halves of a class are called."""
    return f"{of} английский 1", f"{of} английский 2"


def people() -> RosterFiles:
    """Return the staff and the pupils."""
    return RosterFiles(tuple(_placed("staff.csv", _staff())), tuple(_placed("pupils.csv", _pupils())), ())


def week() -> RosterFiles:
    """Return the weekly timetable, with the staff that it names."""
    return RosterFiles(tuple(_placed("staff.csv", _staff())), (), tuple(_placed("timetable.csv", _lessons())))


def changed() -> RosterFiles:
    """Return all lists with 148 changes, no two of them in one line."""
    pupils = list(_pupils())
    marks = iter(range(7, len(pupils), 9))
    for number in range(_CHANGES["renamed"]):
        at = next(marks)
        pupils[at] = replace(pupils[at], name=replace(pupils[at].name, surname=_word(900_000 + number * 31)))
    for _ in range(_CHANGES["moved"]):
        at = next(marks)
        of = pupils[at].school_class
        pupils[at] = replace(pupils[at], school_class=replace(of, letter="Б" if of.letter == "А" else "А"))
    for number in range(_CHANGES["mail"]):
        at = next(marks)
        mother, *others = pupils[at].guardians
        pupils[at] = replace(pupils[at], guardians=(replace(mother, email=f"new{number}@example.org"), *others))
    pupils += [_pupil(5_000 + number, classes()[number]) for number in range(_CHANGES["come"])]
    lessons = list(_lessons())
    for number in range(_CHANGES["rooms"]):
        lessons[number * 17] = replace(lessons[number * 17], room=f"новый {number + 1}")
    staff = tuple(_placed("staff.csv", _staff()))
    return RosterFiles(staff, tuple(_placed("pupils.csv", pupils)), tuple(_placed("timetable.csv", lessons)))


def _placed[Row: (StaffRow, PupilRow, LessonRow)](file: str, rows: "Iterator[Row] | list[Row]") -> Iterator[Row]:
    for line, row in enumerate(rows, 2):
        yield replace(row, place=Place(file, line=line))


def _staff() -> Iterator[StaffRow]:
    leaders = classes()
    yield StaffRow(_NOWHERE, FullName("Директоров", "Олег", "Ильич"), None, "директор", None, None, None)
    yield StaffRow(_NOWHERE, FullName(*FREE.split()), None, "учитель", None, None, None)
    for number in range(TEACHERS + OF_ENGLISH):
        leads = leaders[number] if number < len(leaders) else None
        yield StaffRow(_NOWHERE, _teacher(number), None, "учитель", leads, None, None)


def _teacher(number: int) -> FullName:
    return FullName(_word(300_000 + number * 41), _word(400_000 + number * 43), _word(500_000 + number * 47))


def _pupils() -> Iterator[PupilRow]:
    numbers = count()
    for of in classes():
        for _ in range(PUPILS_EACH):
            yield _pupil(next(numbers), of)


def _pupil(number: int, of: ClassTitle) -> PupilRow:
    first, second, third = (_word(base + number * 37) for base in (10_000, 100_000, 200_000))
    mother = GuardianCells(
        FullName(f"{first}а", _word(600_000 + number), third),
        date(1970, 1, 1) + timedelta(days=number),
        Relation.MOTHER,
        f"mother{number}@example.org",
        _CONSENT if number % 2 else None,
        _CONSENT,
    )
    father = GuardianCells(FullName(first, _word(700_000 + number), third), None, Relation.FATHER, None, None, _CONSENT)
    # No two pupils were born on one day: whoever is renamed is then himself without a question.
    return PupilRow(
        _NOWHERE, of, FullName(first, second, third), date(2009, 1, 1) + timedelta(days=number), (mother, father)
    )


@dataclass(frozen=True, slots=True)
class _Place:
    """A place in the week of the school."""

    weekday: int
    number: int


def _lessons() -> Iterator[LessonRow]:
    """Yield the week. At any hour teachers are shifted against classes, so that nobody is in two places."""
    english = {place: count() for place in (_Place(day, number) for day in WEEKDAYS for number in range(1, 7))}
    for number, of in enumerate(classes()):
        for place in _places(of.grade):
            if of.grade > 1 and place in _of_english(number):
                for half in halves(of):
                    yield _lesson(place, of, ENGLISH, TEACHERS + next(english[place]), half)
            else:
                teacher = (number + place.number + place.weekday) % TEACHERS
                yield _lesson(place, of, SUBJECTS[teacher % len(SUBJECTS)], teacher)


def _places(grade: int) -> Iterator[_Place]:
    for weekday in WEEKDAYS:
        for number in range(1, LESSONS_A_DAY.get(grade, 5) + 1):
            yield _Place(weekday, number)


def _of_english(number: int) -> tuple[_Place, _Place]:
    """Return when a class has English: never more than five classes at once."""
    weekday, at = number % 5, number // 5 % 4 + 1
    return _Place(weekday + 1, at), _Place((weekday + 2) % 5 + 1, at)


def _lesson(place: _Place, of: ClassTitle, subject: str, teacher: int, group: str | None = None) -> LessonRow:
    room = f"каб. {101 + teacher}"
    return LessonRow(
        place=_NOWHERE,
        school_class=of,
        weekday=Weekday(place.weekday),
        number=place.number,
        starts_at=None,
        ends_at=None,
        subject=subject,
        teacher=_teacher(teacher).in_full(),
        room=room,
        group=group,
    )


def _word(number: int) -> str:
    """Return a name that no other number has."""
    letters = []
    while True:
        number, rest = divmod(number, len(_LETTERS))
        letters.append(_LETTERS[rest])
        if not number:
            return "".join(letters).capitalize() + "ов"
