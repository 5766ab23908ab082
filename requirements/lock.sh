#!/bin/sh
# Compiles each requirements/*.in into its lock file, for every platform from Python 3.11 on, with hashes and
# without the name of any package index.
set -eu

cd -- "$(dirname -- "$0")/.."
for name in tools base production dev benchmarks; do
    .tools/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
        --no-header --no-emit-index-url "$@" "requirements/$name.in" --output-file "requirements/$name.txt"
done
