"""Screens of what is sent: plain words, and nothing offered that cannot be had."""

from dataclasses import replace
from uuid import UUID

import pytest

from bot.persons import Persona
from bot.subscription_screens import (
    Reader,
    Unsigned,
    advised,
    of_category,
    offer,
    overview,
    standing,
    summary,
    taken,
)
from core.events import Channel, DefaultSubscriptions, SchoolKind, SchoolSettings
from core.person.people import Child
from core.russian import FullName
from core.school.schools import SchoolCard
from gateway.categories import Category
from gateway.profiles import OFF, Choice, Mode
from gateway.subscriptions import Profile
from texts.reader import load

TEXTS = load("ru")
BOTH = (Channel.TELEGRAM, Channel.MAIL)


def persona(default: DefaultSubscriptions = DefaultSubscriptions.RECOMMENDED) -> Persona:
    settings = SchoolSettings(allowed_channels=BOTH, default_subscriptions=default, digest_hour=19)
    school = SchoolCard(UUID(int=1), SchoolKind.PRIVATE, "Школа", "Europe/Moscow", settings)
    child = Child(UUID(int=2), FullName("Иванова", "Анна"), "5А", None)
    return Persona(UUID(int=3), school, is_staff=False, children=(child,))


def reader(*channels: Channel, **changed: Choice) -> Reader:
    one = persona()
    choices = {**advised(one.school.settings), **{Category(name): choice for name, choice in changed.items()}}
    return Reader(one, Profile(choices, channels, bool(changed), 19))


def test_the_advised_set_is_three_lines() -> None:
    assert summary(TEXTS, advised(persona().school.settings), BOTH).splitlines() == [
        "Сразу, в мессенджер: отсутствие на уроке, объявления, замечания",
        "Раз в день, в 19:00, на почту: оценки 1 и 2, остальные оценки, похвала",
        "Не присылаем: домашние задания",
    ]


@pytest.mark.parametrize(
    ("choice", "channels", "really"),
    [
        (Choice(Mode.NOW, Channel.TELEGRAM), BOTH, Choice(Mode.NOW, Channel.TELEGRAM)),
        (Choice(Mode.NOW, Channel.TELEGRAM), (Channel.MAIL,), Choice(Mode.NOW, Channel.MAIL)),
        (Choice(Mode.DAILY, Channel.MAIL, 18), (Channel.TELEGRAM,), Choice(Mode.DAILY, Channel.TELEGRAM, 18)),
        (Choice(Mode.DAILY, Channel.MAIL, 18), (), Choice(Mode.DAILY, Channel.MAIL, 18)),
        (OFF, (), OFF),
    ],
)
def test_the_way_that_is_shown_is_the_one_that_is_taken(
    choice: Choice, channels: tuple[Channel, ...], really: Choice
) -> None:
    assert taken(choice, channels) == really


def test_nothing_is_said_to_work_already_while_the_consent_is_missing_and_nobody_who_gave_it_is_asked() -> None:
    one = persona()
    unsigned = offer(TEXTS, one, BOTH, Unsigned(everything=tuple(child.in_class() for child in one.children))).text
    assert "уже включено" not in unsigned
    assert "Присылать начнём, когда у школы будет ваше согласие." in unsigned
    signed = offer(TEXTS, one, BOTH).text
    assert "уже включено" in signed
    assert signed.endswith("Ваше согласие у школы есть.")


def test_who_can_be_reached_by_nothing_is_told_so_and_offered_nothing() -> None:
    nowhere = "Сейчас ни одно сообщение не дойдёт"
    assert nowhere in offer(TEXTS, persona(), ()).text
    assert nowhere in overview(TEXTS, reader()).text
    screen = of_category(TEXTS, reader(), Category.REMARK)
    assert nowhere in screen.text
    assert [button.label for row in screen.rows for button in row] == ["Не присылать", "‹ Назад"]


def test_the_way_after_a_colon_begins_small() -> None:
    assert "\n\nСейчас: сразу, в мессенджер." in of_category(TEXTS, reader(*BOTH), Category.ABSENCE).text


def test_hours_are_offered_for_a_daily_message_only() -> None:
    daily = of_category(TEXTS, reader(*BOTH), Category.MARK)
    assert [button.label for button in daily.rows[-2]] == ["16:00", "17:00", "18:00", "✓ 19:00", "20:00"]
    at_once = of_category(TEXTS, reader(*BOTH, mark=Choice(Mode.NOW, Channel.MAIL)), Category.MARK)
    assert not any("16:00" in button.label for row in at_once.rows for button in row)


@pytest.mark.parametrize("default", DefaultSubscriptions)
def test_the_offer_says_whether_anything_is_sent_already(default: DefaultSubscriptions) -> None:
    text = offer(TEXTS, persona(default), BOTH).text
    assert ("Всё это уже включено" in text) is (default is DefaultSubscriptions.RECOMMENDED)
    assert ("Пока ничего не присылаем" in text) is (default is DefaultSubscriptions.OFF)


def test_each_missing_consent_is_named_with_what_does_not_come() -> None:
    known = reader(*BOTH)
    assert "согласия" not in standing(TEXTS, known)
    half = replace(known, unsigned=Unsigned(achievement=("5А, Иванова Анна",), attendance=("2Б, Иванов Олег",)))
    paragraphs = standing(TEXTS, half).split("\n\n")
    assert [one.startswith("Без вашего согласия на сведения об успеваемости") for one in paragraphs[-2:]] == [1, 0]
    assert paragraphs[-2].endswith("О ком речь: 5А, Иванова Анна.")
    assert paragraphs[-1].startswith("Без вашего согласия на сведения о посещаемости не приходят сообщения")
    assert paragraphs[-1].endswith("О ком речь: 2Б, Иванов Олег.")
