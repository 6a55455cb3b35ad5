#!/bin/sh
# Finds Python 3.12 or newer and lets it prepare .venv (scripts/bootstrap.py does the rest).
#
# Needs nothing but a POSIX shell. PYTHON=/path/to/python names the interpreter to use; without it the search goes
# over the present .venv, PATH, pyenv and uv, and never downloads a Python. If none will do, one line says what is
# missing, in Russian and in English, and the exit code is 1.
set -eu
CDPATH='' cd -- "$(dirname -- "$0")/.."

# 0: will do; 3: older than 3.12; 4: has no venv or ensurepip (Debian without python3-venv); other: does not run.
try() {
    "$1" -c 'import sys
if sys.version_info < (3, 12): sys.exit(3)
try: import ensurepip, venv
except ImportError: sys.exit(4)' >/dev/null 2>&1
}

fail() {
    echo "zvonok: $1" >&2
    exit 1
}

prepare() {
    exec "$1" -I scripts/bootstrap.py
}

if [ -n "${PYTHON:-}" ]; then
    try "$PYTHON" && prepare "$PYTHON"
    fail "PYTHON=$PYTHON не подходит: нужен Python 3.12 или новее с модулем venv / is not a Python 3.12+ with venv."
fi

# The interpreter of a .venv that stands already, whichever way it was made.
try .venv/bin/python && prepare .venv/bin/python

lame=''
for python in python3.13 python3.12 python3 python3.14 python; do
    found=$(command -v "$python" 2>/dev/null) || continue
    code=0
    try "$found" || code=$?
    [ "$code" -eq 0 ] && prepare "$found"
    if [ "$code" -eq 4 ] && [ -z "$lame" ]; then lame=$found; fi
done

for python in "${PYENV_ROOT:-${HOME:-}/.pyenv}"/versions/3.1[3249]*/bin/python3 \
    "${UV_PYTHON_INSTALL_DIR:-${XDG_DATA_HOME:-${HOME:-}/.local/share}/uv/python}"/cpython-3.1[3249]*/bin/python3; do
    if [ -x "$python" ] && try "$python"; then prepare "$python"; fi
done

if [ -n "$lame" ]; then
    fail "у $lame нет модуля venv: установите пакет python3-venv / has no venv module: install python3-venv."
fi
fail "нужен Python 3.12 или новее; если он есть, укажите: make … PYTHON=/путь/python3 / no Python 3.12+ was found; if you have one, say make … PYTHON=/path/python3."
