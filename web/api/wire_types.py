"""Values as they come over the wire: each is what its schema says, and nothing that only a lenient reader would take.

An address carries text alone, so a number and a day are read from their one written form: not « 5», not «5.0», not
seconds since 1970.
"""

import re
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

_ID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_DAY, _NUMBER = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"), re.compile(r"[0-9]{1,9}")
LARGEST_PAGE, USUAL_PAGE = 100, 50


def _written_as(form: re.Pattern[str], value: Any) -> Any:
    if isinstance(value, str) and not form.fullmatch(value):
        raise ValueError("not written so")
    return value


def _id(value: Any) -> Any:
    return _written_as(_ID, value)


def _day(value: Any) -> Any:
    if not isinstance(value, str | date):
        raise ValueError("not written so")  # noqa: TRY004 - pydantic makes an answer of a ValueError only
    return _written_as(_DAY, value)


def _number(value: Any) -> Any:
    return _written_as(_NUMBER, value)


def whole(value: Any) -> Any:
    """Read 5.0 as 5: JSON knows no difference (JSON Schema 2020-12 §6.1.1)."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


Id = Annotated[UUID, BeforeValidator(_id), Field(strict=False)]
Day = Annotated[date, BeforeValidator(_day), Field(strict=False)]
PageSize = Annotated[int, Field(ge=1, le=LARGEST_PAGE), BeforeValidator(_number)]
Cursor = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,2000}$")]


class Params(BaseModel):
    """What stands in an address: known names only."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Given(BaseModel):
    """What comes in a body: known fields only, of their own types."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Shown(BaseModel):
    """What an answer holds."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class NoParams(Params):
    """Of an address that takes nothing."""


class Page(Params):
    """Which part of a list is asked for."""

    limit: PageSize = USUAL_PAGE
    after: Cursor | None = None
