"""Programs that some tests need and that no wheel carries: the Debian packages that bring them.

A test names its need: ``@pytest.mark.debian("postgresql-15", "/usr/lib/postgresql/15/bin/postgres")``, the package and
a program of it (a path, or a name on PATH). ``make test`` calls this before the tests: as root it installs what is
missing, otherwise it says what would be skipped. What then is still missing, ``tests/plugins/strict_ci.py`` skips.
"""

import ast
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent / "tests"
APT = ("-y", "-qq", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=120")


@dataclass(frozen=True, slots=True, order=True)
class Need:
    """A Debian package, and the program by which its presence is known."""

    package: str
    program: str

    @property
    def missing(self) -> bool:
        """Whether the program cannot be found."""
        return shutil.which(self.program) is None


def needs(folder: Path = TESTS) -> set[Need]:
    """Return what the marks in the test files name; read, not imported, since imports may need the very packages."""
    files = folder.rglob("test_*.py")
    return {need for file in files for need in _marked(ast.parse(file.read_text(encoding="utf-8")))}


def _marked(tree: ast.AST) -> Iterator[Need]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.debian":
            package, program = (ast.literal_eval(argument) for argument in node.args)
            yield Need(package, program)


def install(packages: Iterable[str]) -> bool:
    """Install the packages by apt-get; refresh its lists only if they do not know the packages. True if it worked."""
    command = ["apt-get", "install", *APT, *packages]
    return _quiet(command) or (_quiet(["apt-get", "update", "-qq"]) and _quiet(command))


def _quiet(command: list[str]) -> bool:
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    return subprocess.run(command, env=env, capture_output=True, check=False).returncode == 0


def main() -> int:
    """Bring the missing packages, or say in one line that their tests will be skipped; the exit code is always 0."""
    packages = sorted({need.package for need in needs() if need.missing})
    if not packages:
        return 0
    able = os.geteuid() == 0 and shutil.which("apt-get") is not None
    if not (able and install(packages)):
        names = " ".join(packages)
        print(f"make test: tests that need Debian packages will be skipped: apt-get install {names}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
