"""Where a program broke, without what it held: frames and kinds of errors, never their sentences.

A sentence of an error quotes what was wrong: a name, an address, a row of the database (asyncpg: ``invalid input for
query argument $2: 'Ёлкин'``). Whoever mends needs the place and the kind.
"""

import traceback
from collections.abc import Iterator

FACTS = ("errno", "sqlstate", "schema_name", "table_name", "column_name", "constraint_name")
"""Attributes of errors that name things of the program or the system, and hold no values."""


def of(error: BaseException) -> str:
    """Return the frames and kinds of an error and of those that led to it, the first of them first."""
    return "\n".join(line for one in _led_to(error) for line in _lines(one))


def _led_to(error: BaseException) -> list[BaseException]:
    """Return the chain that ends with an error, each of them once."""
    chain: list[BaseException] = []
    one: BaseException | None = error
    while one is not None and one not in chain:
        chain.append(one)
        one = one.__cause__ or (None if one.__suppress_context__ else one.__context__)
    return chain[::-1]


def _lines(error: BaseException) -> Iterator[str]:
    for frame in traceback.StackSummary.extract(traceback.walk_tb(error.__traceback__), lookup_lines=False):
        yield f"  {frame.filename}:{frame.lineno} {frame.name}"
    facts = {name: getattr(error, name, None) for name in FACTS}
    said = "".join(f" {name}={value}" for name, value in facts.items() if isinstance(value, int | str))
    yield f"{type(error).__module__}.{type(error).__qualname__}{said}"
    for inner in error.exceptions if isinstance(error, BaseExceptionGroup) else ():
        yield from (f"  | {line}" for line in of(inner).splitlines())
