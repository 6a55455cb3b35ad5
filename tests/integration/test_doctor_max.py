"""What the doctor says of the bot of MAX, by an emulator and by a server that nobody vouches for."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.integration.http_peers import fake_http, hang
from tests.integration.test_doctor import codes, patient, said
from tests.integration.throwaway_tls import certificates
from zvonok.doctor.findings import Grade, Part
from zvonok.doctor.max_bot import look_at_max
from zvonok.sandbox.faults import Garbage, Hang, Refused
from zvonok.sandbox.max_api import MaxBot, MaxEmulator

SCHOOL = "https://zvonok.school.example"
MAX_TOKEN = "f9LHodD0cOL-sandbox-token"


@asynccontextmanager
async def max_api() -> AsyncIterator[MaxEmulator]:
    async with MaxEmulator(MaxBot(MAX_TOKEN, 4243)) as emulator:
        yield emulator


async def test_a_bot_of_max_that_is_known_is_well() -> None:
    async with max_api() as emulator:
        found = await look_at_max(patient(max_token=MAX_TOKEN, max_base_url=emulator.base_url))
        assert {request.method for request in emulator.log.of(None)} == {"GET /me", "GET /subscriptions"}
        trial = await look_at_max(patient(max_token=MAX_TOKEN, max_base_url=emulator.base_url, sandbox=True))
    assert codes(found) == [(Grade.WELL, "max-well"), (Grade.WARNING, "max-polls")]
    assert "ZVONOK_MAX_HOOK" in said(found, Part.MAX)
    assert codes(trial) == [(Grade.WELL, "max-well")]
    assert "@zvonok_sandbox_bot" in said(trial, Part.MAX)
    assert codes(await look_at_max(patient())) == [(Grade.OFF, "max-off")]


async def test_a_token_that_max_does_not_know_is_told_and_never_shown() -> None:
    async with max_api() as emulator:
        found = await look_at_max(patient(max_token="hidden", max_base_url=emulator.base_url))
    assert codes(found) == [(Grade.WRONG, "max")]
    words = said(found, Part.MAX)
    assert "ZVONOK_MAX_TOKEN" in words
    assert "hidden" not in words


async def test_a_subscription_of_the_bot_of_max_is_told() -> None:
    async with max_api() as emulator:
        emulator.world.subscriptions[4243] = ["https://old.example/hook"]
        found = await look_at_max(patient(max_token=MAX_TOKEN, max_base_url=emulator.base_url))
    assert codes(found) == [(Grade.WELL, "max-well"), (Grade.WRONG, "max-webhook")]


async def test_a_webhook_of_ours_is_well_and_none_is_told() -> None:
    async with max_api() as emulator:
        way = {"max_token": MAX_TOKEN, "max_base_url": emulator.base_url, "public_url": SCHOOL}
        settings: dict[str, Any] = {**way, "max_hook": True}
        assert codes(await look_at_max(patient(**settings))) == [
            (Grade.WELL, "max-well"),
            (Grade.WARNING, "max-hook-unset"),
        ]
        emulator.world.subscriptions[4243] = [f"{SCHOOL}/hook/opaque"]
        assert codes(await look_at_max(patient(**settings))) == [(Grade.WELL, "max-well")]
        emulator.world.subscriptions[4243].append("https://old.example/hook")
        assert codes(await look_at_max(patient(**settings))) == [(Grade.WELL, "max-well"), (Grade.WRONG, "max-webhook")]


@pytest.mark.parametrize(
    ("effect", "words"),
    [
        (Refused(502, "Bad Gateway"), "ошибка на той стороне"),
        (Garbage(), "отвечает не MAX"),
        (Hang(), "не отвечает"),
    ],
)
async def test_an_answer_of_max_that_is_none_is_told(effect: Any, words: str) -> None:
    async with max_api() as emulator:
        emulator.faults.arm(effect)
        sick = patient(max_token=MAX_TOKEN, max_base_url=emulator.base_url, max_timeout_seconds=0.3)
        found = await look_at_max(sick)
        emulator.faults.lift_all()
    assert codes(found) == [(Grade.WRONG, "max")]
    assert words in said(found, Part.MAX)


async def test_a_server_that_nobody_vouches_for_is_told_with_what_to_do(tmp_path: Path) -> None:
    _, server = certificates(tmp_path)
    async with fake_http(hang, ssl=server) as peer:
        found = await look_at_max(patient(max_token=MAX_TOKEN, max_base_url=peer.url))
    assert found[0].details["reason"] == "tls-failed"
    assert "ZVONOK_MAX_CA_FILE" in said(found, Part.MAX)
