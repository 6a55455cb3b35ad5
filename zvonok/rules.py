"""The rules of a school at the command line: all in parts, one with what it may be, changed by ``name=value``."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from core.actor import OFFICE, Act
from core.person import people
from core.refusals import Invalid
from core.rule_book.model import Group, SchoolRules, rule_of
from core.rule_book.profiles import Profile, kept
from core.rule_book.wording import NO, Kind, choices_of, kind_of, read
from core.school import school_rules, schools
from core.school.school_rules import RulesView
from core.school.schools import SchoolCard
from texts.reader import load
from zvonok import rule_sources, rule_words
from zvonok.installation import Installation
from zvonok.trouble import OfficeError

EXAMPLE = "absence_minutes"
"""The rule by which the list shows how a rule is changed."""


def check(changes: Sequence[str]) -> None:
    """Look whether the words can be read, before a database is started. Raises ``OfficeError`` or ``Invalid``."""
    if not _asked(changes):
        read_changes(changes)


async def rules(here: Installation, school_name: str | None, profile: str | None, changes: Sequence[str]) -> list[str]:
    """Show all rules of a school, those that are named, or those that this changes; everything changes, or nothing."""
    asked = _asked(changes)
    wanted = {} if asked else read_changes(changes)
    async with here.journal() as database, database.begin() as session:
        school = await schools.find(session, school_name)
        now = here.school_clock.now()
        if profile is not None:
            await school_rules.choose_profile(session, Act(OFFICE, now, f"rules:{uuid4()}"), school.id, profile)
        if wanted:
            await school_rules.change(session, Act(OFFICE, now, f"rules:{uuid4()}"), school.id, wanted)
        view = await school_rules.read(session, OFFICE, school.id, now)
        whence = await _whence(session, school, view)
    say = load("ru").format
    if asked:
        return [line for name in asked for line in _one(view, name)]
    if wanted:
        return [_head(school, view), *(_line(view, name) for name in wanted), say("rules-changed")]
    return [_head(school, view), *whence, *(line for group in Group for line in _part(view, group)), *_foot(view)]


def read_changes(changes: Sequence[str]) -> dict[str, Any]:
    """Read ``name=value``; an empty value gives the rule back to the profile. Raises ``OfficeError``, ``Invalid``."""
    found: dict[str, Any] = {}
    for change in changes:
        name, given, value = change.partition("=")
        if not given:
            raise OfficeError(load("ru").format("rules-mixed", name=name))
        found[name] = _read(name, value) if value.strip() else ...
    return found


def _asked(words: Sequence[str]) -> Sequence[str]:
    """Return the names of rules if nothing but names is given. Raises ``Invalid`` for a rule that is none."""
    if not words or any("=" in word for word in words):
        return ()
    for name in words:
        _known(name)
    return words


def _known(name: str) -> None:
    if name not in SchoolRules.model_fields:
        raise Invalid("rule-unknown", name=name)


def _read(name: str, value: str) -> Any:
    """Read a value in people's words or by its code; a choice that is none is refused with the words."""
    _known(name)
    code = rule_words.code_of(name, value)
    if kind_of(name) is Kind.CHOICE and code not in choices_of(name) and code.casefold() != NO:
        raise Invalid("rule-choice", name=name, choices=rule_words.listed(name))
    return read(name, code)


def _head(school: SchoolCard, view: RulesView) -> str:
    say = load("ru").format
    profile = say(f"rules-profile-{view.profile}")
    return say("rules-head", school=school.name, profile=profile, own=len(view.own))


async def _whence(session: AsyncSession, school: SchoolCard, view: RulesView) -> list[str]:
    """Say which document the profile restates, and who chose it and when, or that nobody has."""
    say = load("ru").format
    chosen = await school_rules.profile_chosen(session, school.id)
    if chosen is None:
        other = next(one for one in Profile if one is not view.profile)
        told = say("rules-never-chosen", other=other.value)
    else:
        names = await people.names(session, [chosen.person] if chosen.person else [])
        who = names.get(chosen.person) if chosen.person else None
        day = f"{chosen.at.astimezone(ZoneInfo(school.zone)):%d.%m.%Y}"
        told = say("rules-chosen", day=day, who=who or say("rules-chosen-office"))
    document = say(f"rules-profile-document-{view.profile}")
    return [say("rules-whence", document=document), told]


def _part(view: RulesView, group: Group) -> list[str]:
    names = [name for name in SchoolRules.model_fields if rule_of(name).group is group]
    return ["", load("ru").format(f"rules-group-{group}"), *(_line(view, name) for name in names)]


def _foot(view: RulesView) -> list[str]:
    say = load("ru").format
    example = rule_words.example(EXAMPLE, kept(view.rules)[EXAMPLE])
    return ["", say("rules-how", example=example), say("rules-about-one", name=EXAMPLE), say("rules-source")]


def _line(view: RulesView, name: str) -> str:
    mark = "*" if name in view.own else " "
    return f"{mark} {load('ru').format(f'rule-{name}')}: {rule_words.shown(name, kept(view.rules)[name])}  [{name}]"


def _one(view: RulesView, name: str) -> list[str]:
    say = load("ru").format
    rule = rule_of(name)
    back = [say("rules-one-back", name=name)] if name in view.own else []
    return [
        _line(view, name),
        say("rules-one-may-be", choices=rule_words.may_be(name)),
        say("rules-one-source", source=rule_sources.in_words(load("ru"), rule.source)),
        say("rules-one-example", example=rule_words.example(name, kept(view.rules)[name])),
        *back,
    ]
