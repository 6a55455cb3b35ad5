"""Uploaded files: in the sandbox's folder if it has one, else in memory."""

import re
from pathlib import Path

from zvonok.sandbox.chats import StoredFile
from zvonok.sandbox.chronicle import Chronicle
from zvonok.sandbox.happenings import Happening


class Files:
    """Files by their ids. An id serves the bot that uploaded the file, as in Telegram."""

    def __init__(self, chronicle: Chronicle, folder: Path | None) -> None:
        self._chronicle = chronicle
        self._folder = None if folder is None else folder / "files"
        self._bodies: dict[str, bytes] = {}
        self._files: dict[str, StoredFile] = {}
        chronicle.on("file", self._on_file)

    def keep(self, bot_id: int, name: str, mime: str, body: bytes) -> StoredFile:
        """Keep a file; its name has only a last part, whatever the uploader wrote."""
        file_id = f"BQAC{bot_id}-{len(self._files) + 1:06d}"
        name = re.sub(r".*[/\\]", "", name) or "document"
        if self._folder is None:
            self._bodies[file_id] = body
        else:
            self._folder.mkdir(parents=True, exist_ok=True)
            (self._folder / file_id).write_bytes(body)
        data = {"bot_id": bot_id, "file_id": file_id, "name": name, "mime": mime, "size": len(body)}
        self._chronicle.record("file", data)
        return self._files[file_id]

    def find(self, bot_id: int, file_id: str) -> StoredFile | None:
        """Find the file with this id, if the bot may use it."""
        file = self._files.get(file_id)
        return file if file is not None and file.bot_id == bot_id else None

    def at_path(self, bot_id: int, path: str) -> StoredFile | None:
        """Find the file with this ``file_path``."""
        return next((file for file in self._files.values() if file.bot_id == bot_id and file.path == path), None)

    def body(self, file: StoredFile) -> bytes:
        """Return what was uploaded."""
        if self._folder is None:
            return self._bodies[file.file_id]
        return (self._folder / file.file_id).read_bytes()

    def _on_file(self, happening: Happening) -> None:
        file = StoredFile(
            file_id=happening.data["file_id"],
            bot_id=happening.data["bot_id"],
            name=happening.data["name"],
            mime=happening.data["mime"],
            size=happening.data["size"],
        )
        self._files[file.file_id] = file
