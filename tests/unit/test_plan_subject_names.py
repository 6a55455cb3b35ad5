"""How a subject is named (GEN-17)."""

import pytest

from core.plan import subject_names
from core.refusals import Invalid
from texts.reader import LANGUAGES, load

GOOD = [
    "математика",
    "русский язык",
    "алгебра и начала математического анализа",
    "история России",
    "родной (русский) язык",
    "3D-моделирование",
    "я — гражданин",
    "разговоры о важном",
    "труд (технология)",
    "основы безопасности и защиты Родины",
    "математика для тех, кто хочет знать больше",
    "кун-фу",
    "тай-чи",
    "python 3.12",
    "веб-программирование на node.js",
]
SHORT = {
    "матем.": "матем.",
    "рус. яз": "рус.",
    "рус яз": "рус",
    "ОБЖ": "ОБЖ",
    "обж": "обж",
    "ИЗО": "ИЗО",
    "физ-ра": "физ-ра",
    "Лит-ра": "Лит-ра",
    "информатика и ИКТ": "ИКТ",
    "англ. язык": "англ.",
    "английский яз": "яз",
    "физра": "физра",
    "мат-ка": "мат-ка",
    "ист-ия": "ист-ия",
    "рус.яз": "рус.",
    "комп. графика": "комп.",
}


@pytest.mark.parametrize("name", GOOD)
def test_a_full_name_stays_as_it_is(name: str) -> None:
    assert subject_names.in_full(name) == name
    assert subject_names.in_full(f"  {name.replace(' ', '   ')}\t") == name
    assert subject_names.is_in_full(name)


@pytest.mark.parametrize(("name", "short"), SHORT.items())
def test_what_is_shortened_is_named(name: str, short: str) -> None:
    with pytest.raises(Invalid) as refused:
        subject_names.in_full(name)
    assert (refused.value.code, refused.value.details) == ("subject-name-short", {"name": name, "short": short})
    assert not subject_names.is_in_full(name)


def test_a_capital_letter_at_the_beginning_is_refused_with_the_right_spelling() -> None:
    with pytest.raises(Invalid) as refused:
        subject_names.in_full("Математика")
    assert refused.value.code == "subject-name-capital"
    assert refused.value.details["used"] == "математика"
    assert not subject_names.is_in_full("Математика")
    said = load("ru").format("refusal-subject-name-capital", **refused.value.details)
    assert said == "«Математика»: предмет пишется со строчной буквы: «математика»."


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("", "text-needed"),
        (" \t\n", "text-needed"),
        ("\u200b", "text-needed"),
        ("м" * 151, "text-too-long"),
        ("=HYPERLINK(1)", "subject-name-odd"),
        ("«математика»", "subject-name-odd"),
        ("-", "subject-name-odd"),
    ],
)
def test_what_is_no_name_is_refused(name: str, code: str) -> None:
    with pytest.raises(Invalid, match=code) as refused:
        subject_names.in_full(name)
    for language in LANGUAGES:
        assert load(language).format(f"refusal-{code}", **refused.value.details)


def test_neither_capitals_nor_yo_tell_subjects_apart() -> None:
    assert subject_names.key("Чтёние  вслух") == subject_names.key("чтение вслух")
    assert subject_names.key("музыка") != subject_names.key("музыка и пение")


@pytest.mark.parametrize(
    ("written", "twin"),
    [
        ("химия\u200b", "химия"),
        ("\u202eхимия", "химия"),
        ("русский\u00adязык", "русскийязык"),
        ("русский\u2028язык", "русский язык"),
        ("русскии\u0306 язык", "русский язык"),
    ],
)
def test_what_nobody_sees_is_no_part_of_a_name(written: str, twin: str) -> None:
    assert subject_names.in_full(written) == twin
    assert subject_names.key(written) == subject_names.key(twin)
    assert subject_names.is_in_full(twin)
    assert not subject_names.is_in_full(written)
