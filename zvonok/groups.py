"""Groups at the command line: made, divided, filled, closed, listed, brought in from a list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from uuid import UUID

from core.actor import OFFICE
from core.person import people
from core.plan import group_import, group_lists, groups, list_lines, list_names, study_groups
from core.plan.group_lists import GroupCard, GroupProblem, GroupTrouble
from core.plan.list_lines import PURPOSE_WORDS
from core.plan.study_groups import GroupKind, NewGroup, Purpose
from core.roster_file.rows import fold
from texts.reader import load
from zvonok import named
from zvonok.installation import Installation
from zvonok.plan_files import AtYear, WhichYear, at_year, read_file
from zvonok.trouble import OfficeError

_SAY = load("ru").format
NAMED = 10
KIND_OF = {Purpose.STREAM: GroupKind.STREAM, Purpose.COMBINED: GroupKind.COMBINED}


@dataclass(frozen=True, slots=True)
class Wish:
    """A group as the office names it."""

    title: str
    classes: tuple[str, ...]
    purpose: Purpose
    subject: str | None
    shift: int


async def listing(here: Installation, which: WhichYear, on: date | None) -> list[str]:
    """List the groups of a year with how many are in each on a day."""

    async def work(at: AtYear) -> list[str]:
        there = await group_lists.of_year(at.session, OFFICE, at.school.id, at.year, on or at.day, at.now)
        return [_line(one) for one in there] or [_SAY("groups-none")]

    return await at_year(here, which, work)


async def show(here: Installation, which: WhichYear, title: str, on: date | None) -> list[str]:
    """Show who is in a group on a day."""

    async def work(at: AtYear) -> list[str]:
        card = await _card(at, title)
        there = await group_lists.members(at.session, OFFICE, card.id, on or at.day, at.now)
        lines = [f"  {number}. {one.name.in_full()}" for number, one in enumerate(there, 1)]
        return [_line(card), *(lines or [f"  {_SAY('groups-nobody')}"])]

    return await at_year(here, which, work)


async def create(here: Installation, which: WhichYear, wish: Wish) -> list[str]:
    """Make a group."""

    async def work(at: AtYear) -> list[str]:
        known = await list_names.read(at.session, at.school, at.year, at.now)
        subject = None if wish.subject is None else _found(known.subjects, wish.subject, "groups-no-subject")
        classes = frozenset(_found(known.classes, title, "groups-no-class") for title in wish.classes)
        kind = KIND_OF.get(wish.purpose, GroupKind.GROUP)
        wanted = NewGroup(wish.title, classes, kind, wish.purpose, subject, wish.shift)
        await study_groups.create(at.session, at.act(), at.school.id, wanted)
        return [_line(await _card(at, wish.title))]

    return await at_year(here, which, work)


async def divide(here: Installation, which: WhichYear, title: str, subject: str, parts: Sequence[str]) -> list[str]:
    """Divide a class for a subject."""

    async def work(at: AtYear) -> list[str]:
        known = await list_names.read(at.session, at.school, at.year, at.now)
        class_id = _found(known.classes, title, "groups-no-class")
        of_subject = _found(known.subjects, subject, "groups-no-subject")
        await study_groups.divide(at.session, at.act(), class_id, of_subject, parts)
        return [_line(await _card(at, part)) for part in parts]

    return await at_year(here, which, work)


async def join(
    here: Installation, which: WhichYear, title: str, pupils: Sequence[str], span: tuple[date | None, date | None]
) -> list[str]:
    """Put pupils into a group, from today or the first day of the year if no day is named."""

    async def work(at: AtYear) -> list[str]:
        card = await _card(at, title)
        since, until = span[0] or at.day, span[1]
        await groups.join(at.session, at.act(), card.id, await _pupils(at, pupils), since, until)
        return [_SAY("groups-joined", group=card.title, count=len(pupils), span=named.span_of(since, until))]

    return await at_year(here, which, work)


async def leave(here: Installation, which: WhichYear, title: str, pupils: Sequence[str], last_day: date) -> list[str]:
    """Take pupils out of a group after a day."""

    async def work(at: AtYear) -> list[str]:
        card = await _card(at, title)
        await groups.leave(at.session, at.act(), card.id, await _pupils(at, pupils), last_day)
        return [_SAY("groups-left", group=card.title, count=len(pupils), day=f"{last_day:%d.%m.%Y}")]

    return await at_year(here, which, work)


async def transfer(
    here: Installation, which: WhichYear, titles: tuple[str, str], pupils: Sequence[str], on: date | None
) -> list[str]:
    """Transfer pupils from one group to another."""

    async def work(at: AtYear) -> list[str]:
        old, new = [await _card(at, title) for title in titles]
        day = on or at.day
        await groups.transfer(at.session, at.act(), await _pupils(at, pupils), old.id, new.id, day)
        return [_SAY("groups-transferred", old=old.title, new=new.title, count=len(pupils), day=f"{day:%d.%m.%Y}")]

    return await at_year(here, which, work)


async def close(here: Installation, which: WhichYear, title: str, last_day: date) -> list[str]:
    """Close a group."""

    async def work(at: AtYear) -> list[str]:
        card = await _card(at, title)
        await study_groups.close(at.session, at.act(), card.id, last_day)
        return [_SAY("groups-closed", group=card.title, day=f"{last_day:%d.%m.%Y}")]

    return await at_year(here, which, work)


async def check(here: Installation, which: WhichYear) -> list[str]:
    """Say what is odd about the groups."""

    async def work(at: AtYear) -> list[str]:
        found = await group_lists.problems(at.session, OFFICE, at.school.id, at.year, at.day, at.now)
        names = await people.names(at.session, [pupil for one in found for pupil in one.pupils])
        return [_problem(one, names) for one in found] or [_SAY("groups-in-order")]

    return await at_year(here, which, work)


async def bring_in(here: Installation, which: WhichYear, path: Path, *, dry: bool) -> list[str]:
    """Bring in a list of groups."""

    async def work(at: AtYear) -> list[str]:
        lines = list_lines.read_groups(read_file(path))
        brought = await group_import.bring_in(at.session, at.act(), at.school.id, at.year, lines)
        names = await people.names(at.session, [one.pupil for one in brought.stays])
        counts = {name: getattr(brought, name) for name in group_import.OUTCOMES}
        made = [_SAY("groups-made", group=title) for title in brought.made]
        stays = [_SAY("groups-stays", pupil=names[one.pupil], group=one.group) for one in brought.stays]
        return [*made, _SAY("groups-brought", **counts), *stays]

    return await at_year(here, which, work, dry=dry)


async def _card(at: AtYear, title: str) -> GroupCard:
    for one in await group_lists.of_year(at.session, OFFICE, at.school.id, at.year, at.day, at.now):
        if fold(one.title) == fold(" ".join(title.split())):
            return one
    raise OfficeError(_SAY("groups-no-group", name=title))


async def _pupils(at: AtYear, written: Sequence[str]) -> list[UUID]:
    return [await named.pupil(at.session, at.school, one) for one in written]


def _found(known: Mapping[str, UUID], written: str, message: str) -> UUID:
    found = known.get(fold(" ".join(written.split())))
    if found is None:
        raise OfficeError(_SAY(message, name=written))
    return found


def _line(one: GroupCard) -> str:
    return _SAY(
        "groups-line",
        group=one.title,
        purpose=PURPOSE_WORDS[one.purpose],
        subject=one.subject or "none",
        classes=one.of_classes,
        count=len(one.members),
        closed="yes" if one.closed else "no",
    )


def _problem(one: GroupProblem, names: dict[UUID, str]) -> str:
    text = _SAY(f"groups-problem-{one.trouble.value}", group=one.title, count=one.count)
    if one.trouble is not GroupTrouble.OUTSIDE:
        return text
    shown = sorted(names[pupil] for pupil in one.pupils)
    more = [_SAY("groups-and-more", count=len(shown) - NAMED)] if len(shown) > NAMED else []
    return f"{text} {'; '.join([*shown[:NAMED], *more])}."
