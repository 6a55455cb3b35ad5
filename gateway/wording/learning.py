"""Marks, remarks, praise and homework in words. The subject of a letter tells neither mark nor remark."""

from core.events import HomeworkState, MarkState, RemarkKind, RemarkState
from gateway.content import HomeworkContent, MarkContent, RemarkContent
from gateway.wording.words import Telling, Words, children_line, day_words, pupil_line, short_day, understood
from texts.reader import Texts

type MarkTelling = Telling[MarkState, MarkContent]
type RemarkTelling = Telling[RemarkState, RemarkContent]
type HomeworkTelling = Telling[HomeworkState, HomeworkContent]


def mark_words(texts: Texts, telling: MarkTelling) -> Words:
    """Put a mark into words; what was told before is named beside what is true now."""
    state, content, said = telling.state, telling.content, telling.said
    corrected = said is not None and said.facts != content.facts
    title = texts.format(f"news-mark-{'withdrawn' if content.value is None else 'changed' if corrected else 'new'}")
    line = _mark_line(texts, telling)
    return Words(
        title=title,
        about=(
            pupil_line(texts, state.pupil_name, state.class_title),
            texts.format("news-lesson", day=day_words(texts, state.day), number=state.lesson_number),
        ),
        body=(texts.format("news-item", line=line),),
        closing=(texts.format("alert-sorry"),) if corrected else (),
        subject=_subject(texts, state.pupil_name, corrected=corrected, day=day_words(texts, state.day)),
        item=(texts.format("digest-line", line=line, day=short_day(texts, state.day)),),
        own=(texts.format("alert-acknowledged"),) if content.acknowledged else (),
        keys=understood(texts, done=content.acknowledged or content.value is None),
        calm=not content.bad,
        private=True,
    )


def remark_words(texts: Texts, telling: RemarkTelling) -> Words:
    """Put a remark or praise into words."""
    state, content, said = telling.state, telling.content, telling.said
    kind = content.remark.value
    title = texts.format(f"news-{kind}-{'withdrawn' if content.withdrawn else 'new'}")
    where = texts.format(
        "news-remark-author" if state.subject_name is None else "news-remark-author-lesson",
        author=state.author_name,
        **({} if state.subject_name is None else {"subject": state.subject_name}),
    )
    day = day_words(texts, state.day)
    return Words(
        title=title,
        about=(pupil_line(texts, state.pupil_name, state.class_title), day),
        body=(texts.format("news-quote", text=content.text), where),
        closing=(texts.format("alert-sorry"),) if content.withdrawn else (),
        subject=_subject(texts, state.pupil_name, corrected=content.withdrawn and said is not None, day=day),
        item=(texts.format("digest-remark", title=title, text=content.text, where=where),),
        own=(texts.format("alert-acknowledged"),) if content.acknowledged else (),
        keys=understood(texts, done=content.acknowledged or content.withdrawn),
        calm=content.remark is RemarkKind.PRAISE or content.withdrawn,
        private=True,
    )


def homework_words(texts: Texts, telling: HomeworkTelling) -> Words:
    """Put homework into words."""
    state, content, said = telling.state, telling.content, telling.said
    changed = said is not None and said.facts != content.facts
    title = texts.format(
        f"news-homework-{'withdrawn' if content.withdrawn else 'changed' if changed else 'new'}",
        subject=content.subject,
    )
    day = day_words(texts, content.due_on)
    due = texts.format("news-homework-due", day=day)
    return Words(
        title=title,
        about=(children_line(texts, telling.children, state.class_title), due),
        body=() if content.withdrawn else (content.text,),
        closing=(),
        subject=_subject(texts, ", ".join(telling.children), corrected=changed, day=day),
        item=(title,) if content.withdrawn else (texts.format("digest-homework", title=title, due=due), content.text),
        calm=True,
    )


def _mark_line(texts: Texts, telling: MarkTelling) -> str:
    content, said = telling.content, telling.said
    subject, work = content.subject, content.work
    if content.value is None:
        was = None if said is None else said.value
        name = "news-mark-line-withdrawn" if was is None else "news-mark-line-withdrawn-was"
        return texts.format(name, subject=subject, work=work, **({} if was is None else {"was": was}))
    if said is not None and said.value is not None and said.value != content.value:
        return texts.format("news-mark-line-changed", subject=subject, was=said.value, value=content.value, work=work)
    return texts.format("news-mark-line", subject=subject, value=content.value, work=work)


def _subject(texts: Texts, name: str, *, corrected: bool, day: str) -> str:
    return texts.format("letter-subject-corrected" if corrected else "letter-subject-news", name=name, day=day)
