from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from bot.drafts import LATE_UNSEEN, OpenDraft, Recorded, RollDraft
from bot.payloads import Presence
from bot.roll_screens import MAX_PUPILS, PAIRS_MOST, draft_of, roster, summary, undone
from core.access import Standing, Thing
from core.events import LeftEarly, ProposedReason, SchoolKind, SchoolSettings, SchoolTelling
from core.learning.announced_absences import AbsenceReason
from core.learning.attendance import PupilOnRoll, Roll
from core.learning.entries import Entry
from core.learning.expected import Expected, ExpectedBy
from core.learning.lesson_rights import LessonFacts
from core.rights import Facts
from core.rule_book.model import SchoolRules
from core.rule_book.values import AbsenceClass, AbsenceCode
from core.russian import FullName
from core.school.schools import SchoolCard
from texts.reader import load

TEXTS = load("ru")
TEACHER = UUID(int=1)
MAX_ROWS_OF_MAX = 30
"""Source: dev.max.ru, «inline_keyboard»."""
AT = datetime(2026, 10, 20, 3, 40, tzinfo=UTC)


def lesson(undo_window: int = 60, *, cancelled: str | None = None, instead_of: str | None = None) -> LessonFacts:
    settings = SchoolSettings(undo_window_seconds=undo_window)
    return LessonFacts(
        id=UUID(int=2),
        school=SchoolCard(UUID(int=3), SchoolKind.PRIVATE, "Школа", "Asia/Kamchatka", settings),
        class_title="5А",
        classes=(UUID(int=4),),
        subject_name="математика",
        day=date(2026, 10, 20),
        number=2,
        starts_at=datetime(2026, 10, 19, 21, 25, tzinfo=UTC),
        ends_at=datetime(2026, 10, 19, 22, 10, tzinfo=UTC),
        cancelled=cancelled,
        instead_of=instead_of,
        year_closed=False,
        rules=SchoolRules(),
        rights=Facts(Standing(TEACHER), Thing(lesson_teacher=TEACHER), None),
    )


def pupil(number: int, surname: str, code: str | None = None) -> PupilOnRoll:
    return PupilOnRoll(UUID(int=100 + number), FullName(surname, "Анна"), Entry(code), before=None, answers=())


def opened(roll: Roll) -> OpenDraft:
    return OpenDraft("abcdefgh", draft_of(roll, TEACHER))


def test_everybody_is_present_at_first_and_the_bell_is_the_schools() -> None:
    roll = Roll(lesson(), 0, "list", (pupil(1, "Иванова"), pupil(2, "Петрова"), pupil(3, "Ёлкина")), is_called=False)
    screen = roster(TEXTS, roll, opened(roll))
    assert screen.text.splitlines()[:2] == ["5А · математика", "2-й урок, 9:25–10:10, вторник, 20 октября"]
    labels = [[button.label for button in row] for row in screen.rows]
    assert labels == [["Иванова А.", "Петрова А."], ["Ёлкина А."], ["Все на месте"], ["К урокам"]]


def test_what_is_known_of_the_day_stands_above_the_names() -> None:
    first = replace(pupil(1, "Иванова"), before="н", answers=(ProposedReason.ILL, ProposedReason.FAMILY))
    second = replace(pupil(2, "Петрова"), answers=(ProposedReason.UNAWARE,))
    roll = Roll(lesson(), 0, "list", (first, second, pupil(3, "Ёлкина")), is_called=False)
    text = roster(TEXTS, roll, opened(roll)).text
    assert text.split("\n\n")[1].splitlines() == [
        "Внимание! Родители не знают, где ребёнок: Петрова А.",
        "Ответили родители: Иванова А. — болеет, по семейным обстоятельствам.",
        "Не было на прошлом уроке (•): Иванова А.",
    ]


def test_whose_lesson_it_is_by_the_timetable_stands_on_the_roster_and_on_the_card() -> None:
    roll = Roll(lesson(instead_of="Седова Анна Юрьевна"), 1, "list", (pupil(1, "Иванова"),), is_called=True)
    for screen in (roster(TEXTS, roll, opened(roll)), summary(TEXTS, roll)):
        assert screen.text.splitlines()[2] == "Замена. По расписанию урок ведёт Седова Анна Юрьевна."


def test_a_lesson_that_is_not_held_has_no_roster() -> None:
    roll = Roll(lesson(cancelled="weather"), 0, "list", (pupil(1, "Иванова"),), is_called=False)
    screen = roster(TEXTS, roll, opened(roll))
    assert screen.text.splitlines()[2:] == ["Урока нет: актированный день"]
    assert [button.label for row in screen.rows for button in row] == ["К урокам"]


@pytest.mark.parametrize(("size", "width"), [(35, 2), (PAIRS_MOST, 2), (PAIRS_MOST + 1, 4), (MAX_PUPILS, 4)])
def test_a_big_class_fits_one_keyboard_of_either_messenger(size: int, width: int) -> None:
    roll = Roll(
        lesson(), 0, "list", tuple(pupil(number, f"Фамилия{number}") for number in range(size)), is_called=False
    )
    screen = roster(TEXTS, roll, opened(roll))
    buttons = [button for row in screen.rows for button in row]
    assert len(buttons) == size + 2 <= 98
    assert max(len(row) for row in screen.rows) == width
    assert len(screen.rows) + 2 <= MAX_ROWS_OF_MAX, "two more are «Как на прошлом уроке» and the way to the page"
    assert max(len(button.payload.encode()) for button in buttons) <= 64


def test_a_class_beyond_any_keyboard_is_refused_in_words() -> None:
    roll = Roll(
        lesson(),
        0,
        "list",
        tuple(pupil(number, f"Фамилия{number}") for number in range(MAX_PUPILS + 1)),
        is_called=False,
    )
    screen = roster(TEXTS, roll, opened(roll))
    assert "слишком много учеников" in screen.text
    assert [button.label for row in screen.rows for button in row] == ["К урокам"]


def test_an_empty_class_is_said_to_be_empty() -> None:
    roll = Roll(lesson(), 0, "list", (), is_called=False)
    assert "пока нет учеников" in roster(TEXTS, roll, opened(roll)).text


def test_the_mark_is_a_letter_not_a_colour_and_a_recorded_code_comes_back() -> None:
    roll = Roll(lesson(), 1, "list", (pupil(1, "Иванова", "б"), pupil(2, "Петрова")), is_called=True)
    draft = draft_of(roll, TEACHER)
    assert [button.label for button in roster(TEXTS, roll, OpenDraft("abcdefgh", draft)).rows[0]] == [
        "б · Иванова А.",
        "Петрова А.",
    ]
    assert draft.marked(0, Presence.HERE, AT).marked(0, Presence.ABSENT, AT).marks == {0: "б"}
    assert draft.marked(1, Presence.ABSENT, AT).marks == {0: "б", 1: "н"}
    assert draft.marked(1, Presence.ABSENT, AT).marked(1, Presence.ABSENT, AT).exceptions() == {
        UUID(int=101): Entry("б"),
        UUID(int=102): Entry("н"),
    }
    assert draft.marked(7, Presence.ABSENT, AT) == draft


def test_who_came_late_stands_so_and_comes_back_with_the_minutes_that_were_recorded() -> None:
    late = replace(pupil(1, "Иванова"), entry=Entry(late_minutes=10))
    roll = Roll(lesson(), 1, "list", (late, pupil(2, "Петрова")), is_called=True)
    draft = draft_of(roll, TEACHER)
    assert [one.label for one in roster(TEXTS, roll, OpenDraft("abcdefgh", draft)).rows[0]] == [
        "оп 10 · Иванова А.",
        "Петрова А.",
    ]
    assert "оп 10 · Иванова А." in summary(TEXTS, roll).text
    assert draft.marked(0, Presence.HERE, AT).exceptions() == {}
    assert draft.marked(0, Presence.ABSENT, AT).marked(0, Presence.LATE, AT).exceptions() == draft.exceptions()
    assert draft.marked(1, Presence.ABSENT, AT).exceptions() == {UUID(int=101): late.entry, UUID(int=102): Entry("н")}
    assert draft.marked(0, Presence.ABSENT, AT).exceptions() == {UUID(int=101): Entry("н")}


@pytest.mark.parametrize(
    ("minute", "late"), [(-3, 1), (0, 1), (0.1, 1), (12, 12), (12.5, 13), (45, 45), (46, LATE_UNSEEN)]
)
def test_a_second_tap_says_late_by_the_minutes_that_have_passed(minute: float, late: int) -> None:
    roll = Roll(lesson(), 0, "list", (pupil(1, "Иванова"),), is_called=False)
    now = roll.lesson.starts_at + timedelta(minutes=minute)
    draft = draft_of(roll, TEACHER)
    states = []
    for _ in range(3):
        draft = draft.marked(0, draft.next(0), now)
        states.append(draft.exceptions().get(UUID(int=101)))
    assert states == [Entry("н"), Entry(late_minutes=late), None]


def test_that_a_pupil_left_early_is_lost_by_no_tap_but_absence() -> None:
    left = replace(pupil(1, "Иванова"), entry=Entry(left_early=LeftEarly.NURSE))
    draft = draft_of(Roll(lesson(), 1, "list", (left,), is_called=True), TEACHER)
    late = draft.marked(0, Presence.LATE, AT).exceptions()[UUID(int=101)]
    assert (late.left_early, late.late_minutes) == (LeftEarly.NURSE, LATE_UNSEEN)
    assert draft.marked(0, Presence.ABSENT, AT).marked(0, Presence.HERE, AT).exceptions() == draft.exceptions()


def test_as_at_the_last_lesson_ticks_who_was_absent_then_and_keeps_what_is_ticked() -> None:
    away = replace(pupil(1, "Иванова"), before="б")
    roll = Roll(lesson(), 0, "list", (away, pupil(2, "Петрова"), pupil(3, "Ёлкина")), is_called=False)
    draft = draft_of(roll, TEACHER).marked(1, Presence.LATE, AT).marked(2, Presence.ABSENT, AT)
    screen = roster(TEXTS, roll, OpenDraft("abcdefgh", draft))
    assert [row[0].label for row in screen.rows] == [
        "• Иванова А.",
        "н · Ёлкина А.",
        "Как на прошлом уроке",
        "Готово: отсутствует 1, опозданий 1",
        "К урокам",
    ]
    same = draft.as_last_lesson()
    orders: dict[int, list[Presence]] = {place: [] for place in range(3)}
    for place, order in orders.items():
        walked = same
        for _ in range(3):
            order.append(walked.next(place))
            walked = walked.marked(place, walked.next(place), AT)
    assert orders[0] == [Presence.HERE, Presence.LATE, Presence.ABSENT], "who has come takes one tap"
    assert orders[2] == [Presence.LATE, Presence.HERE, Presence.ABSENT]
    assert same.as_last_lesson() == same, "a second tap of an impatient finger is harmless"
    assert same.exceptions() == {
        UUID(int=101): Entry("б"),
        UUID(int=102): Entry(late_minutes=LATE_UNSEEN),
        UUID(int=103): Entry("н"),
    }
    labels = [button.label for row in roster(TEXTS, roll, OpenDraft("abcdefgh", same)).rows for button in row]
    assert labels == [
        "б · Иванова А.",
        f"оп {LATE_UNSEEN} · Петрова А.",
        "н · Ёлкина А.",
        "Готово: отсутствуют 2, опозданий 1",
        "К урокам",
    ]


def test_whoever_is_known_not_to_come_begins_as_absent_and_is_named_above() -> None:
    ill = Expected("б", ExpectedBy.ANNOUNCED, AbsenceReason.ILLNESS, "", date(2026, 10, 22), UUID(int=9))
    roll = Roll(lesson(), 0, "list", (replace(pupil(1, "Иванова"), expected=ill), pupil(2, "Петрова")), is_called=False)
    screen = roster(TEXTS, roll, opened(roll))
    assert "Известно заранее: Иванова А. — болеет, сообщила семья, до 22.10" in screen.text
    assert opened(roll).draft.exceptions() == {UUID(int=101): Entry("б")}
    called = replace(roll, version=1, is_called=True)
    assert opened(called).draft.exceptions() == {}


def test_the_mark_of_an_absent_pupil_is_the_schools_own() -> None:
    other = AbsenceCode(code="ОТС", kind=AbsenceClass.UNEXCUSED, missed=True, told=True, meaning="нет на уроке")
    here = replace(lesson(), rules=SchoolRules(absence_codes=(other,)))
    draft = draft_of(Roll(here, 0, "list", (pupil(1, "Иванова"),), is_called=False), TEACHER)
    assert draft.marked(0, Presence.ABSENT, AT).exceptions() == {UUID(int=101): Entry("ОТС")}


@pytest.mark.parametrize(
    ("window", "version", "changed", "told"),
    [
        (60, 1, 1, "Родителям уйдёт через 60 с, в 15:41."),
        (90, 1, 1, "Родителям уйдёт через 90 с, в 15:41."),
        (600, 1, 1, "Родителям уйдёт через 10 мин, в 15:50."),
        (0, 1, 1, "Сообщение родителям уже уходит."),
        (60, 2, 1, "Родители, которых это касается, узнают об изменении."),
        (60, 1, 0, ""),
    ],
)
def test_the_summary_says_when_parents_will_know(window: int, version: int, changed: int, told: str) -> None:
    pupils = (pupil(1, "Иванова", "н"), pupil(2, "Петрова"))
    roll = Roll(lesson(window), version, "list", pupils, is_called=True)
    text = summary(TEXTS, roll, Recorded(version=version, changed=changed, at=AT)).text
    assert text.split("\n\n")[1].splitlines() == ["Записано: отсутствует 1.", "н · Иванова А."]
    assert ("\n\n" + told in text) if told else (text.count("\n\n") == 1)


def test_where_the_teacher_tells_of_absences_he_is_told_so_and_not_that_the_journal_does() -> None:
    facts = lesson()
    facts = replace(facts, school=replace(facts.school, telling=SchoolTelling(absences_at_once=False)))
    recorded = Recorded(version=1, changed=1, at=AT)
    roll = Roll(facts, 1, "list", (pupil(1, "Иванова", "н"), pupil(2, "Петрова")), is_called=True)
    text = summary(TEXTS, roll, recorded).text
    assert "напишите или позвоните родителям сами" in text
    assert "уйдёт" not in text
    nobody = Roll(facts, 1, "list", (pupil(1, "Иванова"),), is_called=True)
    assert "родител" not in summary(TEXTS, nobody, recorded).text.lower()


def test_a_summary_of_something_changed_since_offers_no_undo() -> None:
    roll = Roll(lesson(), 3, "list", (pupil(1, "Иванова"),), is_called=True)
    for recorded in (None, Recorded(version=2, changed=1, at=AT)):
        screen = summary(TEXTS, roll, recorded)
        assert [button.label for row in screen.rows for button in row] == [
            "Исправить",
            "Оценки",
            "Замечание / похвала",
            "Домашнее задание",
            "К урокам",
        ]
        assert "Записано: все присутствуют." in screen.text


def test_a_draft_survives_its_way_through_the_database() -> None:
    draft = draft_of(Roll(lesson(), 1, "list", (pupil(1, "Иванова", "б"),), is_called=True), TEACHER)
    draft = draft.model_copy(update={"recorded": Recorded(version=2, changed=1, at=AT)})
    assert RollDraft.model_validate_json(draft.model_dump_json()) == draft


def test_after_undo_nobody_is_said_to_have_heard_before_the_minute_is_over() -> None:
    silent = undone(TEXTS, Roll(lesson(60), 2, "list", (), is_called=True), called=False).text
    assert "Если с «Готово» прошло меньше 60 с, никто из родителей ничего не получил." in silent
    assert "уже ушло" not in silent
    assert "сообщение уже ушло" in undone(TEXTS, Roll(lesson(0), 2, "list", (), is_called=True), called=False).text
