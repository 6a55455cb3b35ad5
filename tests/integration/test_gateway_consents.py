"""Consent by purpose in the gateway: each opens its own news, its withdrawal stops what waits, its last day ends it."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest_asyncio

from core.database import Database
from core.events import Channel, ConsentTerm, MarkState, RemarkKind, RemarkState, mark_subject, remark_subject
from core.school_time import school_date
from tests.integration.gateway_world import LONG_AGO, UNEXPLAINED, ZONE, Child, GatewayWorld, gateway_world

BOTH = (Channel.TELEGRAM, Channel.MAIL)
GIVEN, NOTHING = ConsentTerm(given_on=LONG_AGO), ConsentTerm()


@pytest_asyncio.fixture
async def world(core_database: Database, gateway_database: Database, tmp_path: Path) -> AsyncIterator[GatewayWorld]:
    async with gateway_world(core_database, gateway_database, tmp_path) as made:
        yield made


async def mark(world: GatewayWorld, child: Child) -> None:
    state = MarkState(
        mark=uuid4(),
        pupil=child.id,
        pupil_name=child.name,
        class_title="5 «А»",
        lesson=UUID(int=1),
        day=school_date(world.clock.wall, ZONE),
        lesson_number=2,
        subject_name="математика",
        value=5,
        work="ответ на уроке",
    )
    await world.publish(world._event(state, mark_subject(state.mark)))


async def remark(world: GatewayWorld, child: Child) -> None:
    state = RemarkState(
        remark=uuid4(),
        pupil=child.id,
        pupil_name=child.name,
        class_title="5 «А»",
        kind=RemarkKind.REMARK,
        day=school_date(world.clock.wall, ZONE),
        subject_name="математика",
        author_name="Петрова Мария Ивановна",
        text="Нет тетради",
    )
    await world.publish(world._event(state, remark_subject(state.remark)))


async def outcomes(world: GatewayWorld) -> set[tuple[str, str, str | None]]:
    rows = await world.rows("SELECT split_part(subject, '/', 1) AS kind, state, reason FROM gateway.delivery")
    return {(row.kind, row.state, row.reason) for row in rows}


async def test_each_purpose_opens_its_own_news_and_no_other(world: GatewayWorld) -> None:
    attends = await world.child(BOTH, attendance_consent=GIVEN, consent_given_on=None)
    learns = await world.child(BOTH, achievement_consent=GIVEN, consent_given_on=None)
    for child in (attends, learns):
        await world.states(child, {1: UNEXPLAINED})
        await remark(world, child)
    await world.pass_undo()
    (absence,), (told,) = world.chat(attends.parents[0]), world.chat(learns.parents[0])
    assert absence.text.startswith("Отсутствие на уроке")
    assert "Нет тетради" in told.text
    assert await outcomes(world) == {
        (kind, *end) for kind in ("attendance", "remark") for end in (("accepted", None), ("suppressed", "no-consent"))
    }


async def test_a_withdrawal_stops_what_waits_of_its_purpose_and_leaves_the_other(world: GatewayWorld) -> None:
    child = await world.child(BOTH)
    parent = child.parents[0]
    await mark(world, child)
    await world.states(child, {1: UNEXPLAINED})
    await world.pass_undo()
    assert await outcomes(world) == {("mark", "pending", None), ("attendance", "accepted", None)}
    today = school_date(world.clock.wall, ZONE)
    withdrawn = ConsentTerm(given_on=LONG_AGO, withdrawn_on=today)
    await world.publish(world.follow_event(child, parent, achievement_consent=withdrawn))
    await world.settle()
    assert await outcomes(world) == {("mark", "suppressed", "no-consent"), ("attendance", "accepted", None)}
    await world.states(child, {1: UNEXPLAINED, 2: UNEXPLAINED})
    await world.pass_undo()
    assert "2" in world.chat(parent)[-1].text
    world.clock.move(hours=12)
    await world.settle()
    assert world.letters(parent) == ()
    await world.publish(world.follow_event(child, parent, achievement_consent=ConsentTerm(given_on=today)))
    await world.settle()
    assert ("mark", "suppressed", "no-consent") not in await outcomes(world)


async def test_a_consent_ends_by_itself_after_its_last_day(world: GatewayWorld) -> None:
    today = school_date(world.clock.wall, ZONE)
    ends = ConsentTerm(given_on=LONG_AGO, until=today)
    child = await world.child(BOTH, achievement_consent=ends, attendance_consent=ends)
    parent = child.parents[0]
    await world.states(child, {1: UNEXPLAINED})
    await world.pass_undo()
    assert len(world.chat(parent)) == 1, "the last day is a day of consent"
    world.clock.move(hours=13)
    await remark(world, child)
    await world.pass_undo()
    assert ("remark", "pending", None) in await outcomes(world), "it waits for the morning"
    world.clock.move(hours=10)
    await world.settle()
    assert school_date(world.clock.wall, ZONE) == today + timedelta(days=1)
    assert ("remark", "suppressed", "no-consent") in await outcomes(world)
    await world.states_of(child, {1: UNEXPLAINED}, today + timedelta(days=1))
    await world.pass_undo()
    assert len(world.chat(parent)) == 1
