"""The page that Prometheus reads, on a port of its own beside the gateway's loops."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import structlog
from aiohttp import web
from sqlalchemy.exc import SQLAlchemyError

from core.database import Database
from gateway import gauges
from gateway.gauges import Gauges, Moment
from gateway.metrics import CONTENT_TYPE, Meter
from gateway.observing import CourierObserver, Unobserved
from zvonok.installation import Installation
from zvonok.reason_codes import REASONS
from zvonok.trouble import InstallationError

PATH = "/metrics"
ANSWER_SECONDS = 5.0
"""A ledger that has not answered by then is told of as away: Prometheus itself gives up after ten."""

_log = structlog.get_logger(__name__)


@asynccontextmanager
async def metered(
    installation: Installation, database: Database, served: Mapping[str, str]
) -> AsyncIterator[CourierObserver]:
    """Give what couriers report to; with ``ZVONOK_METRICS_PORT``, its page is open for the length of the block.

    ``served``: channel → credential. Raises ``InstallationError`` if the port cannot be had.
    """
    settings = installation.settings
    if settings.metrics_port is None:
        yield Unobserved()
        return
    meter = Meter(tuple(served), REASONS)
    app = web.Application()
    app.router.add_get(PATH, _Page(installation, database, served, meter).answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await _listen(runner, settings.metrics_host, settings.metrics_port)
        yield meter
    finally:
        await runner.cleanup()


@dataclass(slots=True)
class _Page:
    """Answers one question at a time, so that whoever asks often takes no connections from the couriers."""

    installation: Installation
    database: Database
    served: Mapping[str, str]
    meter: Meter
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def answer(self, _: web.Request) -> web.Response:
        """Write the page; if the database is away, without what only it knows."""
        body = self.meter.page(await self._gauges())
        return web.Response(body=body, headers={"Content-Type": CONTENT_TYPE, "Cache-Control": "no-store"})

    async def _gauges(self) -> Gauges | None:
        at = Moment(self.installation.school_clock.now(), self.installation.machine_clock.now())
        try:
            async with asyncio.timeout(ANSWER_SECONDS), self._turn, self.database.begin() as session:
                return await gauges.read(session, self.served, at)
        except (SQLAlchemyError, OSError) as error:
            _log.warning("ledger not read", error=type(error).__name__)
            return None


async def _listen(runner: web.AppRunner, host: str, port: int) -> None:
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError:
        raise InstallationError(
            f"Показатели для Prometheus не могут слушать {host}:{port}: адрес занят или недоступен. Проверьте "
            "ZVONOK_METRICS_HOST и ZVONOK_METRICS_PORT."
        ) from None
