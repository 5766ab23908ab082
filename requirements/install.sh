#!/bin/sh
# Brings .venv to the state of a lock file: sh requirements/install.sh base|dev
#
# Needs python3 (3.11 or newer) with pip; nothing is installed outside this folder, and nothing is done when
# the lock has not changed. `dev` contains `base`, so a folder prepared for development also runs.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
wanted=${1:?usage: install.sh base|dev}
venv=$here/.venv
stamp=$venv/.installed

say() { printf '%s\n' "$*" >&2; }

if [ "$wanted" = base ] && [ -f "$stamp" ] && grep -q '^dev ' "$stamp"; then
    wanted=dev
fi
lock=$here/requirements/$wanted.txt
state="$wanted $(sha256sum <"$lock" | cut -c1-64)"
if [ -x "$venv/bin/python" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$state" ]; then
    exit 0
fi

find_python() {
    for candidate in ${PYTHON:-} python3 python3.13 python3.12 python3.11; do
        if command -v "$candidate" >/dev/null 2>&1 &&
            "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$candidate"
            return
        fi
    done
    say "Python 3.11 or newer is needed (on Debian: apt install python3 python3-pip)."
    exit 1
}

# The installer does not read pip's settings; a mirror or certificate given to pip by environment holds for both.
follow_pip() {
    if [ -n "${PIP_INDEX_URL:-}" ]; then export UV_DEFAULT_INDEX="${UV_DEFAULT_INDEX:-$PIP_INDEX_URL}"; fi
    if [ -n "${PIP_FIND_LINKS:-}" ]; then export UV_FIND_LINKS="${UV_FIND_LINKS:-$PIP_FIND_LINKS}"; fi
    if [ -n "${PIP_CERT:-}" ]; then export SSL_CERT_FILE="${SSL_CERT_FILE:-$PIP_CERT}"; fi
    if [ ! -w "${HOME:-/nonexistent}" ]; then export UV_CACHE_DIR="$here/.tools/cache"; fi
    export UV_LINK_MODE="${UV_LINK_MODE:-copy}" UV_PYTHON_DOWNLOADS=never UV_NO_PROGRESS=1
}

with_uv() {
    uv=$here/.tools/bin/uv
    if [ ! -x "$uv" ]; then
        "$python" -m pip install --quiet --disable-pip-version-check --root-user-action=ignore \
            --target "$here/.tools" --require-hashes -r "$here/requirements/tools.txt" || return 1
    fi
    if [ ! -x "$venv/bin/python" ]; then
        rm -rf "$venv"
        "$uv" --quiet venv --python "$python" "$venv" || return 1
    fi
    "$uv" --quiet pip sync --python "$venv/bin/python" --require-hashes "$lock"
}

with_pip() {
    if [ ! -x "$venv/bin/python" ]; then
        "$python" -m venv --without-pip "$venv"
    fi
    "$python" -m pip --python "$venv/bin/python" install --quiet --disable-pip-version-check \
        --root-user-action=ignore --require-hashes -r "$lock"
}

python=$(find_python)
say "Installing what requirements/$wanted.txt lists into .venv (once) ..."
rm -f "$stamp"
follow_pip
if ! with_uv; then
    say "The quick way did not work; trying with pip alone (about a minute) ..."
    with_pip
fi
printf '%s\n' "$state" >"$stamp"
