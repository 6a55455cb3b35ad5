"""Logs: one line an event on the error stream; ids and codes, never names, marks, texts or secrets."""

import logging
import sys

import structlog
from structlog.typing import ExcInfo, Processor

from texts.reader import load
from zvonok import backtrace
from zvonok.log_words import Sentences


def configure(level: str, *, in_words: bool = False) -> None:
    """Set up structlog for the whole process; libraries that use ``logging`` speak from ``warning`` up.

    ``in_words`` tells people in sentences what they can do something about (``zvonok.log_words``); else a line is an
    event.
    """
    number = logging.getLevelNamesMapping()[level.upper()]
    logging.basicConfig(
        stream=sys.stderr, level=max(number, logging.WARNING), format="%(asctime)s %(name)s %(message)s"
    )
    # aiogram's and aiohttp's own records carry updates and URLs with tokens.
    for library in ("aiogram", "aiohttp", "asyncio", "mail.log"):
        logging.getLogger(library).setLevel(logging.CRITICAL)
    structlog.configure(
        processors=[structlog.processors.add_log_level, *(_words() if in_words else _events())],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


def _events() -> list[Processor]:
    return [
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.ExceptionRenderer(_without_values),
        structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"]),
    ]


def _words() -> list[Processor]:
    # The machine's own clock on the wall: whoever reads this sits before it.
    return [structlog.processors.TimeStamper(fmt="%H:%M:%S", utc=False), Sentences(load("ru"))]


def _without_values(exc_info: ExcInfo) -> str:
    """Render an exception: a sentence of a library's error may quote a name or an address."""
    return backtrace.of(exc_info[1])
