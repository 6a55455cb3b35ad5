"""Parts of ``zvonok timetable`` that look and plan: ``show``, ``substituted``, ``control …``, ``events …``."""

from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import click

from core.timetable.control_works import ControlWorkDraft
from zvonok import control_works as works
from zvonok import school_events as beside
from zvonok import timetable_views as desk
from zvonok.commands import office
from zvonok.commands.running import tell
from zvonok.commands.russian import RussianCommand, RussianGroup
from zvonok.commands.school_day import DATE
from zvonok.exports import check_target
from zvonok.named import day_of
from zvonok.named_lesson import Named
from zvonok.timetable_views import Asked, Days

LESSONS = click.IntRange(0, 15)
_NUMBER = click.argument("number", metavar="НОМЕР")
_DAY = click.argument("day", type=DATE, metavar="ДД.ММ.ГГГГ")
_LESSON = click.argument("lesson", type=LESSONS, metavar="УРОК")
_SINCE = click.option("--since", type=DATE, metavar="ДД.ММ.ГГГГ", help="Первый день.")
_UNTIL = click.option("--until", type=DATE, metavar="ДД.ММ.ГГГГ", help="Последний день.")


@click.command(cls=RussianCommand)
@click.option("--class", "title", metavar="КЛАСС", help="Неделя класса, например 5А.")
@click.option("--teacher", metavar="ИМЯ", help="Неделя учителя: «Фамилия Имя Отчество».")
@click.option("--room", metavar="КАБИНЕТ", help="Неделя кабинета.")
@click.option("--day", type=DATE, metavar="ДД.ММ.ГГГГ", help="День всей школы.")
@click.option("--week", type=DATE, metavar="ДД.ММ.ГГГГ", help="Неделя, в которой этот день; без него — эта.")
@office.SCHOOL
def show(title: str | None, name: str | None, **words: Any) -> None:
    """Показать расписание с заменами, переносами и отменами."""
    asked = Asked(title, words["teacher"], words["room"], day_of(words["day"]))
    asked.check()
    tell(partial(desk.show, school_name=name, asked=asked, week=day_of(words["week"])))


@click.command(cls=RussianCommand)
@_SINCE
@_UNTIL
@office.SCHOOL
def substituted(since: datetime | None, until: datetime | None, name: str | None) -> None:
    """Показать журнал замещения уроков и сколько уроков замещено и отменено. Без дней — за последний месяц."""
    tell(partial(desk.substituted_lessons, school_name=name, days=Days(day_of(since), day_of(until))))


@click.group(cls=RussianGroup)
def control() -> None:
    """График контрольных работ: показать, выгрузить, запланировать, перенести, снять."""


@control.command("list", cls=RussianCommand)
@_SINCE
@_UNTIL
@click.option("--class", "title", metavar="КЛАСС", help="Только этот класс, например 5А.")
@click.option("--to", "path", type=click.Path(path_type=Path), metavar="ФАЙЛ", help="Записать в .csv или .xlsx.")
@click.option("--overwrite", is_flag=True, help="Записать вместо файла, который там уже есть.")
@office.SCHOOL
def list_control(title: str | None, path: Path | None, name: str | None, *, overwrite: bool, **words: Any) -> None:
    """Показать сводный график контрольных работ. Без дней — с сегодняшнего на два месяца."""
    if path is not None:
        check_target(path, overwrite=overwrite)
    days = Days(day_of(words["since"]), day_of(words["until"]))
    tell(partial(works.schedule, school_name=name, days=days, title=title, path=path))


@control.command("plan", cls=RussianCommand)
@click.argument("learners", metavar="КЛАСС")
@_DAY
@_LESSON
@click.option("--form", required=True, metavar="ФОРМА", help="Форма контроля: контрольная работа, диктант, тест.")
@click.option("--topic", required=True, metavar="ТЕМА", help="Тема работы.")
@click.option("--monitoring", is_flag=True, help="Для внутришкольного контроля (ВШК).")
@click.option("--of", "subject", metavar="ПРЕДМЕТ", help="Чей это урок, если класс в это время делится на группы.")
@office.SCHOOL
def plan_control(learners: str, day: datetime, lesson: int, name: str | None, **words: Any) -> None:
    """Запланировать работу на урок: 5А 01.12.2026 2 --form диктант --topic "Безударные гласные"."""
    wanted = Named(learners, day.date(), lesson, words["subject"])
    draft = ControlWorkDraft(words["form"], words["topic"], words["monitoring"])
    tell(partial(works.plan, school_name=name, wanted=wanted, draft=draft))


@control.command("move", cls=RussianCommand)
@_NUMBER
@_DAY
@_LESSON
@office.SCHOOL
def move_control(number: str, day: datetime, lesson: int, name: str | None) -> None:
    """Перенести работу на другой урок тех же учеников: 0a1b2c3d 02.12.2026 3. Номера показывает control list."""
    tell(partial(works.move, school_name=name, number=number, day=day.date(), lesson_number=lesson))


@control.command("withdraw", cls=RussianCommand)
@_NUMBER
@office.SCHOOL
def withdraw_control(number: str, name: str | None) -> None:
    """Снять работу с графика."""
    tell(partial(works.withdraw, school_name=name, number=number))


@click.group(cls=RussianGroup)
def events() -> None:
    """Мероприятия рядом с уроками: показать, запланировать, отменить."""


@events.command("list", cls=RussianCommand)
@_SINCE
@_UNTIL
@office.SCHOOL
def list_events(since: datetime | None, until: datetime | None, name: str | None) -> None:
    """Показать мероприятия. Без дней — с сегодняшнего на месяц."""
    tell(partial(beside.listing, school_name=name, days=Days(day_of(since), day_of(until))))


@events.command("plan", cls=RussianCommand)
@click.argument("title", metavar="НАЗВАНИЕ")
@_DAY
@click.argument("hours", metavar="ЧЧ:ММ-ЧЧ:ММ")
@click.option("--last-day", type=DATE, metavar="ДД.ММ.ГГГГ", help="Последний день, если дней несколько.")
@click.option("--class", "classes", multiple=True, metavar="КЛАСС", help="Чьё; можно повторить. Без него — всей школы.")
@click.option("--place", default="", metavar="МЕСТО", help="Где.")
@click.option("--note", default="", metavar="ЗАМЕТКА", help="Что ещё нужно знать.")
@office.SCHOOL
def plan_event(title: str, day: datetime, hours: str, name: str | None, **words: Any) -> None:
    """Запланировать мероприятие школы или классов: "Ярмарка" 01.12.2026 14:00-16:00 --place "Актовый зал"."""
    wanted = beside.Wanted(
        title=title,
        first=day.date(),
        last=day_of(words["last_day"]),
        hours=beside.hours_of(hours),
        classes=words["classes"],
        place=words["place"],
        note=words["note"],
    )
    tell(partial(beside.plan, school_name=name, wanted=wanted))


@events.command("withdraw", cls=RussianCommand)
@_NUMBER
@office.SCHOOL
def withdraw_event(number: str, name: str | None) -> None:
    """Отменить мероприятие."""
    tell(partial(beside.withdraw, school_name=name, number=number))


VIEWS: tuple[click.Command, ...] = (show, substituted, control, events)
"""What ``zvonok timetable`` takes over."""
