"""How the functions of matching are compiled: without the interpreter's lock, and kept on disk.

Without Numba they are plain functions: the same answers, more slowly.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, TypeVar

import numpy as np

from backend.common.machine_code import code_folder, is_ours

try:
    import numba
    from llvmlite import binding
except ImportError:
    IS_AVAILABLE = False
else:
    IS_AVAILABLE = True
    compiler: Any = numba

F = TypeVar("F", bound=Callable[..., Any])

HERE: Final = Path(__file__).parent
FIGURES: Final = HERE.parent / "curve.py"
"""Its figures are compiled into functions here."""


def cache_folder() -> Path:
    """Where machine code is kept: a folder for exactly these sources, compiler and processor."""
    state = (*_compiler(), FIGURES.read_text(encoding="utf-8"))
    return code_folder(HERE, state=state, name="matching")


def _compiler() -> tuple[str, str]:
    if not IS_AVAILABLE:
        return "", ""
    return compiler.__version__, compiler.config.CPU_NAME or binding.get_host_cpu_name()


FOLDER: Final = cache_folder() if IS_AVAILABLE else HERE
CACHED: Final = IS_AVAILABLE and is_ours(FOLDER)


@contextmanager
def _our_folder() -> Iterator[None]:
    """Numba has one setting for all; other packages keep their machine code elsewhere."""
    before = compiler.config.CACHE_DIR
    compiler.config.CACHE_DIR = str(FOLDER)
    try:
        yield
    finally:
        compiler.config.CACHE_DIR = before


def _machine(function: F, **more: Any) -> F:
    if not IS_AVAILABLE:
        return function
    with _our_folder():
        machine: F = compiler.njit(cache=CACHED, nogil=True, error_model="numpy", **more)(function)
    return machine


def entry(function: F) -> F:
    """Compile a function that Python calls; the same function to a type checker.

    Machine code says nothing when a number overflows, as those of chance are meant to; nor does
    plain code.
    """
    return _machine(function) if IS_AVAILABLE else np.errstate(all="ignore")(function)


def compiled(function: F) -> F:
    """Compile a function that only compiled functions call: it needs no way in from Python.

    Calling one from Python all the same ends the process.
    """
    return _machine(function, no_cpython_wrapper=True, no_cfunc_wrapper=True)
