"""Screens of marks: whom to mark, which mark, what stands and what may be done with it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.labels import labels_of
from bot.lesson_card import back_to_lesson, heading
from bot.roll_screens import MAX_PUPILS
from bot.screens import Button, Rows, Screen, in_pairs
from bot.teacher_payloads import Change, Correct, Give, GiveForMissed, Marks, MarkWhom, Once, TakeBack, pack
from bot.undo_window import silent_until
from bot.wording import commas, lines, paragraphs
from core.learning.gradebook import MARKS, WORKS, GradeLine, GradePage, MarkView
from texts.reader import Texts


@dataclass(frozen=True, slots=True)
class Note:
    """What was just done, above the list in which one goes on."""

    text: str
    rows: Rows = ()


def whom(texts: Texts, page: GradePage, work: int, note: Note | None = None) -> Screen:
    """Return the class, with the marks that stand and who is absent; the chosen kind of work goes along."""
    lesson = page.lesson
    too_many = len(page.pupils) > MAX_PUPILS
    ask = texts.format("teacher-mark-whom" if page.pupils else "bot-roll-empty")
    if too_many:
        ask = texts.format("bot-roll-too-long", class_title=lesson.class_title)
    labels = labels_of([line.name for line in page.pupils])
    pupils = tuple(
        Button(_on_button(texts, line, label), pack(MarkWhom(lesson.id, line.pupil, work)))
        for line, label in zip(page.pupils, labels, strict=True)
    )
    text = paragraphs(
        heading(texts, lesson),
        note.text if note else "",
        lines(texts.format("teacher-mark-work", work=WORKS[work]), ask),
    )
    listed = () if too_many else in_pairs(pupils)
    return Screen(text, (*(note.rows if note else ()), *listed, (back_to_lesson(texts, lesson.id),)))


def which(texts: Texts, page: GradePage, line: GradeLine, work: int, once: Once) -> Screen:
    """Return the marks to choose from; one tap gives one. Marks that stand may be opened, to be changed."""
    lesson = page.lesson.id
    values = tuple(Button(str(value), pack(Give(lesson, line.pupil, work, value, once))) for value in reversed(MARKS))
    works = tuple(
        Button(_work_label(texts, place, work), pack(MarkWhom(lesson, line.pupil, place)))
        for place in range(len(WORKS))
    )
    standing = tuple(
        (Button(texts.format("teacher-mark-open", mark=_said(texts, mark)), pack(Change(lesson, mark.id))),)
        for mark in line.marks
    )
    text = paragraphs(
        heading(texts, page.lesson),
        _about(texts, line),
        lines(
            texts.format("teacher-mark-work", work=WORKS[work]),
            texts.format("teacher-mark-which-missed" if line.absent else "teacher-mark-which"),
        ),
    )
    return Screen(text, (values, *standing, *in_pairs(works), (_back(texts, page, work),)))


def missed(texts: Texts, page: GradePage, line: GradeLine, press: Give) -> Screen:
    """Return the question whether a mark to an absent pupil is meant; nothing is recorded without the yes (ATT-09)."""
    said = texts.format("teacher-mark-said", value=press.value, work=WORKS[press.work])
    text = paragraphs(
        heading(texts, page.lesson),
        texts.format("teacher-mark-missed-ask", name=line.name.in_lists()),
        texts.format("teacher-mark-missed-kept", mark=said),
    )
    given = GiveForMissed(press.lesson, press.pupil, press.work, press.value, press.once)
    yes = Button(texts.format("teacher-mark-missed-yes", value=press.value), pack(given))
    back = Button(texts.format("teacher-mark-missed-back"), pack(MarkWhom(press.lesson, press.pupil, press.work)))
    return Screen(text, ((yes,), (back,)))


def change(texts: Texts, page: GradePage, line: GradeLine, mark: MarkView) -> Screen:
    """Return what may be done with a mark that stands: another value, or none."""
    lesson = page.lesson.id
    values = tuple(
        Button(str(value), pack(Correct(lesson, mark.id, value))) for value in reversed(MARKS) if value != mark.value
    )
    off = Button(texts.format("teacher-mark-take-back"), pack(TakeBack(lesson, mark.id)))
    text = paragraphs(
        heading(texts, page.lesson),
        _about(texts, line),
        texts.format("teacher-mark-change", mark=_said(texts, mark)),
    )
    return Screen(text, (values, (off,), (_back(texts, page, work_of(mark)),)))


def given(texts: Texts, page: GradePage, line: GradeLine, mark: MarkView, at: datetime) -> Note:
    """Note that a mark was given, until when parents hear nothing, and the way to take it back."""
    what = texts.format("teacher-mark-given", name=line.name.in_lists(), mark=_said(texts, mark))
    undo = Button(texts.format("bot-button-undo"), pack(TakeBack(page.lesson.id, mark.id)))
    edit = Button(texts.format("bot-button-edit"), pack(Change(page.lesson.id, mark.id)))
    kept = texts.format("teacher-mark-given-missed") if line.absent else ""
    return Note(lines(what, kept, silent_until(texts, page.lesson.school, at, "bot-button-undo")), ((undo, edit),))


def corrected(texts: Texts, page: GradePage, line: GradeLine, mark: MarkView, before: int) -> Note:
    """Note that a mark was changed, and the way to the old one."""
    what = texts.format("teacher-mark-corrected", name=line.name.in_lists(), before=before, mark=_said(texts, mark))
    if before == mark.value:
        return Note(texts.format("teacher-mark-same", name=line.name.in_lists(), mark=_said(texts, mark)))
    back = Button(texts.format("teacher-mark-restore", value=before), pack(Correct(page.lesson.id, mark.id, before)))
    return Note(lines(what, texts.format("teacher-mark-corrected-told")), ((back,),))


def taken_back(texts: Texts, line: GradeLine, mark: MarkView) -> Note:
    """Note that a mark was taken back."""
    what = texts.format("teacher-mark-taken-back", name=line.name.in_lists(), mark=_said(texts, mark))
    return Note(lines(what, texts.format("teacher-mark-taken-back-told")))


def work_of(mark: MarkView) -> int:
    """Return the place of a mark's kind of work; the first for one that the list no longer has."""
    return WORKS.index(mark.work) if mark.work in WORKS else 0


def _about(texts: Texts, line: GradeLine) -> str:
    stands = texts.format("teacher-mark-stands", marks=commas(_said(texts, mark) for mark in line.marks))
    return lines(
        line.name.in_lists(),
        texts.format("teacher-mark-absent") if line.absent else "",
        stands if line.marks else "",
    )


def _on_button(texts: Texts, line: GradeLine, label: str) -> str:
    if line.absent:
        label = texts.format("teacher-mark-button-absent", name=label)
    values = _values(line.marks)
    return texts.format("teacher-mark-button-marked", name=label, marks=values) if values else label


def _values(marks: Sequence[MarkView]) -> str:
    return " ".join(str(mark.value) for mark in marks)


def _said(texts: Texts, mark: MarkView) -> str:
    return texts.format("teacher-mark-said", value=mark.value, work=mark.work)


def _work_label(texts: Texts, place: int, chosen: int) -> str:
    # Half a keyboard's width: «самостоятельная» fits, «самостоятельная работа» does not.
    short = WORKS[place].removesuffix(" работа")
    return texts.format("teacher-chosen", label=short) if place == chosen else short


def _back(texts: Texts, page: GradePage, work: int) -> Button:
    return Button(texts.format("teacher-button-class-list"), pack(Marks(page.lesson.id, work)))
