"""Organisations at the command line: the tree of them, and where a school stands in it."""

from collections.abc import Iterator, Sequence
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from core.actor import OFFICE, Act
from core.school import organisations, schools
from core.school.organisations import AuthorityCard, AuthorityKind, OrganisationLine
from texts.reader import load
from zvonok.installation import Installation
from zvonok.trouble import OfficeError


async def tree(here: Installation) -> list[str]:
    """Show regions, their municipalities, and the schools under them."""
    async with here.journal() as database, database.begin() as session:
        above = await organisations.authorities(session)
        there = await organisations.everything(session, OFFICE)
    if not above and not there:
        return [load("ru").format("organisations-empty")]
    outside = _schools(there, None, "  ")
    head = [load("ru").format("organisations-outside")] if outside else []
    return [*_under(above, there, None, ""), *head, *outside]


async def under(here: Installation, school_name: str | None, authority: str, region: str | None) -> list[str]:
    """Put a school under an authority; with a region named, both are entered if they are new.

    Raises ``OfficeError`` for an authority that is unknown.
    """
    async with here.journal() as database, database.begin() as session:
        school = await schools.find(session, school_name)
        found = await _authority(session, here, authority, region)
        await organisations.place(session, _act(here), school.id, found)
    return [load("ru").format("organisations-done")]


async def branch(here: Installation, school_name: str | None, head_name: str) -> list[str]:
    """Say whose branch a school is."""
    async with here.journal() as database, database.begin() as session:
        school = await schools.find(session, school_name)
        head = await schools.find(session, head_name)
        await organisations.make_branch(session, _act(here), school.id, head.id)
    return [load("ru").format("organisations-done")]


def _act(here: Installation) -> Act:
    return Act(OFFICE, here.school_clock.now(), f"organisations:{uuid4()}")


async def _authority(session: AsyncSession, here: Installation, name: str, region: str | None) -> UUID:
    known = {one.name: one for one in await organisations.authorities(session)}
    if name in known:
        return known[name].id
    if region is None:
        raise OfficeError(f"«{name}» в журнале нет. Чтобы завести муниципалитет, укажите его регион: --region.")
    above = known[region].id if region in known else await organisations.found_region(session, _act(here), region)
    return await organisations.found_municipality(session, _act(here), name, above)


def _under(
    above: Sequence[AuthorityCard], there: Sequence[OrganisationLine], region: UUID | None, indent: str
) -> Iterator[str]:
    """Lay out the authorities of one level with everything below them."""
    say = load("ru").format
    for card in above:
        if card.region != region:
            continue
        kind = "region" if card.kind is AuthorityKind.REGION else "municipality"
        yield indent + say(f"organisations-{kind}", name=card.name)
        yield from _schools(there, card.id, indent + "  ")
        yield from _under(above, there, card.id, indent + "  ") if region is None else ()


def _schools(there: Sequence[OrganisationLine], authority: UUID | None, indent: str) -> list[str]:
    say = load("ru").format
    names = {one.id: one.name for one in there}
    return [
        indent
        + (
            say("organisations-branch", name=one.name, head=names[one.branch_of])
            if one.branch_of
            else say("organisations-school", name=one.name, kind=say(f"office-kind-{one.kind}"))
        )
        for one in there
        if one.authority == authority
    ]
