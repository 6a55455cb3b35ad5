"""Prepares ``.venv``: exactly the packages of ``requirements.lock``, and Zvonok itself, editable.

Started by ``bootstrap.sh`` with any Python 3.12 or newer; uses the standard library alone. Does nothing when
``.venv`` already answers to the lock, to ``pyproject.toml``, to this folder and to the interpreter asked for.
Two at once are safe: the second waits. Quiet unless a step fails; then what the step said, one line of ours, code 1.
"""

import fcntl
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
UV = VENV / "bin" / "uv"
STAMP = VENV / ".zvonok-ready"
LOCK = ROOT / "requirements.lock"
UV_LOCK = ROOT / "scripts" / "uv.txt"
"""uv itself, one version with its hashes: the only package that pip brings."""

OUR_PACKAGES = ("bot", "core", "gateway", "migrations", "notifiers", "scripts", "texts", "web", "zvonok")
"""All that a command of ours imports."""

PIP_SETTINGS = {"index-url": "UV_DEFAULT_INDEX", "cert": "SSL_CERT_FILE"}
"""Settings of pip that uv does not read, and the variables by which it can be told the same."""


class StepFailedError(Exception):
    """A step ended with an error; the message is what the step printed and one line of ours."""


def say(text: str) -> None:
    """Tell the person at the terminal; standard output belongs to the command that follows."""
    print(f"zvonok: {text}", file=sys.stderr, flush=True)


def fingerprint() -> str:
    """All that ``.venv`` was made from; another value means that it must be made again or synced."""
    sources = [path.read_bytes() for path in (LOCK, ROOT / "pyproject.toml", UV_LOCK, Path(__file__))]
    place = f"{ROOT} {sys.version_info.major}.{sys.version_info.minor}".encode()
    return hashlib.sha256(b"\0".join([*sources, place])).hexdigest()


def ready() -> bool:
    """Whether ``.venv`` stands and was made from what lies here now."""
    present = STAMP.exists() and PYTHON.exists() and (VENV / "bin" / "zvonok").exists()
    return present and STAMP.read_text(encoding="utf-8") == fingerprint()


@contextmanager
def alone() -> Iterator[None]:
    """Hold the packages' lock file, so that two runs do not write into one ``.venv``; wait while another holds it."""
    with LOCK.open("rb") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("окружение готовит другой запуск, жду / another run is preparing .venv, waiting")
            fcntl.flock(held, fcntl.LOCK_EX)
        yield


def run(step: str, command: Sequence[str | Path], env: Mapping[str, str] | None = None) -> str:
    """Run one step in silence and return what it printed; raise ``StepFailedError`` with all it said if it fails."""
    # Not from our folder: there uv reads `exclude-newer`, which hides all that a registry without dates has to offer.
    words = [str(part) for part in command]
    done = subprocess.run(words, cwd=ROOT.anchor, env=env, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        message = f"{done.stdout}{done.stderr}\nzvonok: не удалось: {step} / failed, see above"
        raise StepFailedError(message)
    return done.stdout


def sound() -> bool:
    """Whether there is a ``.venv`` with pip, of the running Python's version, made for this very folder."""
    probe = "import pip, sys; print(*sys.version_info[:2])"
    try:
        version = run("python", [PYTHON, "-I", "-c", probe]).split()
        script = (VENV / "bin" / "activate").read_text(encoding="utf-8")
    except (StepFailedError, OSError):
        return False
    return version == [str(part) for part in sys.version_info[:2]] and str(VENV) in script


def refuse_a_link() -> None:
    """Raise ``StepFailedError`` where ``.venv`` is a link: what others work with would be cleared through it."""
    if VENV.is_symlink():
        message = "zvonok: .venv здесь – ссылка на чужую папку. Уберите её (rm .venv) и повторите. / "
        raise StepFailedError(f"{message}.venv is a link to a folder of others: remove it and try again")


def create() -> None:
    """Make an empty ``.venv`` in place of whatever stood there, by the interpreter beneath the one that runs this."""
    base = Path(sys.base_prefix, "bin", f"python{sys.version_info.major}.{sys.version_info.minor}")
    run("создать .venv", [base if base.exists() else sys.executable, "-I", "-m", "venv", "--clear", VENV])


def pip_environment() -> dict[str, str]:
    """Make the environment for pip: what the machine says, less what would send packages out of ``.venv``."""
    return {**os.environ, "PIP_USER": "0", "PIP_NO_INPUT": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}


def uv_environment() -> dict[str, str]:
    """Make the environment for uv: never downloads a Python, and asks the registry that pip is set up for."""
    env = {**os.environ, "UV_PYTHON_DOWNLOADS": "never", "UV_NO_PROGRESS": "1"}
    listed = run("pip config", [PYTHON, "-m", "pip", "config", "list"], pip_environment()).splitlines()
    for name, variable in PIP_SETTINGS.items():
        told = [line.split("=", 1)[1].strip("'\"") for line in listed if line.partition("=")[0].endswith(f".{name}")]
        if told:
            env.setdefault(variable, told[-1])
    if not os.access(Path.home(), os.W_OK):
        env.setdefault("UV_NO_CACHE", "1")  # a service's user often has no home folder
    return env


def install() -> None:
    """Bring ``.venv`` to the lock: uv by pip, the packages by uv, ourselves editable. Each is checked by its hash."""
    if not sound():
        create()
    pip: list[str | Path] = [PYTHON, "-m", "pip", "install", "--require-hashes", "--no-deps", "-r", UV_LOCK]
    run("установить uv", pip, pip_environment())
    env = uv_environment()
    sync: list[str | Path] = [UV, "pip", "sync", "--python", PYTHON, "--compile-bytecode", "--require-hashes", LOCK]
    run("установить зависимости", sync, env)
    run("установить zvonok", [UV, "pip", "install", "--python", PYTHON, "--no-deps", "--editable", ROOT], env)
    # A machine may forbid Python to keep bytecode (images often do); then every process start would compile everything
    # anew, seconds of it. So it is made once, here.
    run("подготовить программу", [PYTHON, "-m", "compileall", "-q", *(ROOT / name for name in OUR_PACKAGES)])


def main() -> int:
    """Prepare ``.venv`` if it is not ready; return the exit code."""
    if ready():
        return 0
    try:
        with alone():
            if not ready():
                refuse_a_link()
                say("готовлю окружение .venv, около минуты / preparing .venv, about a minute")
                STAMP.unlink(missing_ok=True)
                install()
                STAMP.write_text(fingerprint(), encoding="utf-8")
    except StepFailedError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
