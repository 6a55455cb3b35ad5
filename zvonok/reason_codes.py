"""Every code that an outcome, a pause or a dead letter may carry in this installation: a closed set."""

from gateway.states import Reason
from notifiers.mail_errors import MailReason
from notifiers.telegram_errors import TelegramReason

REASONS = frozenset(str(reason) for kind in (Reason, TelegramReason, MailReason) for reason in kind) | {
    "notifier-broke",  # a notifier with a bug, of whatever channel
}
