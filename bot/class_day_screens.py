"""Screens of the absent of a class today: the list, and one of them. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from bot.class_day_payloads import AbsentToday, Cause, ClassDay, GoneOver, Named
from bot.labels import labels_of
from bot.payloads import Lessons
from bot.payloads import pack as pack_first
from bot.screens import Button, Rows, Screen
from bot.teacher_payloads import pack
from bot.wording import bell, commas, day_words, lines, paragraphs
from core.events import ProposedReason
from core.learning.absence_lists import AbsentOfDay, AbsentPupil, Answered
from core.learning.class_rights import ClassFacts
from gateway.states import Reason
from gateway.unreached import AbsenceRoutes
from texts.reader import Texts

MOST = 40
"""Pupils with buttons of their own: more would be no list but a closed school."""


@dataclass(frozen=True, slots=True)
class ClassDayView:
    """A class today."""

    facts: ClassFacts
    absent: AbsentOfDay
    enrolled: int
    routes: Mapping[UUID, AbsenceRoutes]
    """Of the absent: who of the family is told, and who is not."""
    nameable: tuple[Named, ...]
    """Causes for which the school has a code."""
    rechecks: bool
    """The school's rules ask for the list to be gone over (ATT-10)."""

    @property
    def unexplained(self) -> tuple[AbsentPupil, ...]:
        """Those of whom nobody knows why."""
        return tuple(one for one in self.absent.pupils if one.is_unexplained)

    @property
    def labels(self) -> Mapping[UUID, str]:
        """Short names, no two the same."""
        shown = labels_of([one.name for one in self.absent.pupils])
        return {one.pupil: label for one, label in zip(self.absent.pupils, shown, strict=True)}


@dataclass(frozen=True, slots=True)
class Relative:
    """An adult of a family as its class teacher sees him."""

    name: str
    is_told: bool
    """He is told of absences, or was."""
    silent: Reason | None
    """Why he is not."""
    answer: Answered | None


def the_list(texts: Texts, view: ClassDayView) -> Screen:
    """Return who is absent today: first those of whom nobody knows why, with what the family says."""
    title = texts.format("class-day-title", class_title=view.facts.title, day=day_words(texts, view.absent.day))
    absent = len(view.absent.pupils)
    count = texts.format("class-day-count", absent=absent, enrolled=view.enrolled) if absent else ""
    unknown, known = _unknown(texts, view), _known(texts, view)
    text = paragraphs(title, count or texts.format("class-day-all"), unknown, known, _gone_over(texts, view))
    return Screen(text, (*_pupil_rows(texts, view), *_list_rows(texts, view)))


def card(texts: Texts, view: ClassDayView, line: AbsentPupil, family: tuple[Relative, ...]) -> Screen:
    """Return one of the absent: what was missed, who of the family was told and what they say, and what to write."""
    title = texts.format("class-day-pupil", name=line.name.in_lists(), class_title=view.facts.title)
    missed = texts.format("class-day-missed", lessons=commas(_lesson(texts, line, place) for place in _places(line)))
    relatives = [_relative(texts, view, one) for one in family]
    told = lines(*relatives) or texts.format("class-day-no-family")
    rows = tuple(
        (Button(texts.format(f"class-day-button-{one.value}"), pack(_cause(view, line, one, by_answer=False))),)
        for one in view.nameable
    )
    back = Button(texts.format("class-day-button-back", class_title=view.facts.title), pack(ClassDay(view.facts.id)))
    return Screen(paragraphs(title, missed, told, texts.format("class-day-ask")), (*rows, (back,)))


def named_by(line: AbsentPupil, nameable: tuple[Named, ...]) -> Named | None:
    """Return the cause that the family names, by its last answer; None if it names none, or two say two things."""
    said = {_SAYS.get(one.reason) for one in line.answers}
    (named,) = said if len(said) == 1 else (None,)
    return named if named in nameable else None


_SAYS = {ProposedReason.ILL: Named.ILLNESS, ProposedReason.FAMILY: Named.OTHER}


def _unknown(texts: Texts, view: ClassDayView) -> str:
    listed = [_unknown_line(texts, view, one) for one in view.unexplained]
    return lines(texts.format("class-day-unknown"), *listed) if listed else ""


def _unknown_line(texts: Texts, view: ClassDayView, line: AbsentPupil) -> str:
    name = texts.format(
        "class-day-line", name=view.labels[line.pupil], lessons=commas(str(one) for one in _places(line))
    )
    if line.answers:
        said = commas(dict.fromkeys(texts.format(f"bot-reason-{one.reason}") for one in line.answers))
        return texts.format("class-day-says", line=name, said=said)
    routes = view.routes[line.pupil]
    if not routes.nobody:
        return texts.format("class-day-silent", line=name)
    why = commas(texts.format(f"reason-{one}") for one in routes.reasons)
    return texts.format("class-day-unreached", line=name, why=why or texts.format("unreached-no-family"))


def _known(texts: Texts, view: ClassDayView) -> str:
    listed = [
        texts.format("class-day-code", name=view.labels[one.pupil], code=commas(dict.fromkeys(_codes(one))))
        for one in view.absent.pupils
        if not one.is_unexplained
    ]
    return lines(texts.format("class-day-known"), *listed) if listed else ""


def _gone_over(texts: Texts, view: ClassDayView) -> str:
    if view.absent.rechecked_at is None or not view.rechecks:
        return ""
    at = bell(view.absent.rechecked_at, view.facts.school.zone)
    return texts.format("class-day-gone-over" if view.absent.is_done else "class-day-more-since", at=at)


def _pupil_rows(texts: Texts, view: ClassDayView) -> Rows:
    return tuple(_pupil_row(texts, view, one) for one in view.unexplained[:MOST])


def _pupil_row(texts: Texts, view: ClassDayView, line: AbsentPupil) -> tuple[Button, ...]:
    """Return the button of a pupil; where the family has named a cause, before it the one that accepts it."""
    name, named = view.labels[line.pupil], named_by(line, view.nameable)
    look = AbsentToday(view.facts.id, line.pupil)
    if named is None:
        return (Button(texts.format("class-day-button-pupil", name=name), pack(look)),)
    accept = Button(
        texts.format(f"class-day-button-accept-{named.value}", name=name),
        pack(_cause(view, line, named, by_answer=True)),
    )
    return (accept, Button(texts.format("class-day-button-other"), pack(look)))


def _list_rows(texts: Texts, view: ClassDayView) -> Rows:
    again = Button(texts.format("class-day-button-again"), pack(ClassDay(view.facts.id)))
    lessons = Button(texts.format("bot-button-lessons"), pack_first(Lessons()))
    over = Button(texts.format("class-day-button-gone-over"), pack(GoneOver(view.facts.id)))
    wanted = view.rechecks and bool(view.absent.pupils) and not view.absent.is_done
    return (*(((over,),) if wanted else ()), (again, lessons))


def _cause(view: ClassDayView, line: AbsentPupil, named: Named, *, by_answer: bool) -> Cause:
    return Cause(view.facts.id, line.pupil, named, int(by_answer))


def _places(line: AbsentPupil) -> tuple[int, ...]:
    return tuple(dict.fromkeys(one.number for one in line.lessons))


def _codes(line: AbsentPupil) -> tuple[str, ...]:
    return tuple(one.code for one in line.lessons)


def _lesson(texts: Texts, line: AbsentPupil, place: int) -> str:
    missed = next(one for one in line.lessons if one.number == place)
    return texts.format("class-day-lesson", number=place, subject=missed.subject_name, code=missed.code)


def _relative(texts: Texts, view: ClassDayView, one: Relative) -> str:
    if one.answer is not None:
        at = bell(one.answer.at, view.facts.school.zone)
        said = texts.format(f"bot-reason-{one.answer.reason}")
        return texts.format("class-day-relative-said", name=one.name, said=said, at=at)
    if one.silent is not None:
        return texts.format("class-day-relative-silent", name=one.name, why=texts.format(f"reason-{one.silent}"))
    return texts.format("class-day-relative-told" if one.is_told else "class-day-relative-waits", name=one.name)
