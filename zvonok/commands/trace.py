"""``zvonok trace``: one command that prints event, channels tried, outcomes, fallback."""

from functools import partial

import click

from zvonok import tracing
from zvonok.commands.running import tell
from zvonok.commands.russian import RussianCommand


@click.command(cls=RussianCommand)
@click.argument("what", metavar="ЧТО", nargs=-1, required=True)
@click.option("--day", metavar="ДЕНЬ", help="День: 24.11.2026; без него — все дни.")
@click.option("--school", "school_name", metavar="НАЗВАНИЕ", help="Название школы, если их несколько.")
def trace(what: tuple[str, ...], day: str | None, school_name: str | None) -> None:
    """Показать путь сообщения: кому, как и чем кончилось.

    ЧТО — фамилия ученика, имя или и то и другое, номер события или его предмет.
    """
    tell(partial(tracing.trace, what=" ".join(what), day=day, school_name=school_name))
