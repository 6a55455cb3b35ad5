"""What a parent is told while he announces an absence: days in words, days to choose from, short buttons."""

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from bot.announce_cards import MOST_DAYS, days_back, days_longer, sent_heading
from bot.announce_making import last_day
from bot.announce_payloads import Lasting
from bot.announce_words import days_in_sentence, seen_by_school, sentence
from bot.turn import MAX_TOAST
from core.learning.announced_absences import AbsenceReason, AbsenceView
from core.russian import FullName
from core.year.span import Span
from texts.reader import FOLDER, LANGUAGES, load

IDS = re.compile(r"^([a-z][a-z0-9-]*) =", re.MULTILINE)
TUESDAY = date(2026, 11, 24)
RU = load("ru")
LONGEST_LABEL = 28
TOASTS = ("sent-toast", "changed-toast", "changed-since", "cancelled-toast", "new-day", "stale")


def said(days: Span) -> AbsenceView:
    return AbsenceView(
        id=UUID(int=1),
        pupil=UUID(int=2),
        name=FullName("Иванова", "Анна"),
        class_title="5А",
        days=days,
        reason=AbsenceReason.ILLNESS,
        note="",
        certificate=False,
        announced_by=None,
        announced_at=datetime(2026, 11, 24, 5, tzinfo=UTC),
        version=1,
    )


def ahead(first: int, last: int) -> Span:
    return Span(TUESDAY + timedelta(days=first), TUESDAY + timedelta(days=last))


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (ahead(0, 0), "24 ноября (сегодня)"),
        (ahead(1, 1), "25 ноября (завтра)"),
        (ahead(-1, -1), "23 ноября (понедельник)"),
        (ahead(0, 2), "с 24 по 26 ноября (вторник – четверг)"),
        (ahead(6, 8), "с 30 ноября по 2 декабря (понедельник – среда)"),
        (ahead(36, 39), "с 30 декабря 2026 года по 2 января 2027 года (среда – суббота)"),
        (ahead(50, 52), "с 13 по 15 января 2027 года (среда – пятница)"),
    ],
)
def test_days_are_named_as_people_name_them(days: Span, words: str) -> None:
    assert days_in_sentence(RU, days, TUESDAY) == words


def test_one_plain_sentence_says_who_when_and_why() -> None:
    name = FullName("Иванова", "Анна", "Петровна")
    assert [sentence(RU, name, ahead(0, 2), reason, TUESDAY) for reason in AbsenceReason] == [
        f"Иванова Анна: не придёт с 24 по 26 ноября (вторник – четверг), {why}."
        for why in ("болеет", "по семейным обстоятельствам", "по другой причине")
    ]


def test_how_long_it_lasts() -> None:
    assert [last_day(TUESDAY, one) - TUESDAY for one in Lasting] == [timedelta(days=days) for days in (0, 3, 6, 6)]
    saturday = date(2026, 11, 28)
    assert last_day(saturday, Lasting.FRIDAY) == saturday


def test_a_child_may_be_back_on_any_day_but_the_first_past_ones_and_sundays() -> None:
    assert days_back(said(ahead(0, 0)), TUESDAY) == ()
    assert [day.day for day in days_back(said(ahead(0, 6)), TUESDAY)] == [25, 26, 27, 28, 30]
    assert [day.day for day in days_back(said(ahead(-3, 1)), TUESDAY)] == [24, 25]
    assert days_back(said(ahead(-7, -1)), TUESDAY) == ()
    assert len(days_back(said(ahead(0, 60)), TUESDAY)) == MOST_DAYS


def test_longer_is_a_day_a_friday_a_week_two_weeks() -> None:
    assert [f"{day:%d.%m}" for day in days_longer(said(ahead(0, 0)), TUESDAY)] == ["25.11", "27.11", "01.12", "08.12"]
    saturday = said(ahead(0, 4))
    assert [f"{day:%d.%m}" for day in days_longer(saturday, TUESDAY)] == ["30.11", "05.12", "12.12"]
    over = said(ahead(-5, -4))
    assert min(days_longer(over, TUESDAY)) == TUESDAY, "prolonged after it was over, it lasts at least till today"


def test_no_silence_is_promised_where_the_school_tells_all_the_same() -> None:
    assert "не придёт" in seen_by_school(RU, silent=True)
    assert "не придёт" not in seen_by_school(RU, silent=False)


def source(language: str) -> str:
    return (FOLDER / language / "bot_announce.ftl").read_text(encoding="utf-8")


def test_every_sentence_is_said_and_stands_in_both_languages() -> None:
    there = IDS.findall(source("ru"))
    assert there == IDS.findall(source("en"))
    code = "\n".join(path.read_text(encoding="utf-8") for path in sorted(Path(FOLDER.parent / "bot").glob("*.py")))
    words = set(re.findall(r'"([a-z][a-z-]*[a-z])"', code))
    named = {*words, *(reason.value for reason in AbsenceReason), *(lasting.value for lasting in Lasting)}
    beginnings = ("announce-button-", "parent-button-", "announce-why-", "refusal-", "announce-")
    unsaid = [one for one in there if not any(one.removeprefix(begin) in named for begin in ("", *beginnings))]
    assert unsaid == ["teacher-absence-no-forward", "teacher-absence-no-picture"], "of which bot/typed.py makes the ids"


@pytest.mark.parametrize("language", LANGUAGES)
def test_buttons_and_answers_to_a_press_are_short(language: str) -> None:
    labels = re.findall(r"^(?:announce|parent)-button-[a-z-]+ = ([^{}\n]+)$", source(language), re.MULTILINE)
    assert len(labels) > 20
    assert [one for one in labels if len(one) > LONGEST_LABEL] == []
    texts = load(language)
    assert [one for one in TOASTS if len(texts.format(f"announce-{one}")) > MAX_TOAST] == []
    assert texts.format(sent_heading(AbsenceReason.ILLNESS)) != texts.format(sent_heading(AbsenceReason.OTHER))
