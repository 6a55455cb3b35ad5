"""Ports for whole processes that must be told their port before they listen.

They lie below the range from which the kernel gives out ports of its own accord, so that no outgoing connection and no
server on port 0 takes one meanwhile; each worker of a parallel run has ports apart from the others'.
"""

import itertools
import os
from collections.abc import Iterator
from socket import create_server

HOST = "127.0.0.1"
LOWEST, EACH = 20000, 400
"""Worker ``gwN`` has the ports from ``LOWEST + N * EACH`` on; Linux gives out those from 32768 on."""
WORKERS = 30


def _candidates() -> Iterator[int]:
    """Go round the worker's ports, each run from elsewhere: another checkout's tests may run on this machine."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    first = LOWEST + int(worker) % WORKERS * EACH
    return (first + (os.getpid() + step) % EACH for step in itertools.count())


_next = _candidates()


def free_port() -> int:
    """Return a port that nobody listens on and that this run has not given out lately."""
    for port in itertools.islice(_next, EACH):
        try:
            with create_server((HOST, port)):
                return port
        except OSError:
            continue
    raise OSError(f"none of the {EACH} ports of this worker is free")
