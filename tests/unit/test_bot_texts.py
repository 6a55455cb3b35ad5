"""Every sentence of the bot in both languages: complete, short enough, and none of them broken."""

import re
from pathlib import Path

import pytest

from bot.payloads import Verb
from bot.turn import MAX_TOAST
from texts.reader import FOLDER, LANGUAGES, load

ARGUMENTS = re.compile(r"\$(\w+)")
IDS = re.compile(r"^([a-z][a-z0-9-]*) =", re.MULTILINE)
NUMBERS = {"absent", "seconds", "minutes", "children", "length", "number", "left"}
SHOWN_IN_A_TOAST = [
    "bot-alert-stale",
    "bot-button-stale",
    "bot-recorded-toast",
    "bot-recorded-already",
    "bot-undone-toast",
    "bot-private-only",
    *(f"bot-thanks-{verb.value}" for verb in Verb),
]


def source(language: str, name: str) -> str:
    return (FOLDER / language / name).read_text(encoding="utf-8")


def ids(language: str, name: str) -> list[str]:
    return IDS.findall(source(language, name))


def arguments(language: str, name: str) -> dict[str, set[str]]:
    parts = re.split(r"^(?=[a-z])", source(language, name), flags=re.MULTILINE)
    return {found[1]: set(ARGUMENTS.findall(part)) for part in parts if (found := IDS.match(part))}


def formatted(language: str, text_id: str, wanted: set[str], number: int = 2) -> str:
    filled: dict[str, str | int] = {name: number if name in NUMBERS else "«Иванова Анна»" for name in wanted}
    return load(language).format(text_id, **filled)


def test_both_languages_have_the_same_sentences_with_the_same_arguments() -> None:
    russian, english = (arguments(language, "bot.ftl") for language in ("ru", "en"))
    assert russian == english
    assert len(ids("ru", "bot.ftl")) == len(set(ids("ru", "bot.ftl")))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("number", [0, 1, 2, 5, 21])
def test_every_sentence_can_be_said(language: str, number: int) -> None:
    for text_id, wanted in arguments(language, "bot.ftl").items():
        text = formatted(language, text_id, wanted, number)
        assert text.strip()
        assert "{" not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_answers_to_a_press_fit_its_bubble(language: str) -> None:
    known = arguments(language, "bot.ftl") | arguments(language, "refusals.ftl")
    refusals = [text_id for text_id in ids(language, "refusals.ftl") if text_id.startswith("refusal-")]
    for text_id in [*SHOWN_IN_A_TOAST, *refusals]:
        assert len(formatted(language, text_id, known[text_id])) <= MAX_TOAST, text_id


def test_every_sentence_of_the_code_exists() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in Path(FOLDER.parent / "bot").glob("*.py"))
    said = set(re.findall(r'"(bot-[a-z-]+[a-z])"', code))
    assert said <= set(ids("ru", "bot.ftl"))
    built = {"bot-thanks", "bot-reason", "bot-command", "bot-lesson"}
    unsaid = {text_id for text_id in ids("ru", "bot.ftl") if text_id not in said}
    assert {text_id for text_id in unsaid if not any(text_id.startswith(f"{name}-") for name in built)} == set()


def test_russian_plurals_are_right() -> None:
    texts = load("ru")
    labels = [texts.format("bot-button-done", absent=count, late=0) for count in (0, 1, 3, 21)]
    assert labels == ["Все на месте", "Готово: отсутствует 1", "Готово: отсутствуют 3", "Готово: отсутствует 21"]
    assert "через 60 секунд." in texts.format("bot-why-when", seconds=60)
    assert "уходит сразу." in texts.format("bot-why-when", seconds=0)
