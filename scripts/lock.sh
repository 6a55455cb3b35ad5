#!/bin/sh
# Resolves pyproject.toml into requirements.lock and scripts/uv.txt: hashes, markers for every platform, no addresses.
# The lowest Python is named, so that the lock is the same whichever Python made it.
set -eu
CDPATH='' cd -- "$(dirname -- "$0")/.."

compile() {
    .venv/bin/uv pip compile --quiet --universal --python-version 3.12 --generate-hashes --no-emit-index-url --no-header "$@"
}

compile pyproject.toml --extra dev -o requirements.lock
compile --no-annotate -o scripts/uv.txt scripts/uv.in
if grep -n '://' requirements.lock scripts/uv.txt; then
    echo "make lock: an address stands in the lock (above); the lock must name no host" >&2
    exit 1
fi
echo "requirements.lock: $(grep -c '^[a-z0-9]' requirements.lock) packages"
