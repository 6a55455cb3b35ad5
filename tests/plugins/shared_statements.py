"""What SQLAlchemy has compiled for one database of the tests serves for the next: each test has a database of its own.

An engine keeps compiled statements by its dialect, and every engine makes a dialect anew. All of ours are one server's,
with the same driver and the same options, so that one compilation is as good as another: compiling everything anew for
each test took a fifth of the processor's time.
"""

from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.engine import Compiled, Connection, Engine
from sqlalchemy.util import LRUCache

_COMPILED: LRUCache[Any, Compiled] = LRUCache(20_000)


def _hash(_: PGDialect_asyncpg) -> int:
    return hash(PGDialect_asyncpg)


def _equal(_: PGDialect_asyncpg, other: object) -> bool:
    return isinstance(other, PGDialect_asyncpg)


def pytest_configure(config: pytest.Config) -> None:  # noqa: ARG001 - the hook's own signature
    """Let engines of this process share what they compile."""
    setattr(PGDialect_asyncpg, "__hash__", _hash)  # noqa: B010 - no plain assignment passes the type checker
    setattr(PGDialect_asyncpg, "__eq__", _equal)  # noqa: B010 - the same
    event.listen(Engine, "engine_connect", _share)


def _share(connection: Connection) -> None:
    if isinstance(connection.dialect, PGDialect_asyncpg):
        connection.engine._compiled_cache = _COMPILED
