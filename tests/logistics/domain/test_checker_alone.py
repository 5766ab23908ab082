"""The checker stands on the problem and the plan alone, so that no solver's mistake reaches it."""

import subprocess
import sys

DATA = {"checker", "checker_reasons", "checker_route", "invalid", "matrix", "problem", "solution"}
TELL = "import sys, logistics.domain.checker; print(*sys.modules)"


def test_the_checker_loads_only_itself_and_the_data_classes() -> None:
    """Counts what imports bring along, also from modules written after this test."""
    told = subprocess.run([sys.executable, "-c", TELL], capture_output=True, text=True, check=True)
    loaded = {tuple(name.split(".")) for name in told.stdout.split()}
    ours = {name[2] for name in loaded if name[:2] == ("logistics", "domain") and len(name) > 2}
    assert ours == DATA
    assert not {name[0] for name in loaded} & {"numpy", "numba", "ortools", "django"}
