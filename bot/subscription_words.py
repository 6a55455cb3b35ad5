"""Words of what is sent to a parent, how and how often. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from bot.persons import Persona
from bot.subscription_payloads import EVERY_CHILD
from bot.wording import commas, in_classes, lines, paragraphs
from core.events import BAD_BELOW, Channel, SchoolSettings
from core.person.people import Child
from gateway.categories import OFFERED, Category
from gateway.profiles import HIGHEST_THRESHOLD, OFF, Choice, Mode, Selection
from gateway.school_days import EARLIEST, LATEST
from gateway.subscriptions import Profile
from texts.reader import Texts


@dataclass(frozen=True, slots=True)
class Unsigned:
    """Children of whom something may not be told electronically: a consent is missing, was withdrawn or has ended."""

    everything: tuple[str, ...] = ()
    """Of whom nothing may be told (CONF-21)."""
    achievement: tuple[str, ...] = ()
    """Of whom absences may be told, and nothing else."""
    attendance: tuple[str, ...] = ()
    """Of whom all may be told but absences."""


ALL_SIGNED = Unsigned()


@dataclass(frozen=True, slots=True)
class Reader:
    """A guardian and what is known of how he is told of one child, or of all."""

    persona: Persona
    profile: Profile
    unsigned: Unsigned = ALL_SIGNED
    child: Child | None = None
    """None: all of whom he chose nothing else."""

    @property
    def person(self) -> UUID:
        """Return the recipient."""
        return self.persona.person

    @property
    def scope(self) -> UUID:
        """Return the child as a button names it."""
        return EVERY_CHILD if self.child is None else self.child.pupil

    @property
    def offered(self) -> tuple[Category, ...]:
        """Return what may be chosen; where every mark is called bad, there are no others."""
        every = self.profile.bad_below == HIGHEST_THRESHOLD
        return tuple(one for one in OFFERED if not (every and one is Category.MARK))


def standing(texts: Texts, reader: Reader) -> str:
    """Say in a few lines what a reader gets and by which ways; and what stands in the way of it."""
    profile = reader.profile
    return paragraphs(
        summary(texts, in_force(profile), profile.channels, profile.selections),
        "" if profile.chosen or reader.child else texts.format("parent-subs-by-school"),
        "" if profile.channels else texts.format("parent-subs-nowhere"),
        texts.format("me-copies-on") if profile.copies and Channel.MAIL in profile.channels[1:] else "",
        "" if reader.child else _apart(texts, reader),
        *silent(texts, reader.unsigned),
    )


def _apart(texts: Texts, reader: Reader) -> str:
    """Say for whom something else was chosen than for all."""
    children = [child.in_class() for child in reader.persona.children if child.pupil in reader.profile.apart]
    return texts.format("parent-subs-apart", children=in_classes(children)) if children else ""


def silent(texts: Texts, unsigned: Unsigned) -> tuple[str, ...]:
    """Say of which children nothing may be sent, or not everything."""
    told = {
        "parent-subs-unsigned": unsigned.everything,
        "parent-subs-unsigned-achievement": unsigned.achievement,
        "parent-subs-unsigned-attendance": unsigned.attendance,
    }
    return tuple(texts.format(text, children=in_classes(children)) for text, children in told.items() if children)


def summary(
    texts: Texts,
    choices: Mapping[Category, Choice],
    channels: Sequence[Channel],
    selections: Mapping[Category, Selection] | None = None,
) -> str:
    """Say what is sent, one line for each way, the most urgent first, what is not sent last."""
    kept = selections or {}
    below = _below(kept)
    by_way: dict[Choice, list[Category]] = {}
    for category in OFFERED:
        if below != HIGHEST_THRESHOLD or category is not Category.MARK:
            by_way.setdefault(taken(choices[category], channels), []).append(category)
    ways = sorted(by_way, key=lambda way: (list(Mode).index(way.mode), str(way.channel), way.hour or 0))
    return "\n".join(
        texts.format(
            "parent-subs-line",
            way=way_words(texts, way),
            categories=commas(_in_line(texts, one, kept.get(one), below, way) for one in by_way[way]),
        )
        for way in ways
    )


def _below(selections: Mapping[Category, Selection]) -> int:
    bad = selections.get(Category.BAD_MARK)
    return BAD_BELOW if bad is None or bad.below is None else bad.below


def _in_line(texts: Texts, category: Category, selection: Selection | None, below: int, way: Choice) -> str:
    words = name_of(texts, category, below).lower()
    if selection is None or not selection.subjects or way == OFF:
        return words
    return texts.format("parent-subs-of-subjects", category=words, subjects=commas(sorted(selection.subjects)))


def taken(choice: Choice, channels: Sequence[Channel]) -> Choice:
    """Return the choice by the channel that is really taken: a reader without the chosen one is told by another."""
    if choice.channel is None or choice.channel in channels or not channels:
        return choice
    return Choice(choice.mode, channels[0], choice.hour, choice.weekday)


def is_silent(profile: Profile) -> bool:
    """Tell whether a reader wants nothing at all."""
    return all(profile.choices[category] == OFF for category in OFFERED)


def in_force(profile: Profile) -> Mapping[Category, Choice]:
    """Return how a reader is told of everything, what his school insists on included."""
    return {category: profile.in_force(category) for category in OFFERED}


def kept_on(texts: Texts, profile: Profile) -> str:
    """Name what is sent to whoever wants nothing, because his school insists on it; empty for nothing."""
    told = [one for one in OFFERED if profile.in_force(one) != OFF and profile.choices[one] == OFF]
    return commas(name_of(texts, one, profile.bad_below).lower() for one in told)


def kept_if_silent(texts: Texts, profile: Profile) -> str:
    """Name what would be sent to a reader although he wanted nothing; empty for nothing, or if there is no way."""
    told = [one for one in OFFERED if one in profile.insisted and profile.channels]
    return commas(name_of(texts, one, profile.bad_below).lower() for one in told)


def way_words(texts: Texts, choice: Choice) -> str:
    """Return «Раз в неделю, по субботам после уроков, на почту»."""
    name = f"parent-way-{way_name(choice)}"
    if not choice.mode.is_letter:
        return texts.format(name)
    when = when_words(texts, choice.hour)
    if choice.weekday is not None:
        when = texts.format(f"parent-when-day-{choice.weekday}", when=when)
    return texts.format(name, when=when)


def when_words(texts: Texts, hour: int | None) -> str:
    """Return «после уроков», or «в 18:00»."""
    return texts.format("parent-when-lessons") if hour is None else texts.format("parent-when-hour", hour=hour)


def after_lessons(texts: Texts, settings: SchoolSettings) -> str:
    """Say when a letter after the lessons leaves at this school."""
    return texts.format(
        "parent-subs-after-lessons",
        minutes=settings.digest_after_minutes,
        earliest=f"{EARLIEST:%H:%M}",
        latest=f"{LATEST:%H:%M}",
        usual=settings.digest_hour,
    )


def way_name(choice: Choice) -> str:
    """Return what of a way stands in the names of texts."""
    return "off" if choice.channel is None else f"{choice.mode}-{choice.channel}"


def name_of(texts: Texts, category: Category, below: int = BAD_BELOW) -> str:
    """Return the name of a category; of marks, by which of them are bad to the reader."""
    return texts.format(f"parent-subs-{slug(category)}", below=below)


def slug(category: Category) -> str:
    """Return what of a category stands in the names of texts."""
    return category.replace("_", "-")


def begun_small(words: str) -> str:
    """Return the words as they stand after a colon."""
    return words[:1].lower() + words[1:]


def whose(texts: Texts, reader: Reader) -> str:
    """Say of whom a screen is: the one child, or the school and all of a family's children there."""
    return of_family(texts, reader.persona) if reader.child is None else reader.child.in_class()


def of_family(texts: Texts, persona: Persona) -> str:
    """Return the school and the children of a guardian there."""
    children = in_classes(child.in_class() for child in persona.children)
    return texts.format("parent-subs-of", school=persona.school.name, children=children)


def headed(texts: Texts, text_id: str, reader: Reader) -> str:
    """Return a heading, and of whom it is."""
    return lines(texts.format(text_id), whose(texts, reader))
