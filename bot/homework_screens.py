"""Screens of homework: what is given at a lesson, what is about to be, to which lesson, what was recorded. Pure."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from bot.lesson_card import back_to_lesson, heading
from bot.screens import Button, Screen
from bot.teacher_payloads import DropHomework, Homework, NothingSet, SetHomework, Token, pack
from bot.undo_window import silent_until
from bot.wording import commas, day_words, lines, paragraphs
from bot.writings import Writing
from core.learning.homework_telling import HomeworkView
from core.learning.lesson_rights import LessonFacts
from gateway.audience import Audience
from texts.reader import Texts


class HomeworkWriting(Writing):
    """Homework that is being written."""

    KIND = "homework"

    lesson: UUID
    """At which it is given."""
    text: str | None = None
    nothing: bool = False
    """«Не задано» was chosen."""

    @property
    def is_ready(self) -> bool:
        """Tell whether there is anything to record."""
        return self.nothing or self.text is not None


@dataclass(frozen=True, slots=True)
class HomeworkScene:
    """A lesson, what stands as given at it, and the day at which homework of it is due."""

    lesson: LessonFacts
    given: HomeworkView | None
    due_on: date | None
    """None: the timetable has no later lesson, or not after today."""
    reach: Audience | None = None
    """How the families will hear of what is given; None where it is not known."""


def as_it_stands(texts: Texts, scene: HomeworkScene, token: Token, writing: HomeworkWriting) -> Screen:
    """Return the screen of homework in the making: the question, its last look, or that it was recorded."""
    if writing.done is not None:
        return _recorded(texts, scene, writing)
    return _preview(texts, scene, token, writing) if writing.is_ready else _asked(texts, scene, token)


def dropped(texts: Texts, lesson: LessonFacts) -> Screen:
    """Return that homework was taken back."""
    again = Button(texts.format("teacher-button-homework"), pack(Homework(lesson.id)))
    text = paragraphs(heading(texts, lesson), texts.format("teacher-homework-dropped"))
    return Screen(text, ((again,), (back_to_lesson(texts, lesson.id),)))


def _asked(texts: Texts, scene: HomeworkScene, token: Token) -> Screen:
    nothing = Button(texts.format("teacher-homework-nothing"), pack(NothingSet(token)))
    ask = texts.format("teacher-homework-again" if scene.given else "teacher-homework-ask")
    text = paragraphs(heading(texts, scene.lesson), _stands(texts, scene), lines(_due(texts, scene), ask))
    back = (back_to_lesson(texts, scene.lesson.id),)
    return Screen(text, ((nothing,), *_drop_rows(texts, scene), back))


def _preview(texts: Texts, scene: HomeworkScene, token: Token, writing: HomeworkWriting) -> Screen:
    said = texts.format("teacher-homework-nothing") if writing.nothing else writing.text or ""
    record = Button(texts.format("teacher-button-record"), pack(SetHomework(token, writing.view)))
    nothing = Button(texts.format("teacher-homework-nothing"), pack(NothingSet(token)))
    text = paragraphs(
        lines(_title(texts, scene), _due(texts, scene), texts.format("teacher-quote", text=said)),
        texts.format("teacher-homework-replaces") if scene.given else "",
        texts.format("teacher-retype"),
    )
    rows = ((record,),) if writing.nothing else ((record, nothing),)
    return Screen(text, (*rows, (back_to_lesson(texts, scene.lesson.id),)))


def _recorded(texts: Texts, scene: HomeworkScene, writing: HomeworkWriting) -> Screen:
    edit = Button(texts.format("bot-button-edit"), pack(Homework(scene.lesson.id)))
    stands = _stands(texts, scene) or texts.format("teacher-homework-dropped")
    text = paragraphs(heading(texts, scene.lesson), stands, _told(texts, scene, writing) if scene.given else "")
    return Screen(text, ((*(_drop_rows(texts, scene)[0] if scene.given else ()), edit), _back(texts, scene)))


def _told(texts: Texts, scene: HomeworkScene, writing: HomeworkWriting) -> str:
    """Say which families get a message, and until when it may be stopped; most get none, and look into the diary."""
    reach = scene.reach
    if reach is not None and not reach.told:
        return texts.format("teacher-homework-untold")
    until = (
        silent_until(texts, scene.lesson.school, writing.done_at, "teacher-homework-drop", "teacher-homework-mistake")
        if writing.done_at
        else ""
    )
    if reach is None:
        return lines(texts.format("teacher-homework-reach-unknown"), until)
    counts = {"now": reach.now, "daily": reach.daily}
    how = commas(texts.format(f"teacher-reach-{mode}", count=count) for mode, count in counts.items() if count)
    others = texts.format("teacher-homework-others", count=reach.untold) if reach.untold else ""
    return lines(texts.format("teacher-homework-told", how=how), others, until)


def _stands(texts: Texts, scene: HomeworkScene) -> str:
    if scene.given is None:
        return ""
    due = texts.format("teacher-homework-due", day=day_words(texts, scene.given.due_on))
    return lines(texts.format("teacher-homework-stands"), due, texts.format("teacher-quote", text=scene.given.text))


def _due(texts: Texts, scene: HomeworkScene) -> str:
    if scene.due_on is None:
        return texts.format("teacher-homework-due-never")
    return texts.format("teacher-homework-due", day=day_words(texts, scene.due_on))


def _title(texts: Texts, scene: HomeworkScene) -> str:
    lesson = scene.lesson
    return texts.format("teacher-homework-heading", class_title=lesson.class_title, subject=lesson.subject_name)


def _drop_rows(texts: Texts, scene: HomeworkScene) -> tuple[tuple[Button, ...], ...]:
    if scene.given is None:
        return ()
    drop = pack(DropHomework(scene.lesson.id, scene.given.lesson))
    return ((Button(texts.format("teacher-homework-drop"), drop),),)


def _back(texts: Texts, scene: HomeworkScene) -> tuple[Button, ...]:
    return (back_to_lesson(texts, scene.lesson.id),)
