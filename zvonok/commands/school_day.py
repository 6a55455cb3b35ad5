"""Days as the command line reads them: of a school year that the journal may have."""

from datetime import datetime
from typing import Any

import click

EARLIEST, LATEST = 2000, 2100


class SchoolDay(click.DateTime):
    """A day of a school year that the journal may have; whoever is born was so earlier."""

    def __init__(self, earliest: int = EARLIEST) -> None:
        super().__init__(formats=["%d.%m.%Y"])
        self.earliest = earliest

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Read a day. Fails if it is none, or of a year that cannot be meant."""
        found = super().convert(value, param, ctx)
        if not self.earliest <= found.year <= LATEST:
            self.fail(str(value), param, ctx)
        return found


DATE = SchoolDay()
