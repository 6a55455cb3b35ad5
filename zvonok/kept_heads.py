"""Heads of the audit's chains, kept in the data folder: outside the database, where SQL cannot reach them.

Somebody with SQL alone can cut off the end of a chain, head included, and what is left is a whole chain; he cannot cut
it off here. On paper (``zvonok audit head``) a head is out of reach of whoever has the machine, too.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from core.audit.audit_links import Head
from zvonok.trouble import InstallationError


@dataclass(frozen=True, slots=True)
class KeptHeads:
    """One small file, written whole or not at all."""

    folder: Path

    @property
    def path(self) -> Path:
        """Where it lies."""
        return self.folder / "audit-heads.json"

    def read(self) -> dict[UUID, Head]:
        """Return the kept head of each school; none while there is no file. Raises ``InstallationError``."""
        try:
            kept = json.loads(self.path.read_bytes())
            found = {UUID(school): Head.read(written) for school, written in kept.items()}
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, AttributeError) as error:
            raise InstallationError(self._spoilt()) from error
        heads = {school: head for school, head in found.items() if head is not None}
        if len(heads) < len(found):
            raise InstallationError(self._spoilt())
        return heads

    def write(self, heads: Mapping[UUID, Head]) -> None:
        """Put these heads in place of what stood there. Raises ``OSError``."""
        self.folder.mkdir(parents=True, exist_ok=True)
        draft = self.path.with_suffix(".new")
        lines = {str(school): str(head) for school, head in heads.items()}
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(lines, file, indent=1)
        draft.replace(self.path)

    def _spoilt(self) -> str:
        return (
            f"Файл {self.path} не читается: в нём концы цепочек журнала действий. "
            "Верните его из копии или, проверив цепочки (zvonok audit verify), уберите."
        )
