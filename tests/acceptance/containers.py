"""Reads ``Dockerfile`` and ``docker-compose.yml`` and does with local processes what an engine does with containers.

The image is laid out in a folder by the very ``COPY`` lines; a service runs the very command with the very environment,
in which only addresses of services and the data folder are replaced by local ones.
"""

import compileall
import re
import shlex
import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml
from dockerfile_parse import DockerfileParser

ROOT = Path(__file__).parents[2]
NOTHING: Mapping[str, str] = MappingProxyType({})
_ASKED = re.compile(r"\$\{(?P<name>\w+)(?::\?(?P<complaint>[^}]*)|:-(?P<default>[^}]*))?\}")


@dataclass(frozen=True)
class Stage:
    """One stage of the Dockerfile: where it starts from, and its instructions in order."""

    image: str
    name: str
    steps: tuple[tuple[str, str], ...]

    def values(self, instruction: str) -> list[str]:
        return [value for name, value in self.steps if name == instruction]

    def copies(self) -> list[tuple[str, list[str], str]]:
        """``(stage or "", sources, target)`` of each COPY."""
        found = []
        for value in self.values("COPY"):
            words = shlex.split(value)
            origin = words.pop(0).removeprefix("--from=") if words[0].startswith("--from=") else ""
            found.append((origin, words[:-1], words[-1]))
        return found


def stages() -> list[Stage]:
    """Read the Dockerfile."""
    parser = DockerfileParser(path=str(ROOT / "Dockerfile"))
    found: list[tuple[str, str, list[tuple[str, str]]]] = []
    for step in parser.structure:
        if step["instruction"] == "FROM":
            image, _, name = step["value"].partition(" AS ")
            found.append((image, name, []))
        elif step["instruction"] != "COMMENT":
            found[-1][2].append((step["instruction"], step["value"]))
    return [Stage(image, name, tuple(steps)) for image, name, steps in found]


def image_environment(stage: Stage) -> dict[str, str]:
    """Return what the stage's ENV lines set."""
    return dict(word.split("=", 1) for value in stage.values("ENV") for word in shlex.split(value))


def lay_out(folder: Path) -> Path:
    """Do the COPY lines under ``folder`` and return the root of the last stage; of RUN, only compiling."""
    roots: dict[str, Path] = {}
    here = folder
    for number, stage in enumerate(stages()):
        here = roots[stage.name] = folder / f"{number}-{stage.name or 'result'}"
        for origin, sources, target in stage.copies():
            base = roots[origin] if origin else ROOT
            for source in sources:
                _copy(base / source.lstrip("/"), here, target, stage)
    compileall.compile_dir(here / "opt/zvonok/app", quiet=2)  # the one RUN line that processes feel: they write none
    return here


def _copy(source: Path, root: Path, target: str, stage: Stage) -> None:
    into = root / (target if target.startswith("/") else f"{stage.values('WORKDIR')[0]}/{target}").lstrip("/")
    if source.is_dir():
        shutil.copytree(source, into, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__", ".env"))
        return
    place = into / source.name if target.endswith("/") else into
    place.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(source, place)


def compose() -> dict[str, Any]:
    """Read the compose file, its anchors resolved."""
    read: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    return read


def asked_for(text: str) -> set[str]:
    """Return the variables that stand in a text as ``${NAME…}``."""
    return {match["name"] for match in _ASKED.finditer(text)}


def filled(text: str, env: Mapping[str, str]) -> str:
    """Fill ``${NAME:?complaint}`` and ``${NAME:-default}`` in; ``LookupError`` with the complaint."""

    def value(match: re.Match[str]) -> str:
        if env.get(match["name"]):
            return env[match["name"]]
        if match["default"] is None:
            raise LookupError(match["complaint"] or match["name"])
        return match["default"]

    return _ASKED.sub(value, text)


@dataclass(frozen=True)
class Engine:
    """An engine of local processes."""

    image: Path
    env_file: Mapping[str, str]
    """What ``.env`` beside the compose file says."""
    here: Mapping[str, str]
    """Addresses, ports and folders inside containers → those of this machine."""
    names: Mapping[str, str]
    """Names of services, where settings name them."""
    services: Mapping[str, Any] = field(default_factory=lambda: compose()["services"])

    def environment(self, service: str) -> dict[str, str]:
        """Return the whole environment of a service's container: the image's, the file's, its own."""
        described = self.services[service]
        found = image_environment(stages()[-1])
        if "env_file" in described:
            found |= self.env_file
        own = {name: filled(str(value), self.env_file) for name, value in described.get("environment", {}).items()}
        return {name: self._local(value, self.names) for name, value in (found | own).items()}

    def words(self, service: str, *instead: str) -> list[str]:
        """Return the command line of a service; ``instead`` of its own command, as ``docker compose run`` gives it."""
        entry = yaml.safe_load(stages()[-1].values("ENTRYPOINT")[0])
        return self._words([*entry, *(instead or self.services[service]["command"])])

    def health(self, service: str) -> list[str]:
        """Return the command that asks a service for its health."""
        kind, *words = self.services[service]["healthcheck"]["test"]
        assert kind == "CMD", "without a shell"
        return self._words(words)

    def _words(self, words: Sequence[str]) -> list[str]:
        assert words[0] == "python"
        return [sys.executable, *(self._local(str(word)) for word in words[1:])]

    def _local(self, text: str, also: Mapping[str, str] = NOTHING) -> str:
        """Replace in one pass: what was put in is not looked at again."""
        local = {"/opt/zvonok": f"{self.image}/opt/zvonok", **self.here, **also}
        longest_first = sorted(local, key=len, reverse=True)
        return re.sub("|".join(map(re.escape, longest_first)), lambda match: local[match[0]], text)
