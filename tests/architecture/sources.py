"""The project's own source files, as the architecture tests see them."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("backend", "matching", "logistics", "notifications")
TOP_LEVEL = {*PACKAGES, "benchmarks", "tests"}
Function = ast.FunctionDef | ast.AsyncFunctionDef


class Source(NamedTuple):
    """A Python file with its path from the root of the project."""

    path: Path
    text: str

    @property
    def tree(self) -> ast.Module:
        return _parsed(self.text)

    def functions(self) -> Iterator[Function]:
        for node in ast.walk(self.tree):
            if isinstance(node, Function):
                yield node


@cache
def _parsed(text: str) -> ast.Module:
    return ast.parse(text)


@cache
def files() -> tuple[Path, ...]:
    """Everything that belongs to the project, committed or about to be, from its root."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],  # noqa: S607
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    return tuple(sorted(Path(name) for name in set(listed) if (ROOT / name).is_file()))


@cache
def sources() -> tuple[Source, ...]:
    """Every hand-written Python file, tests included."""
    return tuple(
        Source(path, (ROOT / path).read_text())
        for path in files()
        if path.suffix == ".py" and "migrations" not in path.parts
    )


def product() -> Iterator[Source]:
    """Hand-written Python files of the product itself."""
    return (source for source in sources() if source.path.parts[0] in PACKAGES)
