"""The installation's secret: given by the environment, or made once and kept in the data folder, for its owner only."""

import hashlib
import hmac
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import NamedTemporaryFile

from core.account.account_keeper import AccountKeeper
from core.account.accounts import CodeKeeper
from core.audit.audit_links import ChainKey
from gateway.addresses import AddressVault
from gateway.links import Links
from zvonok.settings import Settings, SettingsError

SHORTEST = 32
"""Bytes; as many as ``ZVONOK_SECRET`` must have."""


@dataclass(frozen=True, slots=True)
class Secret:
    """Derives a key for each use, so that one never stands for another."""

    value: bytes = field(repr=False)

    def _key(self, use: str) -> bytes:
        return hmac.new(self.value, f"zvonok:{use}".encode(), hashlib.sha256).digest()

    def vault(self) -> AddressVault:
        """Return what seals the gateway's addresses."""
        return AddressVault(self._key("addresses"))

    def links(self, public_url: str | None) -> Links:
        """Return what makes and reads the links in letters; without a public address it makes none."""
        return Links(public_url, self._key("links"))

    def account_keeper(self) -> AccountKeeper:
        """Return what hashes tokens of sessions and seals second factors."""
        return AccountKeeper(self._key("accounts"))

    def code_keeper(self) -> CodeKeeper:
        """Return what hashes one-time codes."""
        return CodeKeeper(self._key("codes"))

    def hook_key(self) -> bytes:
        """Return what names the webhooks of bots, and what messengers must show there."""
        return self._key("hooks")

    def chain_key(self) -> ChainKey:
        """Return what links the audit's chains: whoever has the database alone cannot make one anew."""
        return ChainKey(self._key("audit"))

    def mark(self, salt: bytes) -> bytes:
        """Return what stands for the secret in a backup: it tells whether a secret is the same, and nothing of it."""
        return hmac.digest(self._key("backup"), salt, "sha256")[:16]

    def tag(self) -> str:
        """Return a short name of the installation for its files: equal for equal secrets."""
        return self.mark(b"tag")[:3].hex()


def read_secret(settings: Settings) -> Secret:
    """Return the secret of the environment, or the data folder's, making it if there is none yet.

    Raises ``SettingsError`` if the folder's is not whole: with an empty key anybody could make our codes.
    """
    if settings.secret is not None:
        return Secret(settings.secret.get_secret_value().encode())
    settings.data.mkdir(parents=True, exist_ok=True)
    path = settings.data / "secret"
    if not path.exists():
        _make(path)
    kept = path.read_bytes()
    if len(kept.strip()) < SHORTEST:
        raise SettingsError([f"ZVONOK_DATA: файл {path} с секретом установки повреждён. Верните его из копии."])
    return Secret(kept)


def _make(path: Path) -> None:
    """Make the file whole or not at all: two processes may start at once, and one of them must win."""
    with NamedTemporaryFile(dir=path.parent, prefix="secret-") as draft:
        draft.write(secrets.token_hex(32).encode())
        draft.flush()
        os.fsync(draft.fileno())
        with suppress(FileExistsError):
            os.link(draft.name, path)
