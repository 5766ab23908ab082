"""How the kernel's functions are compiled: without the interpreter's lock, and kept on disk.

Without Numba they are plain functions, too slow to plan with.
"""

import hashlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeVar

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


def cache_folder() -> Path:
    """Where machine code is kept: a folder for exactly these sources, this compiler and processor.

    Numba renews a function when its own file changes, but not when a function it calls does. Beside
    the sources where that can be written, else among temporary files; NUMBA_CACHE_DIR overrides.
    """
    chosen = os.environ.get("NUMBA_CACHE_DIR")
    beside = HERE / "__pycache__"
    folder = Path(chosen) if chosen else beside
    if not chosen and not os.access(beside if beside.exists() else HERE, os.W_OK):
        folder = Path(tempfile.gettempdir()) / f"foodrelay-kernel-{os.getuid()}"
    state = [path.read_bytes() for path in sorted(HERE.glob("*.py"))]
    state += [part.encode() for part in (str(HERE), *_compiler())]
    return folder / hashlib.sha256(b"\0".join(state)).hexdigest()[:16]


def _compiler() -> tuple[str, str]:
    if not IS_AVAILABLE:
        return "", ""
    return compiler.__version__, compiler.config.CPU_NAME or binding.get_host_cpu_name()


def is_ours(folder: Path) -> bool:
    """Make the folder if need be; whether it can be trusted.

    Numba runs what lies there, so among temporary files a folder of somebody else is not used.
    """
    try:
        folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError:
        return False
    if Path(tempfile.gettempdir()) not in folder.parents:
        return os.access(folder, os.W_OK)
    return folder.stat().st_uid == folder.parent.stat().st_uid == os.getuid()


def _options() -> dict[str, Any]:
    folder = cache_folder()
    compiler.config.CACHE_DIR = str(folder)
    return {"cache": is_ours(folder), "nogil": True, "error_model": "numpy", "_nrt": False}


OPTIONS: Final = _options() if IS_AVAILABLE else {}


def _machine(function: F, **more: Any) -> F:
    if not IS_AVAILABLE:
        return function
    machine: F = compiler.njit(**OPTIONS, **more)(function)
    return machine


def entry(function: F) -> F:
    """Compile a function that Python calls; the same function to a type checker."""
    return _machine(function)


def compiled(function: F) -> F:
    """Compile a function that only compiled functions call: it needs no way in from Python."""
    return _machine(function, no_cpython_wrapper=True, no_cfunc_wrapper=True)
