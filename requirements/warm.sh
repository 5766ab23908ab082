#!/bin/sh
# Makes the machine code of the routing search, once for each state of its sources, of Numba and of this machine.
#
# Never stops a start: without machine code the planner works with OR-Tools alone until it has made its own.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
stamp=$here/.venv/.machine-code
sources=logistics/domain/solver/kernel

say() { printf '%s\n' "$*" >&2; }

# What machine code depends on, a line in all. Machine code knows its folder and its kind of processor.
state() {
    cd -- "$here"
    {
        cat "$sources"/*.py
        grep -E '^(numba|llvmlite|numpy)==' requirements/base.txt
        grep -m 2 -E '^(model name|flags|Features)' /proc/cpuinfo 2>/dev/null || uname -m
        printf '%s\n' "$here" "${NUMBA_CACHE_DIR:-}" "${NUMBA_CPU_NAME:-}"
        readlink .venv/bin/python || :
    } | sha256sum | cut -c1-64
}

# The stamp holds the state and, below it, the file that is there as long as the machine code is.
state=$(state)
if [ -f "$stamp" ]; then
    { read -r known && read -r complete; } <"$stamp" || known='' complete=''
    if [ "$known" = "$state" ] && [ -f "$complete" ]; then
        exit 0
    fi
fi

say "Making the machine code of the routing search (once, about half a minute) ..."
if complete=$(cd -- "$here" && .venv/bin/python -m "$(printf %s "$sources" | tr / .)") && [ -f "$complete" ]; then
    printf '%s\n' "$state" "$complete" 2>/dev/null >"$stamp" || say "Cannot write $stamp; the next start looks again."
else
    say "That did not work, see above. Routes are planned all the same, with OR-Tools alone."
fi
