import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.paging import MAX_TEXT, fits, parts
from zvonok.sandbox.text_entities import utf16_length

WORDS = st.text("абв 🙂\n", max_size=60)


def bare(*texts: str) -> str:
    return "".join("".join(texts).split())


@settings(deadline=None)
@given(st.lists(WORDS, max_size=12), st.integers(2, 40))
def test_nothing_is_lost_and_every_part_has_room(blocks: list[str], room: int) -> None:
    told = parts(blocks, room)
    assert bare(*told) == bare(*blocks)
    assert all(utf16_length(part) <= room for part in told)


def test_blocks_stay_whole_as_long_as_they_can() -> None:
    assert parts(["один два", "три", "четыре"], 13) == ("один два\n\nтри", "четыре")
    assert parts([]) == ("",)


def test_a_long_block_is_divided_between_lines_then_between_words_then_anywhere() -> None:
    assert parts(["первая\nвторая"], 10) == ("первая", "вторая")
    assert parts(["первое слово"], 10) == ("первое", "слово")
    assert parts(["абвгд"], 2) == ("аб", "вг", "д")


@pytest.mark.parametrize(("sign", "longest"), [("я", MAX_TEXT), ("🙂", MAX_TEXT // 2)])
def test_a_text_is_measured_as_telegram_measures_it(sign: str, longest: int) -> None:
    assert fits(sign * longest)
    assert not fits(sign * (longest + 1))
