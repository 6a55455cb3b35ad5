"""The wire to a database of another machine: encrypted, and only to whoever proves to be that machine.

The server stands on the loopback; what counts is how the address says that the wire is secured
(``tests/unit/test_open_wires.py`` says when it does).
"""

import asyncio
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg
import pytest
import pytest_asyncio
from sqlalchemy import URL, text

from core.database import Database, Role, connect_arguments
from core.school_time import MachineClock, SchoolClock
from tests.integration.debian_postgres import debian_server
from tests.ports import free_port
from texts.reader import load
from zvonok import migrate
from zvonok.doctor.database import look_at_database
from zvonok.doctor.findings import Finding, Grade, Part, Patient
from zvonok.installation import installation
from zvonok.postgres.account import server_account
from zvonok.sandbox.mail_certificate import MailCertificate
from zvonok.settings import read_settings
from zvonok.trouble import InstallationError

DEBIAN_15 = Path("/usr/lib/postgresql/15/bin")
"""The embedded one is built without TLS."""
pytestmark = pytest.mark.debian("postgresql-15", "/usr/lib/postgresql/15/bin/postgres")
NAME = "Zvonok-Zolotaryova"
NOBODYS = "127.0.0.2"
"""An address of this machine for which the certificate is not."""


@dataclass(frozen=True)
class Secured:
    """A server with TLS, and the authority that signed its certificate."""

    url: URL
    port: int
    ca_file: Path

    def address(self, mode: str = "", *, host: str = "127.0.0.1", port: int = 0, ca: bool = True) -> str:
        query = ({"sslmode": mode} if mode else {}) | ({"sslrootcert": str(self.ca_file)} if ca else {})
        there = self.url.set(drivername="postgresql", host=host, port=port or self.port, query=query)
        return there.render_as_string(hide_password=False)

    def reached(self, mode: str = "", *, host: str = "127.0.0.1", port: int = 0, ca: bool = True) -> URL:
        """Return an address as it is connected to."""
        url = read_settings(database_url=self.address(mode, host=host, port=port, ca=ca)).server_url()
        assert url is not None
        return url


@dataclass
class Relay:
    """Somebody on the wire, who reads everything that passes."""

    to: int
    heard: bytearray = field(default_factory=bytearray)

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[int]:
        """Give the port at which it pretends to be the server."""
        running: list[asyncio.Task[None]] = []

        async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            while piece := await reader.read(1 << 16):
                self.heard += piece
                writer.write(piece)
                await writer.drain()
            writer.close()

        async def meet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            there, back = await asyncio.open_connection("127.0.0.1", self.to)
            running.extend(asyncio.create_task(pass_on(*pair)) for pair in ((reader, back), (there, writer)))

        server = await asyncio.start_server(meet, "127.0.0.1", 0)
        async with server:
            yield server.sockets[0].getsockname()[1]
        if running:
            await asyncio.wait(running, timeout=10)


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """A folder that the server's account can enter."""
    made = Path(tempfile.mkdtemp(prefix="zvonok-tls-"))
    yield made
    shutil.rmtree(made)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def server(folder: Path) -> AsyncIterator[Secured]:
    certificate = MailCertificate(folder)
    await asyncio.to_thread(certificate.server_context)
    pem, port = folder / "server.pem", free_port()
    if os.geteuid() == 0:
        account = server_account()
        for path in (folder, pem, certificate.ca_file):
            os.chown(path, account.uid, account.gid)
    settings = (f"listen_addresses=127.0.0.1,{NOBODYS}", "ssl=on")
    files = (f"ssl_cert_file={pem}", f"ssl_key_file={pem}")
    async with debian_server(DEBIAN_15, *settings, *files, port=port) as url:
        yield Secured(url, port, certificate.ca_file)


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No settings of this shell's, no ``.env`` of this checkout's."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith(("ZVONOK_", "PG"))]:
        monkeypatch.delenv(name)


async def look(address: str) -> list[Finding]:
    return await look_at_database(Patient(read_settings(database_url=address), SchoolClock(), MachineClock()))


async def is_encrypted(url: URL) -> bool:
    """Ask the server over a wire of the driver's, as the bell of the outbox has it."""
    connection = await asyncpg.connect(**connect_arguments(url))
    try:
        return bool(await connection.fetchval("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"))
    finally:
        await connection.close()


async def pools(server: Secured) -> set[bool]:
    """Look from the side whether what the pools have open is encrypted: their role sees no other's session."""
    connection = await asyncpg.connect(**connect_arguments(server.url))
    try:
        query = "SELECT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE application_name = 'zvonok:core'"
        return {row["ssl"] for row in await connection.fetch(query)}
    finally:
        await connection.close()


@pytest.mark.req("BACK-06", "CONS-11")
async def test_who_reads_along_on_the_wire_reads_nothing(server: Secured) -> None:
    await migrate.migrate(server.reached("verify-full"))

    async def heard(mode: str) -> bytes:
        relay = Relay(server.port)
        async with relay.listening() as port:
            database = Database(server.reached(mode, port=port), Role.CORE)
            async with database.begin() as session:
                assert await session.scalar(text("SELECT CAST(:name AS text)"), {"name": NAME}) == NAME
            await database.close()
        return bytes(relay.heard)

    assert NAME.encode() in await heard("disable"), "the relay does read what is open"
    closed = await heard("verify-full")
    assert len(closed) > 1000
    assert NAME.encode() not in closed
    assert b"SELECT" not in closed


@pytest.mark.parametrize("mode", ["verify-full", "verify-ca", "require"])
async def test_pools_bells_and_migrations_are_encrypted(server: Secured, mode: str) -> None:
    url = server.reached(mode)
    assert await is_encrypted(url)
    assert await migrate.migrate(url) == await migrate.current(url) == migrate.newest()
    database = Database(url, Role.CORE)
    async with database.begin() as session:
        await session.execute(text("SELECT 1"))
        assert await pools(server) == {True}
    await database.close()
    assert not await is_encrypted(server.reached("disable"))


async def test_an_installation_lives_over_tls(server: Secured, tmp_path: Path) -> None:
    await migrate.migrate(server.reached("verify-full"))
    settings = read_settings(data=tmp_path, database_url=server.address("verify-full"))
    async with installation(settings) as here, here.journal() as database, database.begin() as session:
        await session.execute(text("SELECT 1"))
        assert await pools(server) == {True}
    assert {finding.grade for finding in await look(server.address("verify-full"))} == {Grade.WELL}


@pytest.mark.parametrize(
    ("host", "kind"),
    [("127.0.0.1", "signer"), (NOBODYS, "name")],
)
async def test_a_server_that_does_not_prove_who_it_is_gets_nothing(
    server: Secured, tmp_path: Path, host: str, kind: str
) -> None:
    address = server.address("verify-full", host=host, ca=kind == "name")
    [found] = await look(address)
    assert (found.grade, found.code, found.details) == (Grade.WRONG, "database-certificate", {"kind": kind})
    line = found.line(Part.DATABASE, load("ru"))
    assert ("sslrootcert" in line) is (kind == "signer")
    assert str(server.url.password) not in line
    with pytest.raises(InstallationError, match="не от кого верить" if kind == "signer" else "выдан на другое имя"):
        async with installation(read_settings(data=tmp_path, database_url=address)):
            raise AssertionError("it opened")


async def test_who_asks_for_the_signer_alone_gets_in_under_another_name(server: Secured) -> None:
    assert await is_encrypted(server.reached("verify-ca", host=NOBODYS))


async def test_a_server_without_tls_is_named(tmp_path: Path) -> None:
    async def decline(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Say no to the request for TLS, as a server without it does (its protocol, «SSL Session Encryption»)."""
        assert await reader.readexactly(8) == bytes([0, 0, 0, 8, 4, 210, 22, 47])
        writer.write(b"N")
        await writer.drain()
        assert await reader.read() == b"", "nothing is said in the open"
        writer.close()

    peer = await asyncio.start_server(decline, "127.0.0.1", 0)
    async with peer:
        port = peer.sockets[0].getsockname()[1]
        address = f"postgresql://u:hidden@127.0.0.1:{port}/z?sslmode=verify-full"
        [found] = await look(address)
        assert (found.grade, found.code) == (Grade.WRONG, "database-no-tls")
        assert "ssl = on" in found.line(Part.DATABASE, load("ru"))
        with pytest.raises(InstallationError, match="Сервер не умеет шифровать связь"):
            async with installation(read_settings(data=tmp_path, database_url=address)):
                raise AssertionError("it opened")
