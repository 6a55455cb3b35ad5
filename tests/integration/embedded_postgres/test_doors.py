"""Who gets in, and what is told to whom."""

from pathlib import Path

import asyncpg
import pytest

from tests.integration.embedded_postgres.processes import KEPT, ask, connected, living, mode, told
from zvonok.postgres import running_postgres


async def test_nobody_gets_in_without_the_password(data: Path) -> None:
    rules = [line.split() for line in (data / "cluster" / "pg_hba.conf").read_text(encoding="utf-8").splitlines()]
    methods = {rule[-1] for rule in rules if rule and not rule[0].startswith("#")}
    assert methods == {"scram-sha-256"}
    async with running_postgres(data) as server:
        assert await ask(server.url, "SHOW listen_addresses") == ""
        with pytest.raises(asyncpg.InvalidPasswordError):
            async with connected(server.url, "postgres"):
                pytest.fail("let in")
        socket = Path(str(server.url.query["host"]))
        for place in (socket, data / "cluster"):
            assert mode(place) == 0o700
        assert mode(data / "password") == 0o600


async def test_the_password_is_in_no_command_line_log_or_text(data: Path) -> None:
    password = (data / "password").read_text(encoding="utf-8").strip()
    assert len(password) >= 24
    async with running_postgres(data) as server, connected(server.url) as connection:
        with pytest.raises(asyncpg.PostgresError):
            await connection.execute(f"ALTER ROLE nosuch PASSWORD '{password}'")
        with pytest.raises(asyncpg.InvalidPasswordError):
            async with connected(server.url, "wrong" + password):
                pytest.fail("let in")
        assert password not in repr(server) + str(server) + str(server.url) + repr(server.url)
        for pid in living(data):
            assert password.encode() not in told(pid)
    log = (data / "server.log").read_text(encoding="utf-8")
    assert "ready to accept connections" in log
    assert password not in log


async def test_values_of_rows_do_not_reach_the_log(data: Path) -> None:
    async with running_postgres(data) as server, connected(server.url) as connection:
        await connection.execute("CREATE UNIQUE INDEX ON kept (name)")
        with pytest.raises(asyncpg.UniqueViolationError):
            await connection.execute("INSERT INTO kept VALUES ('Ёлкина')")
        with pytest.raises(asyncpg.DataError):
            await connection.execute("SELECT 'Ёлкина'::int")
    assert "Ёлкина" not in (data / "server.log").read_text(encoding="utf-8")


async def test_our_secrets_do_not_reach_the_servers_environment(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZVONOK_TELEGRAM_TOKEN", "12345:secret")
    monkeypatch.setenv("PGPORT", "6543")
    monkeypatch.setenv("PGDATA", "/nonexistent")
    async with running_postgres(data) as server:
        assert await ask(server.url, KEPT) == "Ёлкина"
        for pid in living(data):
            assert b"12345:secret" not in told(pid)
