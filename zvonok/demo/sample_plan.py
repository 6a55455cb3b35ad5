"""The sample school's classes, curriculum plan, bells and departments: what its timetable has to fit."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from types import MappingProxyType
from typing import Final

from core.roster_file import ClassTitle

BELLS: Final = (
    (time(8, 30), time(9, 10)),
    (time(9, 20), time(10, 0)),
    (time(10, 15), time(10, 55)),
    (time(11, 15), time(11, 55)),
    (time(12, 10), time(12, 50)),
    (time(13, 0), time(13, 40)),
    (time(13, 50), time(14, 30)),
)
"""Lessons of 40 minutes; the third and fourth come after the long breaks, when the canteen serves."""

_LETTERS: Final = MappingProxyType(
    {1: "АБ", 2: "АБ", 3: "АБ", 4: "АБ", 5: "АБВ", 6: "АБ", 7: "АБВ", 8: "АБ", 9: "АБВ", 10: "АБ", 11: "А"}
)
CLASSES: Final = tuple(ClassTitle(grade, letter) for grade, letters in _LETTERS.items() for letter in letters)
_LAST_PRIMARY_GRADE: Final = 4
_FIRST_SIX_DAY_GRADE: Final = 9

RUSSIAN, LITERATURE = "русский язык", "литература"
ENGLISH = "иностранный язык (английский)"
SPORT = "физическая культура"
CRAFT = "труд (технология)"
DRAWING = "изобразительное искусство"
MUSIC = "музыка"
WORLD = "окружающий мир"
READING = "литературное чтение"
MATHS = "математика"
ALGEBRA, GEOMETRY, CHANCE = "алгебра", "геометрия", "вероятность и статистика"
ANALYSIS = "алгебра и начала математического анализа"
COMPUTING = "информатика"
HISTORY, SOCIETY = "история", "обществознание"
MONEY = "основы финансовой грамотности"
ETHICS, CULTURE = (
    "основы религиозных культур и светской этики",
    "основы духовно-нравственной культуры народов России",
)
GEOGRAPHY, BIOLOGY, PHYSICS, CHEMISTRY = "география", "биология", "физика", "химия"
SAFETY = "основы безопасности и защиты Родины"
PROJECT = "индивидуальный проект"

_UPPER_MATHS: Final = {ALGEBRA: 3, GEOMETRY: 2, CHANCE: 1, COMPUTING: 1}
_SENIOR: Final = {
    RUSSIAN: 2,
    LITERATURE: 3,
    ENGLISH: 3,
    ANALYSIS: 4,
    GEOMETRY: 3,
    CHANCE: 1,
    COMPUTING: 2,
    HISTORY: 2,
} | {SOCIETY: 2, GEOGRAPHY: 1, BIOLOGY: 2, CHEMISTRY: 2, PHYSICS: 3, SPORT: 2, SAFETY: 1, PROJECT: 1}
_PRIMARY: Final = {RUSSIAN: 5, READING: 4, MATHS: 4, WORLD: 2, DRAWING: 1, MUSIC: 1, CRAFT: 1, SPORT: 3}
PLAN: Final[Mapping[int, Mapping[str, int]]] = MappingProxyType(
    {
        1: _PRIMARY,
        2: {**_PRIMARY, ENGLISH: 2},
        3: {**_PRIMARY, ENGLISH: 2},
        4: {**_PRIMARY, READING: 3, ETHICS: 1, ENGLISH: 2},
        5: {RUSSIAN: 5, LITERATURE: 3, ENGLISH: 3, MATHS: 5, COMPUTING: 1, HISTORY: 3, CULTURE: 1}
        | {GEOGRAPHY: 1, BIOLOGY: 1, DRAWING: 1, MUSIC: 1, CRAFT: 2, SPORT: 2},
        6: {RUSSIAN: 6, LITERATURE: 3, ENGLISH: 3, MATHS: 5, COMPUTING: 1, HISTORY: 2, SOCIETY: 1, CULTURE: 1}
        | {GEOGRAPHY: 1, BIOLOGY: 1, DRAWING: 1, MUSIC: 1, CRAFT: 2, SPORT: 2},
        7: {RUSSIAN: 4, LITERATURE: 2, ENGLISH: 3, **_UPPER_MATHS, HISTORY: 2, SOCIETY: 1, MONEY: 1, GEOGRAPHY: 2}
        | {BIOLOGY: 1, PHYSICS: 2, DRAWING: 1, MUSIC: 1, CRAFT: 2, SPORT: 3},
        8: {RUSSIAN: 3, LITERATURE: 2, ENGLISH: 3, **_UPPER_MATHS, HISTORY: 2, SOCIETY: 1, MONEY: 1, GEOGRAPHY: 2}
        | {BIOLOGY: 2, CHEMISTRY: 2, PHYSICS: 2, MUSIC: 1, CRAFT: 1, SPORT: 3, SAFETY: 1},
        9: {RUSSIAN: 3, LITERATURE: 3, ENGLISH: 3, **_UPPER_MATHS, HISTORY: 3, SOCIETY: 1, GEOGRAPHY: 2}
        | {BIOLOGY: 2, CHEMISTRY: 2, PHYSICS: 3, CRAFT: 1, SPORT: 2, SAFETY: 1},
        10: _SENIOR,
        11: _SENIOR,
    }
)
"""Lessons a week by grade and subject."""


@dataclass(frozen=True, slots=True)
class Department:
    """Teachers who give the same subjects; in one class one of them gives them all."""

    position: str
    subjects: frozenset[str]
    teachers: int
    room: str
    """Where they teach: «кабинет» of their own, or a named place."""


DEPARTMENTS: Final = (
    Department("учитель русского языка и литературы", frozenset({RUSSIAN, LITERATURE}), 5, ""),
    Department("учитель математики", frozenset({MATHS, ALGEBRA, GEOMETRY, CHANCE, ANALYSIS}), 5, ""),
    Department("учитель информатики", frozenset({COMPUTING, PROJECT}), 1, "компьютерный класс"),
    Department("учитель английского языка", frozenset({ENGLISH}), 3, ""),
    Department("учитель истории и обществознания", frozenset({HISTORY, SOCIETY, MONEY, CULTURE}), 3, ""),
    Department("учитель географии", frozenset({GEOGRAPHY}), 1, ""),
    Department("учитель биологии", frozenset({BIOLOGY}), 1, ""),
    Department("учитель химии", frozenset({CHEMISTRY}), 1, ""),
    Department("учитель физики", frozenset({PHYSICS}), 2, ""),
    Department("учитель физической культуры", frozenset({SPORT}), 3, "спортзал"),
    Department("учитель музыки", frozenset({MUSIC}), 1, "актовый зал"),
    Department("учитель труда и изобразительного искусства", frozenset({CRAFT, DRAWING}), 2, "мастерская"),
    Department("преподаватель-организатор основ безопасности и защиты Родины", frozenset({SAFETY}), 1, ""),
)
PRIMARY_POSITION: Final = "учитель начальных классов"
PRIMARY_SUBJECTS: Final = frozenset({RUSSIAN, READING, MATHS, WORLD, DRAWING, CRAFT, ETHICS})
"""What a primary teacher gives in the own class; the rest comes from the departments."""
OFFICE: Final = (
    "директор",
    "заместитель директора по учебной работе",
    "заместитель директора по воспитательной работе",
    "заместитель директора по безопасности",
    "секретарь учебной части",
    "педагог-психолог",
    "социальный педагог",
    "педагог-библиотекарь",
    "системный администратор",
)
"""Those who give no lessons."""


def is_primary(school_class: ClassTitle) -> bool:
    """Tell whether one teacher gives most of the class's lessons."""
    return school_class.grade <= _LAST_PRIMARY_GRADE


def day_lengths(school_class: ClassTitle) -> tuple[int, ...]:
    """Return how many lessons the class has on each day: five days, six in the upper grades; longer in mid-week."""
    days = 6 if school_class.grade >= _FIRST_SIX_DAY_GRADE else 5
    each, rest = divmod(sum(PLAN[school_class.grade].values()), days)
    longer = (1, 2, 3, 0, 4, 5)[:rest]
    return tuple(each + (day in longer) for day in range(days))
