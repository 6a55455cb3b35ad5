"""``make`` alone: whoever reads only Russian and whoever reads only English both learn what each target does."""

import re
import subprocess

from tests.unit.house import tree

TARGETS = re.findall(r"^([a-z-]+):.*## ", (tree.ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)


def test_every_target_is_told_in_russian_and_in_english() -> None:
    told = subprocess.run(["make", "--no-print-directory"], cwd=tree.ROOT, capture_output=True, check=True, text=True)
    lines = told.stdout.splitlines()
    assert [line.split()[1] for line in lines[::2]] == TARGETS
    russian = [line.split(maxsplit=2)[2] for line in lines[::2]]
    assert [line for line in russian if re.search("[А-Яа-яё]", line) is None] == []
    assert [line for line in lines[1::2] if re.search("[А-Яа-яё]", line) or not line.strip()] == []
