"""Parameters of a Bot API request, however they came: JSON, form, multipart, query string.

As in the Bot API server everything is text first; a nested object may come as an object or as its JSON text.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import BodyPartReader, MultipartReader, web

from zvonok.sandbox.refusals import RefusalError, bad_request

MAX_UPLOAD = 50 * 1024 * 1024
"""Bytes; the limit of the public Bot API for files that bots send."""
UNKNOWN_MIME = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file in a multipart request."""

    name: str
    mime: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Parameters:
    """What the caller sent."""

    values: Mapping[str, Any]
    uploads: Mapping[str, Upload]

    def text(self, name: str) -> str:
        """Read a text parameter; empty if absent."""
        value = self.values.get(name)
        if value is None:
            return ""
        return value if isinstance(value, str) else json.dumps(value)

    def integer(self, name: str) -> int | None:
        """Read an integer parameter; None if absent or none."""
        try:
            return int(self.text(name).strip())
        except ValueError:
            return None

    def flag(self, name: str) -> bool:
        """Read a boolean parameter; False if absent."""
        return self.text(name).strip().lower() in ("true", "yes", "1")

    def nested(self, name: str) -> Any:
        """Read a nested object or array; None if absent or unreadable, as the server takes it."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError:
            return None

    def shown(self) -> dict[str, Any]:
        """For the log: nested texts unfolded, files as names and sizes."""
        values = {name: self._unfolded(name) for name in self.values}
        return values | {name: {"file_name": file.name, "size": len(file.body)} for name, file in self.uploads.items()}

    def _unfolded(self, name: str) -> Any:
        value = self.values[name]
        nested = self.nested(name) if isinstance(value, str) and value[:1] in ("{", "[") else None
        return value if nested is None else nested


async def read_parameters(request: web.Request) -> Parameters:
    """Read the query string and the body; refuses with 400 what cannot be read and with 413 what is too big."""
    values: dict[str, Any] = dict(request.query)
    uploads: dict[str, Upload] = {}
    if request.content_type == "application/json":
        values |= await _json_object(request)
    elif request.content_type.startswith("multipart/"):
        await _read_multipart(await request.multipart(), values, uploads)
    elif request.can_read_body:
        values |= {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
    return Parameters(values, uploads)


async def _json_object(request: web.Request) -> dict[str, Any]:
    body = await request.read()
    try:
        value = json.loads(body) if body.strip() else {}
    except ValueError:
        raise bad_request("can't parse JSON object") from None
    if not isinstance(value, dict):
        raise bad_request("object expected as request body")
    return value


async def _read_multipart(reader: MultipartReader, values: dict[str, Any], uploads: dict[str, Upload]) -> None:
    left = MAX_UPLOAD
    async for part in reader:
        if not isinstance(part, BodyPartReader) or part.name is None:
            raise bad_request("can't parse multipart form data")
        body = bytearray()
        while chunk := await part.read_chunk():
            left -= len(chunk)
            if left < 0:
                raise RefusalError(413, "Request Entity Too Large")
            body += chunk
        if part.filename is None:
            values[part.name] = _decoded_field(body)
        else:
            mime = part.headers.get("Content-Type", UNKNOWN_MIME)
            uploads[part.name] = Upload(part.filename, mime, bytes(body))


def _decoded_field(body: bytearray) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError:
        raise bad_request("strings must be encoded in UTF-8") from None
