"""Names of settings that nobody reads: a misspelt name is silence, since unknown variables are not refused."""

from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher, get_close_matches
from pathlib import Path

from pydantic_settings import DotEnvSettingsSource

from zvonok.doctor.findings import Finding, Grade, warning
from zvonok.settings import Settings

PREFIX = "ZVONOK_"
ALIKE = 0.7
"""Likeness (0…1) of a name's first word to ours from which it is taken for a slip of the pen."""
ENV_FILE = Path(".env")


def known_names() -> frozenset[str]:
    """Return every name that is read."""
    return frozenset(f"{PREFIX}{name.upper()}" for name in Settings.model_fields)


def misspelt(environment: Iterable[str], env_file: Path = ENV_FILE) -> list[Finding]:
    """Find names like ours that nothing reads, with the nearest right one; values are not looked at."""
    known = known_names()
    found = [_finding(name, "environment", known) for name in _strange(environment, known)]
    filed = _names(env_file)
    found += [_finding(name, "file", known) for name in _strange(filed, known)]
    bare = sorted(name for name in filed if f"{PREFIX}{name.upper()}" in known)
    return [*found, *(warning("name-bare", name=name, file=env_file.name, right=f"{PREFIX}{name}") for name in bare)]


def _names(env_file: Path) -> frozenset[str]:
    """Read the file's names; a file that is no text is the settings' own complaint."""
    try:
        source = DotEnvSettingsSource(Settings, env_file, env_file_encoding="utf-8-sig", case_sensitive=True)
    except (OSError, UnicodeDecodeError):
        return frozenset()
    return frozenset(source.env_vars)


def _strange(names: Iterable[str], known: frozenset[str]) -> Iterator[str]:
    for name in sorted(set(names)):
        first, underscore, _ = name.upper().partition("_")
        if underscore and name.upper() not in known and _is_like_ours(first):
            yield name


def _is_like_ours(word: str) -> bool:
    return SequenceMatcher(None, word, PREFIX.rstrip("_")).ratio() >= ALIKE


def _finding(name: str, where: str, known: frozenset[str]) -> Finding:
    # The stems are compared: the common beginning would make every name like every other.
    stems = [one.removeprefix(PREFIX) for one in sorted(known)]
    near = get_close_matches(name.upper().partition("_")[2], stems, n=1, cutoff=ALIKE)
    place = {"name": name, "where": where}
    if near:
        return Finding(Grade.SETTINGS, "name-misspelt", place | {"right": f"{PREFIX}{near[0]}"})
    return Finding(Grade.SETTINGS, "name-unknown", place)
