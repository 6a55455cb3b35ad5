"""A week of learning in words: how many lessons, and of how many of them the reason is unknown."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from core.events import LearningWeekState
from gateway.learning_content import LearningContent
from gateway.wording.learning_week import learning_words
from gateway.wording.words import Telling
from tests.unit.gateway_cases import PUPIL, school
from texts.reader import load

TEXTS = load("ru")
SATURDAY = date(2026, 10, 24)


@pytest.mark.parametrize(
    ("missed", "unexplained", "said"),
    [
        (1, 1, ("За неделю пропущен 1 урок.", "Причину школа пока не знает.")),
        (3, 3, ("За неделю пропущено 3 урока.", "Причину этих пропусков школа пока не знает.")),
        (3, 1, ("За неделю пропущено 3 урока.", "Причину одного из них школа пока не знает.")),
        (3, 2, ("За неделю пропущено 3 урока.", "Уроков, о которых школа пока не знает причины: 2.")),
        (2, 0, ("За неделю пропущено 2 урока.",)),
    ],
)
def test_one_of_them_is_said_only_where_there_are_others(missed: int, unexplained: int, said: tuple[str, ...]) -> None:
    state = LearningWeekState(
        pupil=PUPIL, pupil_name="Ёлкина Саша", class_title="5А", day=SATURDAY, first=SATURDAY - timedelta(days=6)
    )
    content = LearningContent(SATURDAY, missed=missed, unexplained=unexplained)
    assert learning_words(TEXTS, Telling(UUID(int=5), content, None, state, school())).body == said
