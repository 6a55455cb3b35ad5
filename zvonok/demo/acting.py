"""How the performance acts: it taps and types as people do, waits for what must be seen, and tells it in Russian."""

import asyncio
from collections.abc import Awaitable, Callable

import click

from zvonok.sandbox.chats import ChatMessage, PressAnswer
from zvonok.sandbox.people import Person

PATIENCE_SECONDS = 20.0
"""How long one step may take before the performance is called off."""
LOOK_EVERY_SECONDS = 0.05


class WentWrongError(Exception):
    """Something was seen that must not be; the text says what, in Russian."""


def say(line: str) -> None:
    """Tell the audience."""
    click.echo(line)


def show(title: str, text: str) -> None:
    """Show a message as it stands."""
    say(f"   {title}:")
    for line in text.splitlines():
        say(f"   │ {line}".rstrip())


def button(message: ChatMessage, part: str) -> str | None:
    """Return the label of the first button whose label holds ``part``."""
    return next((one.label for row in message.buttons for one in row if part in one.label), None)


async def ask(phone: Person, words: str, *, wanted: str) -> ChatMessage:
    """Write to the bot and wait for a new message that has the wanted button; an older one may stand above it."""
    sent = await phone.send(words)
    return await phone.wait_for(
        lambda message: message.message_id > sent.message_id and button(message, wanted) is not None,
        within=PATIENCE_SECONDS,
    )


async def tap(phone: Person, screen: ChatMessage, label: str, *, then: str) -> ChatMessage:
    """Press a button of a screen and wait until this very message shows ``then``: a button or words."""
    await press(phone, screen, label)
    return await phone.wait_for(
        lambda message: message.message_id == screen.message_id and _shows(message, then), within=PATIENCE_SECONDS
    )


async def press(phone: Person, screen: ChatMessage, label: str) -> PressAnswer | None:
    """Press a button by a part of its label."""
    now = phone.chat.all_messages[screen.message_id]
    found = button(now, label)
    if found is None:
        raise WentWrongError(f"В сообщении нет кнопки «{label}».")
    return await phone.press(found, message_id=screen.message_id, within=PATIENCE_SECONDS)


async def until(look: Callable[[], Awaitable[bool]]) -> None:
    """Look again and again until it is so; the scene's own patience ends it."""
    while not await look():  # noqa: ASYNC110 - the sky to watch is a database, a chat and a mail spool at once
        await asyncio.sleep(LOOK_EVERY_SECONDS)


async def until_seen(look: Callable[[], bool]) -> None:
    """Look at what can be seen at once."""

    async def seen() -> bool:
        return look()

    await until(seen)


def _shows(message: ChatMessage, wanted: str) -> bool:
    return wanted in message.text or button(message, wanted) is not None
