"""What ``zvonok trace`` says: a heading for people, each try, the reader's own answer in its own words."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from core.events import (
    Addressee,
    ControlWorkState,
    HomeworkState,
    MailboxLinkState,
    NoticeAct,
    NoticeAsk,
    NoticeState,
    PasswordLinkState,
    RemarkKind,
    RemarkState,
    SchoolEventState,
    Subject,
    TimetableDayState,
)
from gateway.states import Reason
from gateway.trace import AttemptSeen, ReceiptSeen, ThreadSeen, Way
from tests.unit.gateway_cases import MORNING, PUPIL, READER, TODAY, UNEXPLAINED, ZONE, day_state, mark_state
from texts.reader import LANGUAGES, load
from zvonok.trace_words import WayWords

EVENT = UUID(int=77)
NAMES = {READER: "Ёлкина Анна Юрьевна"}
CHILD = Addressee(pupil=PUPIL, name="Ёлкина Саша")
NOTICE = NoticeState(
    notice=UUID(int=1),
    class_title="5А",
    pupils=(CHILD,),
    author_name="Петрова Мария Ивановна",
    title="Поездка в музей",
    text="Едем.",
    text_hash="ab" * 32,
    ask=NoticeAsk.SIGN,
    reply_by=None,
    published_on=TODAY,
)
HOMEWORK = HomeworkState(
    lesson=UUID(int=1),
    class_title="5А",
    pupils=(CHILD,),
    subject_name="физика",
    set_on=TODAY,
    due_on=date(2026, 10, 22),
    text="§ 3",
)
REMARK = RemarkState(
    remark=UUID(int=1),
    pupil=PUPIL,
    pupil_name="Ёлкина Саша",
    class_title="5А",
    kind=RemarkKind.REMARK,
    day=TODAY,
    subject_name=None,
    author_name="Петрова Мария Ивановна",
    text="Нет тетради",
)
TIMETABLE = TimetableDayState(learners=UUID(int=1), class_title="5А", pupils=(CHILD,), day=TODAY, lessons=())
WORK = ControlWorkState(
    work=UUID(int=1),
    class_title="5А",
    pupils=(CHILD,),
    lesson=UUID(int=2),
    day=TODAY + timedelta(days=3),
    number=2,
    subject_name="математика",
    form="контрольная работа",
    topic="Дроби",
    planned_on=TODAY,
)
FAIR = SchoolEventState(
    event=UUID(int=1),
    title="Ярмарка",
    place="",
    note="",
    starts_at=datetime(2026, 10, 22, 21, 0, tzinfo=UTC),
    ends_at=datetime(2026, 10, 22, 22, 0, tzinfo=UTC),
    classes=("5А", "5Б"),
    pupils=(CHILD,),
    planned_on=TODAY,
)
"""It begins on the 23rd by the school's clock."""
BOX = MailboxLinkState(claim=UUID(int=2), person=READER, day=TODAY, expires_at=MORNING + timedelta(days=1))
LINK = PasswordLinkState(reset=UUID(int=1), person=READER, day=TODAY, expires_at=MORNING + timedelta(hours=1))


def thread(*receipts: ReceiptSeen, reason: str | None = None, attempts: tuple[AttemptSeen, ...] = ()) -> ThreadSeen:
    state = "accepted" if reason is None else "suppressed"
    return ThreadSeen(READER, "telegram", "alert", state, reason, 1, 1, MORNING, attempts, receipts)


def told(state: Subject, *threads: ThreadSeen, language: str = "ru") -> list[str]:
    way = Way("mark/9", EVENT, TODAY, 3, MORNING, MORNING, 2, state, threads)
    return WayWords(load(language), ZoneInfo(ZONE), NAMES).way(way)


@pytest.mark.parametrize(
    ("state", "heading"),
    [
        (day_state({1: UNEXPLAINED}, class_title="5А"), "Ёлкина Саша, 5А · пропуски, 20 октября 2026"),
        (mark_state(class_title="5А"), "Ёлкина Саша, 5А · оценка 2 · математика, 20 октября 2026"),
        (mark_state(class_title="5А", value=None), "Ёлкина Саша, 5А · оценка снята · математика, 20 октября 2026"),
        (REMARK, "Ёлкина Саша, 5А · замечание, 20 октября 2026"),
        (
            REMARK.model_copy(update={"kind": RemarkKind.PRAISE}),
            "Ёлкина Саша, 5А · похвала, 20 октября 2026",
        ),
        (HOMEWORK, "5А · домашнее задание · физика, на 22 октября 2026"),
        (NOTICE, "5А · объявление «Поездка в музей», 20 октября 2026"),
        (TIMETABLE, "5А · расписание, 20 октября 2026"),
        (WORK, "5А · контрольная работа · математика, 23 октября 2026"),
        (FAIR, "5А, 5Б · мероприятие «Ярмарка», 23 октября 2026"),
        (FAIR.model_copy(update={"classes": None}), "вся школа · мероприятие «Ярмарка», 23 октября 2026"),
        (LINK, "Ёлкина Анна Юрьевна · ссылка на новый пароль, 20 октября 2026"),
        (BOX, "Ёлкина Анна Юрьевна · вопрос о почте, 20 октября 2026"),
    ],
)
def test_a_heading_says_what_whom_about_and_when_and_no_number_of_a_machine(state: Subject, heading: str) -> None:
    lines = told(state, thread())
    assert lines[0] == heading
    assert lines[1].startswith("  Записано 20.10.2026 в 08:40:00 (запись № 3). ")
    assert lines[-1] == f"  Спросить об этом снова: zvonok trace mark/9 (номер события {EVENT})"
    assert not any(str(EVENT) in line or "mark/9" in line for line in lines[:-1])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("state", [day_state({}), mark_state(), REMARK, HOMEWORK, NOTICE, TIMETABLE, WORK, FAIR, LINK])
def test_every_subject_has_its_words_in_every_language(language: str, state: Subject) -> None:
    assert told(state, language=language)[0]


@pytest.mark.parametrize(
    ("kind", "detail", "answer"),
    [
        ("acknowledged", NoticeAct.REFUSED, "отказ подписать"),
        ("acknowledged", NoticeAct.SIGNED, "подписано"),
        ("acknowledged", NoticeAct.CONFIRMED, "прочитано"),
        ("acknowledged", None, "понятно"),
        ("explained", "ill", "причина (болеет)"),
        ("read", None, "прочитано"),
    ],
)
def test_an_answer_stands_in_its_own_words(kind: str, detail: str | None, answer: str) -> None:
    lines = told(NOTICE, thread(ReceiptSeen(kind, detail, MORNING)))
    assert f"    20.10 08:40:00 · ответ читателя: {answer}" in lines


def test_tries_and_answers_stand_in_the_order_of_time() -> None:
    redrawn = AttemptSeen("send", 2, MORNING + timedelta(seconds=2), "accepted", None)
    sent = AttemptSeen("send", 1, MORNING, "accepted", None)
    answered = ReceiptSeen("read", None, MORNING + timedelta(seconds=1))
    lines = told(NOTICE, thread(answered, attempts=(sent, redrawn)))
    assert [line.split(" · ")[0].split()[-1] for line in lines[3:6]] == ["08:40:00", "08:40:01", "08:40:02"]


def test_every_step_says_its_day_also_where_days_follow_each_other() -> None:
    tries = [AttemptSeen("send", number + 1, MORNING + timedelta(days=number), "accepted", None) for number in range(2)]
    assert told(NOTICE, thread(attempts=tuple(tries)))[3:5] == [
        "    20.10 08:40:00 · отправка (запись № 1): принято",
        "    21.10 08:40:00 · отправка (запись № 2): принято",
    ]


@pytest.mark.parametrize(
    ("act", "said"),
    [("send", "отправка"), ("edit", "исправление"), ("redraw", "обновление после ответа")],
)
def test_a_try_says_what_it_did_and_calls_no_answer_a_correction(act: str, said: str) -> None:
    lines = told(NOTICE, thread(attempts=(AttemptSeen(act, 2, MORNING, "accepted", None),)))
    assert lines[3] == f"    20.10 08:40:00 · {said} (запись № 2): принято"


@pytest.mark.parametrize(
    ("purpose", "told_version", "want", "line"),
    [
        ("alert", 6, 6, "Ёлкина Анна Юрьевна · Телеграм: принято, сказано всё"),
        ("alert", None, 1, "Ёлкина Анна Юрьевна · Телеграм: принято, ничего не сказано"),
        ("copy", 2, 2, "Ёлкина Анна Юрьевна · Телеграм · повтор на почту: принято, сказано всё"),
        ("all-clear", 2, 2, "Ёлкина Анна Юрьевна · Телеграм · отбой тревоги: принято, сказано всё"),
        (
            "fallback",
            5,
            6,
            "Ёлкина Анна Юрьевна · Телеграм · запасной путь: принято, сказана запись № 5, последняя — № 6",
        ),
    ],
)
def test_how_much_a_reader_was_told_stands_in_words(
    purpose: str, told_version: int | None, want: int, line: str
) -> None:
    seen = ThreadSeen(READER, "telegram", purpose, "accepted", None, want, told_version, MORNING, (), ())
    assert told(NOTICE, seen)[2] == f"  {line}"


def test_whoever_has_no_way_is_said_to_have_no_message_and_why() -> None:
    seen = ThreadSeen(READER, "none", "alert", "suppressed", Reason.NOT_TOLD_YET, 1, None, MORNING, (), ())
    untold = "  Ёлкина Анна Юрьевна · сообщения нет: семьям об этом пока не рассказываем"
    assert told(TIMETABLE, seen)[2] == untold


@pytest.mark.parametrize(
    ("planned_at", "said"),
    [(MORNING, "Сообщать им не о чем."), (None, "Шлюз до этой записи ещё не дошёл.")],
)
def test_where_nobody_has_a_thread_it_is_said_why(planned_at: datetime | None, said: str) -> None:
    way = Way("day/5", EVENT, TODAY, 1, MORNING, planned_at, 2, TIMETABLE, ())
    lines = WayWords(load("ru"), ZoneInfo(ZONE), NAMES).way(way)
    assert lines[1].endswith(f"Взрослых, которых это касается: 2. {said}")


def test_why_nothing_was_sent_stands_beside_and_does_not_invent_a_choice() -> None:
    lines = told(HOMEWORK, thread(reason=Reason.NOT_RECOMMENDED))
    assert any("(в рекомендуемый набор это не входит, а сам читатель ничего не выбирал)" in line for line in lines)
