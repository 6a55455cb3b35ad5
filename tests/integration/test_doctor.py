"""The doctor against real servers, sound and broken of each kind; it names what is wrong and shows no secret."""

import asyncio
import os
import socket
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from aiohttp import web
from sqlalchemy import URL

from core.database import Database, Role, connect_arguments
from core.events import SchoolKind, SchoolSettings, SchoolState, event, school_subject
from core.outbox import publish
from core.school_time import MachineClock, SchoolClock
from tests.integration.postgres_peer import Lies, lying_postgres
from tests.integration.sandbox_wire import BOT, TOKEN
from tests.integration.smtp_peers import Act, at, fake_smtp
from texts.reader import load
from zvonok.commands import demo
from zvonok.demo.alone import alone
from zvonok.doctor.database import look_at_database, look_at_events
from zvonok.doctor.examination import (
    DEMONSTRATIONS,
    OF_DEMONSTRATION,
    PROBES,
    Report,
    chosen,
    examine,
    refused_settings,
)
from zvonok.doctor.findings import Finding, Grade, Part, Patient, Probe, well
from zvonok.doctor.machine import look_at_clock, look_at_disk, look_at_pages
from zvonok.doctor.mail import look_at_mail
from zvonok.doctor.spelling import misspelt
from zvonok.doctor.telegram import look_at_telegram
from zvonok.migrate import current, newest
from zvonok.postgres import Server, running_postgres
from zvonok.postgres.place import MOVED_NOTE
from zvonok.sandbox.bot_api import BotApiEmulator
from zvonok.sandbox.faults import Garbage, Hang, Refused
from zvonok.sandbox.mail_catcher import MailCatcher
from zvonok.sandbox.mail_certificate import MailCertificate
from zvonok.sandbox.smtp_server import MailAccess
from zvonok.settings import Settings

NOW = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
PASSWORD = "hidden-password"


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No settings of this shell's, no ``.env`` of this checkout's."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("ZVONOK_")]:
        monkeypatch.delenv(name)


def patient(*, ahead: timedelta = timedelta(), **settings: Any) -> Patient:
    """An installation with these settings; the machine's clock is so far ahead."""
    clock = MachineClock(lambda: datetime.now(UTC) + ahead)
    return Patient(Settings(**{"data": Path("data"), **settings}), SchoolClock(), clock)


def codes(found: list[Finding]) -> list[tuple[Grade, str]]:
    return [(finding.grade, finding.code) for finding in found]


def said(found: list[Finding], part: Part) -> str:
    return "\n".join(finding.line(part, load("ru")) for finding in found)


# --- Database -------------------------------------------------------------------------------------------------------


def written(url: URL) -> str:
    return url.render_as_string(hide_password=False)


async def run_sql(url: URL, *statements: str) -> None:
    connection = await asyncpg.connect(**connect_arguments(url))
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


async def test_a_sound_database_is_well(database_url: URL) -> None:
    found = await look_at_database(patient(database_url=written(database_url)))
    assert {grade for grade, _ in codes(found)} == {Grade.WELL}
    assert [code for _, code in codes(found)] == [
        "database-answers",
        "database-migrated",
        "database-roles",
        "database-clock-fits",
    ]


async def test_a_database_that_is_not_there_is_told_apart_from_a_login_that_is_refused(postgres: Server) -> None:
    url = postgres.database("no_such_database")
    assert codes(await look_at_database(patient(database_url=written(url)))) == [(Grade.WRONG, "database-missing")]
    refused = await look_at_database(patient(database_url=written(postgres.url.set(password=PASSWORD))))
    assert codes(refused) == [(Grade.WRONG, "database-login")]
    assert PASSWORD not in said(refused, Part.DATABASE)
    closed = "postgresql://anna:hidden-password@127.0.0.1:1/zvonok"
    assert codes(await look_at_database(patient(database_url=closed))) == [(Grade.WRONG, "database-away")]


@pytest.mark.parametrize(
    ("lies", "code"),
    [
        (Lies(process=4242), "database-pooler"),
        (Lies(version="14.9"), "database-version"),
        (Lies(version="19.0"), "database-version"),
    ],
)
async def test_a_pooler_and_a_strange_version_are_named(postgres: Server, lies: Lies, code: str) -> None:
    async with lying_postgres(postgres.url, lies) as url:
        assert codes(await look_at_database(patient(database_url=written(url)))) == [(Grade.WRONG, code)]


async def test_the_peer_that_tells_the_truth_is_well(database_url: URL) -> None:
    async with lying_postgres(database_url, Lies()) as url:
        found = await look_at_database(patient(database_url=written(url)))
    assert {grade for grade, _ in codes(found)} == {Grade.WELL}


@pytest.mark.parametrize(
    ("moved", "code"),
    [
        ("UPDATE alembic_version SET version_num = '0000'", "database-older"),
        ("UPDATE alembic_version SET version_num = '9999'", "database-newer"),
    ],
)
async def test_tables_of_another_version_are_named(database_url: URL, moved: str, code: str) -> None:
    await run_sql(database_url, moved)
    found = await look_at_database(patient(database_url=written(database_url)))
    assert (Grade.WRONG, code) in codes(found)
    assert newest() in said(found, Part.DATABASE)


async def test_a_login_that_may_not_become_our_roles_is_named(database_url: URL) -> None:
    login = f"visitor_{uuid4().hex[:8]}"
    await run_sql(
        database_url,
        f"CREATE ROLE {login} LOGIN PASSWORD '{PASSWORD}'",
        f"GRANT core TO {login}",
        f"GRANT SELECT ON alembic_version TO {login}",
    )
    try:
        url = database_url.set(username=login, password=PASSWORD)
        found = await look_at_database(patient(database_url=written(url)))
    finally:
        await run_sql(database_url, f"DROP OWNED BY {login}", f"DROP ROLE {login}")
    assert (Grade.WRONG, "database-role-refused") in codes(found)
    assert "bus, gateway, bot." in said(found, Part.DATABASE), "core is granted"


@pytest.mark.parametrize(
    ("minutes", "grade"), [(0, Grade.WELL), (3, Grade.WARNING), (25, Grade.WRONG)], ids=["fresh", "late", "stuck"]
)
async def test_an_outbox_that_nobody_reads_is_seen_by_its_age(database_url: URL, minutes: int, grade: Grade) -> None:
    core = Database(database_url, Role.CORE)
    school, at_time = uuid4(), datetime.now(UTC) - timedelta(minutes=minutes)
    state = SchoolState(kind=SchoolKind.PRIVATE, name="Ш", zone="Asia/Omsk", settings=SchoolSettings())
    async with core.begin() as session:
        made = event(state, subject=school_subject(school), school=school, version=1, at=at_time)
        await publish(session, made)
    await core.close()
    [outbox] = await look_at_events(patient(database_url=written(database_url)))
    assert outbox.grade is grade
    if grade is not Grade.WELL:
        assert f"1, самое старое ждёт {minutes} мин" in outbox.line(Part.DATABASE, load("ru"))


async def test_clocks_that_disagree_are_told_with_their_distance(database_url: URL) -> None:
    found = await look_at_database(patient(ahead=timedelta(seconds=90), database_url=written(database_url)))
    assert codes(found)[-1] == (Grade.WRONG, "database-clock")
    assert "на 90 с" in said(found[-1:], Part.DATABASE)


async def test_an_embedded_database_that_is_still_to_be_made_is_not_made(tmp_path: Path) -> None:
    data = tmp_path / "data"
    assert codes(await look_at_database(patient(data=data))) == [(Grade.OFF, "database-to-be-made")]
    assert codes(await look_at_events(patient(data=data))) == [(Grade.OFF, "outbox-unseen")]
    assert not data.exists(), "the doctor makes nothing"


@pytest.fixture
def reachable() -> Iterator[Path]:
    """A folder that the embedded server's own user can reach, unlike pytest's."""
    with tempfile.TemporaryDirectory(prefix="zvonok-doctor-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


async def test_an_embedded_database_is_looked_at_and_left_as_it_was(reachable: Path) -> None:
    async with running_postgres(reachable / "postgres", throwaway=True) as server:
        found = await look_at_database(patient(data=reachable))
        assert codes(found)[:2] == [(Grade.WELL, "database-answers"), (Grade.WARNING, "database-older")]
        (to_be_made,) = await look_at_database(patient(data=reachable / "elsewhere"))
        assert found[0].details["version"] == to_be_made.details["version"] == server.version
        assert await current(server.url) == "0", "whoever starts next migrates it, not the doctor"


async def test_a_folder_that_is_not_ours_is_told_in_the_words_of_the_embedded_database(tmp_path: Path) -> None:
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres" / "moved-to").write_text("/nowhere/at/all", encoding="utf-8")
    found = await look_at_database(patient(data=tmp_path))
    assert codes(found) == [(Grade.WRONG, "database-embedded")]
    assert "Верните их" in said(found, Part.DATABASE)


async def test_a_database_that_accepts_and_says_nothing_is_given_up() -> None:
    silent: list[asyncio.StreamWriter] = []
    server = await asyncio.start_server(lambda _, writer: silent.append(writer), "127.0.0.1", 0)
    url = f"postgresql://u:hidden@127.0.0.1:{server.sockets[0].getsockname()[1]}/d"
    probes: dict[Part, Probe] = {Part.DATABASE: look_at_database, Part.EVENTS: look_at_events}
    report = await examine(patient(database_url=url), [], probes=probes, limit=timedelta(seconds=0.5))
    for writer in silent:
        writer.close()
    server.close()
    await server.wait_closed()
    assert codes(list(report.findings[Part.DATABASE])) == [(Grade.WRONG, "timed-out")]
    assert "hidden" not in "".join(report.lines(load("ru")))


# --- Telegram -------------------------------------------------------------------------------------------------------


async def test_a_bot_that_is_known_is_well() -> None:
    async with BotApiEmulator(BOT) as emulator:
        found = await look_at_telegram(patient(telegram_token=TOKEN, telegram_base_url=emulator.base_url))
        assert {request.method for request in emulator.log.of(None)} == {"getMe", "getWebhookInfo"}
    assert codes(found) == [(Grade.WELL, "telegram-well")]
    assert "@school_bot" in said(found, Part.TELEGRAM)


async def test_no_token_is_no_trouble() -> None:
    assert codes(await look_at_telegram(patient())) == [(Grade.OFF, "telegram-off")]


async def test_a_token_that_is_not_known_is_told_and_never_shown() -> None:
    async with BotApiEmulator(BOT) as emulator:
        other = "777:hidden"
        found = await look_at_telegram(patient(telegram_token=other, telegram_base_url=emulator.base_url))
    assert codes(found) == [(Grade.WRONG, "telegram")]
    words = said(found, Part.TELEGRAM)
    assert "@BotFather" in words
    assert "hidden" not in words


@pytest.mark.parametrize(
    ("effect", "words"),
    [
        (Refused(502, "Bad Gateway"), "ошибка на той стороне"),
        (Garbage(), "отвечает не Bot API"),
        (Hang(), "не отвечает"),
    ],
)
async def test_an_answer_that_is_none_is_told(effect: Any, words: str) -> None:
    async with BotApiEmulator(BOT) as emulator:
        emulator.faults.arm(effect)
        sick = patient(telegram_token=TOKEN, telegram_base_url=emulator.base_url, telegram_timeout_seconds=0.3)
        found = await look_at_telegram(sick)
        emulator.faults.lift_all()
    assert codes(found) == [(Grade.WRONG, "telegram")]
    assert words in said(found, Part.TELEGRAM)


async def test_a_telegram_out_of_reach_and_a_proxy_out_of_reach_are_told_apart() -> None:
    away = await look_at_telegram(patient(telegram_token=TOKEN, telegram_base_url="http://127.0.0.1:1"))
    assert away[0].details["reason"] == "connect-failed"
    proxy = "http://anna:hidden@127.0.0.1:1"
    behind = await look_at_telegram(
        patient(telegram_token=TOKEN, telegram_base_url="http://127.0.0.1:2", telegram_proxy=proxy)
    )
    assert behind[0].details["reason"] == "proxy-failed"
    assert "hidden" not in said(behind, Part.TELEGRAM)


async def test_a_phone_and_a_mailbox_for_trials_that_do_not_run_are_named_with_their_commands() -> None:
    wires: dict[str, Any] = {"telegram_token": TOKEN, "telegram_base_url": "http://127.0.0.1:1"}
    wires |= {"mail_host": "127.0.0.1", "mail_port": 1, "mail_from": "s@example.org", "mail_security": "plain"}
    for sandbox in (True, False):
        sick = patient(sandbox=sandbox, **wires)
        assert said(await look_at_telegram(sick), Part.TELEGRAM).endswith("zvonok phone") is sandbox
        assert said(await look_at_mail(sick), Part.MAIL).endswith("zvonok mailbox") is sandbox


@asynccontextmanager
async def bot_api(webhook: dict[str, Any], *, ahead: timedelta = timedelta()) -> AsyncIterator[str]:
    """Answer the two questions as the Bot API's documentation shows, with this state of the webhook."""

    async def answer(request: web.Request) -> web.Response:
        result = webhook if request.path.endswith("getWebhookInfo") else {"id": 42, "is_bot": True, "username": "b"}
        date = (datetime.now(UTC) + ahead).strftime("%a, %d %b %Y %H:%M:%S GMT")
        return web.json_response({"ok": True, "result": result}, headers={"Date": date})

    app = web.Application()
    app.router.add_get("/{tail:.*}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@pytest.mark.parametrize(
    ("webhook", "ahead", "code"),
    [
        ({"url": "https://old.example/hook"}, timedelta(), (Grade.WRONG, "telegram-webhook")),
        ({"url": "", "pending_update_count": 4000}, timedelta(), (Grade.WARNING, "telegram-waiting")),
        ({"url": ""}, timedelta(minutes=7), (Grade.WARNING, "telegram-clock")),
    ],
)
async def test_what_stands_in_the_way_of_polling_is_told(
    webhook: dict[str, Any], ahead: timedelta, code: tuple[Grade, str]
) -> None:
    async with bot_api(webhook, ahead=ahead) as address:
        found = await look_at_telegram(patient(telegram_token=TOKEN, telegram_base_url=address))
    assert codes(found) == [(Grade.WELL, "telegram-well"), code]


# --- Mail -----------------------------------------------------------------------------------------------------------


def account(port: int, **settings: Any) -> Patient:
    plain: dict[str, Any] = {
        "mail_host": "127.0.0.1",
        "mail_port": port,
        "mail_security": "plain",
        "mail_from": "school@example.org",
    }
    return patient(**(plain | {"mail_timeout_seconds": 0.5} | settings))


async def test_an_account_behind_starttls_and_a_password_is_well_and_no_letter_leaves(tmp_path: Path) -> None:
    certificate = MailCertificate(tmp_path / "tls")
    access = MailAccess("school", PASSWORD, certificate, require_tls=True)
    async with MailCatcher(tmp_path / "mail", access=access) as catcher:
        settings = {
            "mail_security": "starttls",
            "mail_ca_file": certificate.ca_file,
            "mail_user": "school",
            "mail_timeout_seconds": 5,
        }
        found = await look_at_mail(account(catcher.port, mail_password=PASSWORD, **settings))
        assert codes(found) == [(Grade.WELL, "mail-well")]
        refused = await look_at_mail(account(catcher.port, mail_password="wrong", **settings))
        assert refused[0].details["reason"] == "credential-refused"
        assert "ZVONOK_MAIL_PASSWORD" in said(refused, Part.MAIL)
        unsure = await look_at_mail(account(catcher.port, **(settings | {"mail_ca_file": None, "mail_user": None})))
        assert unsure[0].details["reason"] == "tls-failed"
        assert catcher.log == ()
    assert not list((tmp_path / "mail").glob("*.eml"))


@pytest.mark.parametrize(
    ("step", "reply", "settings", "code", "reason"),
    [
        ("GREETING", "554 no service", {}, "mail-connection", "greeting-refused"),
        ("GREETING", "200 HTTP?", {}, "mail-connection", "garbled-reply"),
        ("GREETING", Act.HANG, {}, "mail-connection", "connect-timeout"),
        ("EHLO", "250 fake", {"mail_security": "starttls"}, "mail-connection", "no-tls-offered"),
        ("MAIL", "553 5.7.1 not yours", {}, "mail-sender", "policy"),
        ("MAIL", "553 sender not owned by user", {}, "mail-sender", "sender-refused"),
        ("MAIL", "450 4.7.1 greylisted", {}, "mail-sender", "temporary"),
        ("MAIL", "421 closing", {}, "mail-sender", "service-closing"),
        ("MAIL", Act.CUT, {}, "mail-sender", "connection-lost-before-send"),
        ("MAIL", Act.HANG, {}, "mail-sender", "connection-lost-before-send"),
    ],
)
async def test_a_mail_server_that_refuses_is_named_with_its_reason(
    step: str, reply: Any, settings: dict[str, Any], code: str, reason: str
) -> None:
    async with fake_smtp(at(step, reply)) as fake:
        found = await look_at_mail(account(fake.port, **settings))
        assert "RCPT" not in "".join(fake.steps), "no recipient is ever named"
    assert (found[-1].grade, found[-1].code, found[-1].details["reason"]) == (Grade.WRONG, code, reason)
    assert f"127.0.0.1:{fake.port}" in said(found, Part.MAIL)


async def test_a_mail_server_out_of_reach_is_told() -> None:
    assert (await look_at_mail(account(1)))[0].details["reason"] == "connect-failed"
    assert codes(await look_at_mail(patient())) == [(Grade.OFF, "mail-off")]


# --- Machine --------------------------------------------------------------------------------------------------------


async def test_a_folder_that_can_be_written_is_well_and_a_file_in_its_place_is_not(tmp_path: Path) -> None:
    assert codes(await look_at_disk(patient(data=tmp_path / "not" / "yet"))) == [(Grade.WELL, "disk-well")]
    (tmp_path / "file").write_text("")
    found = await look_at_disk(patient(data=tmp_path / "file"))
    assert codes(found) == [(Grade.WRONG, "disk-not-a-folder")]


async def test_files_with_secrets_that_others_may_read_are_named(tmp_path: Path) -> None:
    for path in (tmp_path / ".env", tmp_path / "secret"):
        path.write_text("x" * 32)
        path.chmod(0o640)
    found = await look_at_disk(patient(data=tmp_path))
    assert codes(found)[1:] == [(Grade.WRONG, "secret-open")] * 2
    assert "chmod 600 .env" in said(found, Part.DISK)
    (tmp_path / ".env").chmod(0o600)
    (tmp_path / "secret").chmod(0o600)
    assert len(await look_at_disk(patient(data=tmp_path))) == 1


async def test_time_zones_are_there_and_a_moved_clock_is_mentioned() -> None:
    assert codes(await look_at_clock(patient())) == [(Grade.WELL, "zones-well")]
    moved = patient(sandbox=True, school_clock_offset_seconds=3600)
    there = SchoolClock(source=lambda: NOW + timedelta(minutes=35))
    found = await look_at_clock(Patient(moved.settings, there, moved.machine_clock))
    assert (Grade.WARNING, "clock-moved") in codes(found)
    assert "сейчас на них 24.11.2026, 8:35 по Москве" in said(found, Part.CLOCK)


async def test_pages_are_looked_at_where_they_are_set_up() -> None:
    assert codes(await look_at_pages(patient())) == [(Grade.OFF, "pages-off")]
    with socket.create_server(("127.0.0.1", 0)) as taken:
        pages = {"public_url": "https://school.example", "web_port": taken.getsockname()[1]}
        assert codes(await look_at_pages(patient(**pages))) == [(Grade.WARNING, "port-taken")]
    assert codes(await look_at_pages(patient(**pages))) == [(Grade.WELL, "port-free")]


# --- The whole ------------------------------------------------------------------------------------------------------


def test_a_misspelt_name_is_told_with_the_nearest_right_one(tmp_path: Path) -> None:
    env_file = tmp_path / ".env"
    env_file.write_text("ZVONOK_MAIL_HOTS=mail.example\nTELEGRAM_TOKEN=1:hidden\nPOSTGRES_PASSWORD=hidden\n", "utf-8")
    names = ["ZVONOK_DATABSE_URL", "ZVONOK_SECRET", "zvonok_data", "ZVONK_SECRET", "ZVONOK_WEATHER", "PATH", "HOME"]
    found = misspelt(names, env_file)
    pairs = [(finding.code, finding.details["name"], finding.details.get("right")) for finding in found]
    assert pairs == [
        ("name-misspelt", "ZVONK_SECRET", "ZVONOK_SECRET"),
        ("name-misspelt", "ZVONOK_DATABSE_URL", "ZVONOK_DATABASE_URL"),
        ("name-unknown", "ZVONOK_WEATHER", None),
        ("name-misspelt", "ZVONOK_MAIL_HOTS", "ZVONOK_MAIL_HOST"),
        ("name-bare", "TELEGRAM_TOKEN", "ZVONOK_TELEGRAM_TOKEN"),
    ]
    words = said(found, Part.SETTINGS)
    assert "Похоже, имелось в виду ZVONOK_MAIL_HOST" in words
    assert "hidden" not in words


async def test_parts_do_not_wait_for_each_other() -> None:
    released = asyncio.Event()

    async def hangs(_: Patient) -> list[Finding]:
        await released.wait()
        return []

    async def answers(_: Patient) -> list[Finding]:
        return [well("zones-well")]

    probes: dict[Part, Probe] = {Part.MAIL: hangs, Part.CLOCK: answers}
    limit = timedelta(seconds=0.2)
    report = await examine(patient(mail_host="h", mail_from="a@b.ru"), [], probes=probes, limit=limit)
    assert codes(list(report.findings[Part.MAIL])) == [(Grade.WRONG, "timed-out")]
    assert codes(list(report.findings[Part.CLOCK])) == [(Grade.WELL, "zones-well")]
    assert report.code == 1


async def test_the_exit_code_tells_well_from_wrong_from_wrong_settings() -> None:
    def verdict(*grades: Grade) -> tuple[int, str]:
        report = Report({Part.MAIL: [Finding(grade, "zones-old", {"zone": "Z"}) for grade in grades]})
        return report.code, report.lines(load("ru"))[-1]

    assert verdict(Grade.WELL, Grade.OFF) == (0, "Всё в порядке.")
    assert verdict(Grade.WARNING)[0] == 0
    assert verdict(Grade.WELL, Grade.WRONG, Grade.WARNING) == (1, "Нужно исправить: 1.")
    assert verdict(Grade.WRONG, Grade.SETTINGS) == (2, "Нужно исправить: 2.")
    refused = refused_settings(["ZVONOK_MAIL_PORT: нужно число."], [])
    assert refused.code == 2
    assert "ZVONOK_MAIL_PORT: нужно число." in refused.lines(load("ru"))[0]


async def test_an_installation_without_any_channel_is_told(database_url: URL) -> None:
    report = await examine(patient(database_url=written(database_url)), [], probes={})
    assert codes(list(report.findings[Part.SETTINGS])) == [
        (Grade.WELL, "settings-read"),
        (Grade.WRONG, "no-channel"),
        (Grade.WARNING, "secret-in-folder"),
    ]


async def test_a_demonstrations_folder_is_not_called_broken(tmp_path: Path) -> None:
    with alone(tmp_path / "demo"):
        report = await examine(patient(data=tmp_path / "demo"), [], probes={})
    assert codes(list(report.findings[Part.SETTINGS])) == [(Grade.OFF, "demo")]
    assert report.code == 0
    assert set(chosen((), Settings(data=tmp_path / "demo"))) == set(OF_DEMONSTRATION)
    assert set(chosen([Part.MAIL], Settings(data=tmp_path / "demo"))) == {Part.MAIL}
    assert set(chosen((), Settings(data=tmp_path))) == set(PROBES)


async def test_beside_a_demonstration_it_is_said_what_was_examined_and_how_to_examine_the_other(tmp_path: Path) -> None:
    assert set(DEMONSTRATIONS) == {demo.FOLDER, demo.CHECKED_FOLDER}
    (tmp_path / "demo" / "postgres").mkdir(parents=True)
    (tmp_path / "demo" / "postgres" / MOVED_NOTE).touch()
    report = await examine(patient(data=tmp_path), [], probes={})
    found = list(report.findings[Part.SETTINGS])
    assert codes(found) == [(Grade.WELL, "settings-read"), (Grade.OFF, "not-begun"), (Grade.OFF, "demo-beside")]
    told = report.lines(load("ru"))
    assert told[0].endswith(f"Проверяется установка в папке {tmp_path}.")
    assert told[2].endswith(f"ZVONOK_DATA={tmp_path / 'demo'} zvonok doctor")
    assert report.code == 0, "nothing is broken: nothing was begun"


async def test_every_part_is_looked_at_and_every_finding_has_words() -> None:
    assert [Part.SETTINGS, *PROBES] == list(Part)
    for part in Part:
        assert load("ru").has(f"doctor-part-{part}")
