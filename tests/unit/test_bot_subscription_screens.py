"""Screens of what is sent: plain words, and nothing offered that cannot be had."""

from dataclasses import replace
from uuid import UUID

import pytest

from bot.persons import Persona
from bot.screens import Screen
from bot.subscription_payloads import ChooseFor, OfChild, OfTopic, TakeSubject, read_choice, sign_of
from bot.subscription_screens import advised, done, later, offer, overview, silence_question
from bot.subscription_topic_screens import of_category, subjects
from bot.subscription_words import Reader, Unsigned, standing, summary, taken, way_words
from core.events import Channel, DefaultSubscriptions, SchoolKind, SchoolSettings, SchoolTelling
from core.person.people import Child
from core.russian import FullName
from core.school.schools import SchoolCard
from gateway.categories import Category
from gateway.profiles import OFF, Choice, Mode, Selection
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
    choices = {**advised(SchoolTelling()), **{Category(name): choice for name, choice in changed.items()}}
    return Reader(persona(), Profile(choices, channels, bool(changed)))


def test_the_advised_set_is_four_lines() -> None:
    assert summary(TEXTS, advised(SchoolTelling()), BOTH).splitlines() == [
        "Сразу, в мессенджер: отсутствие на уроке, объявления, замечания, изменения в расписании",
        (
            "Раз в день, после уроков, на почту: "
            "опоздания, оценки 1 и 2, остальные оценки, похвала, контрольные работы, события школы"
        ),
        "Раз в неделю, по субботам после уроков, на почту: итоги учёбы",
        "Не присылаем: домашние задания",
    ]


def test_the_advised_set_says_what_the_school_decided_and_a_weekly_letter_is_offered_on_its_day() -> None:
    told = SchoolTelling(absences_at_once=False, changes_at_once=False, weekly_letter_on=5)
    assert summary(TEXTS, advised(told), BOTH).splitlines() == [
        "Сразу, в мессенджер: объявления, замечания",
        (
            "Раз в день, после уроков, на почту: отсутствие на уроке, "
            "опоздания, оценки 1 и 2, остальные оценки, похвала, контрольные работы, события школы"
        ),
        "Раз в день, после уроков, в мессенджер: изменения в расписании",
        "Раз в неделю, по пятницам после уроков, на почту: итоги учёбы",
        "Не присылаем: домашние задания",
    ]
    one = persona()
    of_school = replace(one, school=replace(one.school, telling=told))
    assert "отсутствие на уроке, опоздания" in offer(TEXTS, of_school, BOTH).text
    parent = replace(reader(*BOTH), persona=of_school)
    ways = [button for row in of_category(TEXTS, parent, Category.MARK).rows for button in row]
    chosen = [read_choice(one.payload) for one in ways]
    weekdays = {one.choice.weekday for one in chosen if isinstance(one, ChooseFor) and one.choice.mode is Mode.WEEKLY}
    assert weekdays == {5}


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
    assert [button.label for button in daily.rows[-4]] == ["✓ После уроков"]
    assert [button.label for button in daily.rows[-3]] == ["16:00", "17:00", "18:00", "19:00", "20:00"]
    assert (
        "«После уроков» – это через 90 минут после последнего урока, не раньше 16:00 и не позже 20:30. "
        "Если уроков нет – в 19:00."
    ) in daily.text
    at_once = of_category(TEXTS, reader(*BOTH, mark=Choice(Mode.NOW, Channel.MAIL)), Category.MARK)
    assert not any("16:00" in button.label for row in at_once.rows for button in row)
    assert "После уроков" not in at_once.text


def labels(screen: Screen) -> list[str]:
    return [button.label for row in screen.rows for button in row]


@pytest.mark.parametrize(
    ("choice", "words"),
    [
        (Choice(Mode.DAILY, Channel.MAIL), "Раз в день, после уроков, на почту"),
        (Choice(Mode.DAILY, Channel.TELEGRAM, 18), "Раз в день, в 18:00, в мессенджер"),
        (Choice(Mode.WEEKLY, Channel.MAIL, None, 6), "Раз в неделю, по субботам после уроков, на почту"),
        (Choice(Mode.WEEKLY, Channel.TELEGRAM, 20, 2), "Раз в неделю, по вторникам в 20:00, в мессенджер"),
    ],
)
def test_what_is_chosen_is_said_in_plain_words(choice: Choice, words: str) -> None:
    assert way_words(TEXTS, choice) == words
    assert words in overview(TEXTS, reader(*BOTH, mark=choice)).text


def test_a_letter_of_the_week_has_its_day_and_is_no_way_to_learn_of_an_absence() -> None:
    weekly = of_category(TEXTS, reader(*BOTH, praise=Choice(Mode.WEEKLY, Channel.MAIL, 17, 5)), Category.PRAISE)
    assert labels(weekly)[-14:-1] == [
        *("После уроков", "16:00", "✓ 17:00", "18:00", "19:00", "20:00"),
        *("Пн", "Вт", "Ср", "Чт", "✓ Пт", "Сб", "Вс"),
    ]
    assert "✓ Раз в неделю, на почту" in labels(weekly)
    assert "Раз в неделю, на почту" not in labels(of_category(TEXTS, reader(*BOTH), Category.ABSENCE))


def called_bad(below: int) -> Reader:
    known = reader(*BOTH)
    selections = {Category.BAD_MARK: Selection(Category.BAD_MARK, None, below)}
    return replace(known, profile=replace(known.profile, selections=selections))


@pytest.mark.parametrize(
    ("below", "name", "pressed"),
    [(2, "Оценка 1", "1"), (3, "Оценки 1 и 2", "1–2"), (5, "Оценки от 1 до 4", "1–4"), (6, "Все оценки", "Все")],
)
def test_marks_are_named_by_what_the_reader_calls_bad(below: int, name: str, pressed: str) -> None:
    known = called_bad(below)
    assert (name in labels(overview(TEXTS, known)), name.lower() in overview(TEXTS, known).text) == (True, True)
    assert f"✓ {pressed}" in labels(of_category(TEXTS, known, Category.BAD_MARK))
    assert ("Остальные оценки" in labels(overview(TEXTS, known))) is (below < 6)
    assert ("остальные оценки" in overview(TEXTS, known).text) is (below < 6)
    assert ("• оценки 4 и 5" in silence_question(TEXTS, called_bad(4)).text) is True


def test_subjects_are_marked_and_one_that_is_taught_no_more_can_be_let_go() -> None:
    known = reader(*BOTH)
    wanted = Selection(Category.MARK, None, None, frozenset({"физика", "черчение"}))
    some = replace(known, profile=replace(known.profile, selections={Category.MARK: wanted}))
    screen = subjects(TEXTS, some, Category.MARK, ("математика", "физика"))
    assert labels(screen) == ["Все предметы", "математика", "✓ физика", "✓ черчение", "‹ Назад"]
    press = read_choice(screen.rows[1][0].payload)
    assert press == TakeSubject(some.person, some.scope, Category.MARK, sign_of("математика"), wanted=True)
    let_go = read_choice(screen.rows[2][0].payload)
    assert let_go == TakeSubject(some.person, some.scope, Category.MARK, sign_of("черчение"), wanted=False)
    assert "остальные оценки (физика, черчение)" in overview(TEXTS, some).text
    assert "Только предметы: физика, черчение." in of_category(TEXTS, some, Category.MARK).text
    assert "Предметы: выбрано 2" in labels(of_category(TEXTS, some, Category.MARK))
    assert labels(subjects(TEXTS, known, Category.MARK, ("труд",)))[:2] == ["✓ Все предметы", "труд"]


def test_of_several_children_each_may_have_a_choice_of_his_own() -> None:
    one = persona()
    brother = Child(UUID(int=5), FullName("Иванов", "Олег"), "2Б", None)
    both = replace(reader(*BOTH), persona=replace(one, children=(*one.children, brother)))
    assert "Отдельно: 2Б, Иванов Олег" in labels(overview(TEXTS, both))
    assert not any(label.startswith("Отдельно") for label in labels(overview(TEXTS, reader(*BOTH))))
    apart = replace(both, profile=replace(both.profile, apart=frozenset({brother.pupil})))
    assert "Отдельно настроено: 2Б, Иванов Олег." in overview(TEXTS, apart).text
    his = overview(TEXTS, replace(apart, child=brother))
    assert his.text.startswith("Что и как вам присылать\n2Б, Иванов Олег\n\n")
    assert "только для этого ребёнка" in his.text
    presses = [read_choice(button.payload) for row in his.rows for button in row]
    assert OfTopic(both.person, brother.pupil, Category.MARK) in presses
    assert presses[-1] == OfChild(both.person, UUID(int=0))


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


def insisted(*channels: Channel, **changed: Choice) -> Reader:
    known = reader(*channels, **changed)
    return replace(known, profile=replace(known.profile, insisted=frozenset({Category.ABSENCE})))


def test_what_the_school_insists_on_comes_although_it_was_switched_off_and_cannot_be_now() -> None:
    off = insisted(*BOTH, absence=OFF)
    assert "Сразу, в мессенджер: отсутствие на уроке, объявления" in standing(TEXTS, off)
    screen = of_category(TEXTS, off, Category.ABSENCE)
    assert (
        "\n\nСейчас: сразу, в мессенджер.\n\nОб этом школа сообщает всегда, отключить это здесь нельзя." in screen.text
    )
    assert "✓ Сразу, в мессенджер" in labels(screen), "what comes stands marked"
    assert not any("Не присылать" in label for label in labels(screen))
    assert "сообщает всегда" not in of_category(TEXTS, off, Category.REMARK).text
    nowhere = standing(TEXTS, insisted(absence=OFF))
    assert "Не присылаем: отсутствие на уроке" in nowhere


def test_whoever_switches_everything_off_is_told_what_will_come_all_the_same() -> None:
    question = silence_question(TEXTS, insisted(*BOTH)).text
    assert "если ребёнка нет на уроке" not in question
    assert "Исключение – то, о чём школа сообщает всегда: отсутствие на уроке." in question
    silent = insisted(*BOTH, **dict.fromkeys(Category, OFF))
    assert done(TEXTS, silent, "silent").text.startswith("Хорошо, больше ничего не присылаем.")
    for screen in (done(TEXTS, silent, "silent"), later(TEXTS, silent)):
        assert "Исключение – то, о чём школа сообщает всегда: отсутствие на уроке." in screen.text
    assert "сообщает всегда" not in done(TEXTS, insisted(*BOTH), "advised").text
    asks_first = offer(TEXTS, persona(DefaultSubscriptions.OFF), BOTH).text
    assert "Исключение – то, о чём школа сообщает всегда: отсутствие на уроке." in asks_first
    assert "сообщает всегда" not in offer(TEXTS, persona(), BOTH).text


def test_whoever_learns_of_an_absence_once_a_day_is_told_that_this_is_late() -> None:
    late = "Сейчас об отсутствии вы узнаёте не сразу"
    daily = of_category(TEXTS, insisted(*BOTH, absence=Choice(Mode.DAILY, Channel.MAIL)), Category.ABSENCE)
    assert late in daily.text
    assert late not in of_category(TEXTS, insisted(*BOTH), Category.ABSENCE).text
    assert late not in of_category(TEXTS, reader(*BOTH), Category.MARK).text


def test_two_children_are_parted_so_that_they_do_not_read_as_four() -> None:
    one = persona()
    second = Child(UUID(int=4), FullName("Иванов", "Пётр"), "9В", None)
    two = replace(reader(*BOTH), persona=replace(one, children=(*one.children, second)))
    assert overview(TEXTS, two).text.splitlines()[1] == "Школа: 5А, Иванова Анна; 9В, Иванов Пётр"


def test_whoever_wants_no_notices_is_not_promised_those_that_wait_for_an_answer() -> None:
    promised = "Объявления, которые ждут вашего ответа, приходят сразу."
    assert promised in of_category(TEXTS, reader(*BOTH), Category.NOTICE).text
    off = of_category(TEXTS, reader(*BOTH, notice=OFF), Category.NOTICE).text
    assert promised not in off
    assert "Не придут и те объявления, которые ждут вашего ответа или подписи." in off


def test_whoever_refused_letters_reads_where_the_buttons_of_mail_have_gone() -> None:
    known = reader(Channel.TELEGRAM)
    refused = replace(known, profile=replace(known.profile, left=(Channel.MAIL,)))
    assert "Письма на почту выключены. Включить их можно здесь же" in overview(TEXTS, refused).text
    assert "От писем" not in overview(TEXTS, known).text
