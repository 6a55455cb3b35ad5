"""Where an installation's data lie. Known before anything else is read, and without any library that takes long."""

from pathlib import Path

from pydantic_settings import BaseSettings, SettingsConfigDict


class _Folder(BaseSettings):
    """The data folder alone, whatever the other settings hold."""

    model_config = SettingsConfigDict(env_prefix="ZVONOK_", env_file=".env", extra="ignore")
    data: Path = Path("var")


def data_folder() -> Path:
    """Return the data folder without reading anything else: a demonstration must not trip over real settings."""
    return _Folder().data
