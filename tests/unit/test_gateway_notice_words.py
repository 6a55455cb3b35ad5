"""A notice in words: what its reader did, what he may still change, and where the evening letter is changed."""

from datetime import date
from uuid import UUID

import pytest

from core.events import Addressee, NoticeAct, NoticeAsk, NoticeState
from gateway.content import NoticeContent
from gateway.digest import Letter, Piece, digest_letter, piece_of
from gateway.rendering import AnyTelling, chat_message
from gateway.wording.words import Telling
from tests.unit.gateway_cases import PUPIL, TODAY, school
from texts.reader import load

TEXTS = load("ru")
DELIVERY = UUID(int=5)
HASH = "ab" * 32
NOTICE = NoticeState(
    notice=UUID(int=1),
    class_title="5А",
    pupils=(Addressee(pupil=PUPIL, name="Ёлкина Саша"),),
    author_name="Петрова Мария Ивановна",
    title="Поездка в музей",
    text="Едем.",
    text_hash=HASH,
    ask=NoticeAsk.SIGN,
    reply_by=None,
    published_on=TODAY,
)


def telling(
    ask: NoticeAsk, answer: NoticeAct | None = None, *, withdrawn: bool = False, acknowledged: bool = False
) -> AnyTelling:
    content = NoticeContent("Поездка в музей", HASH, ask, withdrawn, answer, acknowledged)
    return Telling(DELIVERY, content, None, NOTICE, school(), children=("Ёлкина Саша",))


def keys(one: AnyTelling) -> list[tuple[str, str]]:
    message = chat_message(TEXTS, one, "200", "key")
    return [(button.label, button.payload.rpartition(":")[2]) for row in message.buttons for button in row]


@pytest.mark.parametrize(("answer", "other"), [(NoticeAct.SIGNED, "refuse"), (NoticeAct.REFUSED, "sign")])
def test_whoever_signed_or_refused_may_ask_for_the_other_answer(answer: NoticeAct, other: str) -> None:
    assert keys(telling(NoticeAsk.SIGN, answer)) == [("Изменить ответ", other)]


@pytest.mark.parametrize(
    "one",
    [
        telling(NoticeAsk.CONFIRM, NoticeAct.CONFIRMED),
        telling(NoticeAsk.SIGN, NoticeAct.SIGNED, withdrawn=True),
        # He signed, and is one who signs no more: what he said stays, nothing is asked.
        telling(NoticeAsk.READ, NoticeAct.SIGNED),
    ],
)
def test_where_no_other_answer_is_taken_none_is_offered(one: AnyTelling) -> None:
    assert keys(one) == []


@pytest.mark.parametrize("answer", [None, *NoticeAct])
@pytest.mark.parametrize("ask", [NoticeAsk.CONFIRM, NoticeAsk.SIGN])
def test_understood_never_stands_where_an_answer_is_asked_for(ask: NoticeAsk, answer: NoticeAct | None) -> None:
    text = chat_message(TEXTS, telling(ask, answer, acknowledged=True), "200", "key").text
    assert "понятно" not in text.lower()


def test_a_notice_to_be_read_says_that_it_was_understood() -> None:
    assert chat_message(TEXTS, telling(NoticeAsk.READ, acknowledged=True), "200", "key").text.endswith(
        TEXTS.format("alert-acknowledged")
    )


def test_the_evening_letter_says_what_to_do_without_a_chat() -> None:
    piece = piece_of(TEXTS, telling(NoticeAsk.READ))
    letter = digest_letter(TEXTS, [piece], Letter(date(2026, 10, 20), "a@b.example", "key", 4096))
    way = "Если чата у вас нет, код для него выдаёт классный руководитель."
    assert letter.text.rstrip().endswith(way)
    assert way in (letter.html or "")


@pytest.mark.parametrize(
    ("headings", "named"),
    [
        (
            ["Ершов Даниил, 9В", "Ершов Даниил, Ершов Тимофей", "Ершов Тимофей, 7Б"],
            "Ершов Даниил, 9В; Ершов Тимофей, 7Б",
        ),
        (["Ершов Даниил, Ершов Тимофей"], "Ершов Даниил, Ершов Тимофей"),
    ],
)
def test_the_subject_of_an_evening_letter_names_each_child_once(headings: list[str], named: str) -> None:
    both = ("Ершов Даниил", "Ершов Тимофей")
    pieces = [
        Piece(one, ("• новость",), private=False, school="Школа", children=both if one == ", ".join(both) else ())
        for one in headings
    ]
    letter = digest_letter(TEXTS, pieces, Letter(date(2026, 9, 8), "a@b.example", "key", 4096))
    assert letter.subject == f"Новости из школы за 8 сентября: {named}"
