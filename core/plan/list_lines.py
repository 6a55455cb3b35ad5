"""The lines of the office's lists of groups, plans and load, once read. Pure.

The words of a file are Russian, as the office writes them; ``docs/how-to/groups-and-load.md`` describes the files.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from core.plan.curriculum import PlanKind
from core.plan.list_file import ListColumn, ListLine, demand_good, read_lines
from core.plan.study_groups import Purpose
from core.roster_file.cells import Cell, show_cell
from core.roster_file.fields import parse_class, parse_date, parse_given, parse_subject, parse_surname, parse_teacher
from core.roster_file.fields import parse_text as text
from core.roster_file.problems import Fault, quote
from core.roster_file.rows import ClassTitle, NamedBytes, fold
from core.russian import FullName
from core.year.weekly import Service

_HOURS = re.compile(r"[0-9]{1,2}(?:[.,][0-9]{1,2})?")
_GRADE = re.compile(r"1[01]|[1-9]")
_COMMA = re.compile(r"\s*[,;]\s*")

PURPOSE_WORDS: Mapping[Purpose, str] = MappingProxyType(
    {
        Purpose.SUBGROUP: "подгруппа",
        Purpose.PROFILE: "профильная группа",
        Purpose.ELECTIVE: "электив",
        Purpose.FACULTATIVE: "факультатив",
        Purpose.CLUB: "кружок",
        Purpose.PROJECT: "проект",
        Purpose.COURSE: "внеурочный курс",
        Purpose.EXTENDED_DAY: "продлённый день",
        Purpose.STREAM: "поток",
        Purpose.COMBINED: "класс-комплект",
    }
)
"""The word for each purpose that the office's list is written with."""
KIND_WORDS: Mapping[PlanKind, str] = MappingProxyType(
    {PlanKind.SCHOOL: "школьный", PlanKind.PROFILE: "профильный", PlanKind.INDIVIDUAL: "индивидуальный"}
)
SERVICE_WORDS: Mapping[Service, str] = MappingProxyType(
    {
        Service.BASIC: "уроки",
        Service.EXTRA_CURRICULAR: "внеурочная деятельность",
        Service.ADDITIONAL: "дополнительное образование",
    }
)

GROUP_COLUMNS = (
    ListColumn("class", ("Класс", "Классы", "Кл.")),
    ListColumn("subject", ("Предмет", "Учебный предмет"), required=False),
    ListColumn("group", ("Группа", "Подгруппа", "Поток", "Название группы", "Учебная группа")),
    ListColumn("purpose", ("Вид группы", "Вид"), required=False),
    ListColumn("surname", ("Фамилия", "Фамилия ученика")),
    ListColumn("given", ("Имя", "Имя ученика")),
    ListColumn("patronymic", ("Отчество", "Отчество ученика"), required=False),
    ListColumn("born", ("Дата рождения", "Родился", "Родилась"), required=False),
    ListColumn("since", ("В группе с", "С", "С какого дня", "Первый день"), required=False),
    ListColumn("until", ("В группе по", "По", "По какой день", "Последний день"), required=False),
)
PLAN_COLUMNS = (
    ListColumn("plan", ("План", "Учебный план", "Название плана")),
    ListColumn("kind", ("Вид плана", "Вид"), required=False),
    ListColumn("service", ("Для чего", "Вид деятельности"), required=False),
    ListColumn("profile", ("Профиль",), required=False),
    ListColumn("classes", ("Классы", "Класс"), required=False),
    ListColumn("pupil", ("Ученик", "Чей план"), required=False),
    ListColumn("grade", ("Параллель", "Год обучения")),
    ListColumn("subject", ("Предмет", "Учебный предмет", "Курс")),
    ListColumn("hours", ("Часов в неделю", "Часы", "Часов")),
)
LOAD_COLUMNS = (
    ListColumn("teacher", ("Учитель", "Преподаватель", "Педагог", "ФИО учителя")),
    ListColumn("subject", ("Предмет", "Учебный предмет", "Курс")),
    ListColumn("class", ("Класс", "Кл."), required=False),
    ListColumn("group", ("Группа", "Подгруппа", "Поток", "Учебная группа"), required=False),
    ListColumn("pupil", ("Ученик",), required=False),
    ListColumn("hours", ("Часов в неделю", "Часы", "Часов")),
)


@dataclass(frozen=True, slots=True)
class GroupLine:
    """A line of «Группы»: that a pupil of a class is in a group; without a name only that there is the group."""

    line: ListLine
    school_class: ClassTitle
    group: str
    subject: str | None
    purpose: Purpose
    name: FullName | None
    born: date | None
    since: date | None
    until: date | None


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A line of «Учебный план»: hours of a subject in a grade."""

    line: ListLine
    plan: str
    kind: PlanKind
    service: Service
    profile: str
    classes: tuple[ClassTitle, ...]
    pupil: str | None
    grade: int
    subject: str
    hours: Decimal


@dataclass(frozen=True, slots=True)
class LoadRow:
    """A line of «Нагрузка»: what a teacher gives to a class, a group or a pupil."""

    line: ListLine
    teacher: str
    subject: str
    school_class: ClassTitle | None
    group: str | None
    pupil: str | None
    hours: Decimal


def read_groups(file: NamedBytes) -> tuple[GroupLine, ...]:
    """Read a list of groups. Raises ``ListRefused`` with every problem."""
    lines = read_lines(file, GROUP_COLUMNS)
    found = [_group(line) for line in lines]
    demand_good(lines)
    return tuple(one for one in found if one is not None)


def read_plans(file: NamedBytes) -> tuple[PlanRow, ...]:
    """Read a list of plans. Raises ``ListRefused`` with every problem."""
    lines = read_lines(file, PLAN_COLUMNS)
    found = [_plan(line) for line in lines]
    demand_good(lines)
    return tuple(one for one in found if one is not None)


def read_load(file: NamedBytes) -> tuple[LoadRow, ...]:
    """Read a list of load. Raises ``ListRefused`` with every problem."""
    lines = read_lines(file, LOAD_COLUMNS)
    found = [_load(line) for line in lines]
    demand_good(lines)
    return tuple(one for one in found if one is not None)


def _group(line: ListLine) -> GroupLine | None:
    school_class = line.required("class", parse_class)
    group = line.required("group", text)
    subject = line.optional("subject", parse_subject)
    purpose = _word(line, "purpose", PURPOSE_WORDS) or (Purpose.SUBGROUP if subject else Purpose.COURSE)
    name = _name(line)
    born = line.optional("born", parse_date)
    since, until = line.optional("since", parse_date), line.optional("until", parse_date)
    if since is not None and until is not None and until < since:
        line.problem("until", "plan-list-backwards", since=f"{since:%d.%m.%Y}", until=f"{until:%d.%m.%Y}")
    if school_class is None or group is None:
        return None
    return GroupLine(line, school_class, group, subject, purpose, name, born, since, until)


def _plan(line: ListLine) -> PlanRow | None:
    plan = line.required("plan", text)
    kind = _word(line, "kind", KIND_WORDS) or PlanKind.SCHOOL
    service = _word(line, "service", SERVICE_WORDS) or Service.BASIC
    profile = line.optional("profile", text) or ""
    classes = line.optional("classes", _classes) or ()
    pupil = line.optional("pupil", text)
    grade = _grade(line)
    subject = line.required("subject", parse_subject)
    hours = _hours(line)
    if plan is None or grade is None or subject is None or hours is None:
        return None
    return PlanRow(line, plan, kind, service, profile, classes, pupil, grade, subject, hours)


def _load(line: ListLine) -> LoadRow | None:
    teacher = line.required("teacher", parse_teacher)
    subject = line.required("subject", parse_subject)
    school_class = line.optional("class", parse_class)
    group, pupil = line.optional("group", text), line.optional("pupil", text)
    hours = _hours(line)
    # The class beside a group or a pupil only says where they are from.
    if group is not None and pupil is not None:
        line.problem("pupil", "plan-list-load-whom")
    if not (line.has("class") or line.has("group") or line.has("pupil")):
        line.problem("class", "plan-list-load-whom")
    if teacher is None or subject is None or hours is None:
        return None
    return LoadRow(line, teacher, subject, school_class, group, pupil, hours)


def _name(line: ListLine) -> FullName | None:
    if not (line.has("surname") or line.has("given")):
        return None
    surname = line.required("surname", parse_surname)
    given = line.required("given", parse_given)
    patronymic = line.optional("patronymic", parse_given)
    return None if surname is None or given is None else FullName(surname, given, patronymic or "")


def _word[T](line: ListLine, key: str, words: Mapping[T, str]) -> T | None:
    written = line.optional(key, text)
    if written is None:
        return None
    found = next((one for one, word in words.items() if fold(word) == fold(written)), None)
    if found is None:
        line.problem(key, "plan-list-word", seen=quote(written), known=", ".join(words.values()))
    return found


def _classes(cell: Cell) -> tuple[ClassTitle, ...] | Fault:
    found = []
    for part in _COMMA.split(show_cell(cell)) if not isinstance(cell, Fault) else ():
        one = parse_class(part)
        if isinstance(one, Fault):
            return one
        found.append(one)
    return cell if isinstance(cell, Fault) else tuple(dict.fromkeys(found))


def _grade(line: ListLine) -> int | None:
    seen = line.required("grade", text)
    if seen is not None and not _GRADE.fullmatch(seen):
        line.problem("grade", "plan-list-grade", seen=quote(seen))
        return None
    return None if seen is None else int(seen)


def _hours(line: ListLine) -> Decimal | None:
    """Read hours a week: 2, 1,5 or 1.5."""
    seen = line.required("hours", text)
    if seen is not None and not _HOURS.fullmatch(seen):
        line.problem("hours", "plan-list-hours", seen=quote(seen))
        return None
    return None if seen is None else Decimal(seen.replace(",", "."))
