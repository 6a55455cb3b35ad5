"""Wrong settings of mail: one sentence for the administrator, no secrets."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from notifiers.mail_settings import MailSettings, Security

GOOD = MailSettings(host="mail.example", sender_address="bell@школа.рф", username="bell", password="secret")


def test_what_follows_from_the_sender() -> None:
    assert GOOD.sender.address == "bell@xn--80atdl2c.xn--p1ai"
    assert GOOD.envelope == GOOD.sender
    assert GOOD.domain == "xn--80atdl2c.xn--p1ai"
    assert replace(GOOD, envelope_sender="bounce@b.example").envelope.address == "bounce@b.example"


@pytest.mark.parametrize(("security", "port"), [(Security.TLS, 465), (Security.STARTTLS, 587)])
def test_ports(security: Security, port: int) -> None:
    assert replace(GOOD, security=security).actual_port == port
    assert replace(GOOD, security=security, port=2525).actual_port == 2525


def test_the_password_is_not_shown() -> None:
    assert "secret" not in repr(GOOD)


@pytest.mark.parametrize(
    "wrong",
    [
        {"host": ""},
        {"host": "mail.example\r\n"},
        {"sender_address": "bell"},
        {"sender_address": "звонок@school.example"},
        {"envelope_sender": "a@b.example, c@d.example"},
        {"message_id_domain": "школа.рф"},
        {"ehlo_name": "two words"},
        {"username": None},
        {"password": None},
        {"security": Security.PLAIN},
        {"connections": 0},
        {"messages_per_connection": 0},
        {"timeout": timedelta()},
    ],
)
def test_wrong_settings(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"^Почта: .+\.$") as caught:
        replace(GOOD, **wrong)
    assert "secret" not in str(caught.value)


def test_ca_file_that_cannot_be_read(tmp_path: Path) -> None:
    broken = tmp_path / "ca.pem"
    for content in (None, "not a certificate"):
        if content is not None:
            broken.write_text(content)
        with pytest.raises(ValueError, match="сертификатами"):
            replace(GOOD, ca_file=broken).tls_context()
