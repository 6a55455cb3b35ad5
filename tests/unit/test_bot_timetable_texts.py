"""Sentences of a changed timetable in the bot: all of them are there and said, in both languages alike."""

import re

import pytest

from bot.turn import MAX_TOAST
from core.year.changes import CancelReason
from texts.reader import FOLDER, LANGUAGES, load

NAME = "bot_timetable.ftl"
IDS = re.compile(r"^([a-z][a-z0-9-]*) =", re.MULTILINE)
ARGUMENTS = re.compile(r"\$(\w+)")
BUILT = {
    *(f"lesson-cancelled-{reason}" for reason in CancelReason),
    *(f"week-button-{where}" for where in ("before", "after")),
    *(f"week-button-part-{where}" for where in ("before", "after")),
}


def source(language: str) -> str:
    return (FOLDER / language / NAME).read_text(encoding="utf-8")


def arguments(language: str) -> dict[str, set[str]]:
    parts = re.split(r"^(?=[a-z])", source(language), flags=re.MULTILINE)
    return {found[1]: set(ARGUMENTS.findall(part)) for part in parts if (found := IDS.match(part))}


def test_every_sentence_is_said() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in sorted((FOLDER.parent / "bot").glob("*.py")))
    words = set(re.findall(r'"([a-z][a-z-]*[a-z])"', code))
    there = {one for one in IDS.findall(source("ru")) if not one.startswith("parent-")}
    refusals = {one for one in there if one.startswith("refusal-")}
    assert there - words - refusals == BUILT
    assert refusals == {"refusal-week-out-of-reach", "refusal-lesson-cancelled"}


def test_both_languages_have_the_same_sentences_with_the_same_arguments() -> None:
    assert arguments("ru") == arguments("en")
    assert len(IDS.findall(source("ru"))) == len(set(IDS.findall(source("ru"))))


@pytest.mark.parametrize("language", LANGUAGES)
def test_refusals_fit_the_bubble_of_a_press(language: str) -> None:
    texts = load(language)
    assert len(texts.format("refusal-week-out-of-reach")) <= MAX_TOAST
    assert len(texts.format("refusal-lesson-cancelled", class_title="10А, английский, 1", number=3)) <= MAX_TOAST
