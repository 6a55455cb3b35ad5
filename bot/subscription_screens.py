"""Screens of what is sent to a parent, how and how often: the offer, the overview, and how it stands then. Pure."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from bot import own_data, quiet_hours
from bot.parent_home import home_row
from bot.parent_payloads import ADVISED, ADVISED_SURE, ASK_SILENCE, LATER, SHOW, SILENCE, OfProfile, pack_parent
from bot.persons import Persona
from bot.screens import Button, Rows, Screen
from bot.subscription_payloads import EVERY_CHILD, LikeTheOthers, OfChild, OfTopic, pack_choice
from bot.subscription_words import (
    ALL_SIGNED,
    Reader,
    Unsigned,
    headed,
    is_silent,
    kept_on,
    name_of,
    of_family,
    silent,
    slug,
    standing,
    summary,
    taken,
)
from bot.wording import commas, lines, paragraphs
from core.events import Channel, DefaultSubscriptions, SchoolSettings, SchoolTelling
from gateway.categories import OFFERED, Category
from gateway.profiles import OFF, Choice, insisted, recommended
from texts.reader import Texts


def choice_of_school(texts: Texts, families: Sequence[Persona]) -> Screen:
    """Ask for whom to choose, where an account stands for guardians of several schools."""
    rows = tuple(
        (Button(of_family(texts, persona), pack_parent(OfProfile(persona.person, SHOW))),) for persona in families
    )
    return Screen(texts.format("parent-subs-whose"), (*rows, home_row(texts)))


def offer(texts: Texts, persona: Persona, channels: Sequence[Channel], unsigned: Unsigned = ALL_SIGNED) -> Screen:
    """Return what follows linking: the recommended set in plain words, and one tap to take it (parents.md §1).

    Nothing works yet of whom the consent is missing; whoever has signed for all is not asked for it.
    """
    settings = persona.school.settings
    is_on = settings.default_subscriptions is DefaultSubscriptions.RECOMMENDED
    standing_id = f"parent-subs-offer-{'on' if is_on else 'off'}" if channels else "parent-subs-nowhere"
    if len(unsigned.everything) == len(persona.children):
        standing_id = "parent-subs-offer-unsigned"
    text = paragraphs(
        texts.format("parent-subs-offer"),
        summary(texts, advised(persona.school.telling), channels),
        texts.format(standing_id),
        _meanwhile(texts, settings) if standing_id == "parent-subs-offer-off" else "",
        *(silent(texts, unsigned) or (texts.format("parent-subs-signed"),)),
    )
    return Screen(text, _offer_rows(texts, persona.person, standing_id))


def _meanwhile(texts: Texts, settings: SchoolSettings) -> str:
    """Say what is sent before anything was chosen, where the school asks first."""
    kept = insisted(settings)
    names = commas(name_of(texts, one).lower() for one in OFFERED if one in kept)
    return texts.format("parent-subs-kept", categories=names) if names else ""


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


def advised(telling: SchoolTelling) -> Mapping[Category, Choice]:
    """Return the recommended set, as the rules of a school have it."""
    return {category: recommended(category, telling) for category in OFFERED}


def overview(texts: Texts, reader: Reader) -> Screen:
    """Return what is sent now of one child or of all, with a button for each category."""
    text = paragraphs(
        headed(texts, "parent-subs-heading", reader),
        standing(texts, reader),
        texts.format("parent-subs-left-mail") if Channel.MAIL in reader.profile.left else "",
        texts.format("parent-subs-tap" if reader.child is None else "parent-subs-tap-child"),
    )
    below = reader.profile.bad_below
    categories = tuple(
        (Button(name_of(texts, one, below), pack_choice(OfTopic(reader.person, reader.scope, one))),)
        for one in reader.offered
    )
    return Screen(text, (*categories, *(_of_all(texts, reader) if reader.child is None else _of_one(texts, reader))))


def _of_all(texts: Texts, reader: Reader) -> Rows:
    """Return what is done for all children at once, and the ways to each, where there are several."""
    person, children = reader.person, reader.persona.children
    labels = {child.pupil: texts.format("parent-button-child", child=child.in_class()) for child in children}
    apart = tuple((Button(label, pack_choice(OfChild(person, pupil))),) for pupil, label in labels.items())
    return (
        *(apart if len(apart) > 1 else ()),
        quiet_hours.row(texts, person),
        own_data.row(texts, person),
        (_button(texts, "advised", OfProfile(person, ADVISED)),),
        (_button(texts, "silence", OfProfile(person, ASK_SILENCE)),),
        home_row(texts),
    )


def _of_one(texts: Texts, reader: Reader) -> Rows:
    like = Button(texts.format("parent-button-like-others"), pack_choice(LikeTheOthers(reader.person, reader.scope)))
    every = Button(texts.format("parent-button-every-child"), pack_choice(OfChild(reader.person, EVERY_CHILD)))
    return ((like,), (every,)) if reader.profile.chosen else ((every,),)


def done(texts: Texts, reader: Reader, what: str) -> Screen:
    """Return how it stands after everything was taken as advised, or switched off."""
    kept = kept_on(texts, reader.profile)
    text = paragraphs(
        headed(texts, f"parent-subs-done-{what}", reader),
        "" if is_silent(reader.profile) else standing(texts, reader),
        texts.format("parent-subs-kept", categories=kept) if kept and what == "silent" else "",
        texts.format("parent-subs-change"),
    )
    return Screen(text, _after(texts, reader))


def later(texts: Texts, reader: Reader) -> Screen:
    """Return that nothing is sent for now, but what the school insists on."""
    kept = kept_on(texts, reader.profile)
    text = paragraphs(
        texts.format("parent-subs-later"), texts.format("parent-subs-kept", categories=kept) if kept else ""
    )
    return Screen(text, _after(texts, reader))


def _after(texts: Texts, reader: Reader) -> Rows:
    return ((_button(texts, "adjust", OfProfile(reader.person, SHOW)),), home_row(texts))


def has_own_choice(reader: Reader) -> bool:
    """Tell whether a guardian chose anything else than what is advised, for all children or for one."""
    profile, by_school = reader.profile, advised(reader.persona.school.telling)
    other = any(
        taken(by_school[one], profile.channels) != taken(profile.choices[one], profile.channels) for one in by_school
    )
    return (profile.chosen and other) or bool(profile.apart)


def advised_question(texts: Texts, reader: Reader) -> Screen:
    """Ask before everything chosen is replaced by what is advised: an old button may lie under a thumb."""
    text = paragraphs(
        texts.format("parent-subs-advised-ask"),
        summary(texts, advised(reader.persona.school.telling), reader.profile.channels),
    )
    return Screen(
        text,
        (
            (_button(texts, "advised-yes", OfProfile(reader.person, ADVISED_SURE)),),
            (_button(texts, "silence-no", OfProfile(reader.person, SHOW)),),
        ),
    )


def silence_question(texts: Texts, reader: Reader) -> Screen:
    """Ask before everything is switched off, and say what will be missed."""
    below = reader.profile.bad_below
    profile = reader.profile
    missed = [one for one in reader.offered if profile.choices[one] != OFF and one not in profile.insisted]
    listed = [
        texts.format("parent-subs-missed", what=texts.format(f"parent-subs-about-{slug(one)}", below=below))
        for one in missed
    ]
    kept = [one for one in reader.offered if one in profile.insisted]
    names = commas(name_of(texts, one, below).lower() for one in kept)
    text = paragraphs(
        lines(texts.format("parent-subs-silence"), *listed) if listed else "",
        texts.format("parent-subs-kept", categories=names) if kept else "",
        texts.format("parent-subs-silence-ask"),
    )
    return Screen(
        text,
        (
            (_button(texts, "silence-yes", OfProfile(reader.person, SILENCE)),),
            (_button(texts, "silence-no", OfProfile(reader.person, SHOW)),),
        ),
    )


def _button(texts: Texts, name: str, press: OfProfile) -> Button:
    return Button(texts.format(f"parent-button-{name}"), pack_parent(press))
