"""``zvonok trace``: one command that prints event, channels tried, outcomes, fallback."""

from functools import partial

import click

from zvonok import tracing
from zvonok.commands.running import tell
from zvonok.commands.russian import RussianCommand


@click.command(cls=RussianCommand)
@click.argument("what", metavar="ЧТО")
@click.option("--day", metavar="ДЕНЬ", help="День, например 2026-11-24; без него — все дни.")
@click.option("--school", "school_name", metavar="НАЗВАНИЕ", help="Название школы, если их несколько.")
def trace(what: str, day: str | None, school_name: str | None) -> None:
    """Показать путь сообщения: ЧТО — «Фамилия Имя» ученика, номер события или его предмет."""
    tell(partial(tracing.trace, what=what, day=day, school_name=school_name))
