"""The words of a message: the fact first, short, neutral to sex, nothing declined, nothing of the other guardian."""

import itertools
import re
from datetime import date
from html.parser import HTMLParser
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.events import AbsenceKind, AttendanceDayState, ProposedReason
from gateway.absence_content import AbsenceContent
from gateway.rendering import AnyTelling, chat_message, letter, payload
from gateway.wording.absence import ROWS
from gateway.wording.words import Telling
from notifiers.port import Message
from tests.unit.gateway_cases import (
    EXCUSED,
    ILLNESS,
    OTHER,
    READER,
    UNEXPLAINED,
    absence_for,
    content,
    day_state,
    school,
)
from texts.reader import LANGUAGES, Texts, load

DELIVERY = UUID("ffffffff-ffff-4fff-bfff-ffffffffffff")
RU = load("ru")
NAME = "Ёлкина Саша"


def telling(state: AttendanceDayState, said: AbsenceContent | None = None, *, acknowledged: bool = False) -> AnyTelling:
    shown = absence_for(state, READER, acknowledged=acknowledged, interactive=True)
    return Telling(DELIVERY, shown, said, state, school())


def chat(state: AttendanceDayState, said: AbsenceContent | None = None, texts: Texts = RU, **shown: bool) -> Message:
    return chat_message(texts, telling(state, said, **shown), "1001", "key")


def mail(state: AttendanceDayState, said: AbsenceContent | None = None, texts: Texts = RU) -> Message:
    return letter(texts, telling(state, said), "anna@example.ru", "key")


def labels(message: Message) -> list[list[str]]:
    return [[button.label for button in row] for row in message.buttons]


# --- what is said -----------------------------------------------------------------------------------------------------


def test_the_fact_comes_first_and_one_thing_to_do_last() -> None:
    message = chat(day_state({2: UNEXPLAINED}, missed_lessons=7))
    assert message.text == (
        "Отсутствие на уроке\n\n"
        "Ёлкина Саша, 5 «А»\nвторник, 20 октября\n\n"
        "• 2-й урок, 9:30 (математика): отсутствует\n\n"
        "С 1 сентября пропущено 7 уроков.\n\n"
        "Знаете причину? Нажмите кнопку: учитель увидит ответ в перекличке."
    )
    assert labels(message) == [
        ["Понятно"],
        ["Болеет", "Семейные причины"],
        ["Опаздывает"],
        ["Ребёнок в школе, это ошибка"],
        ["Не знаю, где ребёнок"],
    ]


@pytest.mark.parametrize(
    ("now_true", "said", "title", "corrected"),
    [
        ({1: UNEXPLAINED}, None, "Отсутствие на уроке", False),
        ({1: UNEXPLAINED, 2: UNEXPLAINED}, None, "Отсутствие на уроках", False),
        ({1: UNEXPLAINED, 2: ILLNESS}, None, "Отсутствие на уроке", False),
        ({1: UNEXPLAINED, 2: UNEXPLAINED}, content(1), "Отсутствие на уроках", False),
        ({2: UNEXPLAINED}, content(1, 2), "Исправлено: отсутствие на уроках", True),
        ({1: ILLNESS}, content(1), "Уточнено: причина отсутствия известна", True),
        ({1: EXCUSED, 2: ILLNESS}, content(1), "Уточнено: причина отсутствия известна", True),
        ({}, content(1), "Исправлено: отметка об отсутствии снята", True),
        ({}, None, "Исправлено: отметка об отсутствии снята", True),
    ],
)
def test_the_title_says_what_kind_of_message_it_is(
    now_true: dict[int, AbsenceKind], said: AbsenceContent | None, title: str, *, corrected: bool
) -> None:
    state = day_state(now_true)
    assert chat(state, said).text.startswith(f"{title}\n\n{NAME}, ")
    subject = mail(state, said).subject
    assert subject == f"{'Исправлено' if corrected else 'Отсутствие на уроке'}: {NAME}, вторник, 20 октября"


def test_a_lesson_taken_back_is_named_and_we_are_sorry() -> None:
    message = chat(day_state({2: UNEXPLAINED}), content(1, 2))
    assert "• 1-й урок (математика): запись снята" in message.text
    assert "• 2-й урок, 9:30 (математика): отсутствует" in message.text
    assert "Извините за беспокойство." in message.text


@pytest.mark.parametrize("said", [content(1, 2), content(1), None])
@pytest.mark.parametrize("make", [chat, mail])
def test_no_message_has_gaps(make: Any, said: AbsenceContent | None) -> None:
    for state in (day_state({}), day_state({1: UNEXPLAINED}), day_state({1: ILLNESS})):
        message = make(state, said)
        assert message.html is not None
        assert "\n\n\n" not in message.text
        assert message.text.strip() == message.text.removesuffix("\n")
        assert "></p>" not in message.html
        assert "\n\n\n" not in message.html


@pytest.mark.parametrize(
    ("count", "sentence"),
    [
        (1, "пропущен 1 урок."),
        (2, "пропущено 2 урока."),
        (5, "пропущено 5 уроков."),
        (11, "пропущено 11 уроков."),
        (21, "пропущен 21 урок."),
        (22, "пропущено 22 урока."),
        (111, "пропущено 111 уроков."),
        (121, "пропущен 121 урок."),
    ],
)
def test_the_total_has_its_plural(count: int, sentence: str) -> None:
    assert f"С 1 сентября {sentence}" in chat(day_state({1: UNEXPLAINED}, missed_lessons=count)).text


@pytest.mark.parametrize(("count", "word"), [(1, "1 lesson "), (2, "2 lessons "), (21, "21 lessons ")])
def test_the_total_has_its_plural_in_english(count: int, word: str) -> None:
    message = chat(day_state({1: UNEXPLAINED}, missed_lessons=count), texts=load("en"))
    assert f"{word}missed since 1 September." in message.text


@pytest.mark.parametrize(
    ("first", "since"),
    [(date(2026, 9, 1), "С 1 сентября"), (date(2026, 9, 2), "Со 2 сентября"), (date(2026, 9, 8), "С 8 сентября")],
)
def test_the_total_counts_from_where_the_journal_begins(first: date, since: str) -> None:
    assert f"\n\n{since} пропущен 1 урок.\n\n" in chat(day_state({1: UNEXPLAINED}, counted_since=first)).text


def test_a_total_of_which_nobody_knows_the_first_day_is_not_told() -> None:
    assert "пропущен" not in chat(day_state({1: UNEXPLAINED}, counted_since=None)).text


def test_a_total_that_counts_from_the_same_day_says_no_more_than_the_list() -> None:
    assert "пропущен" not in chat(day_state({1: UNEXPLAINED}, counted_since=date(2026, 10, 20))).text


@pytest.mark.parametrize(("zone", "clock"), [("Asia/Kamchatka", "15:30"), ("Europe/Kaliningrad", "5:30")])
def test_the_hour_is_the_schools(zone: str, clock: str) -> None:
    shown = Telling(DELIVERY, content(1), None, day_state({1: UNEXPLAINED}), school(zone=zone))
    assert f"• 1-й урок, {clock} (" in chat_message(RU, shown, "1001", "key").text


# --- what the reader did ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("reason", ProposedReason)
def test_my_answer_stands_in_the_text_and_on_its_button(reason: ProposedReason) -> None:
    message = chat(day_state({1: UNEXPLAINED}, {READER: reason}))
    assert "Ваш ответ: " in message.text
    chosen = [label for label in itertools.chain(*labels(message)) if label.startswith("✓")]
    assert chosen == [f"✓ {RU.format(f'alert-button-{reason}')}"]
    assert "Понятно" not in itertools.chain(*labels(message))


def test_an_acknowledgement_takes_its_button_away_and_leaves_the_others() -> None:
    message = chat(day_state({1: UNEXPLAINED}), acknowledged=True)
    assert "Вы отметили: понятно." in message.text
    assert labels(message) == [
        ["Болеет", "Семейные причины"],
        ["Опаздывает"],
        ["Ребёнок в школе, это ошибка"],
        ["Не знаю, где ребёнок"],
    ]


@pytest.mark.parametrize("now_true", [{}, {1: ILLNESS}])
def test_a_message_that_alarms_no_more_asks_nothing(now_true: dict[int, AbsenceKind]) -> None:
    message = chat(day_state(now_true, {READER: ProposedReason.ILL}), content(1), acknowledged=True)
    assert message.buttons == ()
    assert "?" not in message.text


def test_nothing_of_the_other_guardian_is_shown() -> None:
    alone, beside = day_state({1: UNEXPLAINED}), day_state({1: UNEXPLAINED}, {OTHER: ProposedReason.UNAWARE})
    assert chat(alone) == chat(beside)
    assert mail(alone) == mail(beside)


# --- form -------------------------------------------------------------------------------------------------------------


def test_payloads_fit_every_messenger_and_are_told_apart() -> None:
    verbs = [verb for row in ROWS for verb in row]
    payloads = [payload(DELIVERY, verb) for verb in verbs]
    assert len(set(payloads)) == len(verbs)
    assert all(len(one.encode()) <= 64 for one in payloads)


def test_names_are_escaped_in_html_and_nowhere_else() -> None:
    state = day_state({1: UNEXPLAINED}, pupil_name="<b>О'Нил</b> & Ко", class_title='5 "А"')
    for message in (chat(state), mail(state)):
        assert '<b>О\'Нил</b> & Ко, 5 "А"' in message.text
        assert message.html is not None
        assert "<b>О'Нил" not in message.html
        assert "&lt;b&gt;О" in message.html
        assert "&amp; Ко" in message.html


class Text(HTMLParser):
    """Collects what a reader of the letter sees."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        self._hidden += tag in ("title", "style")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in ("title", "style")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.words += data.split()


def seen(html: str) -> list[str]:
    parser = Text()
    parser.feed(html)
    return parser.words


days = st.dictionaries(st.integers(1, 8), st.sampled_from(AbsenceKind))
saids = st.none() | st.lists(st.integers(1, 8), unique=True).map(lambda numbers: content(*numbers))


@settings(deadline=None)
@given(days, saids, st.sampled_from(LANGUAGES))
def test_both_parts_of_a_letter_say_the_same(
    now_true: dict[int, AbsenceKind], said: AbsenceContent | None, lang: str
) -> None:
    message = mail(day_state(now_true), said, load(lang))
    assert message.html is not None
    assert seen(message.html) == [word for word in message.text.split() if word != "--"]
    assert message.buttons == ()


@settings(deadline=None)
@given(
    now_true=days,
    said=saids,
    lang=st.sampled_from(LANGUAGES),
    answer=st.none() | st.sampled_from(ProposedReason),
    acknowledged=st.booleans(),
)
def test_every_message_is_short_complete_and_fits(
    now_true: dict[int, AbsenceKind],
    said: AbsenceContent | None,
    lang: str,
    answer: ProposedReason | None,
    *,
    acknowledged: bool,
) -> None:
    state = day_state(now_true, {READER: answer} if answer else {}, missed_lessons=111)
    for message in (chat(state, said, load(lang), acknowledged=acknowledged), mail(state, said, load(lang))):
        assert len(message.text.split()) <= 150
        assert len(message.text) <= 4096
        assert message.html is not None
        assert len(message.html) <= 4096
        assert "{" not in message.text
        assert NAME in message.text
        assert (message.address, message.key) != ("", "")


def test_the_same_input_gives_the_same_bytes() -> None:
    state = day_state({1: UNEXPLAINED, 3: ILLNESS})
    assert chat(state, content(2)) == chat(state, content(2))
    assert mail(state, content(2)) == mail(state, content(2))


GENDERED = re.compile(
    r"\b(?:отсутствовал[аи]?|пропустил[аи]?|опоздал[аи]?|пришёл|пришла|заболел[аи]?|был[аи]?|сын[а-я]*|доч[а-я]*|"
    r"учени(?:к|ца)[а-я]*)\b",
    re.IGNORECASE,
)


def every_message() -> list[Message]:
    kinds = [{}, {1: UNEXPLAINED}, {1: UNEXPLAINED, 2: UNEXPLAINED}, {1: ILLNESS}, {1: EXCUSED}]
    made = []
    for now_true, said, answer in itertools.product(kinds, (None, content(1, 2)), (None, *ProposedReason)):
        state = day_state(now_true, {READER: answer} if answer else {})
        made += [chat(state, said), chat(state, said, acknowledged=True), mail(state, said)]
    return made


def test_texts_are_neutral_to_the_sex_of_the_child_and_decline_no_name() -> None:
    for message in every_message():
        assert GENDERED.findall(message.text) == []
        assert re.findall(r"Ёлкин\w*\s+Саш\w*", message.text) == [NAME]


def test_the_guard_against_gendered_words_is_not_blind() -> None:
    assert GENDERED.findall("Саша пропустила урок, дочь заболела") == ["пропустила", "дочь", "заболела"]


def test_both_languages_have_every_text_of_a_message() -> None:
    for language in LANGUAGES:
        for now_true in ({}, {1: UNEXPLAINED}, {1: ILLNESS, 2: EXCUSED}, {1: UNEXPLAINED, 2: UNEXPLAINED}):
            for answer in (None, *ProposedReason):
                state = day_state(now_true, {READER: answer} if answer else {})
                assert chat(state, content(1), load(language), acknowledged=True).text
                assert mail(state, content(1), load(language)).text
