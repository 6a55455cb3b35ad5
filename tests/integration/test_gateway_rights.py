"""Who may be told: what an adult is to a pupil, and what he has agreed to for each purpose.

Nobody barred, ended, not to be contacted or without consent gets what waits; what he has already is left alone.
"""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest_asyncio

from core.database import Database
from core.events import (
    Addressee,
    Channel,
    ConsentTerm,
    MarkState,
    NoticeAsk,
    NoticeState,
    RelationKind,
    RemarkKind,
    RemarkState,
    mark_subject,
    notice_subject,
    remark_subject,
)
from core.school_time import school_date
from tests.integration.gateway_world import LONG_AGO, UNEXPLAINED, ZONE, Child, GatewayWorld, gateway_world

CHAT, LETTER, BOTH = (Channel.TELEGRAM,), (Channel.MAIL,), (Channel.TELEGRAM, Channel.MAIL)
TRUSTED: dict[str, Any] = {"kind": RelationKind.TRUSTED, "must_sign": False}
GIVEN = ConsentTerm(given_on=LONG_AGO)


@pytest_asyncio.fixture
async def world(core_database: Database, gateway_database: Database, tmp_path: Path) -> AsyncIterator[GatewayWorld]:
    async with gateway_world(core_database, gateway_database, tmp_path) as made:
        yield made


async def mark(world: GatewayWorld, child: Child, value: int) -> None:
    state = MarkState(
        mark=uuid4(),
        pupil=child.id,
        pupil_name=child.name,
        class_title="5 «А»",
        lesson=UUID(int=1),
        day=school_date(world.clock.wall, ZONE),
        lesson_number=2,
        subject_name="математика",
        value=value,
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


async def outcomes(world: GatewayWorld, recipient: UUID | None = None) -> set[tuple[str, str, str | None]]:
    """Return kind of subject, state and reason of every message, or of one reader's."""
    rows = await world.rows(
        "SELECT split_part(subject, '/', 1) AS kind, state, reason FROM gateway.delivery "
        "WHERE recipient = COALESCE(CAST(:recipient AS uuid), recipient)",
        recipient=recipient,
    )
    return {(row.kind, row.state, row.reason) for row in rows}


# --- what an adult is to a pupil --------------------------------------------------------------------------------------


async def test_whoever_loses_the_right_gets_nothing_of_what_waits(world: GatewayWorld) -> None:
    yesterday = school_date(world.clock.wall, ZONE) - timedelta(days=1)
    changes: list[tuple[dict[str, Any], str]] = [
        ({"barred": True}, "barred"),
        ({"no_contact": True}, "no-contact"),
        ({"until": yesterday}, "rights-lost"),
        ({"may_see": False}, "rights-lost"),
    ]
    child = await world.child(*([CHAT] * (len(changes) + 1)))
    await world.states(child, {1: UNEXPLAINED})
    await world.settle()
    assert {row.state for row in await world.rows("SELECT state FROM gateway.delivery")} == {"pending"}
    *losing, keeping = child.parents
    for parent, (change, _) in zip(losing, changes, strict=True):
        await world.publish(world.follow_event(child, parent, **change))
    await world.pass_undo()
    assert [world.requests(parent) for parent in child.parents] == [0, 0, 0, 0, 1]
    for parent, (_, reason) in zip(losing, changes, strict=True):
        assert {end[1:] for end in await outcomes(world, parent.id)} == {("suppressed", reason)}
    await world.states(child, {1: UNEXPLAINED, 2: UNEXPLAINED})
    await world.pass_undo()
    assert [world.requests(parent) for parent in losing] == [0, 0, 0, 0]
    assert world.requests(keeping) == 2


async def test_a_message_told_before_is_not_touched_again_for_whoever_may_not_be_told(world: GatewayWorld) -> None:
    child = await world.child(CHAT, CHAT)
    barred, silent = child.parents
    await world.states(child, {1: UNEXPLAINED})
    await world.pass_undo()
    await world.publish(
        world.follow_event(child, barred, barred=True), world.follow_event(child, silent, no_contact=True)
    )
    await world.states(child, {})
    await world.pass_undo()
    assert [world.requests(parent) for parent in child.parents] == [1, 1]
    await world.publish(world.follow_event(child, barred), world.follow_event(child, silent))
    await world.settle()
    assert [world.requests(parent) for parent in child.parents] == [2, 2], "the right came back: what he has is mended"


async def test_a_trusted_adult_is_told_of_absences_alone_and_asked_nothing(world: GatewayWorld) -> None:
    child = await world.child(CHAT, LETTER, CHAT)
    nanny, neighbour, mother = child.parents
    await world.publish(*(world.follow_event(child, parent, **TRUSTED) for parent in (nanny, neighbour)))
    await mark(world, child, 2)
    await world.states(child, {1: UNEXPLAINED})
    await world.pass_undo()
    (message,) = world.chat(nanny)
    assert [[button.label for button in row] for row in message.buttons] == [["Понятно"]]
    assert "Знаете причину" not in message.text
    (letter,) = world.letters(neighbour)
    assert letter.text is not None
    assert "Знаете причину" not in letter.text
    assert {end[:2] for end in await outcomes(world, mother.id)} == {("attendance", "accepted"), ("mark", "pending")}
    for trusted in (nanny, neighbour):
        assert await outcomes(world, trusted.id) == {
            ("attendance", "accepted", None),
            ("mark", "suppressed", "limited-view"),
        }


async def test_a_parent_who_becomes_a_trusted_adult_gets_no_mark_that_waits(world: GatewayWorld) -> None:
    child = await world.child(CHAT)
    (parent,) = child.parents
    await mark(world, child, 2)
    await world.settle()
    await world.publish(world.follow_event(child, parent, **TRUSTED))
    await world.pass_undo()
    assert world.requests(parent) == 0
    assert {end[1:] for end in await outcomes(world, parent.id)} == {("suppressed", "limited-view")}


async def test_of_a_reader_s_two_children_the_one_he_may_be_told_of_opens_the_way(world: GatewayWorld) -> None:
    child = await world.child(CHAT)
    (parent,) = child.parents
    other = Child(uuid4(), "Ёлкин Ваня", (parent,))
    await world.publish(world.follow_event(other, parent, no_contact=True))
    await world.states(child, {1: UNEXPLAINED})
    await world.states(other, {1: UNEXPLAINED})
    await world.pass_undo()
    (message,) = world.chat(parent)
    assert child.name in message.text


async def test_whose_signature_is_not_asked_is_told_to_read(world: GatewayWorld) -> None:
    child = await world.child(CHAT, CHAT)
    mother, father = child.parents
    await world.publish(world.follow_event(child, father, must_sign=False))
    notice = uuid4()
    state = NoticeState(
        notice=notice,
        class_title="5 «А»",
        pupils=(Addressee(pupil=child.id, name=child.name),),
        author_name="Петрова Мария Ивановна",
        title="Поездка в музей",
        text="В пятницу едем в музей.",
        text_hash="ab" * 32,
        ask=NoticeAsk.SIGN,
        reply_by=None,
        published_on=school_date(world.clock.wall, ZONE),
    )
    await world.publish(world._event(state, notice_subject(notice)))
    await world.pass_undo()
    buttons = [[button.label for row in world.chat(one)[0].buttons for button in row] for one in (mother, father)]
    assert (len(buttons[0]), buttons[1]) == (2, ["Понятно"])
    await world.publish(world.follow_event(child, father))
    await world.settle()
    (message,) = world.chat(father)
    assert len(message.buttons) == 2, "the message that he has asks for it now"
    assert [world.requests(one) for one in (mother, father)] == [1, 2]


# --- what he has agreed to --------------------------------------------------------------------------------------------


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
    await mark(world, child, 5)
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
