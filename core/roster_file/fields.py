"""One cell → one value, or what is wrong with it. Nothing is guessed: where two readings are possible, ask."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time
from types import MappingProxyType
from typing import Final

from core.roster_file.cells import Cell, is_empty, show_cell
from core.roster_file.problems import Code, Fault, fault, quote
from core.roster_file.rows import RELATION_WORDS, WEEKDAY_WORDS, ClassTitle, Relation, Weekday, fold
from core.year.weekly import Every

_MIDNIGHT: Final = r"(?:[ T]0?0:00(?::00(?:\.0+)?)?)?"  # programs add it to every date
_DAY_FIRST: Final = re.compile(rf"([0-9]{{1,2}})\.([0-9]{{1,2}})\.([0-9]{{4}})(?: ?г\.?)?{_MIDNIGHT}")
_YEAR_FIRST: Final = re.compile(rf"([0-9]{{4}})-([0-9]{{1,2}})-([0-9]{{1,2}}){_MIDNIGHT}")
_SHORT_YEAR: Final = re.compile(r"[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{2}(?: ?г\.?)?")
_FIRST_YEAR, _LAST_YEAR = 1900, 2100
_TIME: Final = re.compile(r"([01]?[0-9]|2[0-3])[:.]([0-5][0-9])(?::00)?")
_WHOLE: Final = re.compile(r"[0-9]{1,3}")
_LAST_LESSON: Final = 12
_FORMULA_SIGNS: Final = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
_SHIELD: Final = "'"
_BLANKS: Final = " \t\r\n"
_LATIN: Final = re.compile("[A-Za-zÀ-ÖØ-öø-ÿ]")
_HYPHEN: Final = re.compile(" ?- ?")
_NAME: Final = re.compile(r"[\u0400-\u04ff]+(?:[-' ’][\u0400-\u04ff]+)*")
_TEACHER_WORD: Final = re.compile(r"[\u0400-\u04ff]+(?:[-'’][\u0400-\u04ff]+)*|[\u0400-\u04ff]\.")
_TOLD_APART: Final = re.compile(r"([^(]*[^( ]) ?\( ?(.*[^ ]) ?\)")
_DOT_BEFORE_LETTER: Final = re.compile(r"\.(?=[^\s.])")
_CLASS: Final = re.compile(r"([0-9]{1,2})-?([А-ЯЁA-Z]?)(?:КЛАСС|КЛ\.?)?")
_CLASS_NOISE: Final = re.compile("[\\s\"'«»„“”‘’()]+")
_LAST_GRADE: Final = 11
_LATIN_TWINS: Final = str.maketrans("ABCEHKMOPTXY", "АВСЕНКМОРТХУ")
_ABBREVIATION: Final = re.compile(r"\b[А-ЯЁ]{2,}\b|\b[А-ЯЁа-яё]{1,4}\.|\b[А-ЯЁа-яё]{1,4}-[а-яё]{1,2}\b")
_EMAIL: Final = re.compile(
    r"[A-Za-z0-9_](?:[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]|\.(?![.@]))*"
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])"
)
_LONGEST_LOCAL, _LONGEST_EMAIL = 64, 254
_CYRILLIC: Final = re.compile(r"[\u0400-\u04ff]")

_WEEKDAYS: Final[Mapping[str, Weekday]] = MappingProxyType(
    {
        **{word: day for day, word in WEEKDAY_WORDS.items()},
        **{str(day.value): day for day in Weekday},
        **dict(zip(("пн", "вт", "ср", "чт", "пт", "сб"), Weekday, strict=True)),
        **dict(zip(("пнд", "втр", "срд", "чтв", "птн", "сбт"), Weekday, strict=True)),
    }
)
WEEKS_WORDS: Final[Mapping[Every, str | None]] = MappingProxyType(
    {Every.WEEK: None, Every.ODD: "нечётная", Every.EVEN: "чётная"}
)
"""The word for the weeks of a lesson that the office's table is written with; every week needs none."""
_WEEKS: Final[Mapping[str, Every]] = MappingProxyType(
    {
        **dict.fromkeys(("каждая", "каждую", "все", "каждую неделю", "еженедельно"), Every.WEEK),
        **dict.fromkeys(("нечетная", "нечетные", "нечет", "1", "первая", "по нечетным"), Every.ODD),
        **dict.fromkeys(("четная", "четные", "чет", "2", "вторая", "по четным"), Every.EVEN),
    }
)
_SHIFT: Final = re.compile(r"([1-3])(?:-?я)?(?: смена)?")
LONGEST_GROUP: Final = 100
_RELATIONS: Final[Mapping[str, Relation]] = MappingProxyType(
    {
        **{fold(word): relation for relation, word in RELATION_WORDS.items()},
        "мама": Relation.MOTHER,
        "папа": Relation.FATHER,
        "усыновительница": Relation.ADOPTER,
        "опекун (попечитель)": Relation.GUARDIAN,
        "попечительница": Relation.TRUSTEE,
        "приемная мать": Relation.FOSTER_PARENT,
        "приемный отец": Relation.FOSTER_PARENT,
        "приемная мама": Relation.FOSTER_PARENT,
        "приемный папа": Relation.FOSTER_PARENT,
        "дед": Relation.GRANDFATHER,
        "представитель": Relation.REPRESENTATIVE,
        "законный представитель": Relation.REPRESENTATIVE,
    }
)


def parse_text(cell: Cell) -> str | Fault:
    """Read any text; a whole number is its digits. What a spreadsheet would run as a formula is refused."""
    match cell:
        case Fault():
            return cell
        case str():
            text = cell
        case date() | time():
            return fault(Code.DATE_IN_TEXT, seen=show_cell(cell))
        case _:
            text = show_cell(cell)
    if _is_shielded(text):
        return text.removeprefix(_SHIELD)
    if text.startswith(_FORMULA_SIGNS) and not is_empty(text):
        return fault(Code.FORMULA, seen=quote(text))
    return text


def shielded(text: str) -> str:
    """Return a text so that no spreadsheet takes it for a formula; ``parse_text`` reads it as it was."""
    return f"{_SHIELD}{text}" if _is_formula(text) else text


def _is_formula(text: str) -> bool:
    """Tell whether a text needs a shield: it begins as a formula, whatever shields are before it."""
    return text.lstrip(_SHIELD + _BLANKS).startswith(_FORMULA_SIGNS)


def _is_shielded(text: str) -> bool:
    return text.startswith(_SHIELD) and _is_formula(text)


def parse_date(cell: Cell) -> date | Fault:
    """Read a date: a date of the spreadsheet, дд.мм.гггг or гггг-мм-дд; a year of two digits is not guessed."""
    match cell:
        case Fault():
            return cell
        case datetime():
            return cell.date()
        case date():
            return cell
        case str():
            return _date_of_text(cell)
        case _:
            return fault(Code.BAD_DATE, seen=show_cell(cell))


def _date_of_text(text: str) -> date | Fault:
    if _SHORT_YEAR.fullmatch(text):
        return fault(Code.SHORT_YEAR, seen=text)
    if match := _DAY_FIRST.fullmatch(text):
        day, month, year = (int(part) for part in match.groups())
    elif match := _YEAR_FIRST.fullmatch(text):
        year, month, day = (int(part) for part in match.groups())
    else:
        return fault(Code.BAD_DATE, seen=quote(text))
    try:
        found = date(year, month, day)
    except ValueError:
        return fault(Code.IMPOSSIBLE_DATE, seen=text)
    return found if _FIRST_YEAR <= year <= _LAST_YEAR else fault(Code.IMPOSSIBLE_DATE, seen=text)


def parse_time(cell: Cell) -> time | Fault:
    """Read a time of day to the minute: a time of the spreadsheet, 8:30, 08.30, 08:30:00."""
    if isinstance(cell, Fault):
        return cell
    found = cell.time() if isinstance(cell, datetime) else cell
    if isinstance(found, time) and not found.second:
        return found
    match = _TIME.fullmatch(cell) if isinstance(cell, str) else None
    if match is None:
        return fault(Code.BAD_TIME, seen=quote(show_cell(cell)))
    return time(int(match[1]), int(match[2]))


def parse_lesson_number(cell: Cell) -> int | Fault:
    """Read the number of a lesson in its day; there may be a zeroth one."""
    if isinstance(cell, Fault):
        return cell
    text = show_cell(cell)
    if not _WHOLE.fullmatch(text) or int(text) > _LAST_LESSON:
        return fault(Code.BAD_LESSON_NUMBER, seen=quote(text), most=_LAST_LESSON)
    return int(text)


def parse_weekday(cell: Cell) -> Weekday | Fault:
    """Read a school day: понедельник, пн or 1, up to Saturday."""
    if isinstance(cell, Fault):
        return cell
    text = show_cell(cell)
    day = _WEEKDAYS.get(fold(text).rstrip("."))
    return fault(Code.BAD_WEEKDAY, seen=quote(text)) if day is None else day


def parse_weeks(cell: Cell) -> Every | Fault:
    """Read in which weeks a lesson is: every one, odd ones (1), even ones (2)."""
    if isinstance(cell, Fault):
        return cell
    text = show_cell(cell)
    weeks = _WEEKS.get(fold(text).rstrip("."))
    return fault(Code.BAD_WEEKS, seen=quote(text)) if weeks is None else weeks


def parse_shift(cell: Cell) -> int | Fault:
    """Read a shift: 1, 2 or 3."""
    if isinstance(cell, Fault):
        return cell
    text = show_cell(cell)
    match = _SHIFT.fullmatch(fold(text))
    return fault(Code.BAD_SHIFT, seen=quote(text)) if match is None else int(match[1])


def parse_group(cell: Cell) -> str | Fault:
    """Read the title of a group."""
    text = parse_text(cell)
    if isinstance(text, str) and len(text) > LONGEST_GROUP:
        return fault(Code.BAD_GROUP, seen=quote(text), most=LONGEST_GROUP)
    return text


def parse_class(cell: Cell) -> ClassTitle | Fault:
    """Read a class: 5А, 5 «а», 5-А, 5а класс; Latin twins of Russian letters become Russian (see latin_in_class)."""
    if isinstance(cell, Fault):
        return cell
    text = show_cell(cell)
    match = _CLASS.fullmatch(_CLASS_NOISE.sub("", text).upper())
    if match is not None:
        grade, letter = int(match[1]), match[2].translate(_LATIN_TWINS)
        if 1 <= grade <= _LAST_GRADE and not _LATIN.search(letter):
            return ClassTitle(grade, letter)
    return fault(Code.BAD_CLASS, seen=quote(text))


def latin_in_class(cell: Cell) -> bool:
    """Tell whether a readable class was written with a Latin letter."""
    return isinstance(cell, str) and _LATIN.search(cell) is not None


def parse_surname(cell: Cell) -> str | Fault:
    """Read a surname: Russian letters, hyphens, apostrophes; ё is kept."""
    text = parse_text(cell)
    if isinstance(text, Fault):
        return text
    latin = _LATIN.search(text)
    if latin is not None:
        return fault(Code.LATIN_LETTER, letter=latin[0], seen=quote(text))
    if "." in text:
        return fault(Code.INITIALS, seen=quote(text))
    joined = _HYPHEN.sub("-", text)
    return joined if _NAME.fullmatch(joined) else fault(Code.BAD_NAME, seen=quote(text))


def parse_given(cell: Cell) -> str | Fault:
    """Read a given name or a patronymic: as a surname, and longer than an initial."""
    text = parse_surname(cell)
    if isinstance(text, str) and len(text) == 1:
        return fault(Code.INITIALS, seen=text)
    return text


def parse_relation(cell: Cell) -> Relation | Fault:
    """Read who the adult is to the child."""
    text = parse_text(cell)
    if isinstance(text, Fault):
        return text
    relation = _RELATIONS.get(fold(text))
    return fault(Code.BAD_RELATION, seen=quote(text)) if relation is None else relation


def parse_email(cell: Cell) -> str | Fault:
    """Read one plain e-mail address; its domain in lower case (RFC 5321 2.4: the part before @ is left as it is)."""
    if isinstance(cell, Fault):
        return cell
    text = show_cell(cell)
    cyrillic = _CYRILLIC.search(text)
    if cyrillic is not None:
        return fault(Code.CYRILLIC_IN_EMAIL, letter=cyrillic[0], seen=quote(text))
    local, _, domain = text.rpartition("@")
    if not _EMAIL.fullmatch(text) or len(local) > _LONGEST_LOCAL or len(text) > _LONGEST_EMAIL:
        return fault(Code.BAD_EMAIL, seen=quote(text))
    return f"{local}@{domain.lower()}"


def parse_subject(cell: Cell) -> str | Fault:
    """Read a subject, in full (GEN-17); its first letter is made lower-case (see subject_lowered)."""
    text = parse_text(cell)
    if isinstance(text, Fault):
        return text
    short = _ABBREVIATION.search(text)
    if short is not None:
        return fault(Code.SUBJECT_ABBREVIATED, short=short[0], seen=quote(text))
    return text[:1].lower() + text[1:]


def split_teacher(written: str) -> tuple[str, str]:
    """Split «Фамилия Имя Отчество (должность)» into the name and what tells its bearer from namesakes, or nothing."""
    found = _TOLD_APART.fullmatch(written)
    return (written, "") if found is None else (found[1], found[2])


def parse_teacher(cell: Cell) -> str | Fault:
    """Read a teacher's name: in full, or surname with initials, which are spaced: «Иванова А. П.».

    Of namesakes the birth date or the position follows in brackets: «Иванова Анна Петровна (12.03.1980)».
    """
    written = parse_text(cell)
    if isinstance(written, Fault):
        return written
    name, known = split_teacher(written)
    read = _teacher_name(name)
    return f"{read} ({known})" if known and not isinstance(read, Fault) else read


def _teacher_name(text: str) -> str | Fault:
    latin = _LATIN.search(text)
    if latin is not None:
        return fault(Code.LATIN_LETTER, letter=latin[0], seen=quote(text))
    words = _DOT_BEFORE_LETTER.sub(". ", _HYPHEN.sub("-", text)).split(" ")
    words[1:] = [f"{word}." if len(word) == 1 else word for word in words[1:]]
    initials = [word for word in words if word.endswith(".")]
    full = [word for word in words if not word.endswith(".")]
    if len(words) == 1 or not full or not all(_TEACHER_WORD.fullmatch(word) for word in words):
        return fault(Code.BAD_TEACHER, seen=quote(text))
    return " ".join(full + initials if words[0] in initials else words)
