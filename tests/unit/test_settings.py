"""Settings: read from the environment and .env; whatever is wrong is named in Russian and never repeated."""

import re
import stat
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from core.account.accounts import CODE_LENGTH
from zvonok.secret import Secret, read_secret
from zvonok.settings import Settings, SettingsError, read_settings

TOKEN = "123456:ABCDEFGHIJKLMNOPQRSTUVWXYZ-abcdefghi"
TELEGRAM = {"TELEGRAM_TOKEN": TOKEN}
MAIL = {"MAIL_HOST": "mail.example", "MAIL_FROM": "bell@example.org"}
SANDBOX = {"SANDBOX": "true"}


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Stand in an empty folder with none of our variables."""
    monkeypatch.chdir(tmp_path)
    for name in ("ZVONOK_" + field.upper() for field in Settings.model_fields):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> "Given":
    return Given(monkeypatch)


class Given:
    """Sets variables of the environment."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch

    def __call__(self, values: Mapping[str, str]) -> None:
        for name, value in values.items():
            self._monkeypatch.setenv(f"ZVONOK_{name}", value)


def wrong() -> str:
    with pytest.raises(SettingsError) as refusal:
        read_settings()
    error = refusal.value
    assert error.__cause__ is None
    assert error.__suppress_context__ or error.__context__ is None, "its origin holds the value"
    return str(error)


def test_without_any_setting_there_is_a_school_without_channels() -> None:
    settings = read_settings()
    assert (settings.data, settings.server_url(), settings.secret) == (Path("var"), None, None)
    assert (settings.telegram(), settings.mail()) == (None, None)
    assert settings.school_clock_offset == timedelta()


def test_every_setting_is_read_from_its_variable(given: Given, tmp_path: Path) -> None:
    given(
        {
            **TELEGRAM,
            **MAIL,
            **SANDBOX,
            "DATA": str(tmp_path / "here"),
            "DATABASE_URL": "postgres://u:p%40ss@host:6000/db",
            "SECRET": "x" * 32,
            "TELEGRAM_BASE_URL": "http://127.0.0.1:9000/bots",
            "TELEGRAM_PROXY": "http://u:p@proxy:3128",
            "TELEGRAM_RATE": "20.5",
            "TELEGRAM_TIMEOUT_SECONDS": "3",
            "MAIL_PORT": "2525",
            "MAIL_SECURITY": "tls",
            "MAIL_USER": "bell",
            "MAIL_PASSWORD": "hidden",
            "MAIL_FROM_NAME": "Школа",
            "MAIL_RATE": "1",
            "MAIL_TIMEOUT_SECONDS": "4",
            "PUBLIC_URL": "https://Zvonok.School.example:8443/",
            "WEB_HOST": "127.0.0.2",
            "WEB_PORT": "9000",
            "LEASE_SECONDS": "2",
            "SCHOOL_CLOCK_OFFSET_SECONDS": "-3600",
            "LOG_LEVEL": "warning",
        }
    )
    settings = read_settings()
    telegram, mail, url = settings.telegram(), settings.mail(), settings.server_url()
    assert telegram is not None
    assert mail is not None
    assert url is not None
    assert (url.drivername, url.host, url.port, url.password) == ("postgresql+asyncpg", "host", 6000, "p@ss")
    assert (telegram.token, telegram.base_url, telegram.proxy) == (
        TOKEN,
        "http://127.0.0.1:9000/bots",
        "http://u:p@proxy:3128",
    )
    assert (telegram.timeout, settings.telegram_rate) == (timedelta(seconds=3), 20.5)
    assert (mail.host, mail.port, mail.security.value, mail.username) == ("mail.example", 2525, "tls", "bell")
    assert (mail.sender_address, mail.sender_name, mail.timeout) == ("bell@example.org", "Школа", timedelta(seconds=4))
    assert settings.public_url == "https://zvonok.school.example:8443"
    assert (settings.web_host, settings.web_port) == ("127.0.0.2", 9000)
    assert (settings.lease_seconds, settings.log_level, settings.data) == (2, "warning", tmp_path / "here")
    assert settings.school_clock_offset == timedelta(hours=-1)


OIDC = {
    "OIDC_ISSUER": "https://esia.example",
    "OIDC_CLIENT_ID": "zvonok",
    "OIDC_CLIENT_SECRET": "hidden",
    "PUBLIC_URL": "https://zvonok.example",
}
MAX = {"MAX_TOKEN": "f9LHodD0cOL-token"}
WORDS = {"postgresql", "user", "host", "mail", "http", "sslmode", "sslrootcert", "verify"}
"""Words of the form itself, which a sentence about it may use."""
WRONG: list[tuple[str, str, Mapping[str, str], str]] = [
    ("DATABASE_URL", "сюда", {}, "нужен вид postgresql://"),
    ("DATABASE_URL", "", {}, "нужен вид postgresql://"),
    ("DATABASE_URL", "mysql://user:hidden-part@host/db", {}, "нужен PostgreSQL"),
    ("DATABASE_URL", "postgresql://user:p@hidden:part@host/db", {}, "нужен вид postgresql://"),
    ("DATABASE_URL", "postgresql://user:hidden@host:port/db", {}, "нужен вид postgresql://"),
    ("DATABASE_URL", "postgresql://host/db?hostaddr=hidden", {}, "только host, port, sslmode и sslrootcert"),
    ("DATABASE_URL", "postgresql://host/db?sslmode=require&sslmode=hidden", {}, "только host, port, sslmode"),
    ("DATABASE_URL", "postgresql://host/db?host=hidden", {}, "сервер должен быть назван один раз"),
    ("DATABASE_URL", "postgresql:///db?host=one,hidden", {}, "сервер должен быть назван один раз"),
    ("DATABASE_URL", "postgresql://host/db?sslmode=hidden", {}, "sslmode бывает verify-full"),
    ("DATABASE_URL", "postgresql://host/db?sslmode=verify-ca", {}, "нужен sslrootcert"),
    ("DATABASE_URL", "postgresql://host/db?sslrootcert=/no/such/hidden.pem", {}, "не читается"),
    ("PROTECTED_HOSTS", "db hidden", {}, "нужны имена, адреса или сети через запятую"),
    ("PROTECTED_HOSTS", "db.lan;hidden.lan", {}, "нужны имена, адреса или сети через запятую"),
    ("PROTECTED_HOSTS", "10.0.0.0/33", {}, "нужны имена, адреса или сети через запятую"),
    ("PROTECTED_HOSTS", "0.0.0.0/0", {}, "назовите серверы по одному"),
    ("PROTECTED_HOSTS", "db.lan,::/0", {}, "назовите серверы по одному"),
    ("PROTECTED_HOSTS", "8.8.8.0/24", {}, "назовите серверы по одному"),
    ("SECRET", "hidden", {}, "нужно не меньше 32 знаков"),
    ("TELEGRAM_TOKEN", "hidden", {}, "нужен вид 123456:ABC"),
    ("TELEGRAM_TOKEN", "", {}, "нужен вид 123456:ABC"),
    ("TELEGRAM_BASE_URL", "ftp://hidden", TELEGRAM, "Адрес Bot API записан неверно"),
    ("TELEGRAM_BASE_URL", "http://[hidden", TELEGRAM, "Адрес Bot API записан неверно"),
    ("TELEGRAM_BASE_URL", "http://hidden:99999", TELEGRAM, "Адрес Bot API записан неверно"),
    ("TELEGRAM_PROXY", "socks5://user:hidden@host:1", TELEGRAM, "Прокси для Telegram записан неверно"),
    ("TELEGRAM_PROXY", "http://user:hid#den@host:1", TELEGRAM, "Прокси для Telegram записан неверно"),
    ("TELEGRAM_PROXY", "http://user:hid[den@host:1", TELEGRAM, "Прокси для Telegram записан неверно"),
    ("TELEGRAM_RATE", "0", {}, "должно быть больше 0"),
    ("TELEGRAM_RATE", "1001", {}, "должно быть не больше 1000"),
    ("TELEGRAM_RATE", "быстро", {}, "нужно число"),
    ("TELEGRAM_RATE", "nan", {}, "должно быть"),
    ("TELEGRAM_RATE", "inf", {}, "должно быть не больше 1000"),
    ("TELEGRAM_TIMEOUT_SECONDS", "61", {}, "должно быть не больше 60"),
    ("TELEGRAM_TIMEOUT_SECONDS", "nan", TELEGRAM, "должно быть"),
    ("TELEGRAM_BOT_NAME", "Школьная почта", {}, "нужно имя бота"),
    ("TELEGRAM_BOT_NAME", "@", {}, "нужно имя бота"),
    ("MAX_BOT_NAME", "https://max.ru/hidden", {}, "нужно имя бота"),
    ("MAX_TOKEN", "Bearer hidden", {}, "нужна одна строка без пробелов"),
    ("MAX_TOKEN", "", {}, "нужна одна строка без пробелов"),
    ("MAX_BASE_URL", "ftp://hidden", MAX, "Адрес API MAX записан неверно"),
    ("MAX_CA_FILE", "/no/such/hidden.pem", MAX, "не читается"),
    ("MAX_PROXY", "socks5://user:hidden@host:1", MAX, "Прокси для MAX записан неверно"),
    ("MAX_RATE", "31", {}, "должно быть не больше 30"),
    ("MAX_TIMEOUT_SECONDS", "61", {}, "должно быть не больше 60"),
    ("MAIL_HOST", "mail hidden", MAIL, "SMTP-сервер записан неверно"),
    ("MAIL_FROM", "hidden", MAIL, "адрес отправителя записан неверно"),
    ("MAIL_PORT", "65536", {}, "должно быть не больше 65535"),
    ("MAIL_PORT", "smtp", {}, "нужно число"),
    ("MAIL_PORT", "25.5", {}, "нужно число"),
    ("MAIL_SECURITY", "ssl3", {}, "допустимы 'tls', 'starttls' и 'plain'"),
    ("MAIL_USER", "hidden", MAIL, "нужны и имя, и пароль"),
    ("MAIL_PASSWORD", "hidden", MAIL, "нужны и имя, и пароль"),
    ("MAIL_PASSWORD", "hidden", {**MAIL, "MAIL_USER": "bell", "MAIL_SECURITY": "plain"}, "без шифрования"),
    ("MAIL_CA_FILE", "/no/such/hidden.pem", MAIL, "не читается"),
    ("MAIL_RATE", "0", {}, "должно быть больше 0"),
    ("MAIL_TIMEOUT_SECONDS", "301", {}, "должно быть не больше 300"),
    ("OIDC_ISSUER", "http://hidden.example", OIDC, "Нужен адрес поставщика вида https://"),
    ("OIDC_ISSUER", "https://hidden.example", {}, "Нужны ещё ZVONOK_OIDC_CLIENT_ID"),
    ("OIDC_CLIENT_ID", "", OIDC, "Нужны ещё ZVONOK_OIDC_CLIENT_ID"),
    ("OIDC_CLIENT_SECRET", "", OIDC, "нужно не меньше 1 знаков"),
    ("PUBLIC_URL", "", {}, "нужен адрес вида https://"),
    ("PUBLIC_URL", "hidden.example", {}, "нужен адрес вида https://"),
    ("PUBLIC_URL", "ftp://hidden", {}, "нужен адрес вида https://"),
    ("PUBLIC_URL", "http://", {}, "нужен адрес вида https://"),
    ("PUBLIC_URL", "http://hidden/deep", {}, "нужен адрес вида https://"),
    ("PUBLIC_URL", "http://hidden//", {}, "нужен адрес вида https://"),
    ("PUBLIC_URL", "http://hidden?key=1", {}, "нужен адрес вида https://"),
    ("PUBLIC_URL", "http://hidden#top", {}, "нужен адрес вида https://"),
    ("PUBLIC_URL", "http://user:hidden@host", {}, "нужен адрес вида https://"),
    ("PUBLIC_URL", "http://hidden:99999", {}, "нужен адрес вида https://"),
    ("PUBLIC_URL", "http://hid den", {}, "нужен адрес вида https://"),
    ("PUBLIC_URL", "http://[hidden", {}, "нужен адрес вида https://"),
    ("PUBLIC_URL", "http://-hidden", {}, "нужен адрес вида https://"),
    ("TELEGRAM_HOOK", "maybe", {}, "такое значение не подходит"),
    ("TELEGRAM_HOOK", "true", {}, "мессенджеру нужен адрес https://"),
    ("MAX_HOOK", "true", {"PUBLIC_URL": "http://school.example"}, "мессенджеру нужен адрес https://"),
    ("MAX_HOOK", "maybe", {}, "такое значение не подходит"),
    ("HOOKS_HOST", "", {}, "нужен адрес этой машины"),
    ("HOOKS_PORT", "0", {}, "должно быть не меньше 1"),
    ("HOOKS_PORT", "65536", {}, "должно быть не больше 65535"),
    ("WEB_HOST", "", {}, "нужен адрес этой машины"),
    ("WEB_HOST", "hidden place", {}, "нужен адрес этой машины"),
    ("WEB_PORT", "0", {}, "должно быть не меньше 1"),
    ("WEB_PORT", "65536", {}, "должно быть не больше 65535"),
    ("METRICS_PORT", "0", {}, "должно быть не меньше 1"),
    ("METRICS_HOST", "hidden place", {}, "нужен адрес этой машины"),
    ("BACKUP_HOUR", "24", {}, "должно быть не больше 23"),
    ("BACKUP_HOUR", "ночью", {}, "нужно число"),
    ("BACKUP_KEEP", "0", {}, "должно быть не меньше 1"),
    ("BACKUP_KEY", "hidden", {}, "нужно не меньше 32 знаков"),
    ("LEASE_SECONDS", "0.5", {}, "должно быть не меньше 1"),
    ("LEASE_SECONDS", "", {}, "нужно число"),
    ("SANDBOX", "maybe", {}, "такое значение не подходит"),
    ("SCHOOL_CLOCK_OFFSET_SECONDS", "1e300", SANDBOX, "должно быть не больше 316224000"),
    ("SCHOOL_CLOCK_OFFSET_SECONDS", "-1e300", SANDBOX, "должно быть не меньше -316224000"),
    ("SCHOOL_CLOCK_OFFSET_SECONDS", "nan", SANDBOX, "должно быть"),
    ("SCHOOL_CLOCK_OFFSET_SECONDS", "завтра", SANDBOX, "нужно число"),
    ("LOG_LEVEL", "loud", {}, "допустимы 'debug', 'info', 'warning' и 'error'"),
    ("LOG_FORMAT", "loud", {}, "допустимы 'words' и 'events'"),
]


@pytest.mark.parametrize(("name", "value", "others", "sentence"), WRONG, ids=[f"{row[0]}={row[1]}" for row in WRONG])
def test_a_wrong_value_is_named_in_russian_and_never_repeated(
    given: Given, name: str, value: str, others: Mapping[str, str], sentence: str
) -> None:
    given({**others, name: value})
    said = wrong()
    assert sentence in said
    group = name.split("_", 1)[0]
    assert f"ZVONOK_{name}: " in said or f"ZVONOK_{group}_…: " in said
    assert said.endswith(".")
    assert "\n" not in said
    shown = [piece for piece in re.split(r"[^\w.]+", value) if len(piece) > 2 and piece in said.lower()]
    assert [piece for piece in shown if piece not in WORDS] == []


def test_every_setting_that_can_be_wrong_was_tried() -> None:
    free = {
        "BACKUP_FOLDER",
        "BACKUP_KEY_FILE",
        "DATA",
        "MAIL_FROM_NAME",
        "OIDC_SCOPE",
        "OIDC_DOCUMENT_CLAIM",
        "OIDC_TITLE",
    }
    assert {row[0] for row in WRONG} == {name.upper() for name in Settings.model_fields} - free


def test_everything_wrong_is_said_at_once(given: Given) -> None:
    given({"MAIL_PORT": "0", "LOG_LEVEL": "loud", "SECRET": "short"})
    assert len(wrong().splitlines()) == 3


def test_both_channels_are_complained_of_at_once(given: Given) -> None:
    given({**MAIL, "TELEGRAM_TOKEN": "x", "MAIL_HOST": "a b"})
    assert [line.split(":")[0] for line in wrong().splitlines()] == ["ZVONOK_TELEGRAM_…", "ZVONOK_MAIL_…"]


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"MAIL_HOST": "mail.example"}, "ZVONOK_MAIL_FROM: укажите адрес, с которого уходят письма."),
        ({"MAIL_FROM": "a@example.org"}, "ZVONOK_MAIL_HOST: укажите сервер, через который уходят письма."),
    ],
)
def test_half_a_mail_account_is_no_mail_account(given: Given, values: Mapping[str, str], sentence: str) -> None:
    given(values)
    assert wrong() == sentence


@pytest.mark.parametrize("offset", ["60", "-60", "0.5"])
def test_only_the_sandbox_may_move_the_schools_clock(given: Given, offset: str) -> None:
    given({"SCHOOL_CLOCK_OFFSET_SECONDS": offset})
    assert wrong() == "ZVONOK_SCHOOL_CLOCK_OFFSET_SECONDS: часы школы можно переводить только в песочнице."
    given(SANDBOX)
    assert read_settings().school_clock_offset == timedelta(seconds=float(offset))


def test_a_file_beside_is_read_and_the_environment_goes_before_it(given: Given, tmp_path: Path) -> None:
    lines = ["# настройки", "ZVONOK_LEASE_SECONDS=7", "ZVONOK_MAIL_FROM_NAME='Школа № 1'", "OTHER=1", ""]
    (tmp_path / ".env").write_text("\n".join(lines), encoding="utf-8")
    settings = read_settings()
    assert (settings.lease_seconds, settings.mail_from_name) == (7, "Школа № 1")
    given({"LEASE_SECONDS": "8"})
    assert read_settings().lease_seconds == 8


def test_a_file_saved_by_notepad_is_read_from_its_first_line(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"\xef\xbb\xbfZVONOK_LEASE_SECONDS=7\r\nZVONOK_LOG_LEVEL=error\r\n")
    settings = read_settings()
    assert (settings.lease_seconds, settings.log_level) == (7, "error")


def test_a_wrong_value_in_the_file_is_named_too(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("ZVONOK_SECRET=hidden\n")
    assert wrong() == "ZVONOK_SECRET: нужно не меньше 32 знаков."


def test_a_file_in_an_old_encoding_is_refused_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes("ZVONOK_MAIL_FROM_NAME=Школа\n".encode("cp1251"))
    assert wrong() == "Файл .env с настройками ZVONOK_… записан не в UTF-8: сохраните его заново."


def test_secrets_are_not_shown_by_settings(given: Given) -> None:
    secrets = {
        "SECRET": "hidden-one-hidden-one-hidden-one-",
        "DATABASE_URL": "postgresql://u:hidden-two@host/db",
        "MAIL_PASSWORD": "hidden-three",
        "TELEGRAM_PROXY": "http://u:hidden-four@host:1",
    }
    given({**TELEGRAM, **MAIL, "MAIL_USER": "bell", **secrets})
    settings = read_settings()
    shown = f"{settings!r} {settings.telegram()!r} {settings.mail()!r} {settings.server_url()!r}"
    assert "hidden" not in shown
    assert TOKEN not in shown


def test_a_secret_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    settings = read_settings(data=tmp_path / "var")
    made = read_secret(settings)
    path = tmp_path / "var" / "secret"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(made.value) == 64
    assert read_secret(settings) == made
    assert [file.name for file in path.parent.iterdir()] == ["secret"]
    assert made.value.decode() not in repr(made)
    assert read_secret(read_settings(data=tmp_path / "other")) != made


@pytest.mark.parametrize("kept", [b"", b"\n", b"short", b" " * 64])
def test_a_secret_that_is_not_whole_is_refused(tmp_path: Path, kept: bytes) -> None:
    (tmp_path / "secret").write_bytes(kept)
    with pytest.raises(SettingsError, match=r"ZVONOK_DATA: файл .*secret с секретом установки повреждён"):
        read_secret(read_settings(data=tmp_path))
    assert (tmp_path / "secret").read_bytes() == kept


def test_a_given_secret_needs_no_file(given: Given, tmp_path: Path) -> None:
    given({"SECRET": "x" * 32, "DATA": str(tmp_path / "var")})
    assert read_secret(read_settings()) == Secret(b"x" * 32)
    assert not (tmp_path / "var").exists()


def test_each_use_has_a_key_of_its_own() -> None:
    one, other = Secret(b"x" * 32), Secret(b"y" * 32)
    code = "A" * CODE_LENGTH
    assert one.code_keeper().hash(code) == one.code_keeper().hash(code)
    assert one.code_keeper().hash(code) != other.code_keeper().hash(code)
    assert one.code_keeper().secret != one.value
    assert len({one._key("codes"), one._key("addresses"), one._key("links")}) == 3


def test_a_link_of_one_installation_opens_nothing_at_another() -> None:
    one, other = (Secret(letter * 32).links("https://zvonok.school.example") for letter in (b"x", b"y"))
    delivery, address = UUID(int=7), b"hash of a mailbox"
    token = one.token(delivery, address)
    assert one.proves(token, delivery, address)
    assert not other.proves(token, delivery, address)
    assert one.notice(delivery, address) == f"https://zvonok.school.example/n/{token}"
    assert Secret(b"x" * 32).links(None).notice(delivery, address) is None


@pytest.mark.parametrize(("rate", "reserve"), [(20, 10), (25, 5), (10.5, 19), (29.9, 1), (30, 1)])
def test_conversations_of_max_have_what_alerts_leave_over_and_one_request_at_least(rate: float, reserve: int) -> None:
    assert read_settings(_env_file=None, max_token="a", max_rate=rate).max_reserve == reserve
