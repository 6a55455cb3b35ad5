"""Migrations under an advisory lock: several processes may start at once, one of them migrates."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, text

import migrations
from core.database import engine_at

LOCK = 0x5A564F4E
"""Key of the advisory lock, «ZVON»; held on a direct connection for the length of the migration."""


async def migrate(url: URL, to: str = "head") -> str:
    """Bring the database up to the newest migration, or to an older one; repeating it changes nothing.

    Returns the number at which it stands then.
    """
    engine = engine_at(url)
    try:
        async with engine.connect() as connection:
            await connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": LOCK})
            await connection.commit()
            try:
                await connection.run_sync(_upgrade, to)
            finally:
                await connection.rollback()
                await connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": LOCK})
                await connection.commit()
            return await connection.run_sync(_number) or "0"
    finally:
        await engine.dispose()


def newest() -> str:
    """Return the number of the newest migration that this code has."""
    return ScriptDirectory.from_config(_config()).get_current_head() or "0"


async def current(url: URL) -> str:
    """Return the number of the migration that the database stands at; ``0`` for an empty one."""
    engine = engine_at(url)
    try:
        async with engine.connect() as connection:
            return await connection.run_sync(_number) or "0"
    finally:
        await engine.dispose()


def _config() -> Config:
    config = Config()
    folder = Path(migrations.__file__).parent
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    return config


def _upgrade(connection: Connection, to: str) -> None:
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, to)


def _number(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()
