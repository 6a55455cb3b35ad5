"""Files of pages that need more than a sheet: named by what is in them, so that a cache may keep them.

They hold nothing of anybody.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import web

FOLDER = Path(__file__).parent / "static"
TYPES: Mapping[str, str] = {".js": "text/javascript", ".css": "text/css"}
CACHED = "public, max-age=31536000, immutable"
_DIGITS = 12


@dataclass(frozen=True, slots=True)
class StaticFiles:
    """All files, by the names under which browsers ask for them."""

    bodies: Mapping[str, tuple[bytes, str]] = field(repr=False)
    names: Mapping[str, str]
    """By the name in the folder: ``static/roll-0123456789ab.js``."""

    @classmethod
    def read(cls, folder: Path = FOLDER) -> "StaticFiles":
        """Read the folder."""
        bodies, names = {}, {}
        for path in sorted(folder.iterdir()):
            if (kind := TYPES.get(path.suffix)) is not None:
                body = path.read_bytes()
                name = f"{path.stem}-{hashlib.sha256(body).hexdigest()[:_DIGITS]}{path.suffix}"
                bodies[name], names[path.name] = (body, kind), f"static/{name}"
        return cls(bodies, names)

    def add_to(self, app: web.Application) -> None:
        """Take requests in this application."""
        app.router.add_get("/static/{name}", self._answer)

    async def _answer(self, request: web.Request) -> web.Response:
        found = self.bodies.get(request.match_info["name"])
        if found is None:
            raise web.HTTPNotFound
        body, kind = found
        return web.Response(body=body, content_type=kind, charset="utf-8", headers={"Cache-Control": CACHED})
