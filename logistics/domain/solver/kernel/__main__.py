"""Makes machine code at set-up: says how long it took, and prints the file that is there then.

Then removes machine code of other sources that nobody has used for a week.
"""

import re
import shutil
import sys
import time
from pathlib import Path
from typing import Final

from logistics.domain.solver.kernel.compiling import cache_folder
from logistics.domain.solver.kernel.warming import DONE, warm

UNUSED_S: Final = 7 * 24 * 60 * 60
"""Other checkouts and running processes may keep their machine code beside ours."""

STATE: Final = re.compile(r"[0-9a-f]{16}")
MADE: Final = re.compile(r"kernel_[0-9a-f]{40}")
"""How Numba names the folder in which it puts what it made of this package."""


def main() -> None:
    began_s = time.monotonic()
    warm()
    print(f"Machine code is there after {time.monotonic() - began_s:.0f} s.", file=sys.stderr)
    remove_unused(cache_folder())
    print(cache_folder() / DONE)


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
    """Whether nothing lies there but what this package and Numba put there."""
    if folder.is_symlink() or not folder.is_dir():
        return False
    return all(one.name == DONE or MADE.fullmatch(one.name) for one in folder.iterdir())


def _used_at_s(folder: Path) -> float:
    """When it was last loaded, which renews the file that says it is complete, or added to."""
    return max(one.lstat().st_mtime for one in (folder, *folder.rglob("*")))


if __name__ == "__main__":
    main()
