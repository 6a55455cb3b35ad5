"""A Bot API refusal, worded as Telegram words it.

Wordings follow the public source of the Bot API server (https://github.com/tdlib/telegram-bot-api, ``Client.cpp``).
"""

from http import HTTPStatus


class RefusalError(Exception):
    """The method was refused: nothing changed, and the caller is told the code and the description."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters
        """``retry_after`` (seconds) or ``migrate_to_chat_id``."""


def bad_request(problem: str) -> RefusalError:
    """400: the caller's own mistake."""
    return RefusalError(HTTPStatus.BAD_REQUEST, f"Bad Request: {problem}")


def forbidden(problem: str) -> RefusalError:
    """403: nothing will reach this chat until its owner acts."""
    return RefusalError(HTTPStatus.FORBIDDEN, f"Forbidden: {problem}")


def unauthorized() -> RefusalError:
    """401: no such bot."""
    return RefusalError(HTTPStatus.UNAUTHORIZED, "Unauthorized")


def method_not_found() -> RefusalError:
    """404: no such method (or one that the sandbox does not know)."""
    return RefusalError(HTTPStatus.NOT_FOUND, "Not Found: method not found")


def conflict() -> RefusalError:
    """409: two consumers of one bot's updates; Telegram tells it to the one that waited."""
    return RefusalError(
        HTTPStatus.CONFLICT,
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
    )


def hooked() -> RefusalError:
    """409: a bot with a webhook fetches nothing."""
    return RefusalError(
        HTTPStatus.CONFLICT,
        "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
    )


def too_many_requests(retry_after: int) -> RefusalError:
    """429: wait this many whole seconds."""
    return RefusalError(
        HTTPStatus.TOO_MANY_REQUESTS, f"Too Many Requests: retry after {retry_after}", retry_after=retry_after
    )
