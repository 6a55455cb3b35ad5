"""Refuses a package registry's host anywhere in the tree: a clone must install from whatever registry its place has.

The hosts are read when the check runs, from the settings of this machine's clients (pip, uv, npm, apt) and from pip's
own defaults, so that this file names none. Searched: every file that git tracks or would add.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from pip._internal.models.index import PyPI, TestPyPI

ROOT = Path(__file__).resolve().parent.parent
VARIABLE = re.compile(r"index|registry|find_links", re.IGNORECASE)
URL = re.compile(r"https?://(?:[^@/\s\"']*@)?([^/:\s\"'\]]+)")
LOCAL = re.compile(r"localhost|127\.[\d.]+|\[?::1")
FILES = (
    "~/.config/uv/uv.toml",
    "/etc/uv/uv.toml",
    "~/.npmrc",
    "/etc/apt/sources.list",
    "/etc/apt/sources.list.d/*",
)


def hosts() -> set[str]:
    """Return the registry hosts that this machine's clients know."""
    told = [PyPI.url, TestPyPI.url, f"https://{PyPI.file_storage_domain}", f"https://{TestPyPI.file_storage_domain}"]
    told += [value for name, value in os.environ.items() if VARIABLE.search(name)]
    told += [_said(sys.executable, "-m", "pip", "config", "list"), _said("npm", "config", "get", "registry")]
    told += [_read(path) for pattern in FILES for path in _glob(pattern)]
    return hosts_in(told)


def hosts_in(settings: Iterable[str]) -> set[str]:
    """Return the hosts of all addresses in the texts; neither loopback nor an intranet's one-word names."""
    found = {host.lower().rstrip(".") for text in settings for host in URL.findall(text)}
    return {host for host in found if "." in host and not LOCAL.fullmatch(host)}


def _said(*command: str) -> str:
    """Return what the command prints; nothing if there is no such command here."""
    try:
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout
    except FileNotFoundError:
        return ""


def _glob(pattern: str) -> list[Path]:
    path = Path(pattern).expanduser()
    return [found for found in path.parent.glob(path.name) if found.is_file()]


def _read(path: Path) -> str:
    """Return the file's text without its comments; nothing if it is not ours to read."""
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except PermissionError:
        return ""
    return "\n".join(line for line in lines if not line.lstrip().startswith("#"))


def named(root: Path, forbidden: Iterable[str]) -> list[str]:
    """Return the lines of the tree at ``root`` that name a forbidden host; ``RuntimeError`` if git cannot search."""
    patterns = [argument for host in sorted(forbidden) for argument in ("-e", host)]
    search = ["git", "grep", "--untracked", "-nIiF", *patterns, "--", "."]
    done = subprocess.run(search, cwd=root, capture_output=True, text=True, check=False)
    if done.returncode > 1:
        raise RuntimeError(done.stderr.strip())
    return done.stdout.splitlines()


def main(root: Path = ROOT) -> int:
    """Print the lines under ``root`` that name a registry host; return 1 if there are any, or if git cannot search."""
    try:
        lines = named(root, hosts())
    except RuntimeError as error:
        print(f"registry hosts: cannot search the tree: {error}", file=sys.stderr)
        return 1
    for line in lines:
        print(f"registry host: {line[:160]}", file=sys.stderr)
    print(f"registry hosts: {len(lines)} found" if lines else "registry hosts: none in the tree")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
