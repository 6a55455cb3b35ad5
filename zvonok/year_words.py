"""A school year in words: its calendar and bells line by line, what a change changes, the checklist of readiness."""

from collections.abc import Collection, Iterator, Sequence
from difflib import ndiff

from core.person.class_titles import title_order
from core.plan.readiness import Gap, GapCode, Readiness, ReadinessLine, State
from core.year.bells import BellSchedule, schedule_for
from core.year.calendar import Calendar, Level, StudyWeek
from core.year.planned import YearPlan
from core.year.span import Hours, Span
from core.year.weekly import Service, WeeklySlot
from core.year.words import day_words
from texts.reader import load

_SAY = load("ru").format


def calendar_lines(calendar: Calendar) -> list[str]:
    """Show a calendar: bounds, study week, periods by level, holidays, single days."""
    lines = [_SAY("year-head", years=years(calendar.year), span=_span(calendar.span))]
    for week in StudyWeek:
        grades = [grade for grade, days in calendar.week.items() if days is week]
        lines += [_SAY("year-week", days=int(week), grades=numbers(grades))] if grades else []
    lines += [line for level in Level if level in calendar.terms for line in _terms(calendar, level)]
    lines += [_SAY("year-holidays"), *map(_indented, _holidays(calendar))] if calendar.holidays else []
    if calendar.days_off:
        lines.append(_SAY("year-days-off", days=", ".join(day_words(day) for day in sorted(calendar.days_off))))
    for day, by in sorted(calendar.moved.items()):
        lines.append(_SAY("year-moved", day=day_words(day), by=day_words(by)))
    return lines


def bells_lines(schedules: Sequence[BellSchedule]) -> list[str]:
    """Show the bells, in the order in which they hold."""
    lines = []
    for one in schedules:
        whose = [
            *([] if one.grades is None else [_SAY("year-bells-grades", grades=numbers(one.grades))]),
            *([] if one.weekdays is None else [_SAY("year-bells-weekdays", days=_weekdays(one.weekdays))]),
        ]
        lines.append(_SAY("year-bells", name=one.name, shift=str(one.shift), whose=", ".join(["", *whose])))
        lines += [f"  {bell.number}: {bell.hours}" for bell in one.bells]
    return lines


def on_days_off(plan: YearPlan) -> list[str]:
    """Warn of lessons that the week of their grade leaves no day for: they stay in the timetable and are never held."""
    found: dict[int, set[str]] = {}
    for slot in plan.slots:
        longest = max(plan.calendar.week[part.grade] for part in slot.learners.parts)
        if slot.service is Service.BASIC and slot.weekday > longest:
            found.setdefault(slot.weekday, set()).add(slot.learners.title)
    return [
        _SAY("year-lessons-on-day-off", day=_weekdays((day,)), learners=", ".join(sorted(titles, key=title_order)))
        for day, titles in sorted(found.items())
    ]


def not_by_bells(plan: YearPlan) -> list[str]:
    """Warn of lessons with hours of their own where the bells say otherwise: those of the timetable hold."""
    count = sum(slot.hours not in (None, _bell(plan, slot)) for slot in plan.slots if _bell(plan, slot) is not None)
    return [_SAY("year-lessons-own-hours", count=str(count))] if count else []


def _bell(plan: YearPlan, slot: WeeklySlot) -> Hours | None:
    youngest = min(part.grade for part in slot.learners.parts)
    schedule = schedule_for(plan.bells, slot.shift, youngest, slot.weekday)
    return None if schedule is None else schedule.hours_of(slot.number)


def difference(before: Sequence[str], after: Sequence[str]) -> list[str]:
    """Show which lines go and which come, with signs in front."""
    signs = {"- ": "− ", "+ ": "+ "}
    return [f"{signs[line[:2]]}{line[2:].strip()}" for line in ndiff(before, after) if line[:2] in signs]


def readiness_lines(ready: Readiness) -> list[str]:
    """Show the checklist: how it stands as a whole, then each section."""
    needed = [line for line in ready.lines if line.state in (State.DONE, State.MISSING)]
    done = sum(line.state is State.DONE for line in needed)
    head = _SAY("ready-head", years=years(ready.year), done=str(done), all=str(len(needed)))
    return [head, _due(ready), *(line for one in ready.lines for line in _section(one, ready))]


def years(year: int) -> str:
    """Name a school year: «2026/27»."""
    return f"{year}/{(year + 1) % 100:02}"


def numbers(found: Collection[int]) -> str:
    """List numbers, those in a row as one: «1–4, 6»."""
    rows: list[list[int]] = []
    for number in sorted(found):
        if rows and number == rows[-1][1] + 1:
            rows[-1][1] = number
        else:
            rows.append([number, number])
    return ", ".join(str(first) if first == last else f"{first}–{last}" for first, last in rows)


def _terms(calendar: Calendar, level: Level) -> Iterator[str]:
    terms = calendar.terms[level]
    yield _SAY("year-terms", level=_SAY(f"school-level-{level}"), kind=_SAY(f"period-kind-{terms.kind}"))
    for one in sorted(terms.periods, key=lambda period: period.number):
        yield _indented(f"{one.name}: {_span(one.span)}")


def _holidays(calendar: Calendar) -> Iterator[str]:
    for one in sorted(calendar.holidays, key=lambda holiday: holiday.span):
        days = (one.span.last - one.span.first).days + 1
        whose = "" if one.grades is None else _SAY("year-holiday-grades", grades=numbers(one.grades))
        yield _SAY("year-holiday", name=one.name, span=_span(one.span), days=days, whose=whose)


def _section(line: ReadinessLine, ready: Readiness) -> Iterator[str]:
    own_day = (
        "" if line.due == ready.due or line.state is not State.MISSING else _SAY("ready-due", day=day_words(line.due))
    )
    yield _SAY(f"ready-{line.state}", what=_SAY(f"ready-item-{line.item}", count=line.count), due=own_day)
    for gap in line.missing:
        yield _indented(_SAY(f"ready-gap-{gap.code}", names=_names(gap)))


def _names(gap: Gap) -> str:
    if gap.code is GapCode.SERVICES_WITHOUT_LESSONS:
        return ", ".join(_SAY(f"service-{name}") for name in gap.names)
    if gap.code is GapCode.SUBJECT_NAMES:
        return ", ".join(f"«{name}»" for name in gap.names)
    return ", ".join(gap.names)


def _due(ready: Readiness) -> str:
    if ready.is_ready:
        return _SAY("ready-all")
    late = ready.days_left < 0
    return _SAY("ready-overdue" if late else "ready-left", day=day_words(ready.due), days=abs(ready.days_left))


def _weekdays(days: Collection[int]) -> str:
    return ", ".join(_SAY(f"year-weekday-{day}") for day in sorted(days))


def _span(span: Span) -> str:
    return f"{day_words(span.first)} – {day_words(span.last)}"


def _indented(line: str) -> str:
    return f"  {line}"
