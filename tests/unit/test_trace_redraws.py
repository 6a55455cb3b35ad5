"""Which edit corrects, and which one only draws the reader's own answer into his message."""

from dataclasses import replace
from datetime import date

import pytest

from core.events import AbsenceKind, NoticeAct, NoticeAsk, ProposedReason, RemarkKind
from gateway.absence_content import AbsenceContent, Missed
from gateway.content import Content, HomeworkContent, MarkContent, NoticeContent, RemarkContent
from gateway.trace import draws_the_answer

FIRST = Missed(1, "математика", AbsenceKind.UNEXPLAINED, told=True)
ABSENCE = AbsenceContent((FIRST,))
ILL = replace(ABSENCE, answer=ProposedReason.ILL)
MARK = MarkContent("математика", 2, "ответ на уроке", bad=True)
REMARK = RemarkContent(RemarkKind.REMARK, "Нет тетради")
NOTICE = NoticeContent("Музей", "ab" * 32, NoticeAsk.SIGN)
SIGNED = replace(NOTICE, answer=NoticeAct.SIGNED)
HOMEWORK = HomeworkContent("физика", date(2026, 10, 22), "§ 3")


@pytest.mark.parametrize(
    ("seen", "shown"),
    [
        (ABSENCE, replace(ABSENCE, acknowledged=True)),
        (ABSENCE, ILL),
        (ILL, replace(ABSENCE, answer=ProposedReason.LATE)),
        (MARK, replace(MARK, acknowledged=True)),
        (REMARK, replace(REMARK, acknowledged=True)),
        (NOTICE, SIGNED),
        (SIGNED, replace(NOTICE, answer=NoticeAct.REFUSED)),
        (NOTICE, replace(NOTICE, acknowledged=True)),
    ],
)
def test_the_readers_own_act_is_drawn(seen: Content, shown: Content) -> None:
    assert draws_the_answer(shown, [seen])


@pytest.mark.parametrize(
    ("seen", "shown"),
    [
        (ABSENCE, AbsenceContent(())),
        (ABSENCE, AbsenceContent((), acknowledged=True)),
        (replace(MARK, acknowledged=True), replace(MARK, value=4, bad=False, acknowledged=True)),
        (MARK, replace(MARK, value=None, acknowledged=True)),
        (REMARK, replace(REMARK, withdrawn=True)),
        (SIGNED, replace(SIGNED, withdrawn=True)),
        (NOTICE, replace(NOTICE, ask=NoticeAsk.READ)),
        (HOMEWORK, replace(HOMEWORK, text="§ 4")),
    ],
)
def test_what_changes_the_facts_or_what_is_asked_is_a_correction(seen: Content, shown: Content) -> None:
    assert not draws_the_answer(shown, [seen])


def test_over_a_correction_of_unknown_fate_an_answer_may_correct() -> None:
    assert not draws_the_answer(ILL, [ABSENCE, AbsenceContent(())])


def test_an_answer_of_unknown_fate_drawn_again_is_still_the_answer() -> None:
    assert draws_the_answer(ILL, [ABSENCE, ILL])
    assert draws_the_answer(ABSENCE, [ABSENCE, ILL])


def test_an_edit_over_nothing_known_is_a_correction() -> None:
    assert not draws_the_answer(ILL, [])
    assert not draws_the_answer(MARK, [MARK])
