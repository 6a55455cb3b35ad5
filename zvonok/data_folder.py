"""Where an installation's data lie. Known before anything else is read, and without any library that takes long."""

from pathlib import Path

from pydantic_settings import BaseSettings, SettingsConfigDict

from zvonok.demo.alone import USUAL_HOME, home_of


class _Named(BaseSettings):
    """The data folder that the environment alone names."""

    model_config = SettingsConfigDict(env_prefix="ZVONOK_", extra="ignore")
    data: Path = USUAL_HOME


class _Folder(_Named):
    """The data folder alone, whatever the other settings hold."""

    model_config = SettingsConfigDict(env_prefix="ZVONOK_", env_file=".env", extra="ignore")


def data_folder() -> Path:
    """Return the data folder without reading anything else."""
    return _Folder().data


def demonstrations_folder() -> Path:
    """Return the folder in which demonstrations lie: what ``.env`` says is a school's, and a school's data get deleted.

    A demonstration's own folder, named to look into it, is not a home for another one.
    """
    return home_of(_Named().data)
