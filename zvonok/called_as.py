"""Commands that we advise, written as this program was called: often by its path, ``.venv/bin/zvonok``."""

import os
import re
import shutil
import sys
from pathlib import Path

NAME = "zvonok"
_COMMAND = re.compile(r"(?<![\w./~-])zvonok(?= [a-z])")
"""Our name before a command's, and not at the end of a path already."""


def called_as(program: str | None = None) -> str:
    """Return the words by which a shell finds this program from where it stands; ``program`` instead of ``argv[0]``."""
    path = Path(sys.argv[0] if program is None else program)
    if path.name != NAME or path.parent == Path():
        return NAME  # by ``python -m``, in a container, or by a test
    found = shutil.which(NAME)
    if found is not None and Path(found).absolute() == path.absolute():
        return NAME
    here = Path.cwd()
    absolute = path.absolute()
    inside = here in absolute.parents
    return os.path.relpath(absolute, here) if inside else str(absolute)


def as_called(line: str, program: str | None = None) -> str:
    """Return a line in which every command that it advises can be called as it stands."""
    return _COMMAND.sub(lambda _: called_as(program), line)
