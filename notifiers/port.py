"""The one small port behind which every channel stands.

A notifier gets finished messages and answers with outcomes, one for each message, in order.
Outcomes are values, a closed set, matched exhaustively; an exception out of a notifier is our own bug.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple, Protocol


@dataclass(frozen=True, slots=True)
class Accepted:
    """The provider took the message. It says nothing of anybody having seen it."""

    provider_id: str
    """What the provider calls the message; needed to edit or delete it."""


@dataclass(frozen=True, slots=True)
class Deferred:
    """Not sent, certainly, and worth another try later."""

    reason: str
    retry_after: timedelta | None = None
    """How long the provider told us to wait; None leaves the pause to the caller's backoff."""
    whole_credential: bool = False
    """True if the pause binds everything sent with this bot or account, not this message alone."""
    begun: bool = True
    """False if its turn did not come while it might still be begun (``Window``): that was no try of this message."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """Not sent, certainly, and no repetition of the same message will help."""

    reason: str
    address_is_dead: bool = False
    """True if nothing will ever reach this address again until its owner acts (a blocked bot, no such mailbox)."""
    message_is_gone: bool = False
    """True if the message to be edited is out of reach for ever, while a new one may pass."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """The request left and no readable answer came: the message may or may not have arrived."""

    reason: str


type Outcome = Accepted | Deferred | Rejected | Unknown
"""The closed set. Match it exhaustively and end with ``assert_never``."""


class Button(NamedTuple):
    """A button under a message."""

    label: str
    payload: str
    """Opaque to the channel; at most 64 bytes of UTF-8, which every messenger carries."""


@dataclass(frozen=True, slots=True)
class Message:
    """One finished message for one address."""

    key: str
    """Stable over retries of the same message: correlates logs, and makes the ``Message-ID`` of a letter."""
    address: str
    """A chat id or a mailbox."""
    text: str
    """Plain text, complete in itself."""
    html: str | None = None
    """The same for channels that show HTML."""
    subject: str | None = None
    """For channels that have a subject line."""
    buttons: tuple[tuple[Button, ...], ...] = ()
    """Rows of buttons; channels without buttons leave them out."""
    provider_id: str | None = None
    """Set: edit that message instead of sending a new one (only where ``Capabilities.edit``)."""
    in_reply_to: str | None = None
    """The provider id of an earlier message of the same thread, for channels that cannot edit but can thread."""
    unsubscribe: str | None = None
    """Where the reader says with one click that he wants no more of these, for channels that have headers (RFC 8058).
    """
    protected: bool = False
    """True asks the channel to prevent forwarding and saving, where it can."""
    silent: bool = False
    """True asks the channel to show it without a sound, where it can."""


@dataclass(frozen=True, slots=True)
class Recall:
    """A message that is to disappear from where it was put (only where ``Capabilities.recall``)."""

    key: str
    """Correlates logs, as a message's does."""
    address: str
    provider_id: str
    """What the provider called the message when it took it."""


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a channel can do; the gateway plans by it."""

    edit: bool
    """A message that was taken can be changed in its place, without a sound."""
    recall: bool
    """A message that was taken can be made to disappear; every provider may refuse it for an old one."""
    buttons: bool
    files: bool
    """A message can carry a document. Nothing in the product sends any: no adapter carries one yet."""
    receipts: bool
    """The provider tells when a message has reached the device. Neither messenger tells a bot, nor a mail server."""
    max_text: int
    """Characters of text that one message may hold."""


CAPABILITIES: Mapping[str, Capabilities] = {
    "telegram": Capabilities(edit=True, recall=True, buttons=True, files=False, receipts=False, max_text=4096),
    "max": Capabilities(edit=True, recall=True, buttons=True, files=False, receipts=False, max_text=4000),
    "mail": Capabilities(edit=False, recall=False, buttons=False, files=False, receipts=False, max_text=100_000),
}
"""By channel. It stands here and not in the adapters because whoever plans has no adapter at hand, only this port.

Sources: core.telegram.org/bots/api, ``sendMessage``, ``editMessageText``, ``deleteMessage``; dev.max.ru/docs-api, the
methods of ``/messages``; for letters our own measure.
"""


def _any_time() -> float:
    return math.inf


@dataclass(frozen=True, slots=True)
class Window:
    """How long what was looked at before it was handed over may wait, in seconds of the notifier's monotonic clock."""

    begin_by: float = math.inf
    """No message is begun later: whoever wants it sent must look at it again, for its reader may have lost the right.
    """
    leave_by: Callable[[], float] = _any_time
    """Nothing of a message is handed to the wire later, however long a connection took: others may be sending it.
    Asked at that moment, because it moves as long as the sender keeps the credential."""


ALWAYS = Window()
"""For whoever alone sends a message that cannot become wrong."""


class Sender(Protocol):
    """What couriers need of one channel with one credential (a bot token, an SMTP account)."""

    @property
    def capabilities(self) -> Capabilities:
        """What this channel can do."""
        ...

    @property
    def room(self) -> int:
        """How many more messages can be begun within about two seconds; the next ones had better not be handed over."""
        ...

    async def send(self, batch: Sequence[Message], window: Window = ALWAYS) -> Sequence[Outcome]:
        """Send the batch, concurrently where the channel allows; one outcome for each message, in order.

        What was not begun within the window comes back as ``Deferred`` that was not ``begun``. A message with a
        ``provider_id`` edits: sends and edits share the batch, because they share the channel's limits.
        """
        ...

    async def close(self) -> None:
        """Let go of kept connections."""
        ...


class Notifier(Sender, Protocol):
    """One whole channel."""

    async def recall(self, batch: Sequence[Recall], window: Window = ALWAYS) -> Sequence[Outcome]:
        """Make messages disappear, within the same limits as ``send``; one outcome for each, in order.

        ``Accepted``: it stands there no more, whoever took it away and when. ``Rejected``: it stands, and will.
        """
        ...
