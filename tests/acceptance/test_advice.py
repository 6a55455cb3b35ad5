"""What the program advises is given back to the shell from which it was called, as a reader does."""

import asyncio
import os
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


async def test_an_advised_command_works_in_the_same_shell(tmp_path: Path) -> None:
    (tmp_path / ".venv").symlink_to(ROOT / ".venv")
    code, said = await in_a_shell(tmp_path, "ZVONOK_DATA='my data' .venv/bin/zvonok trace Иванова")
    assert (code, said.partition(".")[0]) == (1, "В папке my data данных нет")
    advised = re.search(r"Новую школу заводит (.*? import), пробную — (.*demo)\.$", said)
    assert advised is not None, said
    assert advised[2] == "ZVONOK_DATA='my data' make demo"
    assert await in_a_shell(tmp_path, f"{advised[1]} no.csv") == (1, "Файла no.csv нет.")


async def in_a_shell(folder: Path, line: str) -> tuple[int | None, str]:
    """Type a line; return the exit code and what was said."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ZVONOK_")}
    process = await asyncio.create_subprocess_shell(
        line, cwd=folder, env=environment, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    out, _ = await process.communicate()
    return process.returncode, out.decode().strip()
