"""How learning goes: asked once a week, told with the family's letter, and every letter can be shown again."""

from collections.abc import AsyncIterator, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest_asyncio

from core.database import Database
from core.events import (
    Channel,
    ConsentTerm,
    DatedWork,
    Event,
    LearningWeekState,
    MarkState,
    SubjectAverage,
    mark_subject,
)
from core.school_time import at_school
from gateway import kept_letters, subscriptions
from gateway.categories import Category
from gateway.learning import LearningWeeks
from gateway.profiles import Choice, Mode
from tests.integration.gateway_world import LONG_AGO, MORNING, ZONE, Child, GatewayWorld, Parent, gateway_world

SATURDAY = date(2026, 10, 24)
GIVEN = ConsentTerm(given_on=LONG_AGO)


@dataclass
class Journal:
    """Another journal than ours behind the port: what it says is what the test has told it."""

    weeks_of: dict[UUID, dict[str, Any]] = field(default_factory=dict)
    asked: list[tuple[frozenset[UUID], date, date]] = field(default_factory=list)

    async def weeks(
        self, school: UUID, pupils: Collection[UUID], first: date, day: date
    ) -> Mapping[UUID, LearningWeekState]:
        assert school
        self.asked.append((frozenset(pupils), first, day))
        return {
            pupil: LearningWeekState(
                pupil=pupil, pupil_name="Ёлкина Саша", class_title="5А", day=day, first=first, **self.weeks_of[pupil]
            )
            for pupil in pupils
            if pupil in self.weeks_of
        }


@pytest_asyncio.fixture
async def world(core_database: Database, gateway_database: Database, tmp_path: Path) -> AsyncIterator[GatewayWorld]:
    async with gateway_world(core_database, gateway_database, tmp_path) as made:
        yield made


def asking(world: GatewayWorld, journal: Journal) -> LearningWeeks:
    return LearningWeeks(world.database, world.intake.heads, journal, world.school_clock)


async def at(world: GatewayWorld, weeks: LearningWeeks, hour: int, minute: int = 0, day: date = SATURDAY) -> int:
    """Let it be then, everything asked for, planned and sent; return of how many days schools were asked."""
    moment = at_school(day, time(hour, minute), ZONE)
    world.clock.move(seconds=(moment - world.clock.wall).total_seconds())
    await world.settle()
    asked = await weeks.run_once()
    await world.settle()
    return asked


WEEK: dict[str, Any] = {
    "averages": (SubjectAverage(subject_name="математика", hundredths=375, before=400),),
    "marks": 2,
    "missed": 3,
    "unexplained": 1,
    "homework": (DatedWork(subject_name="история", day=SATURDAY + timedelta(days=2)),),
}


def mark(world: GatewayWorld, child: Child, value: int, **changes: Any) -> Event:
    state = MarkState(
        mark=UUID(int=9),
        pupil=child.id,
        pupil_name=child.name,
        class_title="5А",
        lesson=UUID(int=1),
        day=SATURDAY,
        lesson_number=1,
        subject_name="математика",
        value=value,
        work="ответ на уроке",
    ).model_copy(update=changes)
    return world._event(state, mark_subject(state.mark))


def body(world: GatewayWorld, parent: Parent) -> list[str]:
    return [(one.text or "").replace("\r\n", "\n") for one in world.letters(parent)]


async def test_the_week_comes_on_saturday_in_the_familys_one_letter_and_is_asked_for_once(world: GatewayWorld) -> None:
    child, silent = await world.child((Channel.MAIL,)), await world.child((Channel.MAIL,), name="Орлов Женя")
    journal = Journal({child.id: WEEK, silent.id: {"averages": WEEK["averages"]}})
    weeks = asking(world, journal)
    (parent,) = child.parents
    assert await at(world, weeks, 12, day=SATURDAY - timedelta(days=1)) == 1
    assert await at(world, weeks, 15, 29) == 1
    assert [asked for asked, *_ in journal.asked] == [], "nobody wants to hear of it on a Thursday or a Friday"
    await world.publish(mark(world, child, 4))
    assert await at(world, weeks, 15, 30) == 1
    assert journal.asked == [(frozenset({child.id, silent.id}), SATURDAY - timedelta(days=6), SATURDAY)]
    assert await asking(world, journal).run_once() == 0
    assert await at(world, weeks, 17, 59) == 0
    assert body(world, parent) == []
    await at(world, weeks, 18, 1)
    (letter,) = body(world, parent)
    assert letter.split("\n\n")[2] == (
        "Ёлкина Саша, 5А\n"
        "• математика: 4 (ответ на уроке), 24 октября\n"
        "• Как идёт учёба, 18 октября — 24 октября\n"
        "Средние оценки: математика 3,75 (было 4,00).\n"
        "За неделю пропущено 3 урока.\n"
        "Причину одного из них школа пока не знает.\n"
        "Задано: история к 26 октября."
    )
    assert body(world, silent.parents[0]) == [], "averages alone are no news"
    await at(world, weeks, 12, day=SATURDAY + timedelta(days=2))
    assert len(body(world, parent)) == 1


async def test_whoever_chose_another_day_gets_his_week_then_and_nobody_elses(world: GatewayWorld) -> None:
    child = await world.child((Channel.MAIL,), (Channel.MAIL,))
    mother, father = child.parents
    async with world.database.begin() as session:
        wednesday = Choice(Mode.WEEKLY, Channel.MAIL, weekday=3)
        await subscriptions.choose(session, mother.id, Category.DIGEST, wednesday, at=world.clock.wall)
    weeks = asking(world, Journal({child.id: WEEK}))
    for days in range(8):
        await at(world, weeks, 15, 45, MORNING.date() + timedelta(days=days))
        await at(world, weeks, 19, 0, MORNING.date() + timedelta(days=days))
    assert [("15 октября — 21 октября" in one, "22 октября — 28" in one) for one in body(world, mother)] == [
        (True, False)
    ]
    assert ["18 октября — 24 октября" in one for one in body(world, father)] == [True]


async def test_without_consent_to_attendance_nothing_of_it_is_said(world: GatewayWorld) -> None:
    child = await world.child((Channel.MAIL,))
    (parent,) = child.parents
    refused = ConsentTerm(given_on=LONG_AGO, withdrawn_on=SATURDAY)
    follow = world.follow_event(child, parent)
    state = follow.data.model_copy(update={"achievement_consent": GIVEN, "attendance_consent": refused})
    await world.publish(follow.model_copy(update={"data": state}))
    weeks = asking(world, Journal({child.id: WEEK | {"unwritten": WEEK["homework"]}}))
    await at(world, weeks, 15, 45)
    await at(world, weeks, 19, 0)
    (letter,) = body(world, parent)
    assert "Средние оценки" in letter
    assert "пропущ" not in letter.lower()


async def test_a_gateway_that_was_away_tells_the_week_next_morning_and_not_next_week(world: GatewayWorld) -> None:
    child = await world.child((Channel.MAIL,))
    weeks = asking(world, Journal({child.id: WEEK}))
    await at(world, weeks, 8, day=SATURDAY + timedelta(days=1))
    await at(world, weeks, 8, 2, day=SATURDAY + timedelta(days=1))
    (letter,) = body(world, child.parents[0])
    assert "18 октября — 24 октября" in letter


async def test_a_letter_can_be_shown_again_byte_for_byte_when_everything_it_said_has_changed(
    world: GatewayWorld,
) -> None:
    child = await world.child((Channel.MAIL,), (Channel.TELEGRAM,))
    mother, father = child.parents
    async with world.database.begin() as session:
        for category in (Category.MARK, Category.DIGEST):
            saturday = Choice(Mode.WEEKLY, Channel.TELEGRAM, weekday=6)
            await subscriptions.choose(session, father.id, category, saturday, at=world.clock.wall)
    weeks = asking(world, Journal({child.id: WEEK}))
    await at(world, weeks, 15, 45)
    await world.publish(mark(world, child, 4))
    await at(world, weeks, 18, 30)
    (letter,), (message,) = world.letters(mother), world.chat(father)
    await world.publish(mark(world, child, 2, pupil_name="Другая Фамилия"))
    await at(world, weeks, 20, 0, SATURDAY + timedelta(days=1))
    assert body(world, mother)[0] != body(world, mother)[-1]
    bundles = await world.rows("SELECT id, recipient, slot FROM gateway.bundle ORDER BY slot")
    first = {row.recipient: row.id for row in reversed(bundles)}
    async with world.database.begin() as session:
        (by_mail,) = await kept_letters.reproduce(session, first[mother.id])
        (in_chat,) = await kept_letters.reproduce(session, first[father.id])
    wire = [(one or "").replace("\r\n", "\n").encode() for one in (letter.text, letter.html)]
    assert [one.encode() for one in (by_mail.text, by_mail.html or "")] == wire
    assert by_mail.subject == letter.subject
    assert in_chat.text == message.text
    assert by_mail.made_at == at_school(SATURDAY, time(18, 30), ZONE)
