"""``zvonok api-keys``: keys of programs, handed out, listed, revoked."""

from datetime import datetime
from functools import partial
from uuid import UUID

import click

from core.account.api_keys import KeyDraft, Scope
from zvonok import api_keys as keys
from zvonok.commands.office import SCHOOL
from zvonok.commands.running import tell
from zvonok.commands.russian import RussianCommand, RussianGroup


@click.group("api-keys", cls=RussianGroup)
def api_keys() -> None:
    """Ключи, с которыми программы обращаются к журналу от имени школы: выдать, показать, отозвать."""


@api_keys.command(cls=RussianCommand)
@SCHOOL
@click.option("--title", required=True, metavar="НАЗВАНИЕ", help="Какой программе ключ, например «Табло».")
@click.option(
    "--scope",
    "scopes",
    required=True,
    multiple=True,
    type=click.Choice([scope.value for scope in Scope]),
    metavar="РАЗРЕШЕНИЕ",
    help=f"Что ей можно; называют столько раз, сколько нужно: {', '.join(scope.value for scope in Scope)}.",
)
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), metavar="ДЕНЬ", help="Последний день, ГГГГ-ММ-ДД.")
def make(name: str | None, title: str, scopes: tuple[str, ...], until: datetime | None) -> None:
    """Выдать ключ. Он печатается один раз и нигде не хранится: остаётся только его отпечаток."""
    wanted = tuple(Scope(one) for one in scopes)
    draft = KeyDraft(title, wanted, None if until is None else until.date())
    tell(partial(keys.make, school_name=name, draft=draft))


@api_keys.command("list", cls=RussianCommand)
@SCHOOL
def listed(name: str | None) -> None:
    """Показать ключи школы, и отозванные: для чего, до какого дня, когда пользовались."""
    tell(partial(keys.listed, school_name=name))


@api_keys.command(cls=RussianCommand)
@click.argument("key", type=click.UUID, metavar="КЛЮЧ")
def revoke(key: UUID) -> None:
    """Отозвать ключ по его номеру из списка: с этой минуты он ничего не открывает."""
    tell(partial(keys.revoke, key=key))
