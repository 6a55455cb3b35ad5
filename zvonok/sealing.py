"""The sealer's loop: whatever the audit has gained is sealed into its school's chain within a second."""

import asyncio
from dataclasses import dataclass, field
from uuid import UUID

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from core.audit import audit_chain
from core.audit.audit_chain import AT_ONCE, Sealed
from core.audit.audit_links import EMPTY, ChainKey, Head
from core.database import Database
from core.school_time import MachineClock
from zvonok.installation import Installation
from zvonok.kept_heads import KeptHeads
from zvonok.trouble import InstallationError

EVERY_SECONDS = 0.5
"""Pause between two looks; with the sealing itself that stays within a second."""

_log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Sealer:
    """Seals, and keeps the heads outside the database; any number of these may run at once."""

    database: Database
    key: ChainKey
    clock: MachineClock
    kept: KeptHeads
    _complained: set[UUID] = field(default_factory=set)

    async def run(self) -> None:
        """Seal for as long as the process lives; a database that is away is waited for."""
        while True:
            try:
                more = await self.pass_once()
            except (SQLAlchemyError, OSError) as error:
                _log.warning("audit not sealed", error=type(error).__name__)
                more = False
            await asyncio.sleep(0 if more else EVERY_SECONDS)

    async def pass_once(self) -> bool:
        """Seal a batch of each school that has anything to seal; tell whether some school has more."""
        async with self.database.begin() as session:
            waiting = await audit_chain.schools_waiting(session)
        if not waiting:
            return False
        heads = self._heads()
        sealed = [await self._seal(school, {} if heads is None else heads) for school in waiting]
        if heads is not None and any(sealed):
            self._keep(heads)
        return max(sealed) == AT_ONCE

    def _keep(self, heads: dict[UUID, Head]) -> None:
        try:
            self.kept.write(heads)
        except OSError as error:
            _log.error("heads of the audit are not kept", error=type(error).__name__)

    def _heads(self) -> dict[UUID, Head] | None:
        """Read the kept heads; a spoilt file is left as it is for whoever looks into it, and sealing goes on."""
        try:
            return self.kept.read()
        except InstallationError:
            _log.error("heads of the audit are not kept: their file is spoilt")
            return None

    async def _seal(self, school: UUID, heads: dict[UUID, Head]) -> int:
        """Seal one school's rows, and put its new head into ``heads`` if the chain goes on from the kept one."""
        try:
            async with self.database.begin() as session:
                sealed = await audit_chain.seal(session, self.key, school, self.clock.now())
                if sealed is None:
                    return 0
                goes_on = await self._goes_on(session, school, heads.get(school, EMPTY), sealed)
        except SQLAlchemyError as error:
            self._complain(school, error=type(error).__name__)
            return 0
        if not goes_on:
            self._complain(school, kept=heads[school].number, stands=sealed.after.number)
        elif sealed.rows:
            heads[school] = sealed.after
        return sealed.rows

    async def _goes_on(self, session: AsyncSession, school: UUID, kept: Head, sealed: Sealed) -> bool:
        """Tell whether the chain still passes the head that was kept; if not, that head stays as the evidence."""
        if kept in {EMPTY, sealed.before}:
            return True
        return await audit_chain.link_at(session, school, kept.number) == kept.hash

    def _complain(self, school: UUID, **details: object) -> None:
        """Log once what ``zvonok audit verify`` will tell in full."""
        if school not in self._complained:
            self._complained.add(school)
            _log.error("audit chain does not go on", school=str(school), **details)


def sealer(here: Installation, database: Database) -> Sealer:
    """Return the sealer of an installation."""
    return Sealer(database, here.secret.chain_key(), here.machine_clock, KeptHeads(here.settings.data))
