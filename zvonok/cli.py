"""The command line. Whatever goes wrong is said in a Russian sentence, with an exit code; never a traceback.

Exit codes: 0 done, 1 refused or failed, 2 wrong words on the command line or wrong settings.
"""

import os
import sys
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

import click
from sqlalchemy.exc import SQLAlchemyError

from core.refusals import Refusal
from texts.reader import load
from zvonok.installation import InstallationError
from zvonok.postgres import PostgresUnavailable
from zvonok.settings import SettingsError
from zvonok.trouble import OfficeError

REFUSED, WRONG = 1, 2
COMMANDS: Mapping[str, tuple[str, str]] = {
    "up": ("up:up", "Запустить всё вместе: журнал, шлюз, бота и страницы."),
    "core": ("core:core", "Запустить только часы журнала: уроки каждого дня."),
    "gateway": ("gateway:gateway", "Запустить только шлюз: кому, когда и что отправить."),
    "bot": ("bot:bot", "Запустить только бота."),
    "web": ("web:web", "Запустить только страницы, которые открывают ссылки из писем."),
    "migrate": ("migrate:migrate", "Привести базу данных к этой версии программы."),
    "import": ("office:import_", "Загрузить списки канцелярии (CSV или XLSX)."),
    "codes": ("office:codes", "Выдать одноразовые коды для подключения мессенджера."),
    "school": ("office:school", "Показать настройки школы или изменить их."),
    "doctor": ("doctor:doctor", "Проверить установку: что в порядке, что нет и что сделать."),
    "trace": ("trace:trace", "Показать путь сообщения: кому, как и чем кончилось."),
    "mailbox": ("mailbox:mailbox", "Запустить почтовый ящик для проб: письма остаются в нём (только в песочнице)."),
    "demo": ("demo:demo", "Поднять целую школу на этой машине и открыть страницу с телефонами."),
}
"""Name → where the command lives in ``zvonok.commands``, and its line in the list."""


class Commands(click.Group):
    """Loads a command when it is called, and says its failures in sentences."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order in which a school meets them."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load one command."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name][0].partition(":")
        command = getattr(import_module(f"zvonok.commands.{module}"), name)
        if not isinstance(command, click.Command):
            raise TypeError(cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands by our own lines, without loading any."""
        del ctx
        with formatter.section("Команды"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])

    def main(self, *args: Any, **extra: Any) -> Any:
        """Run the whole program; wrong words on the command line are answered in Russian too."""
        try:
            code = super().main(*args, **{**extra, "standalone_mode": False})
        except click.UsageError as error:
            click.echo(_wrong_words(error), err=True)
            sys.exit(WRONG)
        except click.ClickException as error:
            click.echo(error.format_message(), err=True)
            sys.exit(REFUSED)
        except click.Abort:
            sys.exit(REFUSED)
        sys.exit(code if isinstance(code, int) else 0)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; say failures instead of showing them."""
        try:
            return super().invoke(ctx)
        except SettingsError as error:
            _fail(str(error), WRONG)
        except (InstallationError, PostgresUnavailable, OfficeError) as error:
            _fail(str(error), REFUSED)
        except Refusal as refusal:
            _fail(load("ru").format(f"refusal-{refusal.code}", **refusal.details), REFUSED)
        except SQLAlchemyError as error:
            _fail(f"База данных не выполнила команду ({type(error).__name__}). {_keep(error)}", REFUSED)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        except Exception as error:  # noqa: BLE001 - a user never sees a traceback; it is kept for whoever mends
            _fail(f"Внутренняя ошибка ({type(error).__name__}). {_keep(error)}", REFUSED)


def _wrong_words(error: click.UsageError) -> str:
    hint = f"Подсказка: {error.ctx.command_path if error.ctx else 'zvonok'} --help"
    match error:
        case click.NoSuchOption():
            return f"Ключа {error.option_name} нет. {hint}"
        case click.MissingParameter():
            return f"Не хватает: {error.param.human_readable_name if error.param else 'слова'}. {hint}"
        case click.BadParameter():
            return f"{error.param.opts[0] if error.param else 'Слово'}: такое значение не подходит. {hint}"
        case _:
            return f"Такой команды нет. {hint}"


def _fail(sentence: str, code: int) -> NoReturn:
    click.echo(sentence, err=True)
    raise click.exceptions.Exit(code)


def _keep(error: BaseException) -> str:
    """Write the traceback where whoever mends will look, and say where."""
    path = Path(os.environ.get("ZVONOK_DATA", "var")) / "errors.log"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # PostgreSQL's DETAIL quotes values of rows, which are somebody's names.
        lines = "".join(traceback.format_exception(error)).splitlines()
        text = "\n".join(line for line in lines if not line.startswith("DETAIL:"))
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a", encoding="utf-8") as file:
            file.write(f"{datetime.now(UTC).isoformat()}\n{text}\n")
    except OSError:
        return "Записать подробности не удалось."
    return f"Подробности: {path}"


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Звонок: школьный журнал, который вовремя и один раз сообщает родителям о ребёнке."""


if __name__ == "__main__":
    main()
