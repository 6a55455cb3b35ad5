"""Any roster, any changes: the difference is exact, an import leaves what the file says, an undo what was before."""

import random
from collections import Counter
from collections.abc import Iterable
from uuid import UUID, uuid4

import pytest
from sqlalchemy import URL

from core.actor import OFFICE, Act
from core.database import Database
from core.events import SchoolKind
from core.lists import imports
from core.lists.difference import Difference, What
from core.lists.imports import Wish
from core.roster_file import RosterFiles
from core.school import schools
from core.school.schools import SchoolCard
from tests.integration.core_world import Hands, Watch
from tests.integration.random_rosters import Draft, change, expected_gone, roster, seen, seen_gone, snapshot

FEW = (1380, 1)
"""Seeds of a school in which every kind of change comes, and of one in which none does: enough for every day."""
MANY = (range(10), range(10, 20))
EVERY_KIND = {
    *((what, "new") for what in set(What) - {What.CLASS, What.SUBJECT, What.ROLE}),
    *((what, "changed") for what in set(What) - {What.CLASS, What.SUBJECT, What.ROLE, What.ROOM}),
}
"""What the changes of some schools together must bring; a role follows a position, or none does."""


class Desk:
    """The office of one school among others."""

    def __init__(self, database: Database, url: URL, school: SchoolCard, hands: Hands) -> None:
        self.database, self.watch, self.school, self.hands = database, Watch(url), school, hands

    def act(self) -> Act:
        """Return an act a minute after the last one."""
        return Act(OFFICE, self.hands.move(minutes=1), str(uuid4()))

    async def looks(self, files: RosterFiles) -> Difference:
        """Look at lists."""
        async with self.database.begin() as session:
            return await imports.look(session, self.act(), self.school, files)

    async def brings(self, files: RosterFiles, expected: str | None = None) -> UUID:
        """Bring lists in."""
        async with self.database.begin() as session:
            return (await imports.bring_in(session, self.act(), self.school, files, Wish(expected=expected))).id

    async def undoes(self, import_id: UUID) -> None:
        """Take an import back."""
        async with self.database.begin() as session:
            await imports.take_back(session, self.act(), self.school, import_id)

    async def roster(self) -> dict[str, list[str]]:
        """Read the roster past the product."""
        return await snapshot(self.watch, self.school.id)


async def desks(database: Database, url: URL, seeds: Iterable[int]) -> list[tuple[int, Desk, Draft]]:
    """Make a school for each of some seeds, with its roster."""
    hands = Hands()
    made = []
    for seed in seeds:
        async with database.begin() as session:
            school = await schools.create(
                session, OFFICE, name=f"Школа {seed}", kind=SchoolKind.PRIVATE, zone="Asia/Omsk", now=hands.at
            )
        made.append((seed, Desk(database, url, school, hands), roster(random.Random(seed))))  # noqa: S311 - dice of a test
    return made


def as_file_says(draft: Draft) -> dict[str, Counter[str]]:
    """Return the roster of the file alone, as far as the snapshot shows it."""
    pupils = Counter(str((2026, str(row.school_class), row.name.in_full(), row.birth_date)) for row in draft.pupils)
    staff = Counter(str((row.name.in_full(), row.birth_date, row.position)) for row in draft.staff)
    return {"pupils": pupils, "staff": staff}


@pytest.mark.parametrize("seeds", [FEW, *(pytest.param(seeds, marks=pytest.mark.deep) for seeds in MANY)])
async def test_the_difference_is_exact_and_an_import_and_its_undo_are_too(
    core_database: Database, database_url: URL, seeds: Iterable[int]
) -> None:
    made_of = await desks(core_database, database_url, seeds)
    for seed, desk, draft in made_of:
        await desk.brings(draft.files())
        assert not (await desk.looks(draft.files())).entries, seed
        before = await desk.roster()
        former = draft.files()
        change(draft)
        shown = await desk.looks(draft.files())
        extra, missing = seen(shown) - draft.expected, draft.expected - seen(shown)
        assert (list(extra), list(missing)) == ([], []), seed
        assert seen_gone(shown) == expected_gone(draft), seed
        assert await desk.roster() == before, seed
        made = await desk.brings(draft.files(), shown.fingerprint)
        after = await desk.roster()
        for name, said in as_file_says(draft).items():
            assert not said - Counter(after[name]), (seed, name)
            left_out = [key for key in draft.gone if key[0] == name.removesuffix("s")]
            assert sum((Counter(after[name]) - said).values()) == len(left_out), (seed, name)
        again = await desk.looks(draft.files())
        assert (again.entries, again.gone) == ((), shown.gone), seed
        await desk.undoes(made)
        assert await desk.roster() == before, seed
        assert not (await desk.looks(former)).entries, seed
        await desk.brings(draft.files())
        assert await desk.roster() == after, seed
    expected = {(key[0], key[1]) for _, _, draft in made_of for key in draft.expected}
    assert expected >= EVERY_KIND, "else the seeds prove less than they should"
    assert {key[0] for _, _, draft in made_of for key in draft.gone} == {"pupil", "adult", "slot"}
    told = [(event.subject, event.version) for event in await Watch(database_url).events()]
    assert len(told) == len(set(told))
    highest: dict[str, int] = {}
    for subject, version in told:
        assert version == highest.get(subject, 0) + 1, subject
        highest[subject] = version
