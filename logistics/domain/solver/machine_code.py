"""Machine code that came with the sources, brought to where it can be used."""

import os
import shutil
from pathlib import Path

from logistics.domain.solver.kernel.compiling import HERE, cache_folder
from logistics.domain.solver.kernel.warming import DONE


def bring() -> None:
    """Copy what set-up made beside the sources, if that folder cannot be written.

    Numba uses only folders that it may write, and a container's image is read-only.
    """
    used = cache_folder()
    made = HERE / "__pycache__" / used.name
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
