"""What people order on the page: read from JSON, refused with a sentence in Russian, and nothing half done."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from aiohttp import web

LONGEST_TEXT = 4096
"""Of a message in a chat."""
LONGEST_NAME = 254
"""Of anything else: a payload, an address."""

type Json = dict[str, Any]


class OrderRefusedError(Exception):
    """An order makes no sense; the text names what is wrong, in Russian."""


async def read(request: web.Request) -> Json:
    """Read an order's body."""
    try:
        order = json.loads(await request.read())
    except ValueError:
        raise OrderRefusedError("Распоряжение не разобрать как JSON.") from None
    if not isinstance(order, dict):
        raise OrderRefusedError("Распоряжение должно быть объектом JSON.")
    return order


def words(order: Mapping[str, Any], name: str, *, longest: int = LONGEST_NAME) -> str:
    """Return a text that is not empty; ``longest`` counts UTF-16 units, as messengers do."""
    value = order.get(name)
    if not isinstance(value, str) or not value.strip():
        raise OrderRefusedError(f"Поле {name}: нужен непустой текст.")
    if len(value.encode("utf-16-le", errors="replace")) > 2 * longest:
        raise OrderRefusedError(f"Слишком длинно: не больше {longest} знаков.")
    return value


def number(order: Mapping[str, Any], name: str) -> int:
    """Return a whole number."""
    value = order.get(name)
    if not isinstance(value, int) or isinstance(value, bool):
        raise OrderRefusedError(f"Поле {name}: нужно целое число.")
    return value


def yes_or_no(order: Mapping[str, Any], name: str) -> bool:
    """Return a truth."""
    value = order.get(name)
    if not isinstance(value, bool):
        raise OrderRefusedError(f"Поле {name}: нужно true или false.")
    return value


def identity(order: Mapping[str, Any], name: str) -> UUID:
    """Return somebody's id."""
    try:
        return UUID(words(order, name))
    except ValueError:
        raise OrderRefusedError(f"Поле {name}: такого номера не бывает.") from None


def moment(order: Mapping[str, Any], name: str, zone: ZoneInfo) -> datetime:
    """Return a moment of the school's wall clock, given as «2026-09-08T08:31»."""
    try:
        at = datetime.fromisoformat(words(order, name))
    except ValueError:
        raise OrderRefusedError("Дату и время нужно указать так: 2026-09-08T08:31.") from None
    return at.replace(tzinfo=zone) if at.tzinfo is None else at
