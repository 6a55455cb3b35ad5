"""What the command line says when a command fails: a Russian sentence and an exit code, never a traceback.

Loaded when something has failed: the libraries whose failures it knows take a second.
"""

import os
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from core.refusals import Refusal
from texts.reader import load
from zvonok import backtrace
from zvonok.postgres import PostgresUnavailable
from zvonok.settings import SettingsError

REFUSED, WRONG = 1, 2


def told(error: Exception) -> tuple[str, int]:
    """Return the sentence and the exit code; of what nobody foresaw, the traceback is kept for whoever mends."""
    match error:
        case SettingsError():
            return str(error), WRONG
        case PostgresUnavailable():
            return str(error), REFUSED
        case Refusal():
            return load("ru").format(f"refusal-{error.code}", **error.details), REFUSED
        case SQLAlchemyError():
            return f"База данных не выполнила команду ({type(error).__name__}). {_keep(error)}", REFUSED
        case _:
            return f"Внутренняя ошибка ({type(error).__name__}). {_keep(error)}", REFUSED


def _keep(error: BaseException) -> str:
    """Write where it broke for whoever mends, without what it held, and say where that lies."""
    path = Path(os.environ.get("ZVONOK_DATA", "var")) / "errors.log"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a", encoding="utf-8") as file:
            file.write(f"{datetime.now(UTC).isoformat()}\n{backtrace.of(error)}\n")
    except OSError:
        return "Записать подробности не удалось."
    return f"Подробности: {path}"
