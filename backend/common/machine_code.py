"""Where compiled functions keep their machine code, who may run it, and how set-up makes it."""

import hashlib
import os
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

DONE: Final = "complete"
"""Name of the file that says all machine code lies beside it."""

UNUSED_S: Final = 7 * 24 * 60 * 60
"""Other checkouts and running processes may keep their machine code beside ours."""

STATE: Final = re.compile(r"[0-9a-f]{16}")
MADE: Final = re.compile(r"kernel_[0-9a-f]{40}")
"""How Numba names the folder in which it puts what it made of a package called kernel."""


def code_folder(sources: Path, *, state: Sequence[str], name: str) -> Path:
    """A folder for exactly the sources in that folder and this state (compiler, processor).

    Numba renews a function when its own file changes, but not when a function it calls does. Beside
    the sources where that can be written, else among temporary files; NUMBA_CACHE_DIR overrides.
    `name` tells the packages apart that have such folders.
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


def bring_machine_code(sources: Path, used: Path) -> None:
    """Copy what set-up made beside the sources, if that folder cannot be written.

    Numba uses only folders that it may write, and a container's image is read-only.
    """
    made = sources / "__pycache__" / used.name
    if made != used and (made / DONE).exists() and not (used / DONE).exists():
        copy_machine_code(made, used)


def copy_machine_code(made: Path, used: Path) -> None:
    """Copy file by file, each at once whole: other processes may do the same."""
    left_out = shutil.ignore_patterns(DONE)
    shutil.copytree(made, used, ignore=left_out, copy_function=_put, dirs_exist_ok=True)


def _put(source: str, target: str) -> None:
    part = f"{target}.{os.getpid()}"
    shutil.copyfile(source, part)
    Path(part).replace(target)


def set_up(warm: Callable[[], None], folder: Path) -> None:
    """Make machine code, say how long it took, and print the file that is there then.

    Then remove machine code of other sources that nobody has used for a week.
    """
    began_s = time.monotonic()
    warm()
    print(f"Machine code is there after {time.monotonic() - began_s:.0f} s.", file=sys.stderr)
    remove_unused(folder)
    print(folder / DONE)


def remove_unused(current: Path) -> None:
    """Remove folders beside the current one, last used a week before it; what cannot go stays."""
    try:
        for folder in _others(current):
            if _used_at_s(current) - _used_at_s(folder) > UNUSED_S:
                shutil.rmtree(folder)
                print(f"Removed machine code that was no longer used: {folder}", file=sys.stderr)
    except OSError as error:
        print(f"Old machine code stays where it is: {error}", file=sys.stderr)


def _others(current: Path) -> list[Path]:
    beside = (one for one in sorted(current.parent.iterdir()) if one != current)
    return [one for one in beside if STATE.fullmatch(one.name) and _is_machine_code(one)]


def _is_machine_code(folder: Path) -> bool:
    """Whether nothing lies there but what our packages and Numba put there."""
    if folder.is_symlink() or not folder.is_dir():
        return False
    return all(one.name == DONE or MADE.fullmatch(one.name) for one in folder.iterdir())


def _used_at_s(folder: Path) -> float:
    """When it was last loaded, which renews the file that says it is complete, or added to."""
    return max(one.lstat().st_mtime for one in (folder, *folder.rglob("*")))
