"""A turn in which something is being written: the writing is changed, or is not there any more."""

from collections.abc import Callable

from bot import writings
from bot.desk import Desk
from bot.teacher_payloads import Token
from bot.turn import Turn
from bot.writings import Writing

type Decision[W: Writing] = Callable[[W], W]
"""Says what a writing becomes."""


async def begin(desk: Desk, turn: Turn, fresh: Writing) -> Token:
    """Keep a fresh writing of whoever acts."""
    async with desk.bot.begin() as session:
        return await writings.begin(session, turn.account, fresh, desk.machine_clock.now())


async def change[W: Writing](desk: Desk, turn: Turn, token: Token, of: type[W], decide: Decision[W]) -> W | None:
    """Change a writing that is not sent yet; None if there is none of whoever acts."""

    def unless_done(found: W) -> W:
        return found if found.done else decide(found)

    async with desk.bot.begin() as session:
        return await writings.change(session, turn.account, token, of, unless_done)


async def look[W: Writing](desk: Desk, turn: Turn, token: Token, of: type[W]) -> W | None:
    """Read a writing as it stands."""
    return await change(desk, turn, token, of, lambda found: found)


async def drop(desk: Desk, turn: Turn, token: Token) -> None:
    """Forget a writing."""
    async with desk.bot.begin() as session:
        await writings.drop(session, turn.account, token)


async def may_send[W: Writing](desk: Desk, turn: Turn, writing: W, view: int) -> bool:
    """Tell whether this look of a writing may be sent; say why not: it was sent, or has changed since."""
    if writing.done:
        await turn.answer(desk.texts.format("teacher-sent-already"), alert=True)
    elif writing.view != view:
        await turn.answer(desk.texts.format("teacher-view-old"), alert=True)
    return not writing.done and writing.view == view


async def stale(desk: Desk, turn: Turn) -> None:
    """Say that a button or a text belongs to nothing any more."""
    await turn.answer(desk.texts.format("bot-button-stale"), alert=True)
