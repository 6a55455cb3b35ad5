"""Screens of one category of what is sent: by which way and when, which marks are bad, of which subjects. Pure."""

from collections.abc import Sequence

from bot.screens import Button, Rows, Screen, in_pairs
from bot.subscription_payloads import (
    CallBad,
    ChooseFor,
    EverySubject,
    OfChild,
    OfSubjects,
    OfTopic,
    SubscriptionChoice,
    TakeSubject,
    pack_choice,
    sign_of,
)
from bot.subscription_words import (
    Reader,
    after_lessons,
    begun_small,
    headed,
    name_of,
    taken,
    way_name,
    way_words,
    whose,
)
from bot.wording import commas, lines, paragraphs
from core.events import Channel
from gateway.categories import BY_SUBJECT, URGENT, Category
from gateway.profiles import (
    DAYS,
    FIRST_HOUR,
    HIGHEST_THRESHOLD,
    LAST_HOUR,
    LOWEST_THRESHOLD,
    OFF,
    Choice,
    Mode,
)
from texts.reader import Texts

WAYS = (
    (Mode.NOW, Channel.TELEGRAM),
    (Mode.NOW, Channel.MAX),
    (Mode.NOW, Channel.MAIL),
    (Mode.DAILY, Channel.MAIL),
    (Mode.DAILY, Channel.TELEGRAM),
    (Mode.DAILY, Channel.MAX),
    (Mode.WEEKLY, Channel.MAIL),
    (Mode.WEEKLY, Channel.TELEGRAM),
    (Mode.WEEKLY, Channel.MAX),
)
"""In the order in which they are offered."""


def of_category(texts: Texts, reader: Reader, category: Category) -> Screen:
    """Return the choices of one category: the ways that this reader really has, and when a letter leaves."""
    profile = reader.profile
    now, in_force = taken(profile.choices[category], profile.channels), profile.in_force(category)
    held = category in profile.insisted and bool(profile.channels)
    if held:
        # Whoever had it switched off before gets it all the same: what comes is marked.
        now = taken(in_force, profile.channels)
    text = paragraphs(
        lines(name_of(texts, category, profile.bad_below), whose(texts, reader) if reader.child else ""),
        texts.format("parent-subs-now", way=begun_small(way_words(texts, taken(in_force, profile.channels)))),
        _of_which(texts, reader, category),
        texts.format("parent-subs-below") if category is Category.BAD_MARK else "",
        after_lessons(texts, reader.persona.school.settings) if now.mode.is_letter else "",
        texts.format("parent-subs-evening") if category is Category.ABSENCE and in_force.mode.is_letter else "",
        texts.format("parent-subs-insisted") if held else "",
        _of_asking(texts, in_force) if category is Category.NOTICE else "",
        "" if profile.channels else texts.format("parent-subs-nowhere"),
    )
    rows = (
        *_ways(texts, reader, category, now, () if held else (OFF,)),
        *_times(texts, reader, category, now),
        *_marks(texts, reader, category),
        *_subjects_row(texts, reader, category, now),
    )
    return Screen(text, (*rows, _back(texts, OfChild(reader.person, reader.scope))))


def subjects(texts: Texts, reader: Reader, category: Category, taught: Sequence[str]) -> Screen:
    """Return the subjects of which a category may be sent, those that are wanted marked.

    ``taught``: the subjects of the child, or of all; what was chosen and is taught no more stands there as well.
    """
    wanted = reader.profile.selection(category).subjects
    listed = sorted({*taught, *wanted})
    person, scope = reader.person, reader.scope
    every = _marked(texts, "parent-button-subjects-every", EverySubject(person, scope, category), chosen=not wanted)
    each = tuple(
        _chosen(texts, one, TakeSubject(person, scope, category, sign_of(one), one not in wanted), chosen=one in wanted)
        for one in listed
    )
    text = paragraphs(
        headed(texts, "parent-subs-subjects", reader),
        name_of(texts, category, reader.profile.bad_below),
        texts.format("parent-subs-subjects-tap" if listed else "parent-subs-subjects-none"),
    )
    return Screen(text, ((every,), *in_pairs(each), _back(texts, OfTopic(person, scope, category))))


def _of_which(texts: Texts, reader: Reader, category: Category) -> str:
    """Say of which subjects alone a category is sent."""
    wanted = sorted(reader.profile.selection(category).subjects) if category in BY_SUBJECT else []
    return texts.format("parent-subs-only", subjects=commas(wanted)) if wanted else ""


def _of_asking(texts: Texts, in_force: Choice) -> str:
    """Say how notices come that wait for an answer: at once, or, like the others, not at all."""
    return texts.format("parent-subs-asking-off" if in_force == OFF else "parent-subs-asking")


def _ways(texts: Texts, reader: Reader, category: Category, now: Choice, off: tuple[Choice, ...]) -> Rows:
    # A letter of the week is no way to learn that a child is not at school; how learning goes, nobody is told at once.
    senseless = Mode.WEEKLY if category in URGENT else Mode.NOW if category is Category.DIGEST else None
    ways = [
        _timed(mode, channel, now, reader.persona.school.telling.weekly_letter_on)
        for mode, channel in WAYS
        if channel in reader.profile.channels and mode is not senseless
    ]
    return tuple(
        (
            _marked(
                texts,
                f"parent-button-{way_name(way)}",
                ChooseFor(reader.person, reader.scope, category, way),
                chosen=way == now,
            ),
        )
        for way in (*ways, *off)
    )


def _timed(mode: Mode, channel: Channel, now: Choice, usual_day: int) -> Choice:
    """Return a way at the hour and on the day that stand now; else a letter leaves after the lessons, on the usual day.

    ``usual_day`` is the school's for weekly letters; from 1, Monday, to 7.
    """
    weekday = (now.weekday or usual_day) if mode is Mode.WEEKLY else None
    return Choice(mode, channel, now.hour if mode.is_letter else None, weekday)


def _times(texts: Texts, reader: Reader, category: Category, now: Choice) -> Rows:
    """Return the hours of a letter, and the days of a weekly one."""
    if not now.mode.is_letter:
        return ()

    def button(label: str, hour: int | None, weekday: int | None) -> Button:
        choice = Choice(now.mode, now.channel, hour, weekday)
        return _chosen(texts, label, ChooseFor(reader.person, reader.scope, category, choice), chosen=choice == now)

    lessons = button(texts.format("parent-button-after-lessons"), None, now.weekday)
    hours = tuple(
        button(texts.format("parent-button-hour", hour=hour), hour, now.weekday)
        for hour in range(FIRST_HOUR, LAST_HOUR + 1)
    )
    if now.mode is Mode.DAILY:
        return ((lessons,), hours)
    days = tuple(button(texts.format(f"parent-button-day-{day}"), now.hour, day) for day in DAYS)
    return ((lessons,), hours, days)


def _marks(texts: Texts, reader: Reader, category: Category) -> Rows:
    """Return which marks may be called bad."""
    if category is not Category.BAD_MARK:
        return ()
    return (
        tuple(
            _chosen(
                texts,
                texts.format("parent-button-below", below=below),
                CallBad(reader.person, reader.scope, below),
                chosen=below == reader.profile.bad_below,
            )
            for below in range(LOWEST_THRESHOLD, HIGHEST_THRESHOLD + 1)
        ),
    )


def _subjects_row(texts: Texts, reader: Reader, category: Category, now: Choice) -> Rows:
    if category not in BY_SUBJECT or now == OFF:
        return ()
    count = len(reader.profile.selection(category).subjects)
    label = texts.format("parent-button-subjects", count=count)
    return ((Button(label, pack_choice(OfSubjects(reader.person, reader.scope, category))),),)


def _marked(texts: Texts, text_id: str, press: SubscriptionChoice, *, chosen: bool) -> Button:
    return _chosen(texts, texts.format(text_id), press, chosen=chosen)


def _chosen(texts: Texts, label: str, press: SubscriptionChoice, *, chosen: bool) -> Button:
    shown = texts.format("parent-button-chosen", label=label) if chosen else label
    return Button(shown, pack_choice(press))


def _back(texts: Texts, press: SubscriptionChoice) -> tuple[Button, ...]:
    return (Button(texts.format("parent-button-back"), pack_choice(press)),)
