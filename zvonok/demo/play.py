"""The performance: «н» → parents → answers → a correction, played without a person and told in Russian.

Everything between is real: the bot polls the local Telegram over HTTP, letters go over SMTP, journal and gateway work
on PostgreSQL. What is counted at the end is counted on the wire.
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

from core.roster_file import PupilRow
from zvonok.demo.parts import TEACHER_ID, Parent, Parts, cast_parts
from zvonok.demo.stage import TOKEN, Stage, clear, set_stage
from zvonok.demo.verdict import CORRECTED, Verdict, judge, on_the_wire
from zvonok.sandbox.chats import ChatMessage
from zvonok.sandbox.people import Person
from zvonok.settings import data_folder

PATIENCE_SECONDS = 20.0
"""How long one step may take before the performance is called off."""
LOOK_EVERY_SECONDS = 0.05
SETTLE_SECONDS = 1.5
"""After the last step: whatever would be sent twice has the time to be."""


class Fault(StrEnum):
    """Faults that can be planted, to see that the check finds them."""

    GATEWAY_STOPPED = "gateway-stopped"
    DOUBLE_SEND = "double-send"


@dataclass(frozen=True, slots=True)
class Options:
    """How to perform."""

    check: bool = False
    fresh: bool = False
    plant: Fault | None = None


async def demo(options: Options) -> int:
    """Perform; returns the exit code: 0 only if everything happened as it must."""
    folder = data_folder() / "demo"
    if options.fresh:
        clear(folder)
    say("Готовим школу: база данных, списки, бот и почта на этой машине…")
    async with set_stage(folder, with_gateway=options.plant is not Fault.GATEWAY_STOPPED) as stage:
        parts = cast_parts(stage.cast, stage.day)
        since = stage.here.school_clock.now()
        finished = await _perform(stage, parts, options.plant)
        verdict = await judge(stage, parts, since)
    return _conclude(verdict, parts, folder, check=options.check, finished=finished)


def say(line: str) -> None:
    """Tell the audience."""
    click.echo(line)


def _conclude(verdict: Verdict, parts: Parts, folder: Path, *, check: bool, finished: bool) -> int:
    good = finished and verdict.holds(parts)
    say("")
    say("Всё сошлось: никто не забыт, никому не сказано дважды." if good else "Не сошлось: смотрите числа ниже.")
    if not check:
        say(f"Письма лежат в {folder / 'mail'}. Повторить: make demo. Начать заново: make demo ARGS=--fresh.")
    click.echo(json.dumps(verdict.as_json(), ensure_ascii=False))
    return 0 if good else 1


async def _perform(stage: Stage, parts: Parts, plant: Fault | None) -> bool:
    """Play all scenes; False if one of them did not come to its end in time."""
    scenes: tuple[Callable[[Stage, Parts], Awaitable[None]], ...] = (
        _link_everybody,
        _call_the_roll,
        _parents_are_told,
        _parents_answer,
        _correct_one,
    )
    for scene in scenes:
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await scene(stage, parts)
        except TimeoutError:
            say(f"   ✗ не дождались за {PATIENCE_SECONDS:.0f} с")
            return False
        if plant is Fault.DOUBLE_SEND and scene is _parents_are_told:
            await _send_again(stage, parts.acknowledges)
    await asyncio.sleep(SETTLE_SECONDS)
    return True


async def _link_everybody(stage: Stage, parts: Parts) -> None:
    say(f"\n{stage.school.name}: {len(stage.rows.pupils)} учеников. Подключаем мессенджеры по одноразовым кодам.")
    teacher = stage.emulator.person(TEACHER_ID, parts.teacher.given)
    person = await stage.person(parts.teacher)
    if not await stage.is_linked(TEACHER_ID, person):
        await teacher.start(await stage.code_for(person))
        await _until(lambda: stage.is_linked(TEACHER_ID, person))
    for parent in parts.parents:
        if parent.user_id is not None:
            await _link_parent(stage, parent, parent.user_id)


async def _link_parent(stage: Stage, parent: Parent, user_id: int) -> None:
    phone = stage.emulator.person(user_id, parent.name.given)
    person = await stage.person(parent.name, child=parent.pupil.name)
    if await stage.is_linked(user_id, person):
        return
    await phone.start(await stage.code_for(person))
    await phone.wait_for(lambda message: str(parent.pupil.school_class) in message.text, within=PATIENCE_SECONDS)
    await phone.send(f"{parent.pupil.birth_date:%d.%m.%Y}")
    await _until(lambda: stage.is_linked(user_id, person))
    say(f"   {parent.name.in_full()}: код, дата рождения ребёнка — чат связан с журналом")


async def _call_the_roll(stage: Stage, parts: Parts) -> None:
    say(f"\n8:31. {parts.teacher.in_full()} открывает перекличку и отмечает троих.")
    teacher = stage.emulator.person(TEACHER_ID)
    roster = await _open_roster(teacher)
    for number, pupil in enumerate(parts.pupils, start=1):
        await _tick(
            teacher,
            roster.message_id,
            pupil,
            done=f"Готово: {'отсутствует' if number == 1 else 'отсутствуют'} {number}",
        )
    await _press(teacher, "Готово: отсутствуют 3", roster.message_id)
    summary = await teacher.wait_for(lambda message: _button(message, "Исправить") is not None, within=PATIENCE_SECONDS)
    _show("Учитель видит", summary.text)


async def _parents_are_told(stage: Stage, parts: Parts) -> None:
    await _until(lambda: _true(all(on_the_wire(stage, parent).told for parent in parts.parents)))
    say("\nРодителям пришло:")
    for parent in parts.parents:
        wire = on_the_wire(stage, parent)
        how = "в мессенджер" if wire.messages else "письмом"
        say(f"   {parent.name.in_full()} — {how}")
    _show("Так это выглядит", on_the_wire(stage, parts.explains).messages[0].text)


async def _parents_answer(stage: Stage, parts: Parts) -> None:
    say("\nОдин родитель нажимает «Болеет», другой — «Понятно».")
    for parent, label, shown in (
        (parts.explains, "Болеет", "Ваш ответ: болеет"),
        (parts.acknowledges, "Понятно", "Вы отметили: понятно"),
    ):
        if parent.user_id is None:
            raise AssertionError("whoever answers has a messenger")
        phone = stage.emulator.person(parent.user_id)
        message = next(one for one in reversed(on_the_wire(stage, parent).messages) if _button(one, label))
        answer = await phone.press(label, message_id=message.message_id, within=PATIENCE_SECONDS)
        if answer is not None and answer.text:
            say(f"   {parent.name.in_full()}: «{answer.text}»")
        await _until(partial(_says, stage, parent, shown))


async def _correct_one(stage: Stage, parts: Parts) -> None:
    say("\nУчитель заметил ошибку: один ученик был на уроке. «Исправить» → «Готово».")
    teacher = stage.emulator.person(TEACHER_ID)
    summary = await _open_roster(teacher)
    await _press(teacher, "Исправить", summary.message_id)
    seen = await teacher.wait_for(lambda message: _button(message, "Готово") is not None, within=PATIENCE_SECONDS)
    if "болеет" in seen.text:
        say("   В списке класса уже виден ответ родителя: болеет")
    await _tick(teacher, seen.message_id, parts.corrected, done="Готово: отсутствуют 2")
    await _press(teacher, "Готово: отсутствуют 2", seen.message_id)
    await _until(lambda: _true(all(on_the_wire(stage, parent).corrections for parent in parts.of(parts.corrected))))
    for parent in parts.of(parts.corrected):
        messages = on_the_wire(stage, parent).messages
        if messages:
            _show("Сообщение родителя исправлено", messages[-1].text)
        else:
            say(f"   {parent.name.in_full()}: письмо «{CORRECTED}…»")


async def _send_again(stage: Stage, parent: Parent) -> None:
    """Plant a second copy on the wire, as a careless gateway would send it."""
    message = on_the_wire(stage, parent).messages[-1]
    body = {"chat_id": parent.user_id, "text": message.text}
    async with aiohttp.ClientSession() as session:
        await session.post(f"{stage.emulator.base_url}/bot{TOKEN}/sendMessage", json=body)


async def _open_roster(teacher: Person) -> ChatMessage:
    """Write «урок» and wait for the new message with the roster; an older one may stand above it."""
    sent = await teacher.send("урок")
    return await teacher.wait_for(
        lambda message: message.message_id > sent.message_id and bool(message.buttons), within=PATIENCE_SECONDS
    )


async def _tick(teacher: Person, message_id: int, pupil: PupilRow, *, done: str) -> None:
    """Tap a pupil on the roster and wait until the button below counts him."""
    label = await _label(teacher, message_id, pupil)
    await _press(teacher, label, message_id)
    await teacher.wait_for(lambda message: _button(message, done) is not None, within=PATIENCE_SECONDS)


async def _label(teacher: Person, message_id: int, pupil: PupilRow) -> str:
    message = teacher.chat.all_messages[message_id]
    button = _button(message, pupil.name.on_buttons())
    if button is None:
        raise LookupError(f"no button for a pupil of {pupil.school_class}")
    return button


async def _press(teacher: Person, label: str, message_id: int) -> None:
    await teacher.press(label, message_id=message_id, within=PATIENCE_SECONDS)


def _button(message: ChatMessage, part: str) -> str | None:
    """Return the label of the first button whose label holds ``part``."""
    return next((one.label for row in message.buttons for one in row if part in one.label), None)


async def _says(stage: Stage, parent: Parent, wanted: str) -> bool:
    return any(wanted in message.text for message in on_the_wire(stage, parent).messages)


def _show(title: str, text: str) -> None:
    say(f"   {title}:")
    for line in text.splitlines():
        say(f"   │ {line}".rstrip())


async def _true(value: bool) -> bool:  # noqa: FBT001 - lifts a plain look into an awaitable one
    return value


async def _until(look: Callable[[], Awaitable[bool]]) -> None:
    """Look again and again until it is so; the scene's own patience ends it."""
    while not await look():  # noqa: ASYNC110 - the sky to watch is a database, a chat and a mail spool at once
        await asyncio.sleep(LOOK_EVERY_SECONDS)
