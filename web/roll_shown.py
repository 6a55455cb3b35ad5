"""What a page of the roll shows: its heading, its children, and the state that its script works with. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from babel.dates import format_date

from core.access import Right
from core.events import ProposedReason
from core.learning.absence_codes import absent_code
from core.learning.attendance import PupilOnRoll, Roll
from core.learning.entries import LATE_MOST, PRESENT, Entry
from core.learning.lesson_rights import LessonFacts
from core.learning.timetable import LessonCard
from core.russian import FullName
from core.school_time import school_date
from texts.reader import Texts

LATE_USUAL = 5
"""Minutes, where the clock does not say: the lesson is over, or has not begun."""
LATE, KEPT = "late", "kept"
"""Choices of the plain form besides codes: late, and what is written already."""
_TOGETHER = "\N{NO-BREAK SPACE}"

type Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice of the plain form."""

    value: str
    words: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One child."""

    pupil: UUID
    surname: str
    given: str
    hint: str
    alarming: bool
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class LessonWay:
    """The way to another lesson of the day."""

    id: UUID
    words: str
    this: bool


def heading(texts: Texts, facts: LessonFacts) -> tuple[str, str]:
    """Return «5А · математика» and «1-й урок, 8:30–9:15, 24 ноября»."""
    zone = facts.school.zone
    title = texts.format("bot-roll-heading", class_title=facts.class_title, subject=facts.subject_name)
    day = str(format_date(facts.day, f"d{_TOGETHER}MMMM", locale=texts.language))
    times = {"starts": clock(facts.starts_at, zone), "ends": clock(facts.ends_at, zone)}
    return title, texts.format("bot-roll-when", number=facts.number, day=day, **times)


def clock(at: datetime, zone: str) -> str:
    """Return «8:30» by the school's wall clock."""
    local = at.astimezone(ZoneInfo(zone))
    return f"{local.hour}:{local.minute:02}"


def ways(texts: Texts, lessons: Sequence[tuple[LessonCard, str]], this: UUID | None) -> tuple[LessonWay, ...]:
    """Return the ways to the lessons of the day, each with the zone of its school; one that is not held has none."""
    return tuple(
        LessonWay(one.id, _way(texts, one, zone), one.id == this) for one, zone in lessons if not one.cancelled
    )


def _way(texts: Texts, lesson: LessonCard, zone: str) -> str:
    line = texts.format(
        "bot-lesson-line",
        number=lesson.number,
        starts=clock(lesson.starts_at, zone),
        class_title=lesson.class_title,
        subject=lesson.subject_name,
    )
    return texts.format("bot-lesson-called", line=line) if lesson.roll_called else line


def lines(texts: Texts, roll: Roll) -> tuple[Line, ...]:
    """Return the children in the order of the list; namesakes by their patronymics."""
    alike = {name for name, times in Counter(one.name.in_lists() for one in roll.pupils).items() if times > 1}
    hints = hints_of(texts, roll)
    return tuple(
        Line(
            pupil=one.id,
            surname=one.name.surname,
            given=_given(one.name, whole=one.name.in_lists() in alike),
            hint=hints.get(one.id, ""),
            alarming=ProposedReason.UNAWARE in one.answers,
            choices=_choices(texts, roll, one),
        )
        for one in roll.pupils
    )


def _given(name: FullName, *, whole: bool) -> str:
    return f"{name.given} {name.patronymic}".strip() if whole else name.given


def _choices(texts: Texts, roll: Roll, one: PupilOnRoll) -> tuple[Choice, ...]:
    begins = beginning(roll, one)
    kept = begins.is_partial
    there = Choice("", texts.format("web-roll-here"), chosen=begins == PRESENT)
    written = (Choice(KEPT, state_words(texts, begins), chosen=True),) if kept else ()
    codes = tuple(
        Choice(code.code, code.code, chosen=code.code == begins.code) for code in roll.lesson.rules.absence_codes
    )
    return (*written, there, *codes, Choice(LATE, texts.format("web-roll-choice-late"), chosen=False))


def beginning(roll: Roll, one: PupilOnRoll) -> Entry:
    """Return what a page shows of a child before anybody taps: a roll not called begins with what is known."""
    if not roll.is_called and one.entry == PRESENT and one.expected is not None and one.expected.code is not None:
        return Entry(one.expected.code)
    return one.entry


def state_words(texts: Texts, entry: Entry) -> str:
    """Return «опоздание 12 мин», «уход раньше», or both."""
    said = []
    if entry.late_minutes is not None:
        said.append(texts.format("web-roll-late", minutes=entry.late_minutes))
    if entry.left_early is not None:
        said.append(texts.format("web-roll-left"))
    return ", ".join(said)


def hints_of(texts: Texts, roll: Roll) -> dict[UUID, str]:
    """Return what is known beside the roll, by child: from orders and families, and of the lesson before."""
    found = {one.id: ", ".join(_hints(texts, one)) for one in roll.pupils}
    return {pupil: words for pupil, words in found.items() if words}


def _hints(texts: Texts, one: PupilOnRoll) -> list[str]:
    said = []
    if one.expected is not None:
        said.append(texts.format("web-roll-known", by=one.expected.by, reason=one.expected.reason))
    said += [texts.format("web-roll-answered", reason=texts.format(f"bot-reason-{given}")) for given in one.answers]
    if one.absent_before:
        said.append(texts.format("web-roll-before"))
    return said


def late_now(facts: LessonFacts, now: datetime) -> int:
    """Return how late whoever comes now is, in minutes."""
    if not facts.starts_at < now < facts.ends_at:
        return LATE_USUAL
    return min(LATE_MOST, max(1, int((now - facts.starts_at).total_seconds() // 60)))


def state(texts: Texts, roll: Roll, whose: str, now: datetime) -> Json:
    """Return what the script works with. Names are not in it: what a page keeps in its browser holds none."""
    facts = roll.lesson
    return {
        "whose": whose,
        "lesson": str(facts.id),
        "may": facts.may(Right.ATTENDANCE_RECORD) and facts.cancelled is None,
        "called": roll.is_called,
        "version": roll.version,
        "roster": roll.roster,
        "now": _milliseconds(now),
        "begins": _milliseconds(facts.starts_at),
        "ends": _milliseconds(facts.ends_at),
        "absent": absent_code(facts.rules),
        "entries": {str(one.id): entry_json(one.entry) for one in roll.pupils if one.entry != PRESENT},
        "known": _known(roll),
        "before": {str(one.id): one.before for one in roll.pupils if one.before is not None},
        "hints": {str(pupil): words for pupil, words in hints_of(texts, roll).items()},
    }


def _known(roll: Roll) -> Mapping[str, str]:
    known = ((one.id, one.expected.code) for one in roll.pupils if one.expected is not None)
    return {str(pupil): code for pupil, code in known if code is not None}


def entry_json(entry: Entry) -> Json:
    """Return an entry as the script knows it."""
    said = {"code": entry.code, "late": entry.late_minutes, "left": entry.left_early}
    return {name: value for name, value in said.items() if value is not None}


def _milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)


WORDS = (
    "all",
    "done",
    "save",
    "sending",
    "recorded",
    "recorded-all",
    "unsent",
    "unsent-call",
    "unsent-others",
    "forgets",
    "over",
    "refused",
    "overtaken",
    "waiting",
    "absent-is",
    "late",
    "late-brief",
    "left",
    "left-brief",
    "minutes-of",
)
"""Texts that the script fills in by itself: ``{n}`` and its kin stand for what it puts there."""
_PLACES = {name: f"{{{name}}}" for name in ("n", "absent", "late", "time", "names", "minutes", "name", "code")}


def words(texts: Texts) -> Mapping[str, str]:
    """Return the texts of the script."""
    return {name: texts.format(f"web-roll-{name}", **_PLACES) for name in WORDS}


def today_words(texts: Texts, now: datetime, zone: str) -> str:
    """Return «вторник, 24 ноября»."""
    return str(format_date(school_date(now, zone), f"EEEE, d{_TOGETHER}MMMM", locale=texts.language))
