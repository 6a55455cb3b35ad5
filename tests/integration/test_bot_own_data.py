"""«Мои данные» at the wire: a parent types his mailbox, sees how it stands, and takes it back."""

from collections.abc import AsyncIterator
from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import text

from core.actor import OFFICE
from core.database import Database
from core.events import Channel
from core.person import mailboxes
from core.rule_book.values import AddressPlace
from core.school import school_rules, school_settings
from tests.integration.bot_home import forged, hand_gateway, payload_of, pressed
from tests.integration.bot_world import Rooms, bot_world, last
from tests.integration.test_bot_subscriptions import Reader

SWITCHES = ("✓ Сообщать о новом", "✓ Присылать письма", "Повторять сообщения на почту")


@pytest.fixture
async def reader(core_database: Database, gateway_database: Database, bot_database: Database) -> AsyncIterator[Reader]:
    async with bot_world(Rooms(core_database, gateway_database, bot_database)) as world, hand_gateway(world) as gateway:
        school = await world.builder.school(undo_window=0)
        school_class = await world.builder.school_class(school, "5А")
        child = await world.builder.pupil(school_class, "Иванова Анна Петровна", date(2014, 3, 5))
        mother_id = await world.builder.guardian(child, name="Иванова Ольга")
        made = Reader(world, gateway, school, school_class, child, mother_id, world.someone(200, "Ольга"))
        await made.linked()
        async with world.running():
            yield made


async def claims(reader: Reader) -> list[UUID]:
    """List what was asked, the newest last."""
    async with reader.world.desk.core.begin() as session:
        return list((await session.execute(text("SELECT id FROM core.mailbox_claim ORDER BY asked_at"))).scalars())


async def mailbox_known(reader: Reader) -> int:
    """Count addresses by which the gateway reaches her in letters."""
    await reader.gateway.plan()
    async with reader.world.desk.gateway.begin() as session:
        found = "SELECT count(*) FROM gateway.address WHERE recipient = :id AND channel = 'mail' AND NOT ended"
        return int((await session.execute(text(found), {"id": reader.mother_id})).scalar_one())


async def test_a_parent_types_his_mailbox_corrects_it_and_takes_it_back(reader: Reader) -> None:
    mother, world = reader.mother, reader.world
    assert "Почта не указана" in await reader.says("/me")
    assert last(mother).labels() == (*SWITCHES, "Указать почту", "‹ В начало")
    await pressed(world, mother, "Указать почту")
    assert "Напишите свою почту" in last(mother).text
    assert "не похоже на адрес" in await reader.says("моя почта")
    assert "русская буква" in await reader.says("оlga@example.ru")
    said = await reader.says("Olga@Example.ru")
    assert "Ждёт подтверждения: Olga@example.ru" in said
    assert last(mother).labels() == (*SWITCHES, "Указать другую почту", "Убрать почту", "‹ В начало")
    assert await mailbox_known(reader) == 0, "nothing goes there"
    await reader.says("olga2@example.ru")
    assert len(await claims(reader)) == 1, "nobody had asked for the second one"

    async with world.desk.core.begin() as session:
        await mailboxes.confirm(session, (await claims(reader))[0], world.desk.school_clock.now())
    assert "Почта: Olga@example.ru. Она подтверждена" in await reader.says("Мои данные")
    assert await mailbox_known(reader) == 1

    await pressed(world, mother, "Убрать почту")
    await pressed(world, mother, "Оставить как есть")
    assert await mailbox_known(reader) == 1
    await pressed(world, mother, "Убрать почту")
    await pressed(world, mother, "Да, убрать")
    assert "Почта не указана" in last(mother).text
    assert await mailbox_known(reader) == 0


async def test_it_is_found_beside_what_is_sent_and_another_button_ends_the_asking(reader: Reader) -> None:
    mother, world = reader.mother, reader.world
    await reader.says("/subscriptions")
    await pressed(world, mother, "Мои данные и оповещения")
    await pressed(world, mother, "Указать почту")
    await pressed(world, mother, "Оставить как есть")
    await reader.says("olga@example.ru")
    assert await claims(reader) == []


async def test_a_mailbox_is_given_in_one_place_and_nowhere_else(reader: Reader) -> None:
    mother, world = reader.mother, reader.world
    async with world.desk.core.begin() as session:
        rules = await school_rules.of_school(session, reader.school.id)
    assert rules.address_given_in is AddressPlace.PROFILE
    for screen in ("/start", "/subscriptions", "/diary", "/notices", "/why", "/help"):
        await reader.says(screen)
        assert not any("Указать" in label for label in last(mother).labels())
        await reader.says("olga@example.ru")
        assert await claims(reader) == [], f"after {screen}"
    await reader.says("/subscriptions")
    await pressed(world, mother, "Мои данные и оповещения")
    await pressed(world, mother, "Указать почту")
    await reader.says("olga@example.ru")
    assert len(await claims(reader)) == 1


async def test_nobody_presses_for_another_and_a_school_without_letters_says_so(reader: Reader) -> None:
    mother, world = reader.mother, reader.world
    await reader.says("/me")
    payload = payload_of(mother, "Указать почту")
    other = await world.builder.guardian(reader.child, name="Иванов Олег")
    answer = await forged(world, mother, payload.replace(reader.mother_id.hex, other.hex))
    assert answer.text is not None
    async with world.desk.core.begin() as session:
        changes = {"allowed_channels": [Channel.TELEGRAM.value]}
        await school_settings.change(session, OFFICE, reader.school.id, changes, world.clock.wall)
    await reader.gateway.plan()
    assert "не присылает писем" in await reader.says("/me")
    assert last(mother).labels() == ("✓ Сообщать о новом", "‹ В начало"), "no letters, no switches of letters"
