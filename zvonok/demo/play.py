"""The performance: four journeys, played without a person and told in Russian.

«н» → parents → answers → a correction; a mark and a remark, at once or in the evening letter; notices, signed and
confirmed; the diary. Everything between is real: the bot polls the local Telegram over HTTP, letters go over SMTP,
pages are opened over HTTP, journal and gateway work on PostgreSQL. What is counted at the end is counted on the wire.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from pathlib import Path

import aiohttp
import click
from sqlalchemy import text

from core.database import Role
from zvonok.called_as import as_called
from zvonok.demo.acting import PATIENCE_SECONDS, WentWrongError, say
from zvonok.demo.journeys import absence, diary, learning, notices
from zvonok.demo.parts import Parts, cast_parts
from zvonok.demo.stage import TOKEN, Stage, any_listener, clear, set_stage
from zvonok.demo.verdict import Verdict, judge
from zvonok.demo.wire import Kind, on_the_wire
from zvonok.sandbox.people import PersonError

SETTLE_SECONDS = 1.5
"""After the last step: whatever would be sent twice has the time to be."""
# What a gateway would write that believes in a letter it has not sent.
PRETEND = text(
    "UPDATE gateway.delivery SET state = 'accepted', told = want, told_key = want_key WHERE bundle IS NOT NULL"
)

type Scene = Callable[[Stage, Parts], Awaitable[None]]


class Fault(StrEnum):
    """Faults that can be planted, to see that the check finds them."""

    GATEWAY_STOPPED = "gateway-stopped"
    DOUBLE_SEND = "double-send"
    DIGEST_LOST = "digest-lost"
    SIGNED_BY_GET = "signed-by-get"


@dataclass(frozen=True, slots=True)
class Options:
    """How to perform."""

    check: bool = False
    fresh: bool = False
    plant: Fault | None = None


async def demo(folder: Path, options: Options) -> int:
    """Perform; returns the exit code: 0 only if everything happened as it must. The folder is held already."""
    if options.fresh:
        clear(folder)
    say("Готовим школу: база данных, списки, бот и почта на этой машине…")
    with any_listener() as listening:
        async with set_stage(folder, listening, with_gateway=options.plant is not Fault.GATEWAY_STOPPED) as stage:
            parts = cast_parts(stage.cast, stage.rows, stage.day)
            finished = await _perform(stage, parts, options.plant)
            verdict = await judge(stage, parts)
    return _conclude(verdict, parts, folder, check=options.check, finished=finished)


def _conclude(verdict: Verdict, parts: Parts, folder: Path, *, check: bool, finished: bool) -> int:
    good = finished and verdict.holds(parts)
    say("")
    say("Всё сошлось: никто не забыт, никому не сказано дважды." if good else "Не сошлось: смотрите числа ниже.")
    if not check:
        anew = as_called("Начать заново: make demo ARGS='--check --fresh'.")
        say(f"Письма лежат в {folder / 'mail'}. {anew}")
    click.echo(json.dumps(verdict.as_json(), ensure_ascii=False))
    return 0 if good else 1


def _scenes(plant: Fault | None) -> tuple[Scene, ...]:
    return (
        absence.link_everybody,
        absence.call_the_roll,
        absence.parents_are_told,
        *((_send_again,) if plant is Fault.DOUBLE_SEND else ()),
        absence.parents_answer,
        absence.correct_one,
        learning.choose_at_once,
        learning.mark_and_remark,
        learning.told_at_once,
        notices.publish,
        notices.sign_in_the_chat,
        partial(notices.open_the_link, careless=plant is Fault.SIGNED_BY_GET),
        notices.sign_on_the_page,
        notices.confirm,
        notices.look_at_the_board,
        diary.open_the_diary,
        *((_lose_the_digest,) if plant is Fault.DIGEST_LOST else ()),
        learning.evening,
    )


async def _perform(stage: Stage, parts: Parts, plant: Fault | None) -> bool:
    """Play all scenes; False if one of them did not come to its end as it must."""
    for scene in _scenes(plant):
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await scene(stage, parts)
        except TimeoutError:
            say(f"   ✗ не дождались за {PATIENCE_SECONDS:.0f} с")
            return False
        except (WentWrongError, PersonError) as wrong:
            say(f"   ✗ {wrong}")
            return False
    await asyncio.sleep(SETTLE_SECONDS)
    return True


async def _send_again(stage: Stage, parts: Parts) -> None:
    """Plant a second copy on the wire, as a careless gateway would send it."""
    message = on_the_wire(stage, parts.acknowledges, Kind.ABSENCE).messages[-1]
    body = {"chat_id": parts.acknowledges.messenger, "text": message.text}
    async with aiohttp.ClientSession() as session:
        await session.post(f"{stage.emulator.base_url}/bot{TOKEN}/sendMessage", json=body)


async def _lose_the_digest(stage: Stage, parts: Parts) -> None:
    """Plant a letter that the ledger calls sent and nobody sent."""
    del parts
    async with stage.here.database(Role.GATEWAY) as database, database.begin() as session:
        await session.execute(PRETEND)
