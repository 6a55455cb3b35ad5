"""A week of learning in words: short, facts first, without a comparison with anybody else (parents.md §1)."""

from collections.abc import Iterable, Iterator

from babel.numbers import format_decimal

from core.events import DatedWork, LearningWeekState, SubjectAverage
from gateway.learning_content import LearningContent
from gateway.wording.words import Telling, Words, pupil_line, short_day
from texts.reader import Texts

type LearningTelling = Telling[LearningWeekState, LearningContent]


def learning_words(texts: Texts, telling: LearningTelling) -> Words:
    """Put a week into words: averages, what was missed, what is to be made up for, what is to be done next."""
    state = telling.state
    pupil = pupil_line(texts, state.pupil_name, state.class_title)
    first, last = short_day(texts, state.first), short_day(texts, state.day)
    title = texts.format("learning-title")
    lines = tuple(_lines(texts, telling))
    return Words(
        title=title,
        about=(pupil, texts.format("learning-days", first=first, last=last)),
        body=lines,
        closing=(),
        subject=texts.format("learning-letter", name=state.pupil_name, first=first, last=last),
        item=(texts.format("learning-digest", title=title, first=first, last=last), *lines),
        calm=True,
        private=True,
    )


def _lines(texts: Texts, telling: LearningTelling) -> Iterator[str]:
    content, since = telling.content, telling.state.counted_since
    if content.averages:
        words = ", ".join(_average(texts, one) for one in content.averages)
        if since is None:
            yield texts.format("learning-averages", averages=words)
        else:
            day = short_day(texts, since)
            yield texts.format("learning-averages-since", averages=words, number=since.day, since=day)
    if content.missed is not None:
        yield texts.format("learning-missed", count=content.missed)
    if content.unexplained:
        every = content.missed in (None, content.unexplained)
        yield texts.format(f"learning-unexplained{'-all' if every else ''}", count=content.unexplained)
    if content.unwritten:
        yield texts.format("learning-unwritten", works=_works(texts, content.unwritten))
    if content.ahead:
        yield texts.format("learning-ahead", works=_works(texts, content.ahead))
    if content.homework:
        yield texts.format("learning-homework", works=_works(texts, content.homework))


def _average(texts: Texts, one: SubjectAverage) -> str:
    values = {"subject": one.subject_name, "average": _number(texts, one.hundredths)}
    if one.before is None or one.before == one.hundredths:
        return texts.format("learning-average", **values)
    return texts.format("learning-average-was", **values, before=_number(texts, one.before))


def _number(texts: Texts, hundredths: int) -> str:
    return str(format_decimal(hundredths / 100, "0.00", locale=texts.language))


def _works(texts: Texts, works: Iterable[DatedWork]) -> str:
    return "; ".join(
        texts.format(
            "learning-work" if one.form else "learning-due",
            subject=one.subject_name,
            day=short_day(texts, one.day),
            **({"form": one.form} if one.form else {}),
        )
        for one in works
    )
