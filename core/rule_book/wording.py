"""How a rule's value is written for people and read back: «20», «да», «21:00», «05.09», «2-4», «а, б»."""

import re
from collections.abc import Callable, Mapping
from datetime import time
from enum import Enum, StrEnum
from functools import cache
from types import MappingProxyType, NoneType, UnionType
from typing import Any, TypeAliasType, get_args, get_origin

from annotated_types import Ge, Le

from core.refusals import Invalid
from core.rule_book.model import SchoolRules
from core.rule_book.values import LONGEST_TEXT, AbsenceCodes, GradeSpan, YearDay

YES, NO = "да", "нет"
"""``NO`` is also how a rule is written that does not hold at all."""
_CLOCK = re.compile(r"(\d?\d):(\d\d)")
_GRADES = re.compile(r"(\d{1,2}) ?[-–] ?(\d{1,2})")
_NOTHING = "-"
_CODE_PARTS = 4


class Kind(StrEnum):
    """What a rule's value is."""

    SWITCH = "switch"
    NUMBER = "number"
    CLOCK = "clock"
    DAY = "day"
    CHOICE = "choice"
    CHOICES = "choices"
    GRADES = "grades"
    CODES = "codes"
    TEXT = "text"


@cache
def kind_of(name: str) -> Kind:
    """Return what the value of this rule is. Raises ``LookupError`` for a type that none of the kinds is."""
    plain = _plain(name)
    named: Mapping[Any, Kind] = {bool: Kind.SWITCH, int: Kind.NUMBER, time: Kind.CLOCK}
    aliases = {YearDay: Kind.DAY, AbsenceCodes: Kind.CODES, GradeSpan: Kind.GRADES}
    found = named.get(plain) or next((kind for alias, kind in aliases.items() if plain is alias), None)
    if found is not None:
        return found
    bare = _unalias(plain)
    if isinstance(bare, type) and issubclass(bare, Enum):
        return Kind.CHOICE
    if get_origin(bare) is tuple:
        return Kind.CHOICES
    if bare is str:
        return Kind.TEXT
    raise LookupError(name)


def may_be_off(name: str) -> bool:
    """Tell whether this rule may not hold at all."""
    return NoneType in get_args(SchoolRules.model_fields[name].annotation)


def choices_of(name: str) -> tuple[str, ...]:
    """Return the words that a choice, or each of several choices, may be."""
    bare = _unalias(_plain(name))
    kind = get_args(bare)[0] if get_origin(bare) is tuple else bare
    return tuple(str(one.value) for one in kind)


def bounds_of(name: str) -> tuple[int, int]:
    """Return the lowest and the highest value of a number."""
    metadata = SchoolRules.model_fields[name].metadata
    lowest = next(one.ge for one in metadata if isinstance(one, Ge))
    highest = next(one.le for one in metadata if isinstance(one, Le))
    return int(str(lowest)), int(str(highest))


def written(name: str, value: Any) -> str:
    """Write a value, given in the form in which it is kept."""
    if value is None:
        return NO
    return _WRITERS[kind_of(name)](value)


def read(name: str, text: str) -> Any:
    """Read a value into the form in which it is kept. Raises ``Invalid``, which names the rule and what it wants."""
    if name not in SchoolRules.model_fields:
        raise Invalid("rule-unknown", name=name)
    given = text.strip()
    if given.casefold() == NO and may_be_off(name):
        return None
    value = _READERS[kind_of(name)](given)
    if value is None:
        raise wanted(name)
    return value


def wanted(name: str) -> Invalid:
    """Return the refusal that says what the value of this rule has to be."""
    match kind_of(name):
        case Kind.NUMBER:
            lowest, highest = bounds_of(name)
            return Invalid("rule-number", name=name, lowest=lowest, highest=highest)
        case Kind.CHOICE | Kind.CHOICES:
            return Invalid("rule-choice", name=name, choices=", ".join(choices_of(name)))
        case kind:
            return _wanted_form(name, kind)


def _wanted_form(name: str, kind: Kind) -> Invalid:
    match kind:
        case Kind.SWITCH:
            return Invalid("rule-switch", name=name)
        case Kind.CLOCK:
            return Invalid("rule-clock", name=name)
        case Kind.DAY:
            return Invalid("rule-day", name=name)
        case Kind.GRADES:
            return Invalid("rule-grades", name=name)
        case Kind.CODES:
            return Invalid("rule-codes", name=name)
        case _:
            return Invalid("rule-text", name=name, longest=LONGEST_TEXT)


def _plain(name: str) -> Any:
    annotation = SchoolRules.model_fields[name].annotation
    if get_origin(annotation) is UnionType or NoneType in get_args(annotation):
        return next(one for one in get_args(annotation) if one is not NoneType)
    return annotation


def _unalias(annotation: Any) -> Any:
    """Return what stands behind an alias and its conditions."""
    while isinstance(annotation, TypeAliasType):
        annotation = get_args(annotation.__value__)[0]
    return annotation


def _write_codes(codes: list[dict[str, Any]]) -> str:
    return "; ".join(
        ":".join(
            (
                code["code"],
                code["kind"],
                "+".join(flag for flag in ("missed", "told") if code[flag]) or _NOTHING,
                code["meaning"],
            )
        )
        for code in codes
    )


def _read_switch(text: str) -> bool | None:
    return {YES: True, NO: False, "true": True, "false": False}.get(text.casefold())


def _read_number(text: str) -> int | None:
    return int(text) if re.fullmatch(r"\d{1,4}", text, re.ASCII) else None


def _read_clock(text: str) -> str | None:
    found = _CLOCK.fullmatch(text)
    return f"{int(found[1]):02}:{found[2]}:00" if found else None


def _read_choices(text: str) -> list[str] | None:
    return [part.strip() for part in text.split(",")] if text else None


def _read_grades(text: str) -> list[int] | None:
    found = _GRADES.fullmatch(text)
    return [int(found[1]), int(found[2])] if found else None


def _read_codes(text: str) -> list[dict[str, Any]] | None:
    found = []
    for line in text.split(";"):
        parts = [part.strip() for part in line.split(":")]
        if len(parts) != _CODE_PARTS:
            return None
        code, kind, flags, meaning = parts
        said = set() if flags == _NOTHING else set(flags.split("+"))
        if not said <= {"missed", "told"}:
            return None
        line_read = {"code": code, "kind": kind, "missed": "missed" in said, "told": "told" in said}
        found.append(line_read | {"meaning": meaning})
    return found


def _read_text(text: str) -> str | None:
    return " ".join(text.split()) or None


_WRITERS: Mapping[Kind, Callable[[Any], str]] = MappingProxyType(
    {
        Kind.SWITCH: lambda value: YES if value else NO,
        Kind.NUMBER: str,
        Kind.CLOCK: lambda value: value[:5],
        Kind.DAY: str,
        Kind.CHOICE: str,
        Kind.CHOICES: ", ".join,
        Kind.GRADES: lambda value: f"{value[0]}-{value[1]}",
        Kind.CODES: _write_codes,
        Kind.TEXT: str,
    }
)
_READERS: Mapping[Kind, Callable[[str], Any]] = MappingProxyType(
    {
        Kind.SWITCH: _read_switch,
        Kind.NUMBER: _read_number,
        Kind.CLOCK: _read_clock,
        Kind.DAY: lambda text: text or None,
        Kind.CHOICE: lambda text: text or None,
        Kind.CHOICES: _read_choices,
        Kind.GRADES: _read_grades,
        Kind.CODES: _read_codes,
        Kind.TEXT: _read_text,
    }
)
