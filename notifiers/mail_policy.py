"""Whom a refusal by policy (5.7.x) concerns: one letter, or the whole account.

A mailbox that takes one letter for spam says the same as a server that has had enough of us. So such a refusal is first
the letter's own; when several mailboxes in a row say it and nothing is taken meanwhile, it is the account's.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from notifiers.mail_errors import MailReason
from notifiers.port import Accepted, Deferred, Outcome

_TOGETHER = 300.0
"""Seconds within which the refusals count as one."""
_SEVERAL = 3
"""Mailboxes that say it before it is the account: two may be one family's, at one provider."""


@dataclass(slots=True)
class Policy:
    """What mailboxes refused by policy since a letter was last taken; ``clock`` is monotonic seconds."""

    clock: Callable[[], float]
    _refused_at: dict[str, float] = field(init=False, default_factory=dict)

    def judged(self, mailbox: str, outcome: Outcome) -> Outcome:
        """Note the outcome of a letter; the same one, with ``whole_credential`` set if it binds the account."""
        if isinstance(outcome, Accepted):
            self._refused_at.clear()
        if not isinstance(outcome, Deferred) or outcome.reason != MailReason.POLICY:
            return outcome
        now = self.clock()
        self._refused_at = {one: at for one, at in self._refused_at.items() if now - at <= _TOGETHER} | {mailbox: now}
        return replace(outcome, whole_credential=outcome.whole_credential or len(self._refused_at) >= _SEVERAL)
