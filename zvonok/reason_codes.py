"""Every code that an outcome, a pause or a dead letter may carry in this installation: a closed set."""

from gateway.states import Reason
from notifiers.mail_errors import MailReason
from notifiers.max_errors import MaxReason
from notifiers.telegram_errors import TelegramReason

REASONS = frozenset(str(reason) for kind in (Reason, TelegramReason, MaxReason, MailReason) for reason in kind) | {
    "notifier-broke",  # a notifier with a bug, of whatever channel
}
