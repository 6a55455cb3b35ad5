"""Titles of classes: which grade they name, and the order in which they stand."""

import pytest

from core.person.class_titles import grade_of, title_order


@pytest.mark.parametrize(("title", "grade"), [("1А", 1), ("10Б", 10), ("11", 11), ("ГПД", 0), ("", 0)])
def test_the_grade_of_a_title(title: str, grade: int) -> None:
    assert grade_of(title) == grade


def test_classes_stand_by_grade_and_by_the_russian_alphabet() -> None:
    assert sorted(["10А", "9Ж", "9Е", "9Ё", "1Б", "11"], key=title_order) == ["1Б", "9Е", "9Ё", "9Ж", "10А", "11"]
