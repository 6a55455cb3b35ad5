"""The bench of the bot still runs: a few taps on both bots; no figure is judged."""

import subprocess
import sys

import pytest

from texts.reader import FOLDER


@pytest.mark.deep
def test_the_bench_of_the_bot_runs() -> None:
    command = [sys.executable, "-m", "bench", "bot", "--quick"]
    done = subprocess.run(command, cwd=FOLDER.parent, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    assert "times the bare bot's, median of 2 rounds" in done.stdout
