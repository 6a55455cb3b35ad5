"""What the school's office does at the command line: codes, settings; lists are in ``zvonok.lists``."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from core.account import accounts
from core.actor import OFFICE
from core.database import Database
from core.person import people
from core.refusals import NotFound
from core.school import schools
from core.school.school_settings import change as change_settings
from core.school.schools import SchoolCard
from texts.reader import load
from zvonok import code_sheets, lists
from zvonok.exports import write_private
from zvonok.installation import Installation
from zvonok.lists import Asked, NewSchool
from zvonok.trouble import OfficeError

__all__ = [
    "NewSchool",
    "WhoGetsCodes",
    "check_changes",
    "check_who",
    "codes",
    "import_files",
    "issue_to",
    "school_settings",
]


@dataclass(frozen=True, slots=True)
class WhoGetsCodes:
    """Parents of a class, one person, or the staff."""

    class_title: str | None
    person: str | None
    staff: bool


def check_who(who: WhoGetsCodes) -> None:
    """Look whether anybody is to get codes. Raises ``OfficeError``."""
    if not (who.class_title or who.person or who.staff):
        raise OfficeError("Скажите, кому выдать коды: --class 5А, --staff или --person «Фамилия Имя».")


def check_changes(changes: Sequence[str]) -> None:
    """Look whether changes have the form ``name=value``. Raises ``OfficeError``."""
    for change in changes:
        _change(change)


async def import_files(here: Installation, paths: Sequence[Path], new: NewSchool) -> list[str]:
    """Read the files and bring them into the journal, or change nothing. Raises ``OfficeError`` with every problem."""
    return await lists.bring_in(here, paths, new, Asked())


async def codes(
    here: Installation, school_name: str | None, who: WhoGetsCodes, sheets: Path | None = None
) -> list[str]:
    """Issue fresh one-time codes and return the lines to hand out, then who got none and why (CONS-04, CONF-21).

    With ``sheets`` they stand on sheets to print, in that file and nowhere else. Raises ``OfficeError`` if nobody is
    named, nobody of those named may have one, or the file cannot be written: then no code was issued.
    """
    check_who(who)
    if sheets is not None:
        code_sheets.check_target(load("ru"), sheets)
    async with here.journal() as database:
        with _sheets() as write:
            async with database.begin() as session:
                school = await schools.find(session, school_name)
                now = here.school_clock.now()
                persons = await _persons(session, school, who, now)
                named = code_sheets.bot_names(here.settings)
                bots = None if sheets is None else code_sheets.usable(load("ru"), school, named)
                issue = await accounts.issue_codes(session, OFFICE, here.secret.code_keeper(), persons, now)
                if sheets is not None and bots is not None and issue.codes:
                    # Before the commit: of codes that nobody can read none is issued, and the ones before stay good.
                    write(sheets, code_sheets.make(load("ru"), school, bots, issue.codes))
    if not persons:
        raise OfficeError("Выдавать некому: подходящих людей в журнале нет.")
    left_out = _left_out(issue.left_out)
    if not issue.codes:
        raise OfficeError("\n".join(left_out))
    if sheets is not None:
        return [load("ru").format("letter-codes-written", count=len(issue.codes), path=str(sheets)), *left_out]
    return [*(_code_line(code) for code in issue.codes), *left_out]


@contextmanager
def _sheets() -> Iterator[Callable[[Path, bytes], None]]:
    """Write sheets by what this gives; they go again if their codes were not issued after all."""
    written: list[Path] = []

    def write(path: Path, pdf: bytes) -> None:
        write_private(path, pdf)
        written.append(path)

    try:
        yield write
    except BaseException:
        for path in written:
            path.unlink(missing_ok=True)
        raise


async def school_settings(here: Installation, school_name: str | None, changes: Sequence[str]) -> list[str]:
    """Show a school's settings, after changing what ``name=value`` says. Raises ``OfficeError`` for another form."""
    async with here.journal() as database, database.begin() as session:
        school = await schools.find(session, school_name)
        if changes:
            wanted = dict(_change(change) for change in changes)
            now = here.school_clock.now()
            school = await change_settings(session, OFFICE, school.id, wanted, now)
    shown = school.settings.model_dump(mode="json")
    kind = load("ru").format(f"office-kind-{school.kind}")
    head = f"{school.name} ({kind}, {school.zone})"
    return [head, *(f"  {name} = {json.dumps(value, ensure_ascii=False)}" for name, value in shown.items())]


async def issue_to(database: Database, here: Installation, persons: Sequence[UUID]) -> dict[UUID, str]:
    """Issue codes to these persons and return them by person; without a consent there is none."""
    async with database.begin() as session:
        issue = await accounts.issue_codes(session, OFFICE, here.secret.code_keeper(), persons, here.school_clock.now())
    return {code.person: code.code for code in issue.codes}


async def _persons(session: AsyncSession, school: SchoolCard, who: WhoGetsCodes, now: datetime) -> Sequence[UUID]:
    found: list[UUID] = []
    if who.class_title:
        found += await people.guardians_of_class(session, school, who.class_title.upper(), now)
    if who.staff:
        found += await people.staff_of(session, school, now)
    if who.person:
        named = await people.by_name(session, school, who.person)
        if not named:
            raise NotFound("person-unknown", name=who.person)
        found += named
    return found


def _code_line(issued: accounts.IssuedCode) -> str:
    code = issued.code
    groups = code_sheets.grouped(code)
    children = f" — {'; '.join(issued.children)}" if issued.children else ""
    return f"{groups}  {issued.name.in_full()}{children}  (до {issued.expires_at:%d.%m.%Y})"


def _left_out(people_left: Sequence[accounts.LeftOut]) -> list[str]:
    """Say who got no code and why."""
    say = load("ru").format
    why: dict[str, list[str]] = {}
    for one in people_left:
        why.setdefault(one.why, []).append(one.name.in_full())
    return [
        line for reason, names in why.items() for line in (say(f"office-left-out-{reason}"), *map("  {}".format, names))
    ]


def _change(change: str) -> tuple[str, Any]:
    name, given, value = change.partition("=")
    if not given:
        raise OfficeError(f"«{change}»: нужен вид имя=значение.")
    try:
        return name, json.loads(value)
    except json.JSONDecodeError:
        return name, value.split(",")
