"""What the office is told of a changed timetable."""

import pytest

from zvonok import change_words


@pytest.mark.parametrize(
    ("lessons", "held", "said"),
    [
        (6, 0, ["24.11.2026: карантин. Изменилось уроков: 6."]),
        (
            4,
            2,
            [
                "24.11.2026: карантин. Изменилось уроков: 4.",
                "Уроков, которые уже прошли и остались как были: 2.",
            ],
        ),
        (0, 2, ["Записано — 24.11.2026: карантин. Эти уроки уже прошли и остались как были: 2."]),
    ],
)
def test_an_act_says_what_it_changed_and_what_was_over_before_it(lessons: int, held: int, said: list[str]) -> None:
    assert change_words.acted("24.11.2026: карантин", lessons, held) == said
