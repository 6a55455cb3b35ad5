"""Screens of what is sent to a parent, how and how often. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from bot.parent_home import home_row
from bot.parent_payloads import (
    ADVISED,
    ASK_SILENCE,
    LATER,
    SHOW,
    SILENCE,
    Choose,
    OfCategory,
    OfProfile,
    SubscriptionPress,
    pack_parent,
)
from bot.persons import Persona
from bot.screens import Button, Rows, Screen
from bot.wording import commas, lines, paragraphs
from core.events import Channel, DefaultSubscriptions, SchoolSettings
from gateway.categories import Category
from gateway.profiles import FIRST_HOUR, LAST_HOUR, OFF, Choice, Mode, recommended
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
    """A guardian and what is known of how he is told."""

    persona: Persona
    profile: Profile
    unsigned: Unsigned = ALL_SIGNED

    @property
    def person(self) -> UUID:
        """Return the recipient."""
        return self.persona.person


WAYS = (
    (Mode.NOW, Channel.TELEGRAM),
    (Mode.NOW, Channel.MAIL),
    (Mode.DAILY, Channel.MAIL),
    (Mode.DAILY, Channel.TELEGRAM),
)
"""In the order in which they are offered."""


def choice_of_school(texts: Texts, families: Sequence[Persona]) -> Screen:
    """Ask for whom to choose, where an account stands for guardians of several schools."""
    rows = tuple(
        (Button(_whose(texts, persona), pack_parent(OfProfile(persona.person, SHOW))),) for persona in families
    )
    return Screen(texts.format("parent-subs-whose"), (*rows, home_row(texts)))


def offer(texts: Texts, persona: Persona, channels: Sequence[Channel], unsigned: Unsigned = ALL_SIGNED) -> Screen:
    """Return what follows linking: the recommended set in plain words, and one tap to take it (parents.md §1).

    Nothing works yet of whom the consent is missing; whoever has signed for all is not asked for it.
    """
    settings = persona.school.settings
    in_force = settings.default_subscriptions is DefaultSubscriptions.RECOMMENDED
    standing_id = f"parent-subs-offer-{'on' if in_force else 'off'}" if channels else "parent-subs-nowhere"
    if len(unsigned.everything) == len(persona.children):
        standing_id = "parent-subs-offer-unsigned"
    text = paragraphs(
        texts.format("parent-subs-offer"),
        summary(texts, advised(settings), channels),
        texts.format(standing_id),
        *(silent(texts, unsigned) or (texts.format("parent-subs-signed"),)),
    )
    return Screen(text, _offer_rows(texts, persona.person, standing_id))


def _offer_rows(texts: Texts, person: UUID, standing_id: str) -> Rows:
    """Return the answers to the offer: what is on already is kept or switched off, what is not is taken or left."""
    adjust = _button(texts, "adjust", OfProfile(person, SHOW))
    if standing_id == "parent-subs-offer-on":
        keep = _button(texts, "keep", OfProfile(person, ADVISED))
        return ((keep, adjust), (_button(texts, "silence", OfProfile(person, ASK_SILENCE)),))
    take, later_on = (
        _button(texts, name, OfProfile(person, what)) for name, what in (("take", ADVISED), ("later", LATER))
    )
    return ((take,), (adjust, later_on))


def advised(settings: SchoolSettings) -> Mapping[Category, Choice]:
    """Return the recommended set as this school has it."""
    return {category: recommended(category, settings.digest_hour) for category in Category}


def overview(texts: Texts, reader: Reader) -> Screen:
    """Return what is sent now, with a button for each category."""
    person = reader.person
    text = paragraphs(
        lines(texts.format("parent-subs-heading"), _whose(texts, reader.persona)),
        standing(texts, reader),
        texts.format("parent-subs-tap"),
    )
    categories = tuple((Button(_name(texts, one), pack_parent(OfCategory(person, one))),) for one in Category)
    return Screen(
        text,
        (
            *categories,
            (_button(texts, "advised", OfProfile(person, ADVISED)),),
            (_button(texts, "silence", OfProfile(person, ASK_SILENCE)),),
            home_row(texts),
        ),
    )


def done(texts: Texts, reader: Reader, what: str) -> Screen:
    """Return how it stands after everything was taken as advised, or switched off."""
    text = paragraphs(
        lines(texts.format(f"parent-subs-done-{what}"), _whose(texts, reader.persona)),
        "" if is_silent(reader.profile) else standing(texts, reader),
        texts.format("parent-subs-change"),
    )
    return Screen(text, _after(texts, reader))


def later(texts: Texts, reader: Reader) -> Screen:
    """Return that nothing is sent for now."""
    return Screen(texts.format("parent-subs-later"), _after(texts, reader))


def _after(texts: Texts, reader: Reader) -> Rows:
    return ((_button(texts, "adjust", OfProfile(reader.person, SHOW)),), home_row(texts))


def standing(texts: Texts, reader: Reader) -> str:
    """Say in a few lines what a reader gets and by which ways; and what stands in the way of it."""
    profile = reader.profile
    return paragraphs(
        summary(texts, profile.choices, profile.channels),
        "" if profile.chosen else texts.format("parent-subs-by-school"),
        "" if profile.channels else texts.format("parent-subs-nowhere"),
        *silent(texts, reader.unsigned),
    )


def silent(texts: Texts, unsigned: Unsigned) -> tuple[str, ...]:
    """Say of which children nothing may be sent, or not everything."""
    told = {
        "parent-subs-unsigned": unsigned.everything,
        "parent-subs-unsigned-achievement": unsigned.achievement,
        "parent-subs-unsigned-attendance": unsigned.attendance,
    }
    return tuple(texts.format(text, children=commas(children)) for text, children in told.items() if children)


def summary(texts: Texts, choices: Mapping[Category, Choice], channels: Sequence[Channel]) -> str:
    """Say what is sent, one line for each way, the most urgent first, what is not sent last."""
    by_way: dict[Choice, list[Category]] = {}
    for category in Category:
        by_way.setdefault(taken(choices[category], channels), []).append(category)
    ways = sorted(by_way, key=lambda way: (list(Mode).index(way.mode), str(way.channel), way.hour or 0))
    return "\n".join(
        texts.format(
            "parent-subs-line",
            way=_way(texts, way),
            categories=commas(_name(texts, one).lower() for one in by_way[way]),
        )
        for way in ways
    )


def taken(choice: Choice, channels: Sequence[Channel]) -> Choice:
    """Return the choice by the channel that is really taken: a reader without the chosen one is told by another."""
    if choice.channel is None or choice.channel in channels or not channels:
        return choice
    return Choice(choice.mode, channels[0], choice.hour)


def of_category(texts: Texts, reader: Reader, category: Category) -> Screen:
    """Return the choices of one category: the ways that this reader really has, and the hours of a daily message."""
    person, profile = reader.person, reader.profile
    now = taken(profile.choices[category], profile.channels)
    hour = now.hour or profile.hour
    ways = [
        Choice(mode, channel, hour if mode is Mode.DAILY else None)
        for mode, channel in WAYS
        if channel in profile.channels
    ]
    rows = [(_choice_button(texts, person, category, way, now),) for way in (*ways, OFF)]
    text = paragraphs(
        _name(texts, category),
        texts.format("parent-subs-now", way=_begun_small(_way(texts, now))),
        texts.format("parent-subs-asking") if category is Category.NOTICE else "",
        "" if profile.channels else texts.format("parent-subs-nowhere"),
    )
    back = (_button(texts, "back", OfProfile(person, SHOW)),)
    return Screen(text, (*rows, *_hours(texts, person, category, now), back))


def silence_question(texts: Texts, reader: Reader) -> Screen:
    """Ask before everything is switched off, and say what will be missed."""
    missed = [one for one in Category if reader.profile.choices[one] != OFF]
    listed = [
        texts.format("parent-subs-missed", what=texts.format(f"parent-subs-about-{_slug(one)}")) for one in missed
    ]
    return Screen(
        paragraphs(lines(texts.format("parent-subs-silence"), *listed), texts.format("parent-subs-silence-ask")),
        (
            (_button(texts, "silence-yes", OfProfile(reader.person, SILENCE)),),
            (_button(texts, "silence-no", OfProfile(reader.person, SHOW)),),
        ),
    )


def is_silent(profile: Profile) -> bool:
    """Tell whether nothing at all is sent."""
    return all(choice == OFF for choice in profile.choices.values())


def _hours(texts: Texts, person: UUID, category: Category, now: Choice) -> tuple[tuple[Button, ...], ...]:
    if now.mode is not Mode.DAILY:
        return ()
    return (
        tuple(
            _marked(
                texts,
                texts.format("parent-button-hour", hour=hour),
                Choose(person, category, Choice(Mode.DAILY, now.channel, hour)),
                chosen=hour == now.hour,
            )
            for hour in range(FIRST_HOUR, LAST_HOUR + 1)
        ),
    )


def _choice_button(texts: Texts, person: UUID, category: Category, way: Choice, now: Choice) -> Button:
    label = texts.format(f"parent-button-{_way_name(way)}")
    return _marked(texts, label, Choose(person, category, way), chosen=way == now)


def _marked(texts: Texts, label: str, press: Choose, *, chosen: bool) -> Button:
    shown = texts.format("parent-button-chosen", label=label) if chosen else label
    return Button(shown, pack_parent(press))


def _way(texts: Texts, choice: Choice) -> str:
    if choice.hour is None:
        return texts.format(f"parent-way-{_way_name(choice)}")
    return texts.format(f"parent-way-{_way_name(choice)}", hour=choice.hour)


def _begun_small(words: str) -> str:
    """Return the words as they stand after a colon."""
    return words[:1].lower() + words[1:]


def _way_name(choice: Choice) -> str:
    return "off" if choice.channel is None else f"{choice.mode}-{choice.channel}"


def _name(texts: Texts, category: Category) -> str:
    return texts.format(f"parent-subs-{_slug(category)}")


def _slug(category: Category) -> str:
    return category.replace("_", "-")


def _whose(texts: Texts, persona: Persona) -> str:
    children = commas(child.in_class() for child in persona.children)
    return texts.format("parent-subs-of", school=persona.school.name, children=children)


def _button(texts: Texts, name: str, press: SubscriptionPress) -> Button:
    return Button(texts.format(f"parent-button-{name}"), pack_parent(press))
