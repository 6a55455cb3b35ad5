"""One line of log for each outcome but success: key and reason code, never an address, a text, or a server's words."""

from typing import assert_never

from structlog.typing import FilteringBoundLogger

from notifiers.port import Accepted, Deferred, Outcome, Rejected, Unknown


def log_outcome(log: FilteringBoundLogger, key: str, outcome: Outcome) -> None:
    """Log it as loudly as it deserves: what stops a whole bot or account needs a person, hence an error.

    Success is recorded by the caller with the delivery; a line for each would cost a good part of a send.
    """
    match outcome:
        case Accepted():
            return
        case Deferred(reason, _, whole_credential):
            write = log.error if whole_credential else log.info
            write("message.deferred", key=key, reason=str(reason), whole_credential=whole_credential)
        case Rejected(reason, address_is_dead):
            log.warning("message.rejected", key=key, reason=str(reason), address_is_dead=address_is_dead)
        case Unknown(reason):
            log.warning("message.unknown", key=key, reason=str(reason))
        case _ as never:
            assert_never(never)
