"""Where compiled functions keep their machine code, and whether what lies there may be run."""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path


def code_folder(sources: Path, *, state: Sequence[str], name: str) -> Path:
    """A folder for exactly the sources in that folder and this state (compiler, processor).

    Beside the sources where that can be written, else among temporary files; NUMBA_CACHE_DIR
    overrides. `name` tells the packages apart that have such folders.
    """
    chosen = os.environ.get("NUMBA_CACHE_DIR")
    beside = sources / "__pycache__"
    folder = Path(chosen) if chosen else beside
    if not chosen and not os.access(beside if beside.exists() else sources, os.W_OK):
        folder = Path(tempfile.gettempdir()) / f"foodrelay-{name}-{os.getuid()}"
    parts = [path.read_bytes() for path in sorted(sources.glob("*.py"))]
    parts += [part.encode() for part in (str(sources), *state)]
    return folder / hashlib.sha256(b"\0".join(parts)).hexdigest()[:16]


def is_ours(folder: Path) -> bool:
    """Make the folder if need be; whether it can be trusted.

    What lies there is run, so among temporary files a folder of somebody else is not used.
    """
    try:
        folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError:
        return False
    if Path(tempfile.gettempdir()) not in folder.parents:
        return os.access(folder, os.W_OK)
    return folder.stat().st_uid == folder.parent.stat().st_uid == os.getuid()


def copy_machine_code(made: Path, used: Path, *, left_out: str) -> None:
    """Copy file by file but for one, each at once whole: other processes may do the same."""
    ignored = shutil.ignore_patterns(left_out)
    shutil.copytree(made, used, ignore=ignored, copy_function=_put, dirs_exist_ok=True)


def _put(source: str, target: str) -> None:
    part = f"{target}.{os.getpid()}"
    shutil.copyfile(source, part)
    Path(part).replace(target)
