"""``zvonok logins``: logins on paper, closed again; the second factor of a lost phone."""

from functools import partial

import click

from core.account.identity_documents import Document
from zvonok import logins as handing_out
from zvonok.commands.office import SCHOOL
from zvonok.commands.running import tell
from zvonok.commands.russian import RussianCommand, RussianGroup

PERSON = click.option("--person", required=True, metavar="ИМЯ", help="«Фамилия Имя Отчество».")


@click.group(cls=RussianGroup)
def logins() -> None:
    """Выдать логины с первыми паролями, закрыть логин, отключить второй шаг входа."""


@logins.command(cls=RussianCommand)
@SCHOOL
@click.option("--class", "parents_of", metavar="КЛАСС", help="Родителям этого класса, например 5А.")
@click.option("--pupils", "pupils_of", metavar="КЛАСС", help="Ученикам этого класса.")
@click.option("--staff", is_flag=True, help="Сотрудникам.")
@click.option("--person", metavar="ИМЯ", help="Одному человеку: «Фамилия Имя Отчество».")
def issue(name: str | None, parents_of: str | None, pupils_of: str | None, person: str | None, *, staff: bool) -> None:
    """Выдать логины; у кого логин уже есть, тот получит новый первый пароль, а прежний перестанет действовать."""
    whose = handing_out.Whose(parents_of, pupils_of, person, staff=staff)
    handing_out.check_whose(whose)
    tell(partial(handing_out.issue, school_name=name, whose=whose))


@logins.command(cls=RussianCommand)
@SCHOOL
@PERSON
@click.option("--why", required=True, metavar="ПРИЧИНА", help="Почему; останется в журнале действий.")
def close(name: str | None, person: str, why: str) -> None:
    """Закрыть логин человека: войти по нему больше нельзя, начатые входы завершаются."""
    tell(partial(handing_out.close, school_name=name, name=person, why=why))


@logins.command("drop-second-factor", cls=RussianCommand)
@SCHOOL
@PERSON
def drop_second_factor(name: str | None, person: str) -> None:
    """Отключить второй шаг входа тому, кто потерял телефон и запасные коды. Сначала убедитесь, кто перед вами."""
    tell(partial(handing_out.drop_second_factor, school_name=name, name=person))


@logins.command("reopen-provider", cls=RussianCommand)
@SCHOOL
@PERSON
def reopen_provider(name: str | None, person: str) -> None:
    """Снова открыть вход через Госуслуги, закрытый из-за чужого входа. Сначала убедитесь, кто перед вами."""
    tell(partial(handing_out.reopen_provider, school_name=name, name=person))


@logins.command(cls=RussianCommand)
@SCHOOL
@PERSON
@click.option("--kind", default="паспорт", metavar="ВИД", help="Какой это документ; без слов — паспорт.")
def document(name: str | None, person: str, kind: str) -> None:
    """Записать документ человека для входа через Госуслуги. Номер спросят отдельно; хранится не он, а его отпечаток."""
    # Asked for, not given as a word of the command: those are seen in the list of processes and kept by the shell.
    number = click.prompt("Серия и номер", hide_input=True)
    tell(partial(handing_out.put_document, school_name=name, name=person, document=Document(kind, number)))
