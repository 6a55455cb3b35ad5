"""Commands that we advise, written so that they work in the shell that called us.

By the program's path, often ``.venv/bin/zvonok``, and with the data folder in front if the environment names one.
"""

import os
import re
import shlex
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from zvonok.demo.alone import USUAL_HOME, home_of, is_of_demonstration

NAME, DATA = "zvonok", "ZVONOK_DATA"
_VALUE = r"""(?:'[^']*'|"[^"]*"|[^\s'"])+"""
_COMMAND = re.compile(rf"(?P<given>(?:\bZVONOK_\w+={_VALUE} )*)(?<![\w./~-])(?P<what>{NAME}(?= [a-z])|make(?= demo\b))")
"""Our name before a command's, and not at the end of a path already, or ``make demo``; with the settings before it."""


def called_as(program: str | None = None) -> str:
    """Return the words by which a shell finds this program from where it stands; ``program`` instead of ``argv[0]``."""
    path = _path(program)
    if path is None:
        return NAME
    found = shutil.which(NAME)
    if found is not None and Path(found).absolute() == path.absolute():
        return NAME
    here = Path.cwd()
    absolute = path.absolute()
    inside = here in absolute.parents
    return os.path.relpath(absolute, here) if inside else str(absolute)


def as_called(line: str, program: str | None = None, environ: Mapping[str, str] | None = None) -> str:
    """Return a line in which every command that it advises can be called as it stands.

    Whether ``ZVONOK_DATA`` was exported or stood before one command, nobody can tell: it is put before each, and before
    none that names a folder already. What ``.env`` says needs no repeating. ``environ`` instead of the process's own.
    """
    folder = _data_folder(os.environ if environ is None else environ) if _from_a_shell(program) else None

    def written(found: re.Match[str]) -> str:
        own, is_ours = found["given"], found["what"] == NAME
        name = called_as(program) if is_ours else found["what"]
        prefix = _setting(folder if is_ours else _home(folder))
        return f"{'' if f'{DATA}=' in own else prefix}{own}{name}"

    return _COMMAND.sub(written, line)


def _data_folder(environ: Mapping[str, str]) -> str | None:
    return next((value for name, value in environ.items() if name.upper() == DATA), None)


def _setting(folder: str | None) -> str:
    """Return the setting as a shell reads it, with a space behind; empty if the environment has none."""
    return "" if folder is None else f"{DATA}={shlex.quote(folder)} "


def _home(folder: str | None) -> str | None:
    """Return the folder to name to ``make demo``: whoever looks into a demonstration does not begin one inside it."""
    if folder is None or not is_of_demonstration(Path(folder)):
        return folder
    home = home_of(Path(folder))
    return None if home == USUAL_HOME else str(home)


def _from_a_shell(program: str | None) -> bool:
    return (program or sys.argv[0]) == NAME or _path(program) is not None


def _path(program: str | None) -> Path | None:
    """Return the program's path; None if it has none of its own: by ``python -m``, in a container, or by a test."""
    path = Path(sys.argv[0] if program is None else program)
    return None if path.name != NAME or path.parent == Path() else path
