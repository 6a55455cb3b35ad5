"""The command line. Whatever goes wrong is said in a Russian sentence, with an exit code; never a traceback.

Exit codes: 0 done, 1 refused or failed, 2 wrong words on the command line or wrong settings, 130 stopped by Ctrl+C
before the end.
"""

import os
import sys
from collections.abc import Mapping
from importlib import import_module
from typing import Any, NoReturn

import click

from zvonok.called_as import as_called
from zvonok.commands.russian import RussianCommands, complaint
from zvonok.interrupts import INTERRUPTED
from zvonok.trouble import InstallationError, OfficeError

REFUSED, WRONG = 1, 2
COMMANDS: Mapping[str, tuple[str, str]] = {
    "up": ("up:up", "Запустить всё вместе: журнал, шлюз, бота и страницы."),
    "core": ("core:core", "Запустить только часы журнала: уроки каждого дня."),
    "gateway": ("gateway:gateway", "Запустить только шлюз: кому, когда и что отправить."),
    "bot": ("bot:bot", "Запустить только бота."),
    "web": ("web:web", "Запустить только страницы, которые открывают ссылки из писем."),
    "migrate": ("migrate:migrate", "Привести базу данных к этой версии программы."),
    "import": ("lists:lists", "Загрузить списки канцелярии (CSV или XLSX), посмотреть разницу, отменить загрузку."),
    "export": ("exports:export", "Выгрузить список школы в файл: ученики, сотрудники, расписание и другие."),
    "codes": ("office:codes", "Выдать одноразовые коды для подключения мессенджера."),
    "consent": ("consent:consent", "Согласия родителей: кто ответил, бумаги, текст, бланки."),
    "logins": ("logins:logins", "Выдать логины и первые пароли, закрыть логин."),
    "api-keys": ("api_keys:api_keys", "Ключи программ: выдать, показать, отозвать."),
    "school": ("school:school", "Показать настройки и правила школы или изменить их."),
    "year": ("year:year", "Учебный год: календарь, звонки, смены, кабинеты, предметы, готовность."),
    "timetable": ("timetable:timetable", "Расписание: показать, замены, переносы, особые дни, контрольные."),
    "absences": ("absences:absences", "Пропуски, о которых предупредили заранее."),
    "releases": ("releases:releases", "Освобождение от уроков по приказу: олимпиада, дежурство."),
    "attendance": ("attendance:attendance", "Посещаемость: переклички, отсутствующие дня, счёт, закрытые уроки."),
    "groups": ("groups:groups", "Группы, потоки, классы-комплекты: кто в них и с какого дня."),
    "plan": ("plan:plan", "Учебные планы: школы, профилей, отдельных учеников."),
    "load": ("load:load", "Нагрузка учителей: кто, что, кому и сколько часов."),
    "movement": ("movement:movement", "Движение учеников по приказам, переход на новый год, закрытие года."),
    "people": ("people:people", "Взрослые учеников: кто, что им можно, решения суда, совершеннолетие."),
    "staff": ("staff:staff", "Сотрудники: приём, увольнение, роли и права, классное руководство."),
    "doctor": ("doctor:doctor", "Проверить установку: что в порядке, что нет и что сделать."),
    "dead-letters": ("dead_letters:dead_letters", "Недоставленное: показать, почему не дошло, отправить ещё раз."),
    "trace": ("trace:trace", "Показать путь сообщения: кому, как и чем кончилось."),
    "breach": ("breach:breach", "Чужой доступ: сообщить, посмотреть, признать недействительным."),
    "audit": ("audit:audit", "Проверить журнал действий: не изменён ли, не отрезан ли."),
    "backup": ("backup:backup", "Снять копию всех данных, проверить её, устроить учебное восстановление."),
    "restore": ("backup:restore", "Восстановить копию в пустую базу."),
    "quarantine": ("quarantine:quarantine", "Сообщения, задержанные после восстановления: посмотреть, отпустить."),
    "mailbox": ("mailbox:mailbox", "Запустить почтовый ящик для проб: письма остаются в нём (только в песочнице)."),
    "phone": ("phone:phone", "Запустить телефон для проб: Телеграм в окне терминала (только в песочнице)."),
    "demo": ("demo:demo", "Поднять целую школу на этой машине и открыть страницу с телефонами."),
}
"""Name → where the command lives in ``zvonok.commands``, and its line in the list."""


class Commands(RussianCommands):
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

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the options, then the commands."""
        super().format_options(ctx, formatter)
        self.format_commands(ctx, formatter)

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
            click.echo(complaint(error), err=True)
            sys.exit(WRONG)
        except click.ClickException as error:
            click.echo(error.format_message(), err=True)
            sys.exit(REFUSED)
        except click.Abort:
            click.echo("\nОстановлено.", err=True)
            sys.exit(INTERRUPTED)
        sys.exit(code if isinstance(code, int) else 0)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; say failures instead of showing them."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        except (InstallationError, OfficeError) as error:
            _fail(str(error), REFUSED)
        except Exception as error:  # noqa: BLE001 - a user never sees a traceback; it is kept for whoever mends
            # Loaded only now: what knows every failure needs every library, and help should come at once.
            _fail(*import_module("zvonok.failures").told(error))


def _fail(sentence: str, code: int) -> NoReturn:
    click.echo(as_called(sentence), err=True)
    raise click.exceptions.Exit(code)


@click.group(
    cls=Commands, context_settings={"help_option_names": ["-h", "--help"]}, subcommand_metavar="КОМАНДА [СЛОВА]…"
)
def program() -> None:
    """Звонок: школьный журнал, который вовремя и один раз сообщает родителям о ребёнке."""
