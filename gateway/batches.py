"""A claimed batch as the ledger's statements take and give it: all of it at once, column by column.

One statement for a whole batch costs what one for a single message does: a way to the server and back.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from pydantic import ValidationError
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncSession

from core.events import SchoolState
from gateway import ledger
from gateway.claimed import Claimed, ClaimedRow
from gateway.packing import Part

_log = structlog.get_logger(__name__)


async def read(
    session: AsyncSession, claimed: Sequence[Claimed]
) -> tuple[Sequence[ClaimedRow], dict[UUID, SchoolState]]:
    """Read the claimed deliveries with all that their messages are made of, and their schools, each once."""
    months = [one.month for one in claimed]
    wanted = {"first": min(months), "last": max(months), "ids": [one.id for one in claimed]}
    rows = [ClaimedRow._make(row) for row in await session.execute(ledger.READ, wanted)]
    schools = await session.execute(ledger.SCHOOLS, {"schools": sorted({row.school for row in rows})})
    return rows, {row.id: state for row in schools if (state := _state_of(row)) is not None}


def _state_of(row: Row[Any]) -> SchoolState | None:
    try:
        return SchoolState.model_validate(row.state)
    except ValidationError as error:
        # The messages of other schools in this batch must leave.
        _log.error("school cannot be read", school=str(row.id), errors=error.error_count())
        return None


def marks_of(row: ClaimedRow, claim: UUID, now: datetime) -> dict[str, Any]:
    """Return what the statements about one claimed delivery take."""
    return {
        "month": row.month,
        "id": row.id,
        "claim": claim,
        "planned": row.want,
        "planned_key": row.want_key,
        "now": now,
    }


def made_of(parts: Sequence[Part]) -> dict[str, list[Any]]:
    """Return what marking a batch as on the wire takes."""
    return columns_of(parts) | {
        "gens": [part.gen for part in parts],
        "acts": [part.act.value for part in parts],
        "planned": [part.row.want for part in parts],
        "planned_keys": [part.row.want_key for part in parts],
    }


def columns_of(parts: Sequence[Part]) -> dict[str, list[Any]]:
    """Return what every statement about messages that were made takes."""
    return {
        "months": [part.row.month for part in parts],
        "ids": [part.row.id for part in parts],
        "attempts": [part.attempt for part in parts],
        "versions": [part.row.version for part in parts],
        "content_keys": [part.content_key for part in parts],
    }
