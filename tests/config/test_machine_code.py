"""Both searches are compiled at set-up, once, and set-up never fails because of it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from backend.common.machine_code import DONE, copy_machine_code, remove_unused
from logistics.domain.solver.kernel import compiling, warming
from matching.domain.kernel import compiling as matching_compiling

ROOT = Path(__file__).resolve().parents[2]
KERNEL = Path("logistics/domain/solver/kernel")
KERNELS = (KERNEL, Path("matching/domain/kernel"))
FIGURES = Path("matching/domain/curve.py")
USE_WHAT_CAME = """
from logistics.domain.solver.kernel import compiling, warming
def there():
    return {path.name for path in compiling.FOLDER.rglob("*.n*")}
warming.bring()
came = there()
warming.warm()
assert came and there() == came, sorted(there() - came)
"""


def test_tests_run_on_machine_code() -> None:
    there = (matching_compiling.FOLDER / DONE).exists()
    assert there, "run `sh requirements/warm.sh`, as ./test does"
    assert warming.is_ready(), "run `sh requirements/warm.sh`, as ./test does"


def test_every_change_of_a_source_has_machine_code_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for source in compiling.HERE.glob("*.py"):
        shutil.copy(source, tmp_path)
    monkeypatch.setattr(compiling, "HERE", tmp_path)
    before = compiling.cache_folder()
    assert compiling.cache_folder() == before
    (tmp_path / "steps.py").write_text("")
    assert compiling.cache_folder() != before


def test_other_figures_of_need_have_machine_code_of_their_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = matching_compiling.cache_folder()
    figures = tmp_path / "curve.py"
    figures.write_text("")
    monkeypatch.setattr(matching_compiling, "FIGURES", figures)
    assert matching_compiling.cache_folder() != before


def test_machine_code_from_a_folder_that_cannot_be_written_is_used_elsewhere(
    tmp_path: Path,
) -> None:
    assert warming.is_ready()
    subprocess.run(
        [sys.executable, "-c", USE_WHAT_CAME],
        cwd=ROOT,
        env={"NUMBA_CACHE_DIR": str(tmp_path)},
        check=True,
        timeout=120,
    )


def test_what_says_that_all_is_there_is_not_copied(tmp_path: Path) -> None:
    made, used = tmp_path / "made", tmp_path / "used"
    made.mkdir()
    for name in ("step.nbi", DONE):
        (made / name).write_text(name)
    copy_machine_code(made, used)
    assert [path.name for path in used.iterdir()] == ["step.nbi"]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder as set-up finds it; what stands for Python there counts how often it is asked."""
    for folder in (*KERNELS, Path("requirements"), Path(".venv/bin")):
        (tmp_path / folder).mkdir(parents=True)
    for name in ("warm.sh", "base.txt"):
        shutil.copy(ROOT / "requirements" / name, tmp_path / "requirements")
    for source in (*(kernel / "steps.py" for kernel in KERNELS), FIGURES):
        (tmp_path / source).write_text("")
    python_is(tmp_path, "echo asked >>asked; touch $2; echo $PWD/$2")
    return tmp_path


def python_is(place: Path, script: str) -> None:
    python = place / ".venv/bin/python"
    python.write_text(f"#!/bin/sh\n{script}\n")
    python.chmod(0o755)


def set_up(place: Path) -> str:
    """What set-up says."""
    done = subprocess.run(
        ["/bin/sh", "requirements/warm.sh"], cwd=place, capture_output=True, text=True, check=True
    )
    assert done.stdout == ""
    return done.stderr


def times_asked(place: Path) -> int:
    return len((place / "asked").read_text().splitlines())


def test_set_up_makes_machine_code_once(place: Path) -> None:
    assert "half a minute" in set_up(place)
    assert set_up(place) == ""
    assert times_asked(place) == len(KERNELS)


@pytest.mark.parametrize(
    ("changed", "anew"),
    [
        *((kernel / "steps.py", 1) for kernel in KERNELS),
        (FIGURES, 1),
        (Path("requirements/base.txt"), 2),
    ],
)
def test_set_up_makes_it_anew_for_other_sources_and_another_numba(
    place: Path, changed: Path, anew: int
) -> None:
    set_up(place)
    with (place / changed).open("a") as file:
        file.write("numba==0.0\n")
    assert "half a minute" in set_up(place)
    assert times_asked(place) == len(KERNELS) + anew


def test_set_up_makes_it_anew_when_it_is_gone(place: Path) -> None:
    set_up(place)
    (place / "matching.domain.kernel").unlink()
    set_up(place)
    assert times_asked(place) == len(KERNELS) + 1


def test_set_up_goes_on_without_machine_code_and_says_so(place: Path) -> None:
    python_is(place, "echo no compiler >&2; exit 1")
    said = set_up(place)
    assert "no compiler" in said
    assert "OR-Tools" in said


def test_set_up_goes_on_when_it_cannot_note_that_it_is_done(place: Path) -> None:
    (place / ".venv/.machine-code-matching").mkdir()
    assert "next start looks again" in set_up(place)


WEEK_S = 7 * 24 * 60 * 60
MADE = f"kernel_{'4c' * 20}"


def machine_code(folder: Path, *, used_at_s: float) -> Path:
    """Made long ago, and last loaded at this time of the file system."""
    (folder / MADE).mkdir(parents=True)
    (folder / MADE / "steps.go-1.py311.nbi").write_text("")
    (folder / DONE).write_text("")
    for path in (*folder.rglob("*"), folder):
        os.utime(path, (0, 0))
    os.utime(folder / DONE, (0, used_at_s))
    return folder


@pytest.fixture
def current(tmp_path: Path) -> Path:
    """Machine code that was loaded just now, three weeks after the beginning of time."""
    return machine_code(tmp_path / "0123456789abcdef", used_at_s=3 * WEEK_S)


def test_machine_code_that_nobody_used_for_a_week_is_removed(
    current: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = machine_code(current.parent / "00000000000000ff", used_at_s=2 * WEEK_S)
    old = machine_code(current.parent / "fedcba9876543210", used_at_s=2 * WEEK_S - 1)
    remove_unused(current)
    assert sorted(current.parent.iterdir()) == sorted([current, other])
    assert str(old) in capsys.readouterr().err


def test_a_folder_that_machine_code_was_just_put_into_stays(current: Path) -> None:
    begun = machine_code(current.parent / "fedcba9876543210", used_at_s=0)
    os.utime(begun / MADE / "steps.go-1.py311.nbi", (0, 3 * WEEK_S))
    remove_unused(current)
    assert begun.exists()


def test_what_is_not_recognisably_machine_code_stays(current: Path) -> None:
    beside = current.parent
    names = "FEDCBA9876543210", "fedcba98765432100", "fedcba9876543210", "elsewhere"
    folders = [machine_code(beside / name, used_at_s=0) for name in names]
    (beside / "fedcba9876543210" / "thesis.txt").write_text("")
    for path in (beside / "fedcba9876543210" / "thesis.txt", beside / "fedcba9876543210"):
        os.utime(path, (0, 0))
    (beside / "0000000000000000").symlink_to(beside / "elsewhere")
    (beside / "1111111111111111").write_text("a file")
    os.utime(beside / "1111111111111111", (0, 0))
    remove_unused(current)
    assert all(folder.exists() for folder in folders)
    assert (beside / "0000000000000000").is_symlink()
    assert (beside / "1111111111111111").exists()


def test_set_up_goes_on_where_old_machine_code_cannot_be_removed(
    current: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    old = machine_code(current.parent / "fedcba9876543210", used_at_s=0)

    def refuse(folder: Path) -> None:
        raise PermissionError(13, "Permission denied", str(folder))

    monkeypatch.setattr(shutil, "rmtree", refuse)
    remove_unused(current)
    remove_unused(current.parent / "missing" / "0123456789abcdef")
    assert old.exists()
    assert capsys.readouterr().err.count("stays where it is") == 2
