"""Screens of remarks and praise: about whom, in which words, who will read it, what was sent. Pure."""

from dataclasses import dataclass
from uuid import UUID

from bot.labels import labels_of
from bot.lesson_card import back_to_lesson, heading
from bot.roll_screens import MAX_PUPILS
from bot.screens import Button, Screen, in_pairs
from bot.teacher_payloads import Phrase, RemarkOn, Remarks, Rephrase, SendRemark, Token, Withdraw, pack
from bot.undo_window import silent_until
from bot.wording import lines, paragraphs
from bot.writings import Writing
from core.events import RemarkKind
from core.learning.gradebook import GradeLine, GradePage
from core.learning.lesson_rights import LessonFacts
from core.russian import FullName
from texts.reader import Texts

PHRASES = 6
"""Ready phrases of each kind; their words are texts, numbered from 1."""


class RemarkWriting(Writing):
    """A remark that is being written."""

    KIND = "remark"

    lesson: UUID
    pupil: UUID
    kind: RemarkKind
    text: str | None = None


@dataclass(frozen=True, slots=True)
class RemarkScene:
    """Where a remark is written, about whom, and how many adults may read it."""

    lesson: LessonFacts
    name: FullName
    readers: int


def phrase(texts: Texts, kind: RemarkKind, place: int) -> str | None:
    """Return a ready phrase; None for a number that has none."""
    return texts.format(f"teacher-{kind.value}-phrase-{place}") if 1 <= place <= PHRASES else None


def about_whom(texts: Texts, page: GradePage, kind: RemarkKind) -> Screen:
    """Return the class, and the way to write the other kind."""
    lesson = page.lesson
    kinds = tuple(
        Button(_kind_label(texts, one, chosen=one is kind), pack(Remarks(lesson.id, one))) for one in RemarkKind
    )
    labels = labels_of([line.name for line in page.pupils])
    pupils = tuple(
        Button(_on_button(texts, line, label), pack(RemarkOn(lesson.id, line.pupil, kind)))
        for line, label in zip(page.pupils, labels, strict=True)
    )
    ask = texts.format(f"teacher-{kind.value}-whom" if pupils else "bot-roll-empty")
    if len(pupils) > MAX_PUPILS:
        ask, pupils = texts.format("bot-roll-too-long", class_title=lesson.class_title), ()
    rows = (kinds, *in_pairs(pupils), (back_to_lesson(texts, lesson.id),))
    return Screen(paragraphs(heading(texts, lesson), ask), rows)


def as_it_stands(texts: Texts, scene: RemarkScene, token: Token, writing: RemarkWriting) -> Screen:
    """Return the screen of a remark in the making: its phrases, its last look, or that it was sent."""
    if writing.text is None:
        return phrases(texts, scene, token, writing)
    return _preview(texts, scene, token, writing) if writing.done is None else _sent(texts, scene, writing)


def phrases(texts: Texts, scene: RemarkScene, token: Token, writing: RemarkWriting) -> Screen:
    """Return the ready phrases, and say that own words may be typed."""
    kind = writing.kind
    ready = tuple(
        (Button(texts.format(f"teacher-{kind.value}-phrase-{place}"), pack(Phrase(token, place))),)
        for place in range(1, PHRASES + 1)
    )
    text = paragraphs(_heading(texts, scene, writing), texts.format("teacher-remark-words"))
    return Screen(text, (*ready, (_others(texts, writing),)))


def withdrawn(texts: Texts, lesson: LessonFacts, pupil: UUID, kind: RemarkKind) -> Screen:
    """Return that a remark was taken back, and the ways to write it anew: what was sent is never changed in place."""
    text = paragraphs(heading(texts, lesson), texts.format("teacher-remark-withdrawn"))
    anew = Button(texts.format("teacher-button-reword"), pack(RemarkOn(lesson.id, pupil, kind)))
    others = Button(texts.format("teacher-button-class-list"), pack(Remarks(lesson.id, kind)))
    return Screen(text, ((anew, others), (back_to_lesson(texts, lesson.id),)))


def _preview(texts: Texts, scene: RemarkScene, token: Token, writing: RemarkWriting) -> Screen:
    """Return a remark as it will be read, by whom, and when."""
    window = scene.lesson.school.settings.undo_window_seconds
    who = texts.format("teacher-remark-readers", count=scene.readers)
    when = texts.format("teacher-remark-when", seconds=window) if scene.readers else ""
    text = paragraphs(_said(texts, scene, writing), lines(who, when), texts.format("teacher-retype"))
    send = Button(texts.format("teacher-button-send"), pack(SendRemark(token, writing.view)))
    other = Button(texts.format("teacher-button-rephrase"), pack(Rephrase(token)))
    return Screen(text, ((send,), (other, _others(texts, writing))))


def _sent(texts: Texts, scene: RemarkScene, writing: RemarkWriting) -> Screen:
    """Return what was sent, and the way to take it back."""
    if writing.done is None or writing.done_at is None:
        raise LookupError("what was not sent is not shown as sent")
    lesson = scene.lesson
    told = silent_until(
        texts, lesson.school, writing.done_at, "teacher-remark-take-back", "teacher-remark-told-at-once"
    )
    undo = Button(texts.format("teacher-remark-take-back"), pack(Withdraw(lesson.id, writing.done)))
    more = Button(texts.format("teacher-button-more"), pack(Remarks(lesson.id, writing.kind)))
    text = paragraphs(
        _said(texts, scene, writing), lines(texts.format("teacher-sent"), told, texts.format("teacher-remark-as-sent"))
    )
    return Screen(text, ((undo, more), (back_to_lesson(texts, lesson.id),)))


def _said(texts: Texts, scene: RemarkScene, writing: RemarkWriting) -> str:
    return lines(_heading(texts, scene, writing), texts.format("teacher-quote", text=writing.text or ""))


def _on_button(texts: Texts, line: GradeLine, label: str) -> str:
    return texts.format("teacher-mark-button-absent", name=label) if line.absent else label


def _heading(texts: Texts, scene: RemarkScene, writing: RemarkWriting) -> str:
    title = scene.lesson.class_title
    return texts.format(f"teacher-{writing.kind.value}-heading", name=scene.name.in_lists(), class_title=title)


def _kind_label(texts: Texts, kind: RemarkKind, *, chosen: bool) -> str:
    label = texts.format(f"teacher-{kind.value}-kind")
    return texts.format("teacher-chosen", label=label) if chosen else label


def _others(texts: Texts, writing: RemarkWriting) -> Button:
    return Button(texts.format("teacher-button-class-list"), pack(Remarks(writing.lesson, writing.kind)))
