"""``zvonok demo --check``: what the README's first command runs, from nothing, again, and with planted faults."""

import asyncio
import json
import os
import sys
from pathlib import Path

import pytest

from zvonok.commands.demo import FAULTS
from zvonok.demo.play import Fault

GOOD = {
    "absences": 3,
    "messenger_messages": 3,
    "letters": 3,
    "acknowledged": 1,
    "explained": 1,
    "corrected": 2,
    "digests": 1,
    "marks_told": 2,
    "remarks_told": 2,
    "signed": 2,
    "read": 1,
    "diary_opened": 2,
    "lost": 0,
    "duplicates": 0,
}


async def _demo(data: Path, *words: str) -> tuple[int | None, dict[str, int], str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ZVONOK_")}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "zvonok.cli",
        "demo",
        "--check",
        *words,
        # A real installation's settings must not leak into a demonstration.
        env={
            **environment,
            "ZVONOK_DATA": str(data),
            "ZVONOK_TELEGRAM_TOKEN": "1:real",
            "ZVONOK_MAIL_HOST": "127.0.0.9",
        },
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    out, _ = await process.communicate()
    text = out.decode()
    lines = text.strip().splitlines()
    return process.returncode, json.loads(lines[-1]), text


@pytest.mark.req("ATT-08", "ATT-13", "NOTIF-09")
async def test_the_scenario(data: Path) -> None:
    code, verdict, text = await _demo(data)
    assert (code, verdict) == (0, GOOD), text


@pytest.mark.deep
async def test_the_scenario_again_on_kept_data(data: Path) -> None:
    code, verdict, text = await _demo(data)
    assert (code, verdict) == (0, GOOD), text
    code, verdict, text = await _demo(data)
    assert (code, verdict) == (0, GOOD), text


def test_the_faults_stand_in_the_help() -> None:
    assert list(FAULTS) == [fault.value for fault in Fault]


@pytest.mark.deep
async def test_a_stopped_gateway_is_found(data: Path) -> None:
    code, verdict, text = await _demo(data, "--plant", "gateway-stopped")
    assert code == 1, text
    assert verdict["lost"] > 5, text
    assert verdict["messenger_messages"] == verdict["letters"] == 0


@pytest.mark.deep
@pytest.mark.parametrize(
    ("fault", "figures"),
    [
        ("double-send", {"messenger_messages": 4, "duplicates": 1}),
        ("digest-lost", {"digests": 0, "marks_told": 1, "lost": 1}),
    ],
)
async def test_a_planted_fault_is_found(data: Path, fault: str, figures: dict[str, int]) -> None:
    code, verdict, text = await _demo(data, "--plant", fault)
    assert code == 1, text
    assert verdict == GOOD | figures, text


@pytest.mark.deep
async def test_a_signature_by_opening_a_link_is_found(data: Path) -> None:
    code, _, text = await _demo(data, "--plant", "signed-by-get")
    assert code == 1, text
    assert "Подпись появилась оттого, что ссылку открыли." in text
