"""Sheets with codes: what a phone's camera reads, what a person reads, and names that would like to be markup."""

import re
from datetime import UTC, datetime
from uuid import UUID

import pytest
import zxingcpp
from pypdfium2 import PdfDocument

from core.account.accounts import IssuedCode
from core.events import Channel, SchoolKind, SchoolSettings
from core.russian import FullName
from core.school.schools import SchoolCard
from texts.reader import load
from zvonok import code_sheets
from zvonok.trouble import OfficeError

RU = load("ru")
BOTS = {Channel.MAX: "school5_bot", Channel.TELEGRAM: "school5tg_bot"}
ALL = (Channel.MAIL, Channel.MAX, Channel.TELEGRAM)
HOSTILE = 'О#Нил $x$ *б* _в_ `г` \\ "д" ]{ #let a = 1 //'
"""Every sign that means something to Typst."""


def school(*channels: Channel, name: str = "Школа № 5") -> SchoolCard:
    settings = SchoolSettings(allowed_channels=channels)
    return SchoolCard(UUID(int=1), SchoolKind.MUNICIPAL, name, "Asia/Yekaterinburg", settings)


def issued(surname: str, code: str, *children: str) -> IssuedCode:
    until = datetime(2026, 12, 23, tzinfo=UTC)
    return IssuedCode(UUID(int=7), FullName(surname, "Яна", "Юрьевна"), code, until, children)


def words(pdf: bytes) -> str:
    """Return what a reader of PDF finds in it, as one line."""
    with PdfDocument(pdf) as document:
        return re.sub(r"\s+", " ", "\n".join(page.get_textpage().get_text_range() for page in document))


def pages_of(pdf: bytes) -> int:
    with PdfDocument(pdf) as document:
        return len(document)


def squares(pdf: bytes) -> set[str]:
    """Return what a camera reads from the first page at 100 dots to an inch, which is a bad printer."""
    with PdfDocument(pdf) as document:
        return {one.text for one in zxingcpp.read_barcodes(document[0].render(scale=100 / 72).to_pil())}


def test_a_phone_reads_every_square_and_a_person_the_same_code() -> None:
    codes = [issued("Ёлкина", "ABCDE23456", "5А, Ёлкин Вадим"), issued("Якина", "FGHJK78923", "5А, Якин Пётр")]
    pdf = code_sheets.make(RU, school(*ALL), code_sheets.usable(RU, school(*ALL), BOTS), codes)
    assert pages_of(pdf) == 1, "two to a page"
    assert squares(pdf) == {
        f"{start}{one.code}"
        for one in codes
        for start in ("https://max.ru/school5_bot?start=", "https://t.me/school5tg_bot?start=")
    }
    said = words(pdf)
    for one in codes:
        assert code_sheets.grouped(one.code) in said
    for word in ("Ребёнок: 5А, Ёлкин Вадим", "до 23.12.2026", "MAX: @school5_bot", "дату рождения", "свою почту"):
        assert word in said


def test_no_name_becomes_markup() -> None:
    named = issued(HOSTILE, "ABCDE23456", f"5А, {HOSTILE}")
    pdf = code_sheets.make(RU, school(*ALL, name=HOSTILE), BOTS, [named])
    said = words(pdf)
    assert said.count(HOSTILE) == 3


def test_the_longest_names_and_many_children_stay_on_their_half() -> None:
    children = tuple(f"11А, {'Константинопольская' * 4} Александра" for _ in range(5))
    codes = [issued("Константинопольская" * 4, f"ABCDE2345{number}", *children) for number in range(2, 6)]
    pdf = code_sheets.make(RU, school(*ALL, name="Школа " * 40), BOTS, codes)
    assert pages_of(pdf) == 2
    said = words(pdf)
    assert said.count("Листок не ваш?") == 4


def test_a_foreign_messenger_is_not_on_the_sheet_of_a_school_that_may_not_use_it() -> None:
    assert code_sheets.usable(RU, school(Channel.MAIL, Channel.MAX), BOTS) == {Channel.MAX: "school5_bot"}
    with pytest.raises(OfficeError, match="ZVONOK_MAX_BOT_NAME"):
        code_sheets.usable(RU, school(Channel.MAIL), BOTS)
    with pytest.raises(OfficeError, match="ZVONOK_MAX_BOT_NAME"):
        code_sheets.usable(RU, school(*ALL), {})


def test_an_employee_is_asked_for_no_birth_date_and_the_order_is_the_alphabets() -> None:
    codes = [issued("Жук", "ABCDE23456"), issued("Ёлкина", "FGHJK78923"), issued("Еж", "MNPQR45678")]
    said = words(code_sheets.make(RU, school(Channel.MAX), {Channel.MAX: "school5_bot"}, codes))
    assert "дату рождения" not in said
    assert "свою почту" not in said
    assert re.findall(r"Для кого: (\w+)", said) == ["Еж", "Ёлкина", "Жук"]


def test_deep_links_are_as_short_as_the_messengers_want() -> None:
    for way, most in ((Channel.MAX, 128), (Channel.TELEGRAM, 64)):
        start = code_sheets.START[way].format(bot="b" * 64, code="ABCDE23456").partition("start=")[2]
        assert re.fullmatch(rf"[A-Za-z0-9_-]{{1,{most}}}", start)
