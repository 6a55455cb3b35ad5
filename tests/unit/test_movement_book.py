"""Which orders stand when some were taken back, and where a rollover leads whom: pure decisions."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.movement import movements
from core.movement.movements import MovementKind, Order, Written
from core.movement.rollover import Answers, Goer, Passing, RolloverPlan, decide, next_title
from core.refusals import Conflict, Invalid, Refusal
from core.russian import FullName

DAY = date(2027, 5, 25)
ORDER = Order("45", DAY)
FIRST_DAY = date(2027, 9, 1)


def written(kind: MovementKind) -> Written:
    return Written(uuid4(), kind)


@given(st.lists(st.sampled_from(MovementKind), max_size=12))
def test_a_correction_takes_back_the_last_order_that_stood(kinds: list[MovementKind]) -> None:
    book = [written(kind) for kind in kinds]
    standing = movements.in_effect(book)
    corrections = sum(one.kind is MovementKind.CORRECTED for one in book)
    assert all(one.kind is not MovementKind.CORRECTED for one in standing)
    assert [one for one in book if one in standing] == list(standing), "in the order of the book"
    assert len(standing) >= len(book) - 2 * corrections
    for number in range(len(book)):
        before, after = movements.in_effect(book[:number]), movements.in_effect(book[: number + 1])
        last = book[number]
        assert after == (before[:-1] if last.kind is MovementKind.CORRECTED else (*before, last))


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("5А", "6А"),
        ("9-Б", "10-Б"),
        ("10 «Физмат»", "11 «Физмат»"),
        ("1А1", "2А1"),
        ("11А", None),
        ("Подготовка", None),
    ],
)
def test_a_class_is_called_by_the_next_grade(written: str, title: str | None) -> None:
    assert next_title(written) == title


@pytest.mark.parametrize(
    ("order", "code"),
    [
        (Order("", DAY), "movement-order-needed"),
        (Order(" № ", DAY), "movement-order-needed"),
        (Order("9" * 61, DAY), "movement-order-needed"),
        (Order("\u200b\u202e", DAY), "movement-order-needed"),
        (Order("12", date(2027, 5, 26)), "movement-order-ahead"),
        (Order("12", date.min), "movement-order-old"),
        (Order("12", DAY, "ж" * 301), "movement-words-too-long"),
    ],
)
def test_an_order_without_number_or_of_a_day_to_come_is_refused(order: Order, code: str) -> None:
    with pytest.raises(Invalid, match=code):
        movements.fitted(order, DAY)


def test_an_order_is_kept_in_one_line_and_without_its_sign() -> None:
    fitted = movements.fitted(Order("  №  12-у \n", DAY, " болезнь\nматери "), DAY)
    assert fitted == Order("12-у", DAY, "болезнь матери")
    assert fitted.in_words() == "приказ № 12-у от 25.05.2027: болезнь матери"
    assert movements.fitted(Order("12-у", DAY, "\u200b\u202e"), DAY).note == ""
    assert movements.fitted_words("\u200b") == ""


def passing(title: str, *names: str, asked: bool = False) -> Passing:
    pupils = tuple(Goer(uuid4(), FullName(*name.split()), None) for name in names)
    return Passing(uuid4(), title, next_title(title), asked, None, 1, pupils)


FIVE = passing("5А", "Абрамов Глеб", "Иванова Анна")
NINE = passing("9А", "Зуев Пётр", "Котова Вера", asked=True)
ELEVEN = passing("11А", "Яшин Лев")
PLAN = RolloverPlan(2026, FIRST_DAY, (FIVE, NINE, ELEVEN), "of now")
GLEB, ANNA = (goer.pupil for goer in FIVE.pupils)
PETR, VERA = (goer.pupil for goer in NINE.pupils)
LEV = ELEVEN.pupils[0].pupil


def answers(
    classes: Mapping[UUID, str | None] | None = None,
    pupils: Mapping[UUID, str | None] | None = None,
    last_day: date | None = date(2027, 6, 25),
) -> Answers:
    return Answers(ORDER, {NINE.class_id: "10А"} if classes is None else classes, pupils or {}, last_day)


def test_everybody_goes_the_way_of_his_class_but_for_those_who_are_named() -> None:
    ways = decide(PLAN, answers(pupils={ANNA: "5Б", VERA: None}))
    assert {way.pupil: (way.kind, way.to_title) for way in ways} == {
        GLEB: (MovementKind.MOVED_UP, "6А"),
        ANNA: (MovementKind.REPEATS, "5Б"),
        PETR: (MovementKind.MOVED_UP, "10А"),
        VERA: (MovementKind.GRADUATED, None),
        LEV: (MovementKind.GRADUATED, None),
    }


def test_a_ninth_grade_is_decided_pupil_by_pupil_too() -> None:
    ways = decide(PLAN, answers(classes={}, pupils={PETR: "10Б", VERA: None}))
    assert [way.to_title for way in ways if way.from_class == NINE.class_id] == ["10Б", None]


@pytest.mark.parametrize(
    ("given", "refusal", "code"),
    [
        (answers(classes={}), Conflict, "rollover-unanswered"),
        (answers(classes={}, pupils={VERA: None}), Conflict, "rollover-unanswered"),
        (answers(classes={uuid4(): "6А"}), Invalid, "rollover-stranger"),
        (answers(pupils={uuid4(): "6А"}), Invalid, "rollover-stranger"),
        (answers(pupils={ANNA: None}), Invalid, "rollover-finishes-early"),
        (answers(pupils={ANNA: "7А"}), Invalid, "rollover-wrong-grade"),
        (answers(pupils={ANNA: "4А"}), Invalid, "rollover-wrong-grade"),
        (answers(pupils={ANNA: "6\u202eА"}), Invalid, "rollover-title-odd"),
        (answers(pupils={ANNA: "6" + "я" * 3000}), Invalid, "rollover-title-odd"),
        (answers(pupils={ANNA: "6А\x00"}), Invalid, "rollover-title-odd"),
        (answers(last_day=None), Invalid, "rollover-last-day-needed"),
        (answers(last_day=FIRST_DAY), Invalid, "rollover-last-day-odd"),
        (answers(last_day=date(2026, 6, 25)), Invalid, "rollover-last-day-odd"),
    ],
)
def test_a_way_that_nobody_can_go_is_refused(given: Answers, refusal: type[Refusal], code: str) -> None:
    with pytest.raises(refusal, match=code):
        decide(PLAN, given)
