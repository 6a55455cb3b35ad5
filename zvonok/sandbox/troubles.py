"""Troubles that a person makes with one press, and takes back with one press: a switchboard over the armed faults.

Single faults with scopes, counts and durations stay with tests (``faults.py``, ``mail_faults.py``).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from zvonok.sandbox.bot_api import BotApiEmulator
from zvonok.sandbox.faults import Effect, Fault, Scope, Slow, TooMany, bad_gateway
from zvonok.sandbox.mail_catcher import MailCatcher
from zvonok.sandbox.mail_faults import NO_STORAGE, NO_SUCH_MAILBOX, MailEffect, MailFault, RefuseConnection
from zvonok.sandbox.max_api import MaxEmulator

SLOW_SECONDS = 4.0
PAUSE_SECONDS = 5
_ANSWERS = ("sendMessage", "editMessageText", "answerCallbackQuery")


class Trouble(StrEnum):
    """What can be wrong with the world outside."""

    MESSENGER_DOWN = "messenger-down"
    """Every request is answered with 502; taps do not reach the bot either."""
    MESSENGER_SLOW = "messenger-slow"
    """The work is done at once, answers come late."""
    MESSENGER_BUSY = "messenger-busy"
    """429: too many messages."""
    MAIL_DOWN = "mail-down"
    """The mail server refuses connections."""
    MAIL_FULL = "mail-full"
    """The mail server talks, and takes no letter for now."""


_MESSENGER: Mapping[Trouble, tuple[Effect, tuple[str | None, ...]]] = MappingProxyType(
    {
        Trouble.MESSENGER_DOWN: (bad_gateway(), (None,)),
        Trouble.MESSENGER_SLOW: (Slow(SLOW_SECONDS), _ANSWERS),
        Trouble.MESSENGER_BUSY: (TooMany(PAUSE_SECONDS), ("sendMessage",)),
    }
)
_MAIL: Mapping[Trouble, MailEffect] = MappingProxyType(
    {Trouble.MAIL_DOWN: RefuseConnection(), Trouble.MAIL_FULL: NO_STORAGE}
)


@dataclass(frozen=True, slots=True)
class _Armed:
    messenger: tuple[Fault, ...] = ()
    mail: tuple[MailFault, ...] = ()


class Troubles:
    """Which troubles are on now. Faults that somebody armed by an order are left alone, but ``mend`` lifts all."""

    def __init__(self, emulator: BotApiEmulator, catcher: MailCatcher, beside: MaxEmulator | None = None) -> None:
        """``beside``: another messenger, which has no troubles of its own, but is mended with the rest."""
        self._emulator = emulator
        self._messengers = (emulator,) if beside is None else (emulator, beside)
        self._catcher = catcher
        self._on: dict[Trouble, _Armed] = {}
        self._no_mailbox: dict[str, MailFault] = {}
        self._watchers: list[Callable[[], None]] = []

    @property
    def on(self) -> tuple[Trouble, ...]:
        """Troubles that are on, in the order of their kinds."""
        return tuple(trouble for trouble in Trouble if trouble in self._on)

    @property
    def dead_mailboxes(self) -> tuple[str, ...]:
        """Mailboxes that do not exist for now, in small letters."""
        return tuple(self._no_mailbox)

    def on_change(self, changed: Callable[[], None]) -> None:
        """Call ``changed`` after each change; it must not block."""
        self._watchers.append(changed)

    def turn(self, trouble: Trouble, *, on: bool) -> None:
        """Make a trouble, or take it back; repeating it changes nothing."""
        if on and trouble not in self._on:
            self._on[trouble] = self._arm(trouble)
        elif not on and trouble in self._on:
            self._lift(self._on.pop(trouble))
        self._changed()

    def kill_mailbox(self, address: str, *, dead: bool) -> None:
        """Let a mailbox cease to exist (550), or exist again."""
        folded = address.casefold()
        if dead and folded not in self._no_mailbox:
            self._no_mailbox[folded] = self._catcher.faults.arm(NO_SUCH_MAILBOX, folded)
        elif not dead and folded in self._no_mailbox:
            self._catcher.faults.lift(self._no_mailbox.pop(folded))
        self._changed()

    async def mend(self) -> None:
        """Let all be well again: no faults, and nobody has the bot blocked."""
        self._catcher.faults.lift_all()
        self._on.clear()
        self._no_mailbox.clear()
        for one in self._messengers:
            one.faults.lift_all()
            await _unblock(one)
        self._changed()

    def _arm(self, trouble: Trouble) -> _Armed:
        if trouble in _MAIL:
            return _Armed(mail=(self._catcher.faults.arm(_MAIL[trouble]),))
        effect, methods = _MESSENGER[trouble]
        return _Armed(messenger=tuple(self._emulator.faults.arm(effect, Scope(method=method)) for method in methods))

    def _lift(self, armed: _Armed) -> None:
        for fault in armed.messenger:
            self._emulator.faults.lift(fault)
        for letter_fault in armed.mail:
            self._catcher.faults.lift(letter_fault)

    def _changed(self) -> None:
        for changed in self._watchers:
            changed()


async def _unblock(emulator: BotApiEmulator | MaxEmulator) -> None:
    """Let the bot write again to everybody who has stopped it."""
    for bot_id in emulator.world.accounts:
        for user_id in emulator.world.people:
            chat = emulator.world.chat(bot_id, user_id)
            if chat is not None and chat.blocked:
                await emulator.person(user_id).unblock(bot_id)
