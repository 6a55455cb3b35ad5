"""Paper rolls at the command line: entered after an outage, tried before, and a file to begin with."""

from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path

from core.actor import OFFICE, Act
from core.learning import late_rolls
from core.learning.late_roll_lines import TEMPLATE, read_rolls
from core.learning.late_rolls import RollsEntered
from core.plan.list_file import ListRefused, describe
from core.roster_file.rows import NamedBytes
from core.roster_file.writing import to_csv
from core.school import schools
from core.school.schools import SchoolCard
from texts.reader import load
from zvonok.installation import Installation
from zvonok.plan_files import read_file, refusal_words
from zvonok.trouble import OfficeError

_SAY = load("ru").format


def template() -> bytes:
    """Return a file to begin with, as spreadsheets read it."""
    return to_csv(TEMPLATE)


def check(path: Path | None) -> Path:
    """Return the file. Raises ``OfficeError`` if none is named."""
    if path is None:
        raise OfficeError(_SAY("late-rolls-which"))
    return path


async def enter(here: Installation, school_name: str | None, path: Path, *, dry: bool) -> list[str]:
    """Enter the rolls of a file, or try to. Raises ``OfficeError`` with every problem; nothing is entered then.

    Only of lessons that changed while the file was being entered the others are entered all the same.
    """
    file = read_file(path)
    try:
        lines = read_rolls(file)
        async with here.journal() as database:
            async with database.begin() as session:
                school = await schools.find(session, school_name)
            act = Act(OFFICE, here.school_clock.now(), _key(school, file))
            done = await late_rolls.enter(database, act, school, lines, dry=dry)
    except ListRefused as refused:
        raise OfficeError(refusal_words(refused.problems)) from None
    said = list(_words(done, dry=dry))
    if done.refused:
        refusals = [describe(one, _SAY) for one in done.refused]
        raise OfficeError("\n".join([_SAY("late-rolls-refused"), *refusals, *said]))
    return [_SAY("plan-dry"), *said] if dry else said


def _key(school: SchoolCard, file: NamedBytes) -> str:
    """Name the act by the file: the same file again goes on where it was, and undoes no correction."""
    return f"late-rolls:{school.id}:{blake2b(file.data, digest_size=16).hexdigest()}"


def _words(done: RollsEntered, *, dry: bool) -> Iterator[str]:
    if done.entered or not done.there:
        which = "late-rolls-would" if dry else "late-rolls-entered"
        yield _SAY(which, rolls=done.entered, entries=done.entries)
    if done.there:
        yield _SAY("late-rolls-there", rolls=done.there)
