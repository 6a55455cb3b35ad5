"""The rules of a school at the command line: shown in parts, changed by ``name=value``."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from core.actor import OFFICE, Act
from core.rule_book.model import Group, SchoolRules, rule_of
from core.rule_book.profiles import kept
from core.rule_book.wording import read, written
from core.school import school_rules, schools
from core.school.school_rules import RulesView
from core.school.schools import SchoolCard
from texts.reader import load
from zvonok.installation import Installation
from zvonok.trouble import OfficeError


def check(changes: Sequence[str]) -> None:
    """Look whether changes can be read, before a database is started. Raises ``OfficeError`` or ``Invalid``."""
    read_changes(changes)


async def rules(here: Installation, school_name: str | None, profile: str | None, changes: Sequence[str]) -> list[str]:
    """Show all rules of a school, or those that this changes; everything is changed, or nothing."""
    wanted = read_changes(changes)
    async with here.journal() as database, database.begin() as session:
        school = await schools.find(session, school_name)
        now = here.school_clock.now()
        if profile is not None:
            await school_rules.choose_profile(session, Act(OFFICE, now, f"rules:{uuid4()}"), school.id, profile)
        if wanted:
            await school_rules.change(session, Act(OFFICE, now, f"rules:{uuid4()}"), school.id, wanted)
        view = await school_rules.read(session, OFFICE, school.id, now)
    say = load("ru").format
    if wanted:
        return [_head(school, view), *(_line(view, name) for name in wanted), say("rules-changed")]
    return [_head(school, view), *(line for group in Group for line in _part(view, group))]


def read_changes(changes: Sequence[str]) -> dict[str, Any]:
    """Read ``name=value``; an empty value gives the rule back to the profile. Raises ``OfficeError``, ``Invalid``."""
    found: dict[str, Any] = {}
    for change in changes:
        name, given, value = change.partition("=")
        if not given:
            raise OfficeError(f"«{change}»: нужен вид имя=значение.")
        found[name] = read(name, value) if value.strip() else ...
    return found


def _head(school: SchoolCard, view: RulesView) -> str:
    say = load("ru").format
    profile = say(f"rules-profile-{view.profile}")
    return say("rules-head", school=school.name, profile=profile, own=len(view.own))


def _part(view: RulesView, group: Group) -> list[str]:
    names = [name for name in SchoolRules.model_fields if rule_of(name).group is group]
    return ["", load("ru").format(f"rules-group-{group}"), *(_line(view, name) for name in names)]


def _line(view: RulesView, name: str) -> str:
    mark = "*" if name in view.own else " "
    value = written(name, kept(view.rules)[name])
    rows = ", ".join(rule_of(name).rows)
    return f"{mark} {name} = {value}  — {load('ru').format(f'rule-{name}')} ({rows})"
