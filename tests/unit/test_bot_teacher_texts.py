"""Sentences of a teacher's books: all of them are there and said, and none is too long for its place."""

import re
from datetime import date

import pytest

from bot.homework_screens import HomeworkWriting
from bot.notice_making import NoticeWriting, example_day
from bot.remark_screens import PHRASES, RemarkWriting
from bot.turn import MAX_TOAST
from core.events import NoticeAsk, RemarkKind
from gateway.profiles import Mode
from tests.unit.fluent_files import entries
from texts.reader import FOLDER, LANGUAGES, load

NAME = "bot_teacher.ftl"
IN_A_TOAST = (
    "teacher-sent-toast",
    "teacher-sent-already",
    "teacher-view-old",
    "teacher-mark-given-once",
    "teacher-notice-withdrawn-toast",
)
BUILT = (
    *(f"teacher-{kind}-{part}" for kind in RemarkKind for part in ("kind", "whom", "heading")),
    *(f"teacher-{kind}-phrase-{place}" for kind in RemarkKind for place in range(1, PHRASES + 1)),
    *(f"teacher-notice-ask-{ask}" for ask in NoticeAsk),
    *(f"teacher-notice-asks-{ask}{until}" for ask in NoticeAsk for until in ("", "-until")),
    *(f"teacher-notice-{name}" for name in ("tomorrow", "three", "week")),
    *(f"teacher-reach-{mode}" for mode in (Mode.NOW, Mode.DAILY)),
    *(f"teacher-board-{ask}" for ask in NoticeAsk),
    *(f"teacher-board-names-{ask}" for ask in NoticeAsk),
    *(
        f"teacher-{kind.KIND}-no-{what}"
        for kind in (RemarkWriting, HomeworkWriting, NoticeWriting)
        for what in ("picture", "forward")
    ),
)


def ids(language: str) -> set[str]:
    return set(entries(language, NAME))


def test_every_sentence_of_the_code_exists_and_no_other() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in (FOLDER.parent / "bot").glob("*.py"))
    said = set(re.findall(r'"(teacher-[a-z-]+[a-z])"', code)) | set(BUILT)
    known = {text_id for text_id in ids("ru") if not text_id.startswith("refusal-")}
    assert said == known


@pytest.mark.parametrize("language", LANGUAGES)
def test_answers_to_a_press_fit_its_bubble(language: str) -> None:
    texts = load(language)
    for text_id in IN_A_TOAST:
        assert len(texts.format(text_id)) <= MAX_TOAST, text_id
    long = texts.format("refusal-notice-first-line-long", seen=3000, longest=100)
    far = texts.format("refusal-last-day-far", day="воскресенье, 26 сентября 2027 года", farthest="вторник, 31 августа")
    gone = texts.format(
        "refusal-last-day-gone", day="Воскресенье, 27 сентября 2026 года", farthest="вторник, 31 августа"
    )
    example = example_day(texts, date(2026, 9, 23))
    dated = [texts.format(text_id, **example) for text_id in ("teacher-notice-type-day", "refusal-last-day-unclear")]
    others = [*dated, texts.format("refusal-classes-not-yours")]
    assert max(map(len, [long, far, gone, *others])) <= MAX_TOAST


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", RemarkKind)
def test_a_ready_phrase_fits_its_button(language: str, kind: RemarkKind) -> None:
    phrases = [load(language).format(f"teacher-{kind}-phrase-{place}") for place in range(1, PHRASES + 1)]
    assert len(set(phrases)) == PHRASES
    assert max(map(len, phrases)) <= 40
