"""``docs/reference/states.md``: where a delivery can stand, why, and what a channel can answer."""

from enum import StrEnum

from gateway import states
from gateway.states import Lane, Purpose, Reason, State
from notifiers import port
from notifiers.mail_errors import MailReason
from notifiers.max_errors import MaxReason
from notifiers.telegram_errors import TelegramReason
from scripts.pages.source import HEAD, meanings, one_line, table
from texts.reader import load

OUTCOMES = (port.Accepted, port.Deferred, port.Rejected, port.Unknown)
REASONS: tuple[type[StrEnum], ...] = (Reason, TelegramReason, MaxReason, MailReason)


def page() -> str:
    """Return the page. Raises ``TextMissingError`` for a reason without words."""
    picture = (states.__doc__ or "").split("\n\n", 1)[1].rstrip()
    parts = [
        "# States, reasons, outcomes",
        f"How answers on the wire become outcomes is told in [outcomes of the channels](outcomes.md). {HEAD}",
        "## States of a delivery",
        f"```\n{picture}\n```",
        _members(State),
        "## Purposes",
        _members(Purpose),
        "## Lanes",
        _members(Lane),
        "## Outcomes",
        table(("outcome", "meaning"), [(kind.__name__, one_line(kind.__doc__)) for kind in OUTCOMES]),
        "## Reasons",
        "The words are those of `zvonok trace` and `zvonok doctor`.",
        _reasons(),
    ]
    return "\n\n".join(parts) + "\n"


def _members(kind: type[StrEnum]) -> str:
    texts = meanings(kind)
    return table(("value", "meaning"), [(f"`{one.value}`", texts.get(one.name, one.name.lower())) for one in kind])


def _reasons() -> str:
    """List the codes of all who give reasons; the same code means the same."""
    given: dict[str, list[str]] = {}
    for kind, who in zip(REASONS, ("gateway", "Telegram", "MAX", "mail"), strict=True):
        for reason in kind:
            given.setdefault(reason.value, []).append(who)
    rows = [(f"`{code}`", ", ".join(who), load("ru").format(f"reason-{code}")) for code, who in sorted(given.items())]
    return table(("reason", "given by", "in words"), rows)
