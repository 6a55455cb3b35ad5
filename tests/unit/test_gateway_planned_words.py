"""Plans in words: only what is changed, nothing that one class's lessons do not say for certain, and no false sound."""

from datetime import timedelta
from uuid import UUID

import pytest

from core.events import NotHeld, Subject, TimetableLesson
from gateway.content import content_for, read_content, rings_again
from gateway.rendering import AnyTelling, chat_message, letter
from gateway.wording.words import Telling
from notifiers.port import Message
from notifiers.telegram import request_of
from tests.unit.plan_cases import COLD, DAY, FAIR, READER, SCHOOL, SUBSTITUTED, USUAL, WORK, at, day, lesson, otherwise
from texts.reader import load

TEXTS = load("ru")
NO_TEACHER = lesson(1, cancelled=NotHeld.NO_TEACHER)
AWAY = otherwise(3, day=DAY + timedelta(days=2), number=1, starts_at=at(8, 30, DAY + timedelta(days=2)))


def telling(state: Subject, said: Subject | None = None) -> AnyTelling:
    now, before = (
        None if one is None else content_for(one, READER, acknowledged=False, interactive=True) for one in (state, said)
    )
    assert now is not None
    return Telling(UUID(int=5), now, before, state, SCHOOL, children=("Ёлкина Саша",))


def chat(state: Subject, said: Subject | None = None) -> Message:
    return chat_message(TEXTS, telling(state, said), "200", "key")


def lines(state: Subject, said: Subject | None = None) -> list[str]:
    return [line for line in chat(state, said).text.splitlines() if line.startswith("•")]


@pytest.mark.parametrize(
    ("changed", "line"),
    [
        (NO_TEACHER, "• 1-й урок, 8:30 (математика): урока не будет, нет учителя"),
        (AWAY, "• 3-й урок, 10:30 (физика): урок перенесён, теперь пятница, 23 октября, 1-й урок, 8:30"),
        (SUBSTITUTED, "• 2-й урок, 9:30 (русский язык): ведёт Орлов Пётр Ильич"),
        (otherwise(2, room_name="7"), "• 2-й урок, 9:30 (русский язык): кабинет 7"),
        (
            otherwise(2, number=1, starts_at=at(8, 30), ends_at=at(9, 10)),
            "• 1-й урок, 8:30 (русский язык): обычно это 2-й урок, 9:30",
        ),
        (
            otherwise(2, starts_at=at(9, 20), ends_at=at(9, 50)),
            "• 2-й урок, 9:20 (русский язык): обычно начало в 9:30; теперь до 9:50",
        ),
        (otherwise(2, subject_name="химия"), "• 2-й урок, 9:30 (химия): вместо предмета «русский язык»"),
        (lesson(2, distant=("5А",)), "• 2-й урок, 9:30 (русский язык): дистанционно, в школу приходить не нужно"),
        (lesson(2, distant=("5А", "5Б")), "• 2-й урок, 9:30 (русский язык): дистанционно у 5А, 5Б"),
        (lesson(2, left_out=("5А",)), "• 2-й урок, 9:30 (русский язык): урока не будет"),
        (lesson(2, left_out=("5Б",)), "• 2-й урок, 9:30 (русский язык): урока не будет у 5Б"),
    ],
)
def test_each_change_is_told_in_one_line_and_what_is_as_usual_is_not(changed: TimetableLesson, line: str) -> None:
    unchanged = lesson(2) if changed is not SUBSTITUTED else lesson(1)
    assert lines(day(changed, unchanged)) == [line]


def test_a_day_on_which_nobody_must_come_says_so_first_and_why_once() -> None:
    message = chat(day(*COLD))
    assert message.text.startswith("Актированный день: уроков не будет\n\nЁлкина Саша, 5А\nсреда, 21 октября\n\n")
    assert message.text.endswith("Школа пишет: мороз")
    assert message.text.count("мороз") == 1
    assert (letter(TEXTS, telling(day(*COLD)), "a@b", "key").subject or "").startswith("Уроков не будет")


@pytest.mark.parametrize("lessons", [(COLD[0],), (*COLD[:2], lesson(3)), (COLD[0], NO_TEACHER)])
def test_a_day_with_some_lesson_left_or_of_a_single_group_is_not_called_free(
    lessons: tuple[TimetableLesson, ...],
) -> None:
    text = chat(day(*lessons)).text
    assert "уроков не будет" not in text
    assert "урока не будет, актированный день (мороз)" in text


def test_what_was_told_and_is_as_usual_again_is_taken_back_with_an_apology() -> None:
    text = chat(day(*USUAL), day(*COLD)).text
    assert text.startswith("Исправлено: изменений в расписании нет")
    assert text.endswith("Уроки будут как обычно.\n\nИзвините за беспокойство.")


def test_a_day_taught_by_another_is_told_whole() -> None:
    state = day(*USUAL, taught_by=DAY - timedelta(days=2))
    assert "Уроки по расписанию другого дня: понедельник, 19 октября" in chat(state).text
    assert len(lines(state)) == 3


@pytest.mark.parametrize(
    ("said", "now", "silent", "rings"),
    [
        (None, day(lesson(1), SUBSTITUTED), True, None),
        (None, day(lesson(1), otherwise(2, room_name="7")), True, None),
        (None, day(NO_TEACHER, SUBSTITUTED), False, None),
        (day(lesson(1), SUBSTITUTED), day(NO_TEACHER, SUBSTITUTED), False, True),
        (day(NO_TEACHER), day(NO_TEACHER, SUBSTITUTED), False, False),
        (day(NO_TEACHER), day(NO_TEACHER, AWAY), False, True),
        (day(*COLD), day(*USUAL), False, True),
        (day(lesson(1), SUBSTITUTED), day(*USUAL[:2]), True, False),
        (WORK, WORK.model_copy(update={"topic": "Проценты"}), False, False),
        (WORK, WORK.model_copy(update={"number": 4}), False, True),
        (WORK, WORK.model_copy(update={"withdrawn": True}), False, True),
        (FAIR, FAIR.model_copy(update={"place": "Спортзал"}), False, False),
        (FAIR, FAIR.model_copy(update={"starts_at": at(13)}), False, True),
    ],
)
def test_who_gives_a_lesson_and_where_makes_no_sound(
    said: Subject | None,
    now: Subject,
    *,
    silent: bool,
    rings: bool | None,
) -> None:
    message, told = chat(now, said), telling(now, said)
    assert message.silent is silent
    request = request_of(message)
    assert isinstance(request, bytes)
    assert (b'"disable_notification":true' in request) is silent
    assert (None if told.said is None else rings_again(told.content, told.said)) is rings


@pytest.mark.parametrize(
    ("said", "now", "title"),
    [
        (None, WORK, "Впереди контрольная работа"),
        (WORK, WORK.model_copy(update={"number": 4}), "Изменилось: контрольная работа"),
        (WORK, WORK.model_copy(update={"cancelled": NotHeld.WEATHER}), "Урока не будет, откладывается контрольная"),
        (WORK, WORK.model_copy(update={"withdrawn": True}), "Отменяется контрольная работа"),
        (None, FAIR, "Мероприятие «Ярмарка»"),
        (FAIR, FAIR.model_copy(update={"starts_at": at(13)}), "Изменилось мероприятие «Ярмарка»"),
        (FAIR, FAIR.model_copy(update={"withdrawn": True}), "Отменено мероприятие «Ярмарка»"),
    ],
)
def test_a_plan_says_what_became_of_it(said: Subject | None, now: Subject, title: str) -> None:
    assert chat(now, said).text.startswith(title)


def test_a_moved_work_says_where_it_was() -> None:
    text = chat(WORK.model_copy(update={"day": DAY + timedelta(days=5), "number": 4}), WORK).text
    assert "понедельник, 26 октября, 4-й урок" in text
    assert "Раньше было: пятница, 23 октября, 2-й урок" in text


def test_an_event_of_several_days_says_when_it_ends() -> None:
    text = chat(FAIR.model_copy(update={"ends_at": at(12, 0, DAY + timedelta(days=1))})).text
    assert "среда, 21 октября, 14:00 — четверг, 22 октября, 12:00" in text
    assert "Где: Актовый зал\nСменная обувь" in text


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("state", [day(*COLD), day(NO_TEACHER, SUBSTITUTED, AWAY), WORK, FAIR])
def test_plans_can_be_said_in_every_language_and_read_back_from_their_keys(language: str, state: Subject) -> None:
    one = telling(state)
    assert chat_message(load(language), one, "200", "key").text
    assert letter(load(language), one, "a@b", "key").text
    assert read_content(one.content.key()) == one.content
