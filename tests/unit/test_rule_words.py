"""Rules of a school in people's words: every value has words, and every word is read back."""

import pytest

from core.rule_book.model import SchoolRules
from core.rule_book.profiles import Profile, kept, rules_by
from core.rule_book.wording import Kind, choices_of, kind_of, read
from texts.reader import LANGUAGES, load
from zvonok import rule_words, rules

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
