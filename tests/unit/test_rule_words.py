"""Rules of a school in people's words: every value has words, and every word is read back."""

import pytest

from core.rule_book.model import SchoolRules, rule_of
from core.rule_book.profiles import Profile, kept, rules_by
from core.rule_book.wording import Kind, choices_of, kind_of, read
from texts.reader import LANGUAGES, load
from zvonok import rule_sources, rule_words, rules
from zvonok.rule_sources import SourceUnreadableError

ORDER = "приказ № 287 от 28.02.2020 (образование ХМАО — Югры)"
LETTER = "письмо регионального оператора (Челябинск) от 10.07.2024"
NAMES = tuple(SchoolRules.model_fields)
CHOICES = [
    (name, value) for name in NAMES if kind_of(name) in (Kind.CHOICE, Kind.CHOICES) for value in choices_of(name)
]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_choice_has_words(language: str) -> None:
    texts = load(language)
    assert [value for _, value in CHOICES if value.isascii() and not texts.has(f"rule-value-{value}")] == []
    assert [unit for unit in rule_words.UNITS if not texts.format(f"rule-unit-{unit}", count=2)] == []


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("profile", Profile)
def test_what_is_shown_of_a_rule_is_no_code_and_its_example_is_true(name: str, profile: Profile) -> None:
    value = kept(rules_by(profile, {}))[name]
    said = rule_words.shown(name, value)
    assert said
    assert not any(letter.isascii() and letter.isalpha() for letter in said)
    assert rule_words.may_be(name)
    given, _, word = rule_words.example(name, value).partition("=")
    assert given == name
    rules.check((f"{name}={word.strip('"')}",))


@pytest.mark.parametrize(("name", "value"), CHOICES)
def test_a_choice_is_read_by_its_words_and_by_its_code(name: str, value: str) -> None:
    words = rule_words.shown(name, value if kind_of(name) is Kind.CHOICE else [value])
    assert read(name, rule_words.code_of(name, words.upper())) == read(name, value)
    assert read(name, rule_words.code_of(name, value)) == read(name, value)


@pytest.mark.parametrize(
    ("name", "typed", "value"),
    [
        ("absence_minutes", "15 минут", 15),
        ("low_percent", "90 %", 90),
        ("low_percent", "90%", 90),
        ("journal_years", "7", 7),
        ("login_staff", "логин и пароль, provider", ["password", "provider"]),
    ],
)
def test_units_may_be_typed(name: str, typed: str, value: object) -> None:
    assert rules.read_changes([f"{name}={typed}"]) == {name: value}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_a_rules_source_is_a_document_and_a_clause_and_no_cipher(name: str, language: str) -> None:
    said = rule_sources.in_words(load(language), rule_of(name).source)
    assert ": " in said
    assert not any(cipher in said for cipher in ("001", "002", "003", "004", "A1", "A2", "R1", "R3", "DL-", "CONF-"))


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (
            "001 R3 2.9, A2.ST 7",
            f"{ORDER}: регламент ведения журнала, п. 2.9; приложение 2 (учитель), п. 7",
        ),
        (
            "002 5; 003 L96",
            f"положение одной школы о журнале от 31.08.2023: п. 5 · {LETTER}: строка 96",
        ),
    ],
)
def test_a_source_names_the_document(source: str, said: str) -> None:
    assert rule_sources.in_words(load("ru"), source) == said


@pytest.mark.parametrize("source", ["009 1", "001", "001 Z9", "001 R3 2.9 2.10"])
def test_a_source_that_is_none_is_our_own_mistake(source: str) -> None:
    with pytest.raises(SourceUnreadableError):
        rule_sources.in_words(load("ru"), source)
