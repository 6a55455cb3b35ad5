"""Letters, read back with the standard library."""

import re
from base64 import b64decode
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import parseaddr, parsedate_to_datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from notifiers.mail_errors import MailReason
from notifiers.mail_message import Letter, Mailbox, compose, letterhead, mailbox, message_id_of
from notifiers.port import Button, Message, Rejected

NOON = datetime(2026, 9, 1, 12, 0, 5, tzinfo=timezone(timedelta(hours=7)))
SENDER = Mailbox("bell@school.example")
HEAD = letterhead("Школа № 7", SENDER, "school.example")
HELLO = Message(key="k1", address="anna@mail.example", text="Не был на уроке.", subject="Отметка «н»")

FREE_TEXT = st.text(min_size=1).filter(str.strip)
ONE_LINE = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=200)


def composed(message: Message) -> Letter:
    letter = compose(message, HEAD, NOON)
    assert isinstance(letter, Letter)
    return letter


def read(content: bytes) -> EmailMessage:
    parsed = message_from_bytes(content, policy=policy.default)
    assert not parsed.defects
    return parsed


def body_of(parsed: EmailMessage, subtype: str) -> str:
    part = parsed.get_body(preferencelist=(subtype,))
    assert part is not None
    payload = part.get_payload(decode=True)
    assert isinstance(payload, bytes)
    return payload.decode()


def canonical(text: str) -> str:
    return re.sub(r"\r\n|\r|\n", "\r\n", text)


def is_well_formed(content: bytes) -> bool:
    lines = content.split(b"\r\n")
    return (
        content.endswith(b"\r\n")
        and not re.search(rb"(?<!\r)\n|\r(?!\n)", content)
        and not any(line.startswith(b".") for line in lines)
        and max(map(len, lines)) <= 998
    )


def are_whole(content: bytes) -> bool:
    """Whether every encoded-word is short and decodes by itself (RFC 2047 §2 and §5), which readers forgive."""
    words = re.findall(rb"=\?utf-8\?B\?(.*?)\?=", content.partition(b"\r\n\r\n")[0])
    return all(len(word) <= 63 and b64decode(word, validate=True).decode() for word in words)


@given(text=FREE_TEXT, html=st.none() | st.text(), subject=ONE_LINE)
@example(text=".\r\n.", html=".", subject=".")
@example(text="a\rb\nc\r\nd\u2028e\x85f\x0bg", html="", subject="=?utf-8?B?0Y8=?=")
@example(text="я" * 5000, html="\n" * 500, subject="я" * 200)
@example(text="x", html=None, subject="a" * 67)
@example(text="x", html=None, subject=" a ")
@example(text="--=_zvonok--", html="--=_zvonok", subject="👩‍👩‍👧 " * 20)
def test_letter_reads_back_as_it_was_meant(text: str, html: str | None, subject: str) -> None:
    letter = compose(replace(HELLO, text=text, html=html, subject=subject), HEAD, NOON)
    try:
        (text + (html or "")).encode()
    except UnicodeEncodeError:
        assert letter == Rejected(MailReason.BAD_TEXT)
        return
    assert isinstance(letter, Letter)
    assert is_well_formed(letter.content)
    assert are_whole(letter.content)
    parsed = read(letter.content)
    assert body_of(parsed, "plain") == canonical(text)
    assert parsed["Subject"] == (subject or None)
    if html is None:
        assert not parsed.is_multipart()
    else:
        assert parsed.get_content_type() == "multipart/alternative"
        assert body_of(parsed, "html") == canonical(html)
        assert [part.get_content_type() for part in parsed.iter_parts()] == ["text/plain", "text/html"]


@given(name=ONE_LINE)
@example(name="")
@example(name='О"Нил\\ <x@y>')
@example(name='Smith, "Al" \\ <x@y>')
@example(name="J. Random")
@example(name="Муниципальное бюджетное общеобразовательное учреждение «Средняя школа № 7»")
def test_sender_name_reads_back(name: str) -> None:
    letter = compose(HELLO, letterhead(name, SENDER, "school.example"), NOON)
    assert isinstance(letter, Letter)
    assert is_well_formed(letter.content)
    assert are_whole(letter.content)
    assert all(len(line) <= 76 for line in letter.content.partition(b"\r\n\r\n")[0].split(b"\r\n"))
    raw = message_from_bytes(letter.content)["From"]
    # Not by the newer policy, which leaves spaces between the encoded-words of a name (RFC 2047 §6.2: ignored).
    phrase, address = parseaddr(re.sub(r"\r\n(?= )", "", raw))
    assert (str(make_header(decode_header(phrase))), address) == (name.strip(), "bell@school.example")


def test_headers() -> None:
    letter = composed(replace(HELLO, html="<p>Не был на уроке.</p>", in_reply_to="<earlier@school.example>"))
    parsed = read(letter.content)
    assert parsed.keys() == [
        "Date",
        "From",
        "To",
        "Message-ID",
        "In-Reply-To",
        "References",
        "Subject",
        "Auto-Submitted",
        "Content-Language",
        "MIME-Version",
        "Content-Type",
    ]
    assert parsedate_to_datetime(parsed["Date"]) == NOON
    assert parsed["Date"] == "Tue, 01 Sep 2026 12:00:05 +0700"
    assert str(parsed["From"]) == "Школа № 7 <bell@school.example>"
    assert str(parsed["To"]) == "anna@mail.example"
    assert parsed["Message-ID"] == letter.message_id
    assert parsed["In-Reply-To"] == parsed["References"] == "<earlier@school.example>"
    assert parsed["Auto-Submitted"] == "auto-generated"
    assert parsed["Content-Language"] == "ru"


def test_text_only_without_html_subject_and_thread() -> None:
    parsed = read(composed(replace(HELLO, subject=None, buttons=((Button("Да", "a"),),))).content)
    assert parsed.get_content_type() == "text/plain"
    assert not {"Subject", "In-Reply-To", "References"} & set(parsed.keys())


def test_base64_lines_are_short() -> None:
    content = composed(replace(HELLO, text="я" * 1000, html="ю" * 1000, subject="э" * 500)).content
    assert max(map(len, content.split(b"\r\n"))) <= 76


def test_message_id_is_the_same_on_a_retry_and_tells_nothing() -> None:
    first, later = composed(HELLO), compose(HELLO, HEAD, NOON + timedelta(hours=5))
    assert isinstance(later, Letter)
    assert first.message_id == later.message_id == message_id_of("k1", "school.example")
    assert composed(replace(HELLO, key="k2")).message_id != first.message_id
    assert re.fullmatch(r"<[0-9a-f]{32}@school\.example>", first.message_id)


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        (replace(HELLO, address="anna@mail.example\r\nBcc: x@y.example"), MailReason.BAD_ADDRESS),
        (replace(HELLO, address="a@x.example, b@y.example"), MailReason.BAD_ADDRESS),
        (replace(HELLO, address="<anna@mail.example>"), MailReason.BAD_ADDRESS),
        (replace(HELLO, address='"a b"@mail.example'), MailReason.BAD_ADDRESS),
        (replace(HELLO, address="anna@mail.example\n"), MailReason.BAD_ADDRESS),
        (replace(HELLO, address="anna"), MailReason.BAD_ADDRESS),
        (replace(HELLO, address="anna@"), MailReason.BAD_ADDRESS),
        (replace(HELLO, address="@mail.example"), MailReason.BAD_ADDRESS),
        (replace(HELLO, address="a@b@mail.example"), MailReason.BAD_ADDRESS),
        (replace(HELLO, address="anna@-mail.example"), MailReason.BAD_ADDRESS),
        (replace(HELLO, address="anna@mail..example"), MailReason.BAD_ADDRESS),
        (replace(HELLO, address="\ud800@mail.example"), MailReason.BAD_ADDRESS),
        (replace(HELLO, address="a" * 65 + "@mail.example"), MailReason.BAD_ADDRESS),
        (replace(HELLO, address="я" * 33 + "@mail.example"), MailReason.BAD_ADDRESS),
        (replace(HELLO, address="a@" + ".".join(["b" * 60] * 5)), MailReason.BAD_ADDRESS),
        (replace(HELLO, subject="Привет\r\nBcc: x@y.example"), MailReason.BAD_SUBJECT),
        (replace(HELLO, subject="a\nb"), MailReason.BAD_SUBJECT),
        (replace(HELLO, subject="a\x00b"), MailReason.BAD_SUBJECT),
        (replace(HELLO, subject="\ud800"), MailReason.BAD_TEXT),
        (replace(HELLO, html="\ud800"), MailReason.BAD_TEXT),
        (replace(HELLO, text=" \n"), MailReason.BAD_TEXT),
        (replace(HELLO, in_reply_to="<a@b>\r\nBcc: x@y.example"), MailReason.BAD_THREAD),
        (replace(HELLO, in_reply_to="42"), MailReason.BAD_THREAD),
        (replace(HELLO, unsubscribe="https://a.example/u/1>\r\nBcc: <x@y.example"), MailReason.BAD_PAGE),
        (replace(HELLO, unsubscribe="mailto:x@y.example"), MailReason.BAD_PAGE),
        (replace(HELLO, in_reply_to="<" + "a" * 300 + "@b>"), MailReason.BAD_THREAD),
        (replace(HELLO, provider_id="<a@b>"), MailReason.CANNOT_EDIT),
        (replace(HELLO, text="x" * 100_001), MailReason.TOO_LONG),
        (replace(HELLO, html="x" * 100_001), MailReason.TOO_LONG),
    ],
)
def test_refused_before_sending(message: Message, reason: MailReason) -> None:
    assert compose(message, HEAD, NOON) == Rejected(reason)


@given(st.text())
@example("a@b\r\n")
@example("a@xn--")
def test_no_address_smuggles_syntax(address: str) -> None:
    checked = mailbox(address)
    if checked is not None:
        assert not re.search(r"[\x00-\x20\x7f<>,;:\"()\\]", checked.address)
        assert checked.address.count("@") == 1
        assert checked.address.rpartition("@")[2].isascii()


@pytest.mark.parametrize(
    ("address", "wire", "needs_smtputf8"),
    [
        ("anna@mail.example", "anna@mail.example", False),
        ("a.b+c'd@localhost", "a.b+c'd@localhost", False),
        ("anna@почта.рф", "anna@xn--80a1acny.xn--p1ai", False),
        ("anna@ПОЧТА.РФ", "anna@xn--80a1acny.xn--p1ai", False),
        ("анна@почта.рф", "анна@xn--80a1acny.xn--p1ai", True),
    ],
)
def test_international_addresses(address: str, wire: str, *, needs_smtputf8: bool) -> None:
    checked = mailbox(address)
    assert checked == Mailbox(wire)
    assert checked.needs_smtputf8 is needs_smtputf8


def test_domain_that_two_standards_read_differently_is_refused() -> None:
    assert mailbox("anna@straße.example") is None


def test_international_mailbox_stands_in_the_header_as_it_is() -> None:
    letter = composed(replace(HELLO, address="анна@почта.рф"))
    assert b"\r\nTo: <" + "анна".encode() + b"@xn--80a1acny.xn--p1ai>\r\n" in letter.content


def test_sender_name_with_a_line_break_is_a_wrong_setting() -> None:
    with pytest.raises(ValueError, match="Имя отправителя"):
        letterhead("Школа\r\nBcc: x@y.example", SENDER, "school.example")


def test_utc_dates() -> None:
    letter = compose(HELLO, HEAD, datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))
    assert isinstance(letter, Letter)
    assert letter.content.startswith(b"Date: Fri, 02 Jan 2026 03:04:05 +0000\r\n")


PAGE = f"https://{'very.' * 9}long.school.example/zvonok/u/{'A' * 43}"


def test_a_reader_unsubscribes_with_one_click_where_the_way_is_safe() -> None:
    parsed = read(composed(replace(HELLO, unsubscribe=PAGE)).content)
    assert parsed["List-Unsubscribe"].strip() == f"<{PAGE}>"
    assert parsed["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert is_well_formed(composed(replace(HELLO, unsubscribe=PAGE)).content)
    plain = read(composed(replace(HELLO, unsubscribe=PAGE.replace("https:", "http:"))).content)
    assert (plain["List-Unsubscribe"] is None, plain["List-Unsubscribe-Post"]) == (False, None)
    without = read(composed(HELLO).content)
    assert (without["List-Unsubscribe"], without["List-Unsubscribe-Post"]) == (None, None)
