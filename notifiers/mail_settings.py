"""The SMTP account: where it is, how it is secured, who the letters are from."""

import re
import ssl
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from pathlib import Path

from notifiers.mail_message import Mailbox, is_ascii_domain, mailbox


class Security(StrEnum):
    """How the connection is secured."""

    TLS = "tls"
    """From the first byte (port 465)."""
    STARTTLS = "starttls"
    """Before anything of ours is said (port 587); a server that does not offer it gets nothing."""
    PLAIN = "plain"
    """Not at all (port 25): a relay on the same machine, or the sandbox. Refused together with a password."""


_HOST = re.compile(r"[^\s\x00-\x1f\x7f]+")
_PORTS = {Security.TLS: 465, Security.STARTTLS: 587, Security.PLAIN: 25}


@dataclass(frozen=True, slots=True)
class MailSettings:
    """One SMTP account. Raises ``ValueError`` with a sentence for the administrator, without secrets in it."""

    host: str
    sender_address: str
    """Of the ``From`` header."""
    sender_name: str = ""
    envelope_sender: str | None = None
    """Where bounces go; None: to ``sender_address``."""
    message_id_domain: str | None = None
    """Must stay the same, or a retry gets another ``Message-ID``; None: the domain of ``sender_address``."""
    port: int | None = None
    security: Security = Security.STARTTLS
    ca_file: Path | None = None
    """Trusted instead of the system's authorities."""
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    ehlo_name: str | None = None
    """None: ``message_id_domain``. (The machine's own name would cost a DNS query and tell it to strangers.)"""
    connections: int = 4
    messages_per_connection: int = 100
    idle: timedelta = timedelta(seconds=60)
    """A connection idle for longer is closed."""
    timeout: timedelta = timedelta(seconds=30)
    """For connecting, and for each reply."""
    content_timeout: timedelta = timedelta(seconds=120)
    """For the reply to the final dot. Servers scan the letter meanwhile (RFC 5321 §4.5.3.2.6 grants ten minutes)."""

    def __post_init__(self) -> None:
        _require(_HOST.fullmatch(self.host) is not None, "Почта: SMTP-сервер записан неверно.")
        _require(
            all(name is None or is_ascii_domain(name) for name in (self.message_id_domain, self.ehlo_name)),
            "Почта: имя домена записано неверно (кириллические домены — в виде xn--…).",
        )
        _require(_is_ascii_mailbox(self.sender_address), "Почта: адрес отправителя записан неверно.")
        _require(
            self.envelope_sender is None or _is_ascii_mailbox(self.envelope_sender),
            "Почта: адрес для возвратов записан неверно.",
        )
        _require(
            (self.username is None) == (self.password is None),
            "Почта: нужны и имя, и пароль — или ни того, ни другого.",
        )
        _require(
            self.security is not Security.PLAIN or self.username is None,
            "Почта: пароль нельзя передавать без шифрования; выберите tls или starttls.",
        )
        _require(
            min(self.connections, self.messages_per_connection) >= 1
            and min(self.idle, self.timeout, self.content_timeout) > timedelta(),
            "Почта: число соединений, число писем и время ожидания должны быть больше нуля.",
        )

    @property
    def actual_port(self) -> int:
        """The port in use."""
        return _PORTS[self.security] if self.port is None else self.port

    @property
    def sender(self) -> Mailbox:
        """The ``From`` address, ready for the wire."""
        return _checked(self.sender_address)

    @property
    def envelope(self) -> Mailbox:
        """The envelope sender, ready for the wire."""
        return self.sender if self.envelope_sender is None else _checked(self.envelope_sender)

    @property
    def domain(self) -> str:
        """The domain of ``Message-ID``."""
        return self.message_id_domain or self.sender.address.rpartition("@")[2]

    def tls_context(self) -> ssl.SSLContext | None:
        """Make the context that verifies the server; None without encryption.

        Raises ``ValueError`` if the CA file cannot be read.
        """
        if self.security is Security.PLAIN:
            return None
        try:
            return ssl.create_default_context(cafile=self.ca_file)
        except OSError as failure:
            raise ValueError("Почта: файл с сертификатами удостоверяющих центров не читается.") from failure


def _require(condition: bool, sentence: str) -> None:  # noqa: FBT001  it is the condition itself, not an option
    if not condition:
        raise ValueError(sentence)


def _is_ascii_mailbox(address: str) -> bool:
    checked = mailbox(address)
    return checked is not None and not checked.needs_smtputf8


def _checked(address: str) -> Mailbox:
    checked = mailbox(address)
    if checked is None:
        raise ValueError("Почта: адрес записан неверно.")
    return checked
