"""The weekly timetable of a list beside the journal's: new subjects and rooms, lessons new, changed and gone. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from core.lists.book import Book, SlotKey
from core.lists.difference import Entry, Gone, GoneWhat, Values, What
from core.lists.slots import FROM_THE_FIRST_DAY
from core.roster_file import Code, LessonRow, LineError, Place
from core.roster_file.rows import fold


@dataclass
class WeeklyDifference:
    """What the timetable of a list changes."""

    entries: list[Entry] = field(default_factory=list)
    problems: list[LineError] = field(default_factory=list)
    gone: list[Gone] = field(default_factory=list)
    unchanged: int = 0
    names: dict[str, str] = field(default_factory=dict)
    fresh: dict[str, str] = field(default_factory=dict)
    places: dict[SlotKey, Place] = field(default_factory=dict)
    """The line of each lesson that a list has."""


def compare(
    book: Book, lessons: Sequence[LessonRow], teachers: Mapping[Place, UUID], classes: Mapping[str, UUID]
) -> WeeklyDifference:
    """Compare the lines; ``teachers`` are found by place, ``classes`` are the year's by title, new ones too."""
    comparison = _Comparison(book, teachers, classes)
    for row in lessons:
        comparison.line(row)
    comparison.leave_out()
    return comparison.found


@dataclass
class _Comparison:
    book: Book
    teachers: Mapping[Place, UUID]
    classes: Mapping[str, UUID]
    found: WeeklyDifference = field(default_factory=WeeklyDifference)
    subjects: dict[str, UUID] = field(default_factory=dict)
    rooms: dict[str, UUID] = field(default_factory=dict)

    def line(self, row: LessonRow) -> None:
        learners = self._learners(row)
        teacher = self.teachers.get(row.place)
        if learners is None:
            return
        since = FROM_THE_FIRST_DAY if row.since is None else row.since.isoformat()
        key: SlotKey = (learners, int(row.weekday), row.number, row.every.value, since)
        self.found.places[key] = row.place
        after = None if teacher is None else self._values(row, teacher)
        if after is not None and key in self.book.slots and self.book.slots[key].values == after:
            # Whatever is closed now was open while it was held.
            self.found.unchanged += 1
        elif not self._is_shut(row) and after is not None:
            self._slot(key, after)

    def leave_out(self) -> None:
        """Name the journal's lessons, of classes and groups that the list speaks of, that the list has not."""
        spoken_of = {key[0] for key in self.found.places}
        for key in sorted(self.book.slots, key=str):
            known = self.book.slots[key]
            if known.year == self.book.year and key[0] in spoken_of and key not in self.found.places:
                self.found.gone.append(Gone(GoneWhat.SLOT, tuple(str(part) for part in key)))

    def _learners(self, row: LessonRow) -> UUID | None:
        """Return the class or the group that a line is about; None: there is no such group, and that is said."""
        if row.group is None:
            return self.classes[str(row.school_class)]
        group = self.book.groups_of_year.get(fold(row.group))
        if group is None:
            self._refuse(row, Code.GROUP_UNKNOWN, group=row.group)
            return None
        if row.school_class is not None and self.classes.get(str(row.school_class)) not in group.classes:
            self._refuse(row, Code.GROUP_OF_OTHER_CLASS, group=group.title, school_class=str(row.school_class))
            return None
        return group.id

    def _is_shut(self, row: LessonRow) -> bool:
        """Tell whether a line is about a closed group, or a closed room, and say so."""
        group = None if row.group is None else self.book.groups_of_year.get(fold(row.group))
        if group is not None and group.closed:
            self._refuse(row, Code.GROUP_CLOSED, group=group.title)
            return True
        room = self.book.rooms.get(fold(row.room or ""))
        if room is None or not room.closed:
            return False
        self._refuse(row, Code.ROOM_CLOSED, room=room.name)
        return True

    def _refuse(self, row: LessonRow, code: Code, **details: str) -> None:
        self.found.problems.append(LineError(row.place, code, tuple(details.items())))

    def _values(self, row: LessonRow, teacher: UUID) -> dict[str, Any]:
        return {
            "group": row.group is not None,
            "starts": None if row.starts_at is None else f"{row.starts_at:%H:%M}",
            "ends": None if row.ends_at is None else f"{row.ends_at:%H:%M}",
            "subject": str(self._subject(row.subject)),
            "teacher": str(teacher),
            "room": None if row.room is None else str(self._room(row.room)),
            "shift": row.shift,
            "until": None if row.until is None else row.until.isoformat(),
        }

    def _subject(self, name: str) -> UUID:
        known = self.book.subjects.get(name) or self.subjects.get(name)
        if known is None:
            known = self.subjects[name] = self._made(What.SUBJECT, name)
        return known

    def _room(self, name: str) -> UUID:
        there = self.book.rooms.get(fold(name))
        known = self.rooms.get(fold(name)) if there is None else there.id
        if known is None:
            known = self.rooms[fold(name)] = self._made(What.ROOM, name)
        return known

    def _made(self, what: What, name: str) -> UUID:
        made = uuid4()
        self.found.names[str(made)] = name
        self.found.fresh[str(made)] = f"{what.value}|{name}"
        self.found.entries.append(Entry(what, (str(made),), None, {"name": name}))
        return made

    def _slot(self, key: SlotKey, after: Values) -> None:
        known = self.book.slots.get(key)
        before = None if known is None else known.values
        self.found.entries.append(Entry(What.SLOT, tuple(str(part) for part in key), before, after))
