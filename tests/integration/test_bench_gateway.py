"""The bench of the gateway still runs: a few messages to nginx, a claim beside a small past; no figure is judged."""

import subprocess
import sys

import pytest

from texts.reader import FOLDER


@pytest.mark.deep
def test_the_bench_of_the_gateway_runs() -> None:
    command = [sys.executable, "-m", "bench", "gateway", "--quick"]
    done = subprocess.run(command, cwd=FOLDER.parent, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    assert "of the bare client's messages a second" in done.stdout
    assert "of the claim of 500 in letters without a past" in done.stdout
