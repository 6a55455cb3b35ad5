"""Whether anything gets through: said once in the log when nothing does, and once when something does again."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import structlog

from notifiers.port import Accepted, Deferred, Outcome

_log = structlog.get_logger(__name__)


OUT_OF_REACH = frozenset(
    {
        "connect-failed",
        "connect-timeout",
        "connection-lost-before-send",
        "credential-refused",
        "dns-failed",
        "greeting-refused",
        "proxy-failed",
        "server-error",
        "service-closing",
        "tls-failed",
        "undecodable-answer",
    }
)
"""Reasons of a notifier that are the channel's own, not one message's or one reader's."""


@dataclass(slots=True)
class Silence:
    """What whoever reads the log was last told of one credential."""

    credential: str
    _lasts: bool = field(init=False, default=False)
    """The last batch was put off whole."""

    def heard(self, outcomes: Sequence[Outcome]) -> None:
        """Log that nothing gets through, and later that something does: once each, not with every try."""
        if self._lasts:
            if any(isinstance(one, Accepted) for one in outcomes):
                self._lasts = False
                _log.info("credential works", credential=self.credential)
            return
        begun = [one for one in outcomes if not isinstance(one, Deferred) or one.begun]
        reasons = [str(one.reason) for one in begun if isinstance(one, Deferred) and one.reason in OUT_OF_REACH]
        if reasons and len(reasons) == len(begun):
            self._lasts = True
            _log.warning("nothing gets through", credential=self.credential, reason=reasons[0])
