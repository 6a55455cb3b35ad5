"""A rule's value in people's words, «20 минут», «раз в месяц», and read back from them as well as from its code."""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from core.roster_file.rows import fold
from core.rule_book.wording import YES, Kind, bounds_of, choices_of, kind_of, may_be_off, written
from texts.reader import load

UNITS = ("minutes", "hours", "days", "months", "years", "percent")
"""Last words of names of rules that are counted in them; ``rule-unit-<unit>`` says how."""
_NUMBER = re.compile(r"(\d{1,4})(?:\s*%|\s+[^\d]+)?")


def shown(name: str, value: Any) -> str:
    """Return a value, given in the form in which it is kept, as people say it."""
    write = _WRITERS.get(kind_of(name))
    if value is None or write is None:
        return written(name, value)
    return write(name, value)


def code_of(name: str, typed: str) -> str:
    """Return what people typed as ``core.rule_book.wording.read`` takes it; unknown words stay as they are."""
    given = typed.strip()
    match kind_of(name):
        case Kind.NUMBER:
            number = _NUMBER.fullmatch(given)
            return number[1] if number else given
        case Kind.CHOICE:
            return _codes(name).get(fold(given), given)
        case Kind.CHOICES:
            return ", ".join(_codes(name).get(fold(part.strip()), part.strip()) for part in given.split(","))
        case _:
            return given


def may_be(name: str) -> str:
    """Say what the value of a rule may be."""
    say = load("ru").format
    match kind_of(name):
        case Kind.NUMBER:
            lowest, highest = bounds_of(name)
            said = say("rule-may-be-number", lowest=lowest, highest=highest)
        case Kind.CHOICE:
            said = say("rule-may-be-choice", choices=listed(name))
        case Kind.CHOICES:
            said = say("rule-may-be-choices", choices=listed(name))
        case kind:
            said = say(f"rule-may-be-{kind}")
    return f"{said} {say('rule-may-be-off')}" if may_be_off(name) else said


def example(name: str, value: Any) -> str:
    """Return words that change this rule: another value than it has, such as «absence_minutes=15»."""
    match kind_of(name):
        case Kind.NUMBER:
            lowest, highest = bounds_of(name)
            word = str(lowest if value is None or value >= highest else value + 1)
        case Kind.SWITCH:
            word = written(name, not value)
        case Kind.CHOICE | Kind.CHOICES:
            word = _called(next((one for one in choices_of(name) if one != value), choices_of(name)[0]))
        case Kind.GRADES:
            word = "2-4"
        case Kind.CLOCK | Kind.DAY:
            word = written(name, value) if value is not None else "21:00"
        case _:
            word = written(name, value) if value is not None else YES
    return f'{name}="{word}"' if re.search(r"[^\w:./,-]", word) else f"{name}={word}"


def _called(value: str) -> str:
    texts = load("ru")
    message = f"rule-value-{value}"
    # Some codes are Russian already, such as «н/а».
    return texts.format(message) if value.isascii() and texts.has(message) else value


def _codes(name: str) -> Mapping[str, str]:
    return {fold(_called(value)): value for value in choices_of(name)}


def listed(name: str) -> str:
    """Return the words that a choice may be."""
    return ", ".join(f"«{_called(one)}»" for one in choices_of(name))


def _number(name: str, value: int) -> str:
    unit = name.rpartition("_")[2]
    return load("ru").format(f"rule-unit-{unit}", count=value) if unit in UNITS else str(value)


_WRITERS: Mapping[Kind, Callable[[str, Any], str]] = MappingProxyType(
    {
        Kind.NUMBER: _number,
        Kind.CHOICE: lambda _name, value: _called(value),
        Kind.CHOICES: lambda _name, value: ", ".join(map(_called, value)),
        Kind.CODES: lambda _name, value: "; ".join(f"{code['code']} — {code['meaning']}" for code in value),
        Kind.GRADES: lambda _name, value: f"{value[0]}–{value[1]}",
    }
)
