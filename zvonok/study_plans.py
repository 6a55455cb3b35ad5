"""Curriculum plans at the command line: listed, shown, brought in from a list, struck out."""

from collections.abc import Collection
from decimal import Decimal
from pathlib import Path
from uuid import UUID

from sqlalchemy import select

from core.actor import OFFICE
from core.person import people
from core.person.class_titles import title_order
from core.plan import curriculum, list_lines, plan_import
from core.plan.curriculum import PlanCard, hours_words
from core.plan.list_lines import KIND_WORDS, SERVICE_WORDS
from core.plan.plan_import import Brought
from core.roster_file.rows import fold
from core.russian import sort_key
from core.tables import SchoolClass, Subject
from texts.reader import load
from zvonok.installation import Installation
from zvonok.plan_files import AtYear, WhichYear, at_year, read_file
from zvonok.trouble import OfficeError

_SAY = load("ru").format


async def listing(here: Installation, which: WhichYear) -> list[str]:
    """List the plans of a year, each with the classes that learn by it; then who has none."""

    async def work(at: AtYear) -> list[str]:
        lines = [await _line(at, one) for one in await _cards(at)]
        classes, pupils = await curriculum.unplanned(at.session, at.school.id, at.year)
        if classes:
            lines.append(_SAY("plans-classes-without", classes=await _titles(at, classes)))
        names = sorted((await people.names(at.session, pupils)).values(), key=sort_key)
        return [*lines, *(_SAY("plans-pupil-without", pupil=name) for name in names)] or [_SAY("plans-none")]

    return await at_year(here, which, work)


async def show(here: Installation, which: WhichYear, name: str) -> list[str]:
    """Show the hours of a plan: a line for each subject, grade by grade."""

    async def work(at: AtYear) -> list[str]:
        card = await _named(at, name)
        rows = await at.session.execute(select(Subject.id, Subject.name).where(Subject.school_id == at.school.id))
        subjects = {row.id: row.name for row in rows}
        lines = [await _line(at, card)]
        for grade in sorted({line.grade for line in card.plan.lines}):
            of_grade = [line for line in card.plan.lines if line.grade == grade]
            total = sum((line.hours for line in of_grade), Decimal(0))
            lines.append(_SAY("plans-grade", grade=grade, hours=hours_words(total)))
            hours = {subjects[line.subject]: hours_words(line.hours) for line in of_grade}
            lines += [f"  {subject} — {hours[subject]}" for subject in sorted(hours, key=sort_key)]
        return lines

    return await at_year(here, which, work)


async def remove(here: Installation, which: WhichYear, name: str) -> list[str]:
    """Strike a plan out."""

    async def work(at: AtYear) -> list[str]:
        card = await _named(at, name)
        await curriculum.remove(at.session, at.act(), card.id)
        return [_SAY("plans-removed", plan=card.plan.name)]

    return await at_year(here, which, work)


async def bring_in(here: Installation, which: WhichYear, path: Path, *, dry: bool) -> list[str]:
    """Bring in a list of plans."""

    async def work(at: AtYear) -> list[str]:
        rows = list_lines.read_plans(read_file(path))
        return [
            brought_words("plans", await plan_import.bring_plans(at.session, at.act(), at.school.id, at.year, rows))
        ]

    return await at_year(here, which, work, dry=dry)


def brought_words(what: str, brought: Brought) -> str:
    """Say what a list changed."""
    counts = {"new": brought.new, "changed": brought.changed, "unchanged": brought.unchanged, "stays": brought.stays}
    return _SAY(f"{what}-brought", **counts)


async def _cards(at: AtYear) -> tuple[PlanCard, ...]:
    return await curriculum.of_year(at.session, OFFICE, at.school.id, at.year, at.now)


async def _named(at: AtYear, name: str) -> PlanCard:
    for one in await _cards(at):
        if fold(one.plan.name) == fold(" ".join(name.split())):
            return one
    raise OfficeError(_SAY("plans-no-plan", name=name))


async def _line(at: AtYear, one: PlanCard) -> str:
    plan = one.plan
    pupil = "none" if plan.pupil is None else (await people.names(at.session, [plan.pupil]))[plan.pupil]
    return _SAY(
        "plans-line",
        plan=plan.name,
        kind=KIND_WORDS[plan.kind],
        service=SERVICE_WORDS[plan.service],
        profile=plan.profile or "none",
        pupil=pupil,
        classes=await _titles(at, one.classes) or "none",
    )


async def _titles(at: AtYear, classes: Collection[UUID]) -> str:
    found = await at.session.scalars(select(SchoolClass.title).where(SchoolClass.id.in_(classes)))
    return ", ".join(sorted(found, key=title_order))
