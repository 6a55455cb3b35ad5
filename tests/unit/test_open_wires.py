"""What may leave this machine unencrypted: nothing, but to where the school itself answers for the way."""

import ssl
from collections.abc import Mapping
from pathlib import Path

import pytest

from core.database import connect_arguments
from texts.reader import load
from zvonok.open_wires import Wire, open_wires, proxy_with_open_password, refuse_open
from zvonok.protected_hosts import ProtectedHosts, is_here
from zvonok.settings import Settings, SettingsError, read_settings
from zvonok.trouble import InstallationError

TELEGRAM = {"telegram_token": "1:hidden"}
MAIL = {"mail_from": "bell@example.org", "mail_security": "plain"}


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Stand in an empty folder, with no variables of ours or of PostgreSQL's clients."""
    monkeypatch.chdir(tmp_path)
    for name in [*("ZVONOK_" + field.upper() for field in Settings.model_fields), "PGHOST", "PGSERVICE"]:
        monkeypatch.delenv(name, raising=False)


def found(given: Mapping[str, str]) -> list[tuple[str, str, bool]]:
    return [(one.wire.value, one.host, one.promised) for one in open_wires(read_settings(**given))]


OPEN: list[tuple[Mapping[str, str], str, str]] = [
    ({"database_url": "postgresql://u:hidden@db.example/z?sslmode=disable"}, "database", "db.example"),
    ({"database_url": "postgresql://u:hidden@db.example/z?sslmode=allow"}, "database", "db.example"),
    ({"database_url": "postgresql://u:hidden@10.8.0.5/z?sslmode=prefer"}, "database", "10.8.0.5"),
    ({"database_url": "postgresql:///z?host=db.example&sslmode=prefer"}, "database", "db.example"),
    ({"mail_host": "smtp.example", **MAIL}, "mail", "smtp.example"),
    ({"mail_host": "10.8.0.5", **MAIL}, "mail", "10.8.0.5"),
    ({"mail_host": "smtp.example", "sandbox": "true", **MAIL}, "mail", "smtp.example"),
    ({"telegram_base_url": "http://bots.example/tg", **TELEGRAM}, "telegram", "bots.example"),
    (
        {
            "telegram_base_url": "http://127.0.0.1:81",
            "telegram_proxy": "http://u:hidden@proxy.example:3128",
            **TELEGRAM,
        },
        "proxy",
        "proxy.example",
    ),
    ({"public_url": "http://zvonok.school.example:8080"}, "pages", "zvonok.school.example"),
    ({"public_url": "https://zvonok.school.example", "web_host": "0.0.0.0"}, "listening", "0.0.0.0"),  # noqa: S104 - what the test is about
    ({"public_url": "https://zvonok.school.example", "web_host": "::"}, "listening", "::"),
]


@pytest.mark.req("BACK-06", "CONS-11")
@pytest.mark.parametrize(("given", "wire", "host"), OPEN, ids=[f"{row[1]}-{row[2]}" for row in OPEN])
def test_data_that_would_go_openly_to_another_machine_do_not_go(given: Mapping[str, str], wire: str, host: str) -> None:
    assert found(given) == [(wire, host, False)]
    with pytest.raises(InstallationError) as refusal:
        refuse_open(read_settings(**given))
    head, told = str(refusal.value).splitlines()
    assert head == "Не запущено: данные детей пошли бы по сети незашифрованными."
    assert host in told
    assert "ZVONOK_" in told.partition(host)[2], "what to write instead"
    assert told.endswith(f"допишите {host} в ZVONOK_PROTECTED_HOSTS.")
    assert "hidden" not in told


@pytest.mark.parametrize(("given", "wire", "host"), OPEN, ids=[f"{row[1]}-{row[2]}" for row in OPEN])
def test_a_host_that_the_school_answers_for_is_told_of_and_let_through(
    given: Mapping[str, str], wire: str, host: str
) -> None:
    settings = {**given, "protected_hosts": f"other.example, {host}"}
    assert found(settings) == [(wire, host, True)]
    refuse_open(read_settings(**settings))
    assert found({**given, "protected_hosts": "other.example,192.168.0.0/16"}) == [(wire, host, False)]


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"database_url": "postgresql://u@127.0.0.1/z?sslmode=disable"},
        {"database_url": "postgresql://u@[::1]/z?sslmode=disable"},
        {"database_url": "postgresql://u@localhost/z"},
        {"database_url": "postgresql:///z?host=/run/postgresql&port=5433"},
        {"database_url": "postgresql:///z"},
        {"database_url": "postgresql://u@db.example/z"},
        {"database_url": "postgresql://u@db.example/z?sslmode=require"},
        {"mail_host": "127.0.0.1", **MAIL},
        {"mail_host": "LocalHost", **MAIL},
        {"mail_host": "smtp.example", **MAIL, "mail_security": "starttls"},
        {"mail_host": "smtp.example", **MAIL, "mail_security": "tls"},
        {"telegram_base_url": "http://127.0.0.1:8081", **TELEGRAM},
        {"telegram_base_url": "http://bots.example"},
        {"telegram_proxy": "http://proxy.example:3128", **TELEGRAM},
        {"public_url": "http://127.0.0.1:8080"},
        {"public_url": "https://zvonok.school.example"},
        {"web_host": "0.0.0.0"},  # noqa: S104 - without pages nobody listens
    ],
)
def test_inside_the_machine_and_encrypted_nothing_is_complained_of(given: Mapping[str, str]) -> None:
    assert found(given) == []
    refuse_open(read_settings(**given))


def test_every_open_wire_is_told_at_once_and_one_can_be_asked_for() -> None:
    both = read_settings(mail_host="smtp.example", public_url="http://zvonok.example", **MAIL)
    with pytest.raises(InstallationError) as refusal:
        refuse_open(both)
    assert len(str(refusal.value).splitlines()) == 3
    refuse_open(both, Wire.DATABASE)


def test_every_wire_has_its_words() -> None:
    for language in ("ru", "en"):
        texts = load(language)
        assert [wire for wire in Wire if not texts.has(f"doctor-wire-{wire}")] == []
        assert [wire for wire in Wire if not texts.has(f"doctor-wire-{wire}-do")] == []


@pytest.mark.parametrize("variable", ["PGHOST", "PGSERVICE"])
def test_a_server_that_only_the_driver_would_find_is_no_local_one(
    monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setenv(variable, "db.example")
    assert found({"database_url": "postgresql:///z?sslmode=disable"}) == [("database", "db.example", False)]


@pytest.mark.parametrize(
    ("address", "protected", "mode"),
    [
        ("postgresql://db.example/z", "", "verify-full"),
        ("postgresql://db.example/z?sslmode=require", "", "verify-full"),
        ("postgresql://db.example/z?sslmode=verify-full", "", "verify-full"),
        ("postgresql://db.example/z?sslmode=require&sslrootcert=system", "db.example", "verify-full"),
        ("postgresql://db.example/z?sslmode=require", "db.example", "require"),
        ("postgresql://db.example/z?sslmode=disable", "db.example", "disable"),
        ("postgresql://db.example/z", "db.example", None),
        ("postgresql://10.8.0.5/z", "10.8.0.0/24", None),
        ("postgresql://10.9.0.5/z", "10.8.0.0/24", "verify-full"),
        ("postgresql://127.0.0.1/z", "", None),
        ("postgresql:///z?host=/run/postgresql", "", None),
    ],
)
def test_another_machine_proves_who_it_is_unless_the_school_answers_for_the_way(
    address: str, protected: str, mode: str | None
) -> None:
    url = read_settings(database_url=address, protected_hosts=protected).server_url()
    assert url is not None
    assert url.query.get("sslmode") == mode
    secured = connect_arguments(url).get("ssl")
    if isinstance(secured, ssl.SSLContext):
        assert (mode, secured.check_hostname, secured.verify_mode) == ("verify-full", True, ssl.CERT_REQUIRED)
    else:
        assert secured == mode != "verify-full"


def test_what_the_school_answers_for_is_read_by_name_address_and_network() -> None:
    hosts = ProtectedHosts.read(" Postgres, db.school.lan., 10.8.0.0/24,203.0.113.7 ,fd00::/8,100.64.0.0/10,, ")
    covered = ["postgres", "DB.school.lan", "10.8.0.77", "203.0.113.7", "fd12::1", "[fd12::1]", "100.100.1.1"]
    assert [host for host in covered if not hosts.cover(host)] == []
    others = ["school.lan", "xdb.school.lan", "10.8.1.1", "203.0.113.8", "fe80::1", "postgres.example", ""]
    assert [host for host in others if hosts.cover(host)] == []


def test_a_name_like_the_loopback_is_not_the_loopback() -> None:
    here = ["127.0.0.1", "127.9.9.9", "::1", "[::1]", "localhost", "Localhost.", "/run/postgresql", ""]
    assert [host for host in here if not is_here(host)] == []
    others = ["localhost.example", "127.0.0.1.example", "0.0.0.0", "::", "10.0.0.1", "127.1", "school"]  # noqa: S104 - as written
    assert [host for host in others if is_here(host)] == []


def test_the_identity_provider_is_never_asked_openly() -> None:
    given = {"oidc_client_id": "zvonok", "oidc_client_secret": "hidden", "public_url": "https://zvonok.example"}
    with pytest.raises(SettingsError, match="ZVONOK_OIDC_…: Нужен адрес поставщика вида https://"):
        read_settings(oidc_issuer="http://esia.example", protected_hosts="esia.example", **given)


def test_an_open_password_of_a_proxy_is_seen() -> None:
    def proxy(address: str, protected: str = "") -> str | None:
        return proxy_with_open_password(read_settings(telegram_proxy=address, protected_hosts=protected, **TELEGRAM))

    assert proxy("http://user:hidden@proxy.example:3128") == "proxy.example"
    assert proxy("http://user:hidden@proxy.example:3128", "proxy.example") is None
    assert proxy("http://proxy.example:3128") is None
    assert proxy("https://user:hidden@proxy.example:3128") is None
    assert proxy("http://user:hidden@127.0.0.1:3128") is None
