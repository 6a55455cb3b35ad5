"""Letters that the mail catcher took, one file each, found by recipient and by ``Message-ID``.

A file is a mail that any mail program opens, with one line before it: ``X-Sandbox-Envelope`` and a JSON object (sender,
recipients, time). It appears under its number whole or not at all. Nothing is synced to the disk itself.
"""

import json
import os
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email import message_from_string, policy
from email.message import EmailMessage
from functools import cached_property
from pathlib import Path

_ENVELOPE = b"X-Sandbox-Envelope: "


class SpoolError(Exception):
    """A file of the spool is no letter of ours; the text names it, in Russian."""


@dataclass(frozen=True)
class Mail:
    """One letter as it was taken."""

    number: int
    """Grows by one; never used again in the same spool."""
    sender: str
    """Of the envelope (``MAIL FROM``)."""
    recipients: tuple[str, ...]
    """Of the envelope (``RCPT TO``), as the client wrote them."""
    received_at: datetime
    path: Path

    @cached_property
    def raw(self) -> bytes:
        """The exact bytes that came, without the final dot."""
        return self.path.read_bytes().partition(b"\r\n")[2]

    @cached_property
    def message(self) -> EmailMessage:
        """The parsed letter."""
        parsed = message_from_string(_text(self.raw), policy=policy.default)
        if not isinstance(parsed, EmailMessage):
            raise TypeError("the default policy makes EmailMessage")
        return parsed

    @property
    def headers(self) -> Mapping[str, str]:
        """Headers by name, decoded; the last one of a name wins."""
        return {name: str(value) for name, value in self.message.items()}

    @property
    def subject(self) -> str:
        """Decoded; empty if absent."""
        return str(self.message.get("Subject", ""))

    @property
    def to(self) -> tuple[str, ...]:
        """Addresses of the ``To`` header (not of the envelope)."""
        header = self.message.get("To")
        return () if header is None else tuple(address.addr_spec for address in header.addresses)

    @property
    def message_id(self) -> str:
        """``Message-ID`` with its angle brackets; empty if absent."""
        return str(self.message.get("Message-ID", "")).strip()

    @property
    def text(self) -> str | None:
        """The plain text part."""
        return self._part("plain")

    @property
    def html(self) -> str | None:
        """The HTML part."""
        return self._part("html")

    def _part(self, kind: str) -> str | None:
        part = self.message.get_body(preferencelist=(kind,))
        return None if part is None else str(part.get_content())


class MailSpool:
    """A folder of letters. One catcher writes into it; any number of checkers may open it and read."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self._mails: list[Mail] = []
        self._by_recipient: defaultdict[str, list[Mail]] = defaultdict(list)
        self._by_message_id: defaultdict[str, list[Mail]] = defaultdict(list)
        for path in sorted(folder.glob("*.eml")):
            self._index(_read(path))

    @property
    def mails(self) -> tuple[Mail, ...]:
        """All letters in the order of their coming."""
        return tuple(self._mails)

    def to(self, recipient: str) -> tuple[Mail, ...]:
        """Letters whose envelope names the recipient; letter case does not matter."""
        return tuple(self._by_recipient.get(recipient.casefold(), ()))

    def by_message_id(self, message_id: str) -> tuple[Mail, ...]:
        """Letters with this ``Message-ID`` (with or without brackets): more than one is a letter sent twice."""
        return tuple(self._by_message_id.get(message_id.strip().strip("<>"), ()))

    def add(self, sender: str, recipients: Sequence[str], raw: bytes, received_at: datetime) -> Mail:
        """Keep a letter; when this returns it outlives the process."""
        number = self._mails[-1].number + 1 if self._mails else 1
        envelope = {"from": sender, "to": list(recipients), "at": received_at.isoformat()}
        path = self.folder / f"{number:08d}.eml"
        part = self.folder / f"{number:08d}.{os.getpid()}.part"
        part.write_bytes(_ENVELOPE + json.dumps(envelope).encode() + b"\r\n" + raw)
        # A link, unlike a rename, refuses to replace another's letter.
        os.link(part, path)
        part.unlink()
        mail = Mail(number, sender, tuple(recipients), received_at, path)
        self._index(mail)
        return mail

    def _index(self, mail: Mail) -> None:
        self._mails.append(mail)
        for recipient in {one.casefold() for one in mail.recipients}:
            self._by_recipient[recipient].append(mail)
        if message_id := mail.message_id:
            self._by_message_id[message_id.strip("<>")].append(mail)


def _read(path: Path) -> Mail:
    first, _, _ = path.read_bytes().partition(b"\r\n")
    try:
        envelope = json.loads(first.removeprefix(_ENVELOPE))
        received_at = datetime.fromisoformat(envelope["at"])
        return Mail(int(path.stem), envelope["from"], tuple(envelope["to"]), received_at, path)
    except (ValueError, KeyError, TypeError) as error:
        raise SpoolError(f"Файл {path.name} в папке писем не записан песочницей: уберите его.") from error


def _text(raw: bytes) -> str:
    """Decode a letter for the parser: as ``email`` does by itself, but headers may be UTF-8 (SMTPUTF8, RFC 6532)."""
    head, empty_line, body = raw.partition(b"\r\n\r\n")
    rest = (empty_line + body).decode("ascii", "surrogateescape")
    try:
        text = head.decode() + rest
    except UnicodeDecodeError:
        text = head.decode("ascii", "surrogateescape") + rest
    return text.replace("\r\n", "\n")
