"""PostgreSQL out of a wheel: a school needs no database administrator (docs/adr/0005-embedded-postgresql.md).

`running_postgres(folder)` gives a running server to any number of processes at once: the first one starts it, the
last one stops it, whichever way they leave.
"""

from zvonok.postgres.server import Server, running_postgres
from zvonok.postgres.unavailable import PostgresUnavailable, Trouble

__all__ = ["PostgresUnavailable", "Server", "Trouble", "running_postgres"]
