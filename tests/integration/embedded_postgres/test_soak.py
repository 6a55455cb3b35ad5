"""Users who come, go and are killed at random; nothing that was committed is lost and nobody is left behind."""

import asyncio
import random
import time
from pathlib import Path

import asyncpg
import pytest

from tests.integration.embedded_postgres.processes import (
    User,
    ask,
    connected,
    kill,
    living,
    nobody_left,
)
from zvonok.postgres import running_postgres

STEPS = 25
HAPPENINGS = ["come", "come", "leave", "user killed", "server killed", "server killed", "all killed", "nothing"]


class Crowd:
    """Users of one database, as processes."""

    def __init__(self, data: Path, chance: random.Random) -> None:
        self.data = data
        self.chance = chance
        self.users: list[User] = []

    def happen(self, what: str, after: float) -> None:
        time.sleep(after)  # to meet a start, a stop or a statement at any point of it
        if what == "come":
            self.users.append(User(self.data))
            assert "url" in self.users[-1].said()
        elif what == "server killed":
            self._kill_one_of_the_server()
        elif what == "all killed":
            kill(*living(self.data))
            self._bury()
        elif self.users and what == "leave":
            self._somebody().leave()
        elif self.users and what == "user killed":
            self._somebody().close()

    def part(self) -> None:
        while self.users:
            self._somebody().leave()

    def _somebody(self) -> User:
        return self.users.pop(self.chance.randrange(len(self.users)))

    def _kill_one_of_the_server(self) -> None:
        """Kill the guardian, the postmaster or a child of it."""
        users = {user.process.pid for user in self.users}
        server = [pid for pid in living(self.data) if pid not in users]
        kill(*self.chance.choices(server, k=min(1, len(server))))

    def _bury(self) -> None:
        for user in self.users:
            user.close()
        self.users.clear()


async def write(data: Path, number: int) -> None:
    """Commit a row, as a user of its own; again and again until the server has said that it did."""
    async with running_postgres(data) as server:
        for _ in range(1000):
            try:
                async with connected(server.url) as connection:
                    await connection.execute("SET synchronous_commit = on")
                    await connection.execute("INSERT INTO kept VALUES ($1)", f"{number}")
            except (OSError, asyncpg.PostgresError, asyncpg.InternalClientError, asyncpg.InterfaceError):
                await asyncio.sleep(0.01)
            else:
                return
    pytest.fail("the server did not come back")


@pytest.mark.deep
@pytest.mark.timeout(300)
@pytest.mark.parametrize("seed", range(4))
async def test_random_comings_goings_and_killings(data: Path, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - a test's dice, repeatable by its seed
    crowd = Crowd(data, chance)
    for step in range(STEPS):
        happening = asyncio.to_thread(crowd.happen, chance.choice(HAPPENINGS), chance.random() / 10)
        await asyncio.gather(write(data, step), happening)
    crowd.part()
    async with running_postgres(data) as server:
        assert await ask(server.url, "SELECT count(DISTINCT name) - 1 FROM kept") == STEPS
    await nobody_left(data)
