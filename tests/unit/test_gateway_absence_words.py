"""Gone in the middle, come later, late, entered later: what a day of attendance says, read aloud once by a person."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from core.events import AttendanceDayState, LeftEarly
from gateway.absence_content import AbsenceContent, Whereabouts
from gateway.categories import Category, topic_of
from gateway.rendering import chat_message, letter
from gateway.wording.words import Telling
from notifiers.port import Message
from tests.unit.gateway_cases import (
    BELL,
    ILLNESS,
    READER,
    UNEXPLAINED,
    absence_for,
    attended,
    content,
    day_state,
    read_absence,
    school,
)
from tests.unit.test_gateway_rendering import DELIVERY, GENDERED, RU
from texts.reader import LANGUAGES, Texts, load

GONE = day_state({3: UNEXPLAINED}, attended=attended(1, 2))
CAME = day_state({1: UNEXPLAINED}, attended=attended(2, 3))
LATE = day_state({}, attended=attended(2, late={1: 15}))
WITHDRAWN = day_state({}, attended=attended(1))


def told(state: AttendanceDayState) -> AbsenceContent:
    return absence_for(state, READER, acknowledged=False, interactive=True)


def entered(state: AttendanceDayState, after: timedelta) -> AttendanceDayState:
    """Return the same day with its absences entered so long after each lesson began."""
    absences = tuple(one.model_copy(update={"recorded_at": one.starts_at + after}) for one in state.absences)
    return state.model_copy(update={"absences": absences})


def left(how: LeftEarly, **changes: Any) -> AttendanceDayState:
    (lesson,) = attended(1)
    return day_state({}, attended=(lesson.model_copy(update={"left_early": how} | changes),))


def chat(state: AttendanceDayState, said: AbsenceContent | None = None, texts: Texts = RU, **shown: Any) -> Message:
    telling = Telling(DELIVERY, replace(told(state), **shown), said, state, school())
    return chat_message(texts, telling, "1001", "key")


def rings(state: AttendanceDayState, *cleared: int, texts: Texts = RU) -> Message:
    return chat_message(texts, Telling(DELIVERY, told(state).ringing(cleared), None, state, school()), "1001", "key")


def body(message: Message) -> list[str]:
    """Return the blocks between who and when, and what is asked."""
    return message.text.split("\n\n")[2:]


# --- where the child is -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("missed", "seen", "where"),
    [
        ((1,), (), Whereabouts.AWAY),
        ((1, 2), (), Whereabouts.AWAY),
        ((3,), (1, 2), Whereabouts.GONE),
        ((1, 3), (2,), Whereabouts.GONE),
        ((1,), (2,), Whereabouts.CAME),
        ((2,), (1, 3), Whereabouts.CAME),
        ((), (1, 2), Whereabouts.AWAY),
    ],
)
def test_where_a_child_is_follows_from_the_rolls(
    missed: tuple[int, ...], seen: tuple[int, ...], where: Whereabouts
) -> None:
    assert told(day_state(dict.fromkeys(missed, UNEXPLAINED), attended=attended(*seen))).where is where


def test_whoever_went_home_ill_is_not_gone_and_whoever_came_after_illness_alarmed_nobody() -> None:
    home = told(day_state({3: ILLNESS}, attended=attended(1, 2)))
    assert (home.where, home.alarming) == (Whereabouts.AWAY, ())
    again = told(day_state({1: UNEXPLAINED, 3: ILLNESS}, attended=attended(2)))
    assert again.where is Whereabouts.CAME


def test_one_more_lesson_attended_changes_nothing_that_was_told() -> None:
    before, after = CAME, day_state({1: UNEXPLAINED}, attended=attended(2, 3, 4))
    assert told(before).key() == told(after).key()
    more = day_state({3: UNEXPLAINED}, attended=attended(1))
    assert told(more).key() == told(GONE).key()


@pytest.mark.parametrize(
    ("state", "category"),
    [
        (day_state({1: UNEXPLAINED}), Category.ABSENCE),
        (GONE, Category.GONE),
        (CAME, Category.ABSENCE),
        (LATE, Category.LATENESS),
        (day_state({}), Category.ALL_CLEAR),
        (day_state({1: ILLNESS}), Category.ABSENCE),
        (entered(GONE, timedelta(hours=5)), Category.ABSENCE),
        (day_state({3: UNEXPLAINED}, attended=attended(late={1: 15})), Category.GONE),
    ],
)
def test_each_day_has_its_category(state: AttendanceDayState, category: Category) -> None:
    assert topic_of(told(state)) is category
    assert topic_of(told(state).ringing([1])) is Category.ALL_CLEAR


def test_what_was_kept_before_is_read_and_written_as_it_was() -> None:
    lesson = '{"kind":"unexplained","number":1,"subject":"математика","told":true}'
    old = f'{{"acknowledged":false,"answer":null,"lessons":[{lesson}]}}'
    assert told(day_state({1: UNEXPLAINED})).key() == old
    for state in (GONE, CAME, LATE, WITHDRAWN, entered(GONE, timedelta(hours=5)), left(LeftEarly.NURSE)):
        assert read_absence(told(state).key()) == told(state)
        assert read_absence(told(state).ringing([1, 2]).key()).cleared == (1, 2)


# --- words ------------------------------------------------------------------------------------------------------------


def test_gone_in_the_middle_says_where_the_child_was_seen() -> None:
    message = chat(GONE)
    assert message.text.startswith("Отсутствие посреди учебного дня\n\n")
    assert body(message)[0] == (
        "На 1-м и 2-м уроках отмечено присутствие, на 3-м — нет.\n• 3-й урок, 10:30 (математика): отсутствует"
    )
    assert "Не знаю, где ребёнок" in [button.label for row in message.buttons for button in row]


@pytest.mark.parametrize(
    ("missed", "seen", "sentence"),
    [
        ((2,), (1,), "На 1-м уроке отмечено присутствие, на 2-м — нет."),
        ((4, 5), (1, 2, 3), "На 1-м, 2-м и 3-м уроках отмечено присутствие, на 4-м и 5-м — нет."),
        ((1, 3), (2,), "На 2-м уроке отмечено присутствие, на 3-м — нет."),
    ],
)
def test_lessons_are_listed_as_people_say_them(missed: tuple[int, ...], seen: tuple[int, ...], sentence: str) -> None:
    state = day_state(dict.fromkeys(missed, UNEXPLAINED), attended=attended(*seen))
    assert body(chat(state))[0].startswith(sentence)


def test_whoever_came_later_is_at_school_and_the_lesson_missed_is_named() -> None:
    message = chat(CAME, content(1))
    assert message.text.startswith("Ребёнок в школе, пропущено уроков: 1\n\n")
    assert body(message)[0] == "• 1-й урок, 8:30 (математика): отсутствие\n• 2-й урок, 9:30 (физика): присутствует"
    labels = [button.label for row in message.buttons for button in row]
    assert "Не знаю, где ребёнок" not in labels
    assert "Болеет" in labels
    assert "Извините" not in message.text


def test_whoever_came_late_to_a_lesson_is_said_to_be_late_there() -> None:
    message = chat(day_state({1: UNEXPLAINED}, attended=attended(late={2: 20})), content(1))
    assert body(message)[0].splitlines()[1] == "• 2-й урок, 9:30 (физика): опоздание 20 мин"


def test_the_all_clear_is_short_and_asks_nothing() -> None:
    message = rings(CAME, 1)
    assert message.text == (
        "Ребёнок в школе\n\nЁлкина Саша, 5 «А»\nвторник, 20 октября\n\nПрисутствие отмечено на 2-м уроке."
    )
    assert message.buttons == ()


def test_an_entry_taken_back_claims_presence_only_where_a_roll_says_so() -> None:
    assert rings(WITHDRAWN, 1).text.startswith("Ребёнок в школе\n\n")
    nothing = rings(day_state({}), 1)
    assert nothing.text.startswith("Отметка об отсутствии снята\n\n")
    assert "Отметка об отсутствии на 1-м уроке снята. Извините за беспокойство." in nothing.text
    assert "на 1-м и 2-м уроках сняты" in rings(day_state({}), 1, 2).text
    assert "• 1-й урок (математика): присутствует" in chat(WITHDRAWN, content(1)).text
    assert "• 1-й урок (математика): запись снята" in chat(day_state({}), content(1)).text


@pytest.mark.req("ATT-07")
def test_lateness_alone_is_no_alarm_and_asks_nothing() -> None:
    message = chat(LATE)
    assert message.text == (
        "Опоздание на урок\n\nЁлкина Саша, 5 «А»\nвторник, 20 октября\n\n• 1-й урок, 8:30 (физика): опоздание 15 мин"
    )
    assert message.buttons == ()
    assert not told(LATE).standing
    mail = letter(RU, Telling(DELIVERY, told(LATE), None, LATE, school()), "anna@example.ru", "key")
    assert mail.subject == "Опоздание или ранний уход: Ёлкина Саша, вторник, 20 октября"
    assert "Знаете причину" not in mail.text


@pytest.mark.parametrize(
    ("state", "said", "title", "line"),
    [
        (left(LeftEarly.NURSE), None, "Уход до конца урока", "уход до конца урока в медицинский кабинет"),
        (
            left(LeftEarly.WITHOUT, late_minutes=5),
            None,
            "Опоздание на урок",
            "опоздание 5 мин, уход до конца урока без разрешения",
        ),
        (
            LATE,
            told(day_state({}, attended=attended(late={1: 5}))),
            "Исправлено: опоздание на урок",
            "опоздание 15 мин",
        ),
        (WITHDRAWN, told(LATE), "Исправлено: запись снята", "• 1-й урок (физика): присутствует"),
        (LATE, content(1), "Исправлено: отметка об отсутствии снята", "опоздание 15 мин"),
    ],
)
def test_what_becomes_of_lateness_has_its_title(
    state: AttendanceDayState, said: AbsenceContent | None, title: str, line: str
) -> None:
    message = chat(state, said)
    assert message.text.startswith(f"{title}\n\n")
    assert line in message.text


# --- entered later ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("after", "label"),
    [
        (timedelta(hours=3), ""),
        (timedelta(hours=9, minutes=35), " (внесено позже: 18:05)"),
        (timedelta(days=1, minutes=40), " (внесено позже: 21 октября, 9:10)"),
    ],
)
def test_what_was_entered_late_says_when_and_is_no_alarm(after: timedelta, label: str) -> None:
    state = entered(day_state({1: UNEXPLAINED}), after)
    shown = told(state)
    what = "отсутствие" if label else "отсутствует"
    assert body(chat(state))[0] == f"• 1-й урок, 8:30 (математика): {what}{label}"
    assert shown.missed != (), "it is told all the same"
    assert (shown.standing == ()) is bool(label)
    assert shown.is_urgent([]) is not bool(label)


def test_an_alarm_of_the_day_is_one_whatever_was_entered_late_beside_it() -> None:
    late = entered(day_state({1: UNEXPLAINED}), timedelta(hours=5)).absences
    state = day_state({5: UNEXPLAINED})
    state = state.model_copy(update={"absences": (*late, *state.absences)})
    assert [one.number for one in told(state).standing] == [5]
    assert told(state).is_urgent([])


def test_nobody_is_rung_for_the_end_of_what_alarmed_nobody() -> None:
    late = told(entered(day_state({1: UNEXPLAINED}), timedelta(hours=5)))
    assert told(WITHDRAWN).clears(late) == frozenset()
    assert told(WITHDRAWN).clears(told(LATE)) == frozenset()
    assert not told(WITHDRAWN).is_urgent([late])
    assert told(WITHDRAWN).is_urgent([content(1)])
    assert told(LATE).is_urgent([content(1)])
    assert not told(LATE).is_urgent([])


# --- all of them ------------------------------------------------------------------------------------------------------


def variants(texts: Texts) -> dict[str, Message]:
    """Return every variant of a day's words, under a name."""
    late = entered(day_state({1: UNEXPLAINED, 2: UNEXPLAINED}), timedelta(hours=9, minutes=35))
    both = day_state({3: UNEXPLAINED, 5: UNEXPLAINED}, attended=attended(1, late={2: 10}), missed_lessons=9)
    return {
        "absent": chat(day_state({1: UNEXPLAINED}), None, texts),
        "gone": chat(both, None, texts),
        "gone, told of the first lesson before": chat(GONE, content(1), texts),
        "came": chat(CAME, content(1), texts),
        "came, answered": chat(day_state({1: UNEXPLAINED}, attended=attended(late={2: 20})), content(1), texts),
        "all-clear, came": rings(CAME, 1, texts=texts),
        "all-clear, mistaken": rings(WITHDRAWN, 1, texts=texts),
        "all-clear, taken back": rings(day_state({}), 1, 2, texts=texts),
        "taken back": chat(day_state({}), content(1), texts),
        "present after all": chat(WITHDRAWN, content(1), texts),
        "late after all": chat(day_state({}, attended=attended(late={1: 15})), content(1), texts),
        "cause found": chat(day_state({1: ILLNESS}), content(1), texts),
        "late": chat(LATE, None, texts),
        "late corrected": chat(LATE, told(day_state({}, attended=attended(late={1: 5}))), texts),
        "late taken back": chat(WITHDRAWN, told(LATE), texts),
        "left for the nurse": chat(left(LeftEarly.NURSE), None, texts),
        "left without leave, late": chat(left(LeftEarly.WITHOUT, late_minutes=5), None, texts),
        "left with permission": chat(left(LeftEarly.PERMISSION), None, texts),
        "entered later": chat(late, None, texts),
        "entered another day": chat(entered(day_state({1: UNEXPLAINED}), timedelta(days=1)), None, texts),
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_variant_is_short_neutral_and_whole(language: str) -> None:
    made = variants(load(language))
    assert len({message.text for message in made.values()}) == len(made)
    for name, message in made.items():
        assert "{" not in message.text, name
        assert len(message.text.split()) <= 80, name
        assert not GENDERED.search(message.text), name
        assert "\n\n\n" not in message.text, name


def test_the_bell_of_the_tests_is_the_hour_of_the_first_lesson() -> None:
    assert day_state({1: UNEXPLAINED}).absences[0].starts_at == BELL == attended(1)[0].starts_at
