"""The link of a letter by which an absence is answered: where it stands, and where nothing is asked."""

from dataclasses import replace
from datetime import date, timedelta
from html import unescape

import pytest

from core.events import AttendanceDayState
from gateway.absence_content import AbsenceContent
from gateway.digest import Letter, Piece, digest_chat, digest_letter, piece_of
from gateway.rendering import AnyTelling, chat_message, letter
from gateway.wording.words import Telling
from tests.unit.gateway_cases import (
    ILLNESS,
    READER,
    UNEXPLAINED,
    absence_for,
    attended,
    content,
    day_state,
    school,
)
from tests.unit.test_gateway_rendering import DELIVERY, RU
from texts.reader import LANGUAGES, load

LINK = "https://school.example/a/token"
CALL = "Не знаете, где ребёнок? Не ждите: позвоните ребёнку и сразу в школу."
ABSENT = day_state({2: UNEXPLAINED})


def telling(
    state: AttendanceDayState = ABSENT,
    said: AbsenceContent | None = None,
    *,
    link: str | None = LINK,
    limited: bool = False,
) -> AnyTelling:
    shown = absence_for(state, READER, acknowledged=False, interactive=False)
    return Telling(DELIVERY, shown, said, state, school(), link=link, limited=limited)


def entered_late(state: AttendanceDayState) -> AttendanceDayState:
    late = (one.model_copy(update={"recorded_at": one.starts_at + timedelta(hours=9)}) for one in state.absences)
    return state.model_copy(update={"absences": tuple(late)})


def evening(*pieces: Piece) -> Letter:
    assert pieces
    return Letter(date(2026, 10, 20), "anna@example.ru", "key", 4096)


def test_a_letter_is_answered_by_its_link_and_a_child_nobody_can_find_by_telephone() -> None:
    message = letter(RU, telling(), "anna@example.ru", "key")
    blocks = message.text.split("\n\n")
    (asks,) = (block for block in blocks if block.startswith("Знаете причину?"))
    assert asks.endswith(CALL)
    assert "классному руководителю" not in message.text
    assert blocks[blocks.index(asks) + 1] == LINK
    assert message.html is not None
    assert f'<a href="{LINK}"' in message.html
    assert ">Ответить об отсутствии</a>" in message.html


def test_without_pages_a_letter_says_whom_to_tell() -> None:
    message = letter(RU, telling(link=None), "anna@example.ru", "key")
    assert "Сообщите её классному руководителю." in message.text
    assert CALL in message.text
    assert "https:" not in message.text


def test_where_the_child_is_known_to_be_nobody_is_told_to_search() -> None:
    came = day_state({1: UNEXPLAINED}, attended=attended(2))
    for state in (came, entered_late(ABSENT)):
        message = letter(RU, telling(state), "anna@example.ru", "key")
        assert LINK in message.text
        assert "Знаете причину?" in message.text
        assert CALL not in message.text


@pytest.mark.parametrize(
    ("state", "said", "limited"),
    [
        (ABSENT, None, True),
        (day_state({2: ILLNESS}), content(2), False),
        (day_state({}), content(2), False),
        (day_state({}, attended=attended(late={1: 15})), None, False),
    ],
    ids=["looks on", "cause known", "taken back", "late"],
)
def test_where_nothing_is_asked_there_is_no_link(
    state: AttendanceDayState, said: AbsenceContent | None, *, limited: bool
) -> None:
    message = letter(RU, telling(state, said, limited=limited), "anna@example.ru", "key")
    assert LINK not in message.text
    assert message.html is not None
    assert LINK not in message.html


def test_what_still_stands_after_a_correction_is_answered_too() -> None:
    message = letter(RU, telling(ABSENT, content(1, 2)), "anna@example.ru", "key")
    assert "Исправлено" in message.text
    assert LINK in message.text


def test_a_chat_has_buttons_and_no_link() -> None:
    assert LINK not in chat_message(RU, telling(), "1001", "key").text
    piece = piece_of(RU, telling())
    assert LINK not in digest_chat(RU, [piece], evening(piece)).text


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_evening_letter_has_a_link_under_each_thing_that_asks(language: str) -> None:
    texts = load(language)
    first = piece_of(texts, telling())
    calm = piece_of(texts, telling(day_state({}, attended=attended(late={1: 15})), None))
    other = piece_of(texts, telling(entered_late(ABSENT), link=f"{LINK}2"))
    message = digest_letter(texts, [first, calm, replace(other, heading="Ёлкин Лев, 7 «Б»")], evening(first))
    lines = message.text.split("\n")
    label = texts.format("letter-absence-label")
    assert lines.count(f"{label}: {LINK}") == lines.count(f"{label}: {LINK}2") == 1
    assert lines.index(f"{label}: {LINK}") == lines.index(first.lines[-1]) + 1
    assert lines.index("Ёлкин Лев, 7 «Б»") < lines.index(f"{label}: {LINK}2")
    html = unescape(message.html or "")
    assert [html.count(f'href="{link}"') for link in (LINK, f"{LINK}2")] == [1, 1]
    assert html.index(first.lines[-1]) < html.index(LINK) < html.index(calm.lines[0])


def test_lines_that_ask_nothing_stay_together() -> None:
    pieces = [Piece("Ёлкина Саша", (f"строка {number}",), private=False, school="Школа") for number in range(3)]
    html = digest_letter(RU, pieces, evening(*pieces)).html or ""
    assert "строка 0<br>строка 1<br>строка 2</p>" in html
