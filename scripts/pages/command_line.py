"""``docs/reference/command-line.md``: every command with its words, as ``--help`` would show them."""

import inspect

import click

from scripts.pages.source import HEAD, one_line, table
from zvonok import program as told
from zvonok.program import COMMANDS, program


def page() -> str:
    """Return the page; the program speaks Russian, so its own words are quoted as they are."""
    context = click.Context(program, info_name="zvonok")
    rows = [(f"[`zvonok {name}`](#zvonok-{name})", line) for name, (_, line) in COMMANDS.items()]
    parts = [
        "# Command line",
        f"The words are the program's own, in Russian. {HEAD}",
        one_line((inspect.getdoc(told) or "").split("\n\n", 1)[1]),
        table(("command", "what it does"), rows),
        *(_command(name, context) for name in COMMANDS),
    ]
    return "\n\n".join(parts) + "\n"


def _command(name: str, above: click.Context) -> str:
    command = program.get_command(above, name)
    if command is None:
        raise LookupError(name)
    return "\n\n".join(_parts(name, command, above))


def _parts(name: str, command: click.Command, above: click.Context) -> list[str]:
    """Describe a command, and after it the commands that it consists of."""
    context = click.Context(command, info_name=name, parent=above)
    words = " ".join(command.collect_usage_pieces(context))
    depth = "#" * len(context.command_path.split())
    path = context.command_path
    parts = [f"{depth} {path}", f"```\n{path} {words}".rstrip() + "\n```", one_line(command.help)]
    options = [
        param for param in command.get_params(context) if isinstance(param, click.Option) and "--help" not in param.opts
    ]
    if options:
        parts.append(table(("option", "values", "meaning"), [_option(option, context) for option in options]))
    within = command.commands.items() if isinstance(command, click.Group) else ()
    return parts + [part for inner, one in within for part in _parts(inner, one, context)]


def _option(option: click.Option, context: click.Context) -> tuple[str, str, str]:
    names = ", ".join(f"`{name}`" for name in option.opts)
    if option.is_flag:
        return names, "", option.help or ""
    if isinstance(option.type, click.Choice):
        return names, ", ".join(f"`{choice}`" for choice in option.type.choices), option.help or ""
    return names, f"`{option.make_metavar(context)}`", option.help or ""
