"""What and who is asked to be in two places at once: a teacher, a room, a class, a part of it, a pupil in two groups.

Cancelled lessons hold nobody, distant ones no room. A pupil with a plan of his own is taken out of his class's lessons
(or taught at home), so his are no clash with theirs; with those of his groups they are.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from core.year.changes import LessonKey
from core.year.membership import Lists, Membership
from core.year.planned import PlannedLesson
from core.year.weekly import LearnersKind
from core.year.words import Say, day_words

type Pair = tuple[PlannedLesson, PlannedLesson]


class ClashKind(StrEnum):
    """What is needed twice."""

    TEACHER = "teacher"
    ROOM = "room"
    CLASS = "class"
    """Two lessons of the whole class."""
    SUBGROUP = "subgroup"
    """A lesson of the whole class and one of a part of it."""
    GROUP = "group"
    """Two lessons of one group or stream."""
    PUPIL = "pupil"
    """Two groups that share a pupil on that day, or two lessons of his own."""


@dataclass(frozen=True, slots=True)
class Clash:
    """Two lessons that cannot both be held."""

    kind: ClashKind
    thing: UUID
    """The teacher, the room, the class, the group or the pupil."""
    first: PlannedLesson
    second: PlannedLesson
    """The one that begins no earlier."""
    more: int = 0
    """How many other pupils the two groups share."""


def clashes(
    lessons: Iterable[PlannedLesson], memberships: Iterable[Membership], shared_rooms: Collection[UUID] = ()
) -> tuple[Clash, ...]:
    """Find every clash, in the order in which the later lessons of the pairs begin.

    ``memberships`` are those of groups and of classes; the latter tell whom a stream does without while one of its
    classes is closed. ``shared_rooms`` hold several lessons at once, as a gymnasium does.
    """
    held = sorted((lesson for lesson in lessons if lesson.cancelled is None), key=_order)
    found = [*_of_things(held, frozenset(shared_rooms)), *_of_classes(held), *_of_pupils(held, Lists(memberships))]
    return tuple(sorted(found, key=lambda one: (_order(one.second), _order(one.first), one.kind, one.thing.int)))


def once_a_week(found: Sequence[Clash]) -> tuple[tuple[Clash, int], ...]:
    """Take the clashes of the same two slots for one: the first, and how often it comes in all."""
    times: dict[tuple[ClashKind, UUID, frozenset[UUID]], list[Clash]] = defaultdict(list)
    for one in found:
        times[one.kind, one.thing, frozenset((one.first.slot.id, one.second.slot.id))].append(one)
    return tuple((ones[0], len(ones)) for ones in times.values())


def describe(clash: Clash, say: Say, names: Mapping[UUID, str], zone: str) -> str:
    """Say a clash in one sentence; ``names`` has the thing's, and those of both subjects."""
    return say(
        f"clash-{clash.kind}",
        thing=names[clash.thing],
        day=day_words(clash.second.day),
        first=_lesson_words(clash.first, say, names, zone),
        second=_lesson_words(clash.second, say, names, zone),
        more=clash.more,
    )


def _lesson_words(lesson: PlannedLesson, say: Say, names: Mapping[UUID, str], zone: str) -> str:
    starts, ends = (_clock(at, zone) for at in (lesson.starts_at, lesson.ends_at))
    title = lesson.slot.learners.title
    return say("clash-lesson", subject=names[lesson.subject], learners=title, starts=starts, ends=ends)


def _clock(at: datetime, zone: str) -> str:
    return f"{at.astimezone(ZoneInfo(zone)):%H:%M}"


def _order(lesson: PlannedLesson) -> tuple[datetime, int, int]:
    return lesson.starts_at, lesson.slot.id.int, lesson.planned_day.toordinal()


def _overlapping(lessons: Iterable[PlannedLesson]) -> Iterator[Pair]:
    """Yield the pairs that go on at the same time, of lessons in the order of their beginning."""
    going_on: list[PlannedLesson] = []
    for lesson in lessons:
        going_on = [one for one in going_on if one.ends_at > lesson.starts_at]
        yield from ((one, lesson) for one in going_on)
        going_on.append(lesson)


def _of_things(held: Sequence[PlannedLesson], shared_rooms: frozenset[UUID]) -> Iterator[Clash]:
    by_teacher: dict[UUID, list[PlannedLesson]] = defaultdict(list)
    by_room: dict[UUID, list[PlannedLesson]] = defaultdict(list)
    for lesson in held:
        by_teacher[lesson.teacher].append(lesson)
        if lesson.room is not None and lesson.room not in shared_rooms:
            by_room[lesson.room].append(lesson)
    for kind, by_thing in ((ClashKind.TEACHER, by_teacher), (ClashKind.ROOM, by_room)):
        for thing, lessons in by_thing.items():
            yield from (Clash(kind, thing, *pair) for pair in _overlapping(lessons))


def _of_classes(held: Sequence[PlannedLesson]) -> Iterator[Clash]:
    """Find two lessons of a whole class at once, and one of it against one of its part; lists are not asked."""
    by_class: dict[UUID, list[PlannedLesson]] = defaultdict(list)
    for lesson in held:
        if lesson.slot.learners.kind is not LearnersKind.PUPIL:
            for class_id in lesson.classes:
                by_class[class_id].append(lesson)
    for class_id, lessons in by_class.items():
        for one, other in _overlapping(lessons):
            whole = one.slot.learners.whole + other.slot.learners.whole
            if whole:
                kind = ClashKind.CLASS if whole == len((one, other)) else ClashKind.SUBGROUP
                yield Clash(kind, class_id, one, other)


def _of_pupils(held: Sequence[PlannedLesson], lists: Lists) -> Iterator[Clash]:
    """Find two lessons of one group at once, and of two groups that share a pupil on that day."""
    by_group: dict[UUID, list[PlannedLesson]] = defaultdict(list)
    by_pupil: dict[UUID, list[PlannedLesson]] = defaultdict(list)
    for lesson in held:
        learners = lesson.slot.learners
        if learners.kind in (LearnersKind.GROUP, LearnersKind.STREAM):
            by_group[learners.id].append(lesson)
        if not learners.whole:
            for pupil in _pupils(lesson, lists):
                by_pupil[pupil].append(lesson)
    for group, lessons in by_group.items():
        yield from (Clash(ClashKind.GROUP, group, *pair) for pair in _overlapping(lessons))
    yield from _of_shared(by_pupil)


def _of_shared(by_pupil: Mapping[UUID, Sequence[PlannedLesson]]) -> Iterator[Clash]:
    """Find pupils who have two lessons at once; those of the same two lessons are one clash."""
    found: dict[tuple[int, int], tuple[Pair, list[UUID]]] = {}
    for pupil, lessons in by_pupil.items():
        for one, other in _overlapping(lessons):
            same_group = one.slot.learners.id == other.slot.learners.id != pupil
            if not same_group:
                # By identity: the values are held all the while, and their equality looks at every field.
                found.setdefault((id(one), id(other)), ((one, other), []))[1].append(pupil)
    for pair, pupils in found.values():
        yield Clash(ClashKind.PUPIL, min(pupils), *pair, len(pupils) - 1)


def _pupils(lesson: PlannedLesson, lists: Lists) -> frozenset[UUID]:
    """Tell who is at the lesson of a group or of one pupil: of a group, those whose class is not left out that day."""
    learners = lesson.slot.learners
    if learners.kind is LearnersKind.PUPIL:
        return frozenset((learners.id,))
    members = lists.members(learners.id, lesson.day)
    if len(learners.parts) == len(lesson.classes):
        return members
    left_out = [part.class_id for part in learners.parts if part.class_id not in lesson.classes]
    return members.difference(*(lists.members(class_id, lesson.day) for class_id in left_out))


def not_there_before(before: Iterable[Clash], after: Sequence[Clash]) -> tuple[Clash, ...]:
    """Return what clashes only after a change; of clashes of old it is nobody's fault."""
    known = {_identity(one) for one in before} if after else frozenset()
    return tuple(one for one in after if _identity(one) not in known)


def _identity(clash: Clash) -> tuple[ClashKind, UUID | None, frozenset[LessonKey]]:
    """Name a clash; of pupils who are in two groups at once any of them may be the one that it names."""
    thing = None if clash.kind is ClashKind.PUPIL else clash.thing
    return clash.kind, thing, frozenset((clash.first.key, clash.second.key))
