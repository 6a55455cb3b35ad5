"""The command line. Whatever goes wrong is said in a Russian sentence, with an exit code; never a traceback.

Exit codes: 0 done, 1 refused or failed, 2 wrong words on the command line or wrong settings.
"""

import asyncio
import os
import signal
import sys
import traceback
from collections.abc import Coroutine
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from sqlalchemy.exc import SQLAlchemyError

from core.events import SchoolKind
from core.refusals import Refusal
from texts.reader import load
from zvonok import log, office, processes, tracing
from zvonok.demo import play
from zvonok.installation import Installation, InstallationError, installation
from zvonok.migrate import migrate as bring_up
from zvonok.postgres import PostgresUnavailable
from zvonok.settings import Settings, SettingsError, read_settings

REFUSED, WRONG = 1, 2


class Russian(click.Group):
    """A group whose unforeseen failures end in one sentence each."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; say failures instead of showing them."""
        try:
            return super().invoke(ctx)
        except SettingsError as error:
            _fail(str(error), WRONG)
        except (InstallationError, PostgresUnavailable, office.OfficeError) as error:
            _fail(str(error), REFUSED)
        except Refusal as refusal:
            _fail(load("ru").format(f"refusal-{refusal.code}", **refusal.details), REFUSED)
        except SQLAlchemyError as error:
            _fail(f"База данных не выполнила команду ({type(error).__name__}). {_keep(error)}", REFUSED)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:  # noqa: BLE001 - a user never sees a traceback; it is kept for whoever mends
            _fail(f"Внутренняя ошибка ({type(error).__name__}). {_keep(error)}", REFUSED)


def _fail(sentence: str, code: int) -> None:
    click.echo(sentence, err=True)
    raise click.exceptions.Exit(code)


def _keep(error: BaseException) -> str:
    """Write the traceback where whoever mends will look, and say where."""
    path = Path(os.environ.get("ZVONOK_DATA", "var")) / "errors.log"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.write(f"{datetime.now(UTC).isoformat()}\n{''.join(traceback.format_exception(error))}\n")
    except OSError:
        return "Записать подробности не удалось."
    return f"Подробности: {path}"


def _run(work: Coroutine[Any, Any, int | None]) -> None:
    """Run to the end; SIGTERM and Ctrl-C cancel, so that leases are given back and the database stops."""

    async def supervised() -> int | None:
        task = asyncio.ensure_future(work)
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            with suppress(NotImplementedError):
                loop.add_signal_handler(number, task.cancel)
        with suppress(asyncio.CancelledError):
            return await task
        return 0

    try:
        code = asyncio.run(supervised())
    except BaseExceptionGroup as group:
        raise _first(group) from group
    if code:
        raise click.exceptions.Exit(code)


def _first(group: BaseExceptionGroup[Any]) -> BaseException:
    """Return the first failure inside nested groups."""
    error: BaseException = group
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


def _settings() -> Settings:
    settings = read_settings()
    log.configure(settings.log_level)
    return settings


@click.group(cls=Russian, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Звонок: школьный журнал, который вовремя и один раз сообщает родителям о ребёнке."""


@main.command()
def up() -> None:
    """Запустить всё вместе: журнал, шлюз и бота."""
    _run(_serve(_settings(), processes.run_all))


@main.command()
def core() -> None:
    """Запустить только часы журнала: уроки каждого дня."""
    _run(_serve(_settings(), processes.run_core))


@main.command()
def gateway() -> None:
    """Запустить только шлюз: кому, когда и что отправить."""
    _run(_serve(_settings(), processes.run_gateway))


@main.command()
def bot() -> None:
    """Запустить только бота."""
    _run(_serve(_settings(), processes.run_bot))


async def _serve(settings: Settings, process: Any) -> None:
    async with installation(settings) as here:
        await process(here)


@main.command()
def migrate() -> None:
    """Привести базу данных к этой версии программы."""

    async def work() -> None:
        async with installation(_settings(), migrated=False) as here:
            number = await bring_up(here.url)
        click.echo(f"База данных готова, миграция {number}.")

    _run(work())


@main.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--school", "name", help="Название школы; если её ещё нет, она будет заведена.")
@click.option("--kind", type=click.Choice([kind.value for kind in SchoolKind]), help="Вид новой школы.")
@click.option("--zone", help="Часовой пояс новой школы, например Asia/Yekaterinburg.")
def import_(files: tuple[Path, ...], name: str | None, kind: str | None, zone: str | None) -> None:
    """Загрузить списки канцелярии: сотрудников, учеников, расписание (CSV или XLSX)."""

    async def work() -> None:
        async with installation(_settings()) as here:
            new = office.NewSchool(name, kind, zone)
            for line in await office.import_files(here, files, new):
                click.echo(line)

    _run(work())


@main.command()
@click.option("--school", "name", help="Название школы, если их несколько.")
@click.option("--class", "title", help="Коды родителям этого класса, например 5А.")
@click.option("--staff", is_flag=True, help="Коды сотрудникам.")
@click.option("--person", help="Код одному человеку: «Фамилия Имя Отчество».")
def codes(name: str | None, title: str | None, person: str | None, *, staff: bool) -> None:
    """Выдать одноразовые коды для подключения мессенджера."""

    async def work() -> None:
        async with installation(_settings()) as here:
            for line in await office.codes(here, name, office.WhoGetsCodes(title, person, staff=staff)):
                click.echo(line)

    _run(work())


@main.command()
@click.argument("changes", nargs=-1)
@click.option("--school", "name", help="Название школы, если их несколько.")
def school(changes: tuple[str, ...], name: str | None) -> None:
    """Показать настройки школы или изменить их: undo_window_seconds=60."""

    async def work() -> None:
        async with installation(_settings()) as here:
            for line in await office.school_settings(here, name, changes):
                click.echo(line)

    _run(work())


@main.command()
@click.argument("what")
@click.option("--day", help="День, например 2026-11-24; без него — все дни.")
@click.option("--school", "name", help="Название школы, если их несколько.")
def trace(what: str, day: str | None, name: str | None) -> None:
    """Показать путь сообщения: WHAT — «Фамилия Имя» ученика, номер события или его предмет."""

    async def work() -> None:
        async with installation(_settings()) as here:
            for line in await tracing.trace(here, what, day, name):
                click.echo(line)

    _run(work())


@main.command()
@click.option("--check", is_flag=True, help="Сыграть всё без человека; последняя строка — JSON.")
@click.option("--fresh", is_flag=True, help="Начать с чистых данных.")
@click.option(
    "--plant",
    type=click.Choice([fault.value for fault in play.Fault]),
    help="Подложить поломку и увидеть, что проверка её находит.",
)
def demo(plant: str | None, *, check: bool, fresh: bool) -> None:
    """Показать главное на целой школе: без токенов, без почты, всё на этой машине."""
    log.configure("error")
    _run(play.demo(play.Options(check=check, fresh=fresh, plant=play.Fault(plant) if plant else None)))


__all__ = ["Installation", "main"]

if __name__ == "__main__":
    sys.exit(main())
