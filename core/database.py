"""Connections to PostgreSQL, each under the role of its room, so that the walls stand in the database too."""

import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from sqlalchemy import URL
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

MODE, AUTHORITIES = "sslmode", "sslrootcert"
"""How the wire is secured, in the words of libpq; they stand in the address, and so reach whoever connects."""
VERIFIED, ONLY_SIGNED, UNVERIFIED = "verify-full", "verify-ca", "require"
SYSTEM = "system"
"""As ``sslrootcert``: the machine's own authorities."""


class Role(StrEnum):
    """Roles of the database; each may touch only its room's schema and its side of the bus."""

    CORE = "core"
    BUS = "bus"
    GATEWAY = "gateway"
    BOT = "bot"


type Connect = Callable[..., Awaitable[Any]]
"""Opens one connection of the driver; takes what ``asyncpg.connect`` takes."""

_SETTINGS = {"random_page_cost": "1.1"}
"""The server takes its disk for a turning one and would rather read all schools' rows than look ours up by an index."""


class Database:
    """One pool of connections under one role.

    The role is a parameter of the connection's start, so it costs no statement and survives ``RESET ALL``. It needs a
    direct connection: a transaction pooler would mix roles (house.md §3: gateway and bots connect directly).
    """

    def __init__(
        self, url: URL, role: Role, *, pool_size: int = 8, name: str = "zvonok", connect: Connect | None = None
    ) -> None:
        """``connect`` opens the driver's connections in place of ``asyncpg.connect``, with the same arguments."""
        self.role = role
        self.url = url
        settings = {**_SETTINGS, "role": role.value, "application_name": f"{name}:{role.value}"}
        hook = {} if connect is None else {"async_creator_fn": connect}
        self.engine: AsyncEngine = engine_at(
            url, pool_size=pool_size, max_overflow=0, connect_args={"server_settings": settings, **hook}
        )
        self._sessions = async_sessionmaker(self.engine, expire_on_commit=False)
        self._after_commit: list[Callable[[AsyncSession], None]] = []

    def after_commit(self, call: Callable[[AsyncSession], None]) -> None:
        """Call ``call`` after each committed transaction of this pool; it must not block."""
        self._after_commit.append(call)

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncSession]:
        """Open one transaction: committed at the end of the block, rolled back if the block raises."""
        async with self._sessions.begin() as session:
            yield session
        for call in self._after_commit:
            call(session)

    async def close(self) -> None:
        """Close the pool."""
        await self.engine.dispose()


def connect_arguments(url: URL) -> dict[str, Any]:
    """Return what ``asyncpg.connect`` needs to reach the same database without SQLAlchemy (for LISTEN).

    The host may stand in the query, as it does for a unix socket's folder. Raises ``OSError`` if the file of
    authorities cannot be read.
    """
    arguments = {
        "host": url.host or url.query.get("host"),
        "port": url.port or url.query.get("port"),
        "user": url.username,
        "password": url.password,
        "database": url.database,
    }
    return {name: value for name, value in arguments.items() if value is not None} | _security(url)


def engine_at(url: URL, *, connect_args: Mapping[str, Any] = MappingProxyType({}), **pool: Any) -> AsyncEngine:
    """Make an engine whose connections are secured as the address says. Raises as ``connect_arguments``."""
    return create_async_engine(
        url.difference_update_query([MODE, AUTHORITIES]),
        connect_args={**connect_args, **_security(url)},
        hide_parameters=True,  # an error's text must not carry names and addresses
        **pool,
    )


def _security(url: URL) -> dict[str, Any]:
    """Return the driver's ``ssl``; nothing if the address does not say, and then the driver does as it likes.

    As libpq does, ``require`` with authorities checks who signed; the driver itself knows no authorities of the
    machine (``system``), so that whatever is checked is checked by a context of ours.
    """
    mode, authorities = (_asked(url, name) for name in (MODE, AUTHORITIES))
    if mode == UNVERIFIED and authorities is not None:
        mode = ONLY_SIGNED
    if mode not in {VERIFIED, ONLY_SIGNED}:
        return {} if mode is None else {"ssl": mode}
    context = ssl.create_default_context(cafile=None if authorities == SYSTEM else authorities)
    context.check_hostname = mode == VERIFIED
    return {"ssl": context}


def _asked(url: URL, name: str) -> str | None:
    value = url.query.get(name)
    return value if value is None or isinstance(value, str) else value[-1]
