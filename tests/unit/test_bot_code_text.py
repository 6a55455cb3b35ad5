import re

import pytest

from bot.code_text import code_in, nearly_code, shown_code
from core.account.accounts import CODE_LENGTH, CodeKeeper
from texts.reader import load
from zvonok.code_sheets import CODE_GROUP

CODE = "AB2CHDE3FG"


@pytest.mark.parametrize("text", [CODE, CODE.lower(), "AB2C-HDE3-FG", " ab2c hde3 fg ", "АВ2СНDЕ3FG", "ав2снdе3fg"])
def test_knows_a_code_typed_with_blanks_small_letters_or_russian_twins(text: str) -> None:
    assert code_in(text) == CODE


@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_example_of_a_code_looks_as_codes_are_printed(language: str) -> None:
    example = re.search(r"[A-Z0-9]+(-[A-Z0-9]+)+", load(language).format("bot-stranger"))
    assert example is not None
    assert [len(part) for part in example[0].split("-")] == [CODE_GROUP] * (CODE_LENGTH // CODE_GROUP)
    assert code_in(example[0]) == CODE


@pytest.mark.parametrize("text", ["", "урок", "AB2CHDE3F", "AB2CHDE3FGG", "AB2CHDE3F0", "AB2CHDE3FЖ", "здравствуй"])
def test_what_is_no_code_is_none(text: str) -> None:
    assert code_in(text) is None


@pytest.mark.parametrize("text", ["AB2CHDE3F", "AB2CHDE3FGG", "AB2CHDE3F0", "ab2c-hde3-f"])
def test_a_slip_of_the_finger_is_nearly_a_code(text: str) -> None:
    assert nearly_code(text)


@pytest.mark.parametrize("text", [CODE, "урок", "5 марта 2014", "05.03.2014", "0503201400", "AB2", "ABCDEFGHJK"])
def test_other_texts_are_not(text: str) -> None:
    assert not nearly_code(text)


def test_every_fresh_code_is_known_again() -> None:
    keeper = CodeKeeper(b"secret")
    for _ in range(200):
        code = keeper.fresh()
        assert len(code) == CODE_LENGTH
        assert code_in(code.lower()) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (f"/start {CODE}", CODE),
        (f"/start@school_bot {CODE.lower()}", CODE),
        ("/start nonsense", "nonsense"),
        ("/start", None),
        ("/start ", None),
        ("/help", None),
        (CODE, CODE),
    ],
)
def test_a_start_link_always_shows_a_code(text: str, code: str | None) -> None:
    assert shown_code(text) == code
