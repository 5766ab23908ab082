#!/bin/sh
# Makes the machine code of the solvers, once for each state of their sources, of Numba and of this machine.
#
# Never stops a start: without machine code routes are planned with OR-Tools alone, and matching is slower,
# until they have made their own.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)

say() { printf '%s\n' "$*" >&2; }

# What machine code of these sources depends on, a line in all. It knows its folder and kind of processor.
state() {
    {
        cat "$@"
        grep -E '^(numba|llvmlite|numpy)==' requirements/base.txt
        grep -m 2 -E '^(model name|flags|Features)' /proc/cpuinfo 2>/dev/null || uname -m
        printf '%s\n' "$here" "${NUMBA_CACHE_DIR:-}" "${NUMBA_CPU_NAME:-}"
        readlink .venv/bin/python || :
    } | sha256sum | cut -c1-64
}

# Of the sources in a folder, which are the search for something, and of those named last. The stamp holds
# the state and, below it, the file that is there as long as the machine code is.
warm() {
    folder=$1 search=$2 stamp=$here/.venv/.machine-code-$3 otherwise=$4
    shift 4
    state=$(cd -- "$here" && state "$folder"/*.py "$@")
    if [ -f "$stamp" ]; then
        { read -r known && read -r complete; } <"$stamp" || known='' complete=''
        if [ "$known" = "$state" ] && [ -f "$complete" ]; then
            return 0
        fi
    fi
    say "Making the machine code of $search (once, about half a minute) ..."
    if complete=$(cd -- "$here" && .venv/bin/python -m "$(printf %s "$folder" | tr / .)") && [ -f "$complete" ]; then
        printf '%s\n' "$state" "$complete" 2>/dev/null >"$stamp" || say "Cannot write $stamp; the next start looks again."
    else
        say "That did not work, see above. $otherwise"
    fi
}

warm logistics/domain/solver/kernel "the routing search" routing \
    "Routes are planned all the same, with OR-Tools alone." &
warm matching/domain/kernel "the matching search" matching \
    "Food is matched all the same; the first round makes it, or is slower." matching/domain/curve.py
wait
