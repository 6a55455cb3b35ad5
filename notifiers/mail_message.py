"""Letters, as bytes built by hand.

``email.message`` takes more than a millisecond for a letter, a hundred times what this takes; a property test parses
the bytes back with it. All bodies are base64 of UTF-8, so no line is long, none begins with a dot, and nothing that was
written by a person can be taken for structure. Sources: RFC 5322, 2045, 2046, 2047, 3834 (``Auto-Submitted``), 6532
(raw UTF-8 in ``To`` when the mailbox needs SMTPUTF8), 2369 and 8058 (``List-Unsubscribe``, with one click).
"""

import re
from base64 import b64encode
from binascii import b2a_base64
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from hashlib import blake2b

from notifiers.mail_errors import MailReason
from notifiers.port import CAPABILITIES, Message, Rejected

MAX_TEXT = CAPABILITIES["mail"].max_text
"""Characters of each part. Far over any letter of ours: it guards the connection, not the reader."""

_BOUNDARY = b"=_zvonok"
"""May be constant: ``=_`` cannot occur in base64, and nothing else stands between boundaries."""
_MAX_ADDRESS = 254
_MAX_LOCAL = 64
_MAX_MESSAGE_ID = 250
_LINE_BYTES = 57
"""Input bytes of a base64 line of 76 characters."""
_LINE = 76
"""The longest line that may hold an encoded-word (RFC 2047 §2)."""
_WORD_FRAME = len("=?utf-8?B??=")

_LOCAL_PART = re.compile(r"[^\s\x00-\x20\x7f()<>\[\]:;@\\,\"]+")
_DOMAIN = re.compile(
    r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*"
)
_DEVIATING = re.compile("[ßς\u200c\u200d]")
"""What IDNA 2003 (Python's codec) and IDNA 2008 put into ASCII differently: a letter could reach a stranger."""
_MESSAGE_ID = re.compile(r"<[!-;=?-~]+@[!-;=?-~]+>")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_PLAIN_VALUE = re.compile(r"(?! )[ -~]+(?<! )")
_PLAIN_PHRASE = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+")
_ADDRESS_OF_PAGE = re.compile(r"https?://[!-;=?-~]+")
_NEWLINE = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Mailbox:
    """An address ready for the wire: the domain in ASCII, the local part as it is."""

    address: str

    @property
    def needs_smtputf8(self) -> bool:
        """Whether only a server with SMTPUTF8 (RFC 6531) can carry it."""
        return not self.address.isascii()


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What is the same in all letters of an account."""

    from_header: bytes
    """The whole ``From`` line or lines, with CRLF."""
    message_id_domain: str


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter ready to be carried."""

    mailbox: Mailbox
    message_id: str
    content: bytes
    """Headers and body with CRLF, ending in one; no line begins with a dot."""


def mailbox(address: str) -> Mailbox | None:
    """Check an address and put an international domain into ASCII; None if it cannot be one address.

    Quoted local parts are refused: no real mailbox of a parent has one, and they are a way to smuggle syntax.
    """
    local, at, domain = address.rpartition("@")
    if not at or not _LOCAL_PART.fullmatch(local):
        return None
    if _DEVIATING.search(domain):
        return None
    try:
        ascii_domain = domain if domain.isascii() else domain.encode("idna").decode("ascii")
        octets = len(local.encode())
    except UnicodeError:
        return None
    if octets > _MAX_LOCAL or octets + len(ascii_domain) >= _MAX_ADDRESS or not is_ascii_domain(ascii_domain):
        return None
    return Mailbox(f"{local}@{ascii_domain}")


def is_ascii_domain(name: str) -> bool:
    """Whether the name can stand after the @ of an address or a ``Message-ID``."""
    return len(name) <= _MAX_ADDRESS and _DOMAIN.fullmatch(name) is not None


def letterhead(name: str, address: Mailbox, message_id_domain: str) -> Letterhead:
    """Prepare what all letters share. Raises ``ValueError`` (in Russian, for the administrator) on an unusable name."""
    if _CONTROL.search(name):
        raise ValueError("Имя отправителя писем не может содержать переводы строк и управляющие знаки.")
    return Letterhead(_from_header(name.strip(), address.address).encode("ascii"), message_id_domain)


def message_id_of(key: str, domain: str) -> str:
    """Make the ``Message-ID`` of a message: the same for every retry, and nothing of the key can be read from it."""
    digest = blake2b(key.encode("utf-8", "surrogatepass"), digest_size=16, person=b"zvonok-mail").hexdigest()
    return f"<{digest}@{domain}>"


def compose(message: Message, head: Letterhead, date: datetime) -> Letter | Rejected:
    """Build the letter of a message, or say why it cannot be one. ``date`` is aware."""
    recipient = mailbox(message.address)
    if recipient is None:
        return Rejected(MailReason.BAD_ADDRESS)
    refusal = _refusal(message)
    if refusal is not None:
        return Rejected(refusal)
    message_id = message_id_of(message.key, head.message_id_domain)
    try:
        content = b"".join(
            (
                f"Date: {format_datetime(date)}\r\n".encode("ascii"),
                head.from_header,
                f"To: <{recipient.address}>\r\nMessage-ID: {message_id}\r\n".encode(),
                _thread(message.in_reply_to),
                _unsubscribe(message.unsubscribe),
                _subject(message.subject),
                b"Auto-Submitted: auto-generated\r\nContent-Language: ru\r\nMIME-Version: 1.0\r\n",
                _body(message.text, message.html),
            )
        )
    except UnicodeEncodeError:
        return Rejected(MailReason.BAD_TEXT)
    return Letter(recipient, message_id, content)


def _refusal(message: Message) -> MailReason | None:
    if message.provider_id is not None:
        return MailReason.CANNOT_EDIT
    bad_header = _bad_header(message)
    if bad_header is not None:
        return bad_header
    if not message.text.strip():
        return MailReason.BAD_TEXT
    if max(len(message.text), len(message.html or ""), len(message.subject or "")) > MAX_TEXT:
        return MailReason.TOO_LONG
    return None


def _bad_header(message: Message) -> MailReason | None:
    """Say what of a message cannot stand in a header."""
    if message.subject is not None and _CONTROL.search(message.subject):
        return MailReason.BAD_SUBJECT
    if message.in_reply_to is not None and not _is_message_id(message.in_reply_to):
        return MailReason.BAD_THREAD
    if message.unsubscribe is not None and not _ADDRESS_OF_PAGE.fullmatch(message.unsubscribe):
        return MailReason.BAD_PAGE
    return None


def _is_message_id(text: str) -> bool:
    return len(text) <= _MAX_MESSAGE_ID and _MESSAGE_ID.fullmatch(text) is not None


def _thread(in_reply_to: str | None) -> bytes:
    if in_reply_to is None:
        return b""
    return f"In-Reply-To: {in_reply_to}\r\nReferences: {in_reply_to}\r\n".encode("ascii")


def _unsubscribe(page: str | None) -> bytes:
    """Say where the reader unsubscribes; with one click only where nobody on the way can read or press it (RFC 8058).

    The mail server's DKIM signature must cover both lines.
    """
    if page is None:
        return b""
    line = f"List-Unsubscribe:\r\n <{page}>\r\n".encode("ascii")
    return line + b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" if page.startswith("https:") else line


def _subject(subject: str | None) -> bytes:
    if not subject:
        return b""
    field = "Subject: "
    if len(field) + len(subject) <= _LINE and _PLAIN_VALUE.fullmatch(subject) and "=?" not in subject:
        return f"{field}{subject}\r\n".encode("ascii")
    return f"{field}{_encoded_words(subject, len(field))}\r\n".encode("ascii")


def _from_header(name: str, address: str) -> str:
    field = "From: "
    if not name:
        return f"{field}<{address}>\r\n"
    if len(name) <= _LINE // 2 and name.isascii() and "=?" not in name:
        quoted = name if _PLAIN_PHRASE.fullmatch(name) else '"' + re.sub(r'(["\\])', r"\\\1", name) + '"'
        return f"{field}{quoted}\r\n <{address}>\r\n"
    return f"{field}{_encoded_words(name, len(field))}\r\n <{address}>\r\n"


def _encoded_words(text: str, taken: int) -> str:
    """RFC 2047 words, one on a line, none splitting a character; ``taken`` columns of the first line are used."""
    return "\r\n ".join(f"=?utf-8?B?{b64encode(chunk).decode('ascii')}?=" for chunk in _chunks(text.encode(), taken))


def _chunks(encoded: bytes, taken: int) -> Iterator[bytes]:
    start = 0
    while start < len(encoded):
        room = (_LINE - taken - _WORD_FRAME) // 4 * 3
        end = min(start + room, len(encoded))
        while end < len(encoded) and encoded[end] & 0xC0 == 0x80:  # noqa: PLR2004  a continuation byte of UTF-8
            end -= 1
        yield encoded[start:end]
        start, taken = end, 1


def _body(text: str, html: str | None) -> bytes:
    if html is None:
        return _part(b"plain", text)
    return b"".join(
        (
            b'Content-Type: multipart/alternative; boundary="' + _BOUNDARY + b'"\r\n\r\n',
            b"--" + _BOUNDARY + b"\r\n",
            _part(b"plain", text),
            b"--" + _BOUNDARY + b"\r\n",
            _part(b"html", html),
            b"--" + _BOUNDARY + b"--\r\n",
        )
    )


def _part(subtype: bytes, text: str) -> bytes:
    """One part: canonical CRLF inside (RFC 2046 §4.1.1), base64 lines of at most 76 characters outside."""
    data = _NEWLINE.sub("\r\n", text).encode()
    lines = [b2a_base64(data[at : at + _LINE_BYTES], newline=False) for at in range(0, len(data), _LINE_BYTES)]
    head = b"Content-Type: text/" + subtype + b"; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    return head + b"\r\n".join(lines) + b"\r\n"
