"""How the kernel's functions are compiled: without the interpreter's lock, and kept on disk."""

import hashlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeVar

import numba

F = TypeVar("F", bound=Callable[..., Any])

OPTIONS: Final = {"cache": True, "nogil": True, "error_model": "numpy", "_nrt": False}
HERE: Final = Path(__file__).parent
njit: Final[Any] = numba.njit
"""Untyped, because its stubs lack options that it has."""


def cache_folder() -> Path:
    """Where machine code is kept: a folder for exactly these sources.

    Numba renews a function when its own file changes, but not when a function it calls does. Beside
    the sources where that can be written, else among temporary files; NUMBA_CACHE_DIR overrides.
    """
    sources = b"".join(path.read_bytes() for path in sorted(HERE.glob("*.py")))
    chosen = os.environ.get("NUMBA_CACHE_DIR")
    beside = HERE / "__pycache__"
    folder = Path(chosen) if chosen else beside
    if not chosen and not os.access(beside if beside.exists() else HERE, os.W_OK):
        folder = Path(tempfile.gettempdir()) / f"foodrelay-kernel-{os.getuid()}"
    return folder / hashlib.sha256(sources).hexdigest()[:16]


setattr(numba.config, "CACHE_DIR", str(cache_folder()))  # noqa: B010 - its stubs lack it


def entry(function: F) -> F:
    """Compile a function that Python calls; the same function to a type checker."""
    machine: F = njit(**OPTIONS)(function)
    return machine


def compiled(function: F) -> F:
    """Compile a function that only compiled functions call: it needs no way in from Python."""
    machine: F = njit(no_cpython_wrapper=True, no_cfunc_wrapper=True, **OPTIONS)(function)
    return machine
