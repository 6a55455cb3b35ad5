"""What Telegram accepts under a message."""

import json
from typing import Any

import pytest

from zvonok.sandbox.keyboards import is_inline, parse_reply_markup
from zvonok.sandbox.refusals import RefusalError


def inline(*buttons: dict[str, Any]) -> dict[str, Any]:
    return {"inline_keyboard": [list(buttons)]}


def callback(data: str, text: str = "Да") -> dict[str, Any]:
    return {"text": text, "callback_data": data}


@pytest.mark.parametrize("data", ["a", "я" * 32, "x" * 64])
def test_a_payload_of_1_to_64_bytes_passes(data: str) -> None:
    assert parse_reply_markup(inline(callback(data))) == inline(callback(data))


@pytest.mark.parametrize("data", ["x" * 65, "я" * 33])
def test_a_longer_payload_does_not(data: str) -> None:
    with pytest.raises(RefusalError, match="Bad Request: BUTTON_DATA_INVALID"):
        parse_reply_markup(inline(callback(data)))


def test_a_hundred_buttons_pass_in_rows_of_any_length() -> None:
    rows = {"inline_keyboard": [[callback(str(number)) for number in range(100)], []]}
    parsed = parse_reply_markup(rows)
    assert parsed is not None
    assert [len(row) for row in parsed["inline_keyboard"]] == [100]


def test_a_hundred_and_one_do_not() -> None:
    with pytest.raises(RefusalError, match="REPLY_MARKUP_TOO_LONG"):
        parse_reply_markup({"inline_keyboard": [[callback(str(number))] for number in range(101)]})


@pytest.mark.parametrize(
    ("markup", "problem"),
    [
        ("{", "can't parse reply keyboard markup JSON object"),
        ([], "object expected as reply markup"),
        ({"inline_keyboard": "x"}, 'field "inline_keyboard" of the InlineKeyboardMarkup must be an Array'),
        ({"inline_keyboard": ["x"]}, 'field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays'),
        (inline({"text": "Да"}), "Text buttons are unallowed in the inline keyboard"),
        (inline(callback("")), "Text buttons are unallowed in the inline keyboard"),
        (inline({"callback_data": "a"}), 'Can\'t find field "text"'),
        (inline(callback("a", text=" ")), "inline keyboard button text must be non-empty"),
        (inline({"text": "Да", "callback_data": 5}), 'Field "callback_data" must be of type String'),
        (inline({"text": "Да", "url": "javascript:alert(1)"}), "BUTTON_URL_INVALID"),
        (inline({"text": "Да", "web_app": {"url": "http://example.ru"}}), "BUTTON_URL_INVALID"),
        (inline({"text": "Да", "copy_text": {"text": ""}}), "BUTTON_COPY_TEXT_INVALID"),
        ({"inline_keyboard": [["x"]]}, "InlineKeyboardButton must be an Object"),
        ({"keyboard": [[5]]}, "KeyboardButton must be a String or an Object"),
        ({"keyboard": [[{"request_contact": True}]]}, 'Can\'t find field "text"'),
    ],
)
def test_a_markup_that_is_none_is_refused(markup: Any, problem: str) -> None:
    with pytest.raises(RefusalError) as refusal:
        parse_reply_markup(markup)
    assert refusal.value.code == 400
    assert problem in refusal.value.description


def test_kinds_of_markup() -> None:
    keyboard = {"keyboard": [["Да", {"text": "Телефон", "request_contact": True}]], "resize_keyboard": True, "odd": 1}
    shown = {"keyboard": [[{"text": "Да"}, {"text": "Телефон", "request_contact": True}]], "resize_keyboard": True}
    assert parse_reply_markup(keyboard) == shown
    assert parse_reply_markup({"remove_keyboard": True}) == {"remove_keyboard": True}
    assert parse_reply_markup({"force_reply": True}) == {"force_reply": True}
    nothings: tuple[Any, ...] = (
        None,
        "",
        {},
        {"inline_keyboard": []},
        {"inline_keyboard": [[]]},
        {"remove_keyboard": False},
    )
    for nothing in nothings:
        assert parse_reply_markup(nothing) is None


def test_only_an_inline_markup_belongs_to_the_message() -> None:
    assert is_inline(None)
    assert is_inline(inline(callback("a")))
    assert not is_inline({"force_reply": True})


def test_a_markup_may_come_as_json_text_with_links_and_web_apps() -> None:
    markup = inline(
        {"text": "Сайт", "url": "https://example.ru"},
        {"text": "Чат", "url": "tg://user?id=5", "style": "danger"},
        {"text": "Дневник", "web_app": {"url": "https://example.ru"}},
        {"text": "Найти", "switch_inline_query": ""},
    )
    assert parse_reply_markup(json.dumps(markup)) == markup
