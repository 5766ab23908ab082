"""`python -m benchmarks.routing` on tiny instances, and what it says to bad input."""

import json
from pathlib import Path

import pytest

from benchmarks.routing.__main__ import main
from benchmarks.routing.record import Status, read_runs, write_runs
from logistics.domain.instances import write_li_lim, write_sartori_buriol
from tests.benchmarks.tiny import EUCLIDEAN, GOOD, ROADS, a_run

Said = pytest.CaptureFixture[str]


@pytest.fixture
def instance(tmp_path: Path) -> Path:
    path = tmp_path / "tiny.txt"
    path.write_text(write_li_lim(EUCLIDEAN))
    return path


def refused(said: Said, *arguments: object) -> str:
    """The one line of a refusal."""
    assert main([str(argument) for argument in arguments]) == 2
    printed = said.readouterr()
    assert printed.out == ""
    (line,) = printed.err.splitlines()
    assert line.startswith("error: ")
    return line


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "nothing to do"),
        (["--instances", "missing.txt"], "missing.txt: no such file or folder"),
        (["--city", "missing/set"], "no such folder"),
        (["--verify", "missing.json"], "missing.json: cannot be read"),
        (["--instances", ".", "--peers", "gurobi"], "unknown: gurobi"),
        (["--instances", ".", "--seconds", "soon"], "number of seconds"),
        (["--instances", ".", "--seconds", "nan"], "number of seconds"),
        (["--instances", ".", "--every", "0"], "whole number from 1"),
        (["--instances", ".", "--objective", "fun"], "fun"),
        (["--fast"], "unrecognized"),
    ],
)
def test_bad_arguments_are_refused_in_one_line(
    arguments: list[str], says: str, capsys: Said
) -> None:
    assert says in refused(capsys, *arguments)


@pytest.mark.parametrize("text", ["", "hello\n", "2\t10\t1\n0\t0\n", "NAME: x\nCAPACITY: 5\n"])
def test_a_file_of_another_kind_is_refused_by_name(text: str, tmp_path: Path, capsys: Said) -> None:
    other = tmp_path / "other.txt"
    other.write_text(text)
    assert str(other) in refused(capsys, "--instances", other)


def test_a_file_that_only_seems_packed_is_refused(tmp_path: Path, capsys: Said) -> None:
    packed = tmp_path / "roads.txt.gz"
    packed.write_text(write_sartori_buriol(ROADS))
    assert "roads.txt.gz: not an instance" in refused(capsys, "--instances", packed)


def test_an_empty_folder_is_refused(tmp_path: Path, capsys: Said) -> None:
    assert "no .txt or .txt.gz" in refused(capsys, "--instances", tmp_path)


def test_a_best_known_file_of_another_kind_is_refused(instance: Path, capsys: Said) -> None:
    said = refused(capsys, "--instances", instance, "--best-known", instance)
    assert "columns instance, vehicles, distance" in said


@pytest.mark.parametrize("text", ["{}", "[1]", "no json", '[{"objective": "vehicles"}]'])
def test_a_file_of_runs_of_another_kind_is_refused(text: str, tmp_path: Path, capsys: Said) -> None:
    path = tmp_path / "runs.json"
    path.write_text(text)
    assert "runs.json: not a list of runs" in refused(capsys, "--verify", path)


def test_recorded_routes_verify_and_tampered_ones_do_not(
    instance: Path, tmp_path: Path, capsys: Said
) -> None:
    file = tmp_path / "runs.json"
    good = a_run(instance="tiny", path=str(instance), vehicles=2, cost=40.0, routes=GOOD)
    write_runs(file, [good])
    assert main(["--verify", str(file)]) == 0
    assert "1 plans verified, 0 not as recorded" in capsys.readouterr().out
    rows = json.loads(file.read_text())
    rows[0]["routes"] = [[1, 2]]
    file.write_text(json.dumps(rows))
    assert main(["--verify", str(file)]) == 1
    assert "left_out" in capsys.readouterr().out


def test_an_instance_that_is_not_among_those_given_is_refused(
    instance: Path, tmp_path: Path, capsys: Said
) -> None:
    file = tmp_path / "runs.json"
    write_runs(file, [a_run(instance="elsewhere", routes=GOOD)])
    assert "elsewhere: no such instance" in refused(
        capsys, "--verify", file, "--instances", instance
    )


@pytest.mark.solver
def test_our_solver_is_measured_verified_and_recorded(
    instance: Path, tmp_path: Path, capsys: Said
) -> None:
    file, known = tmp_path / "runs.json", tmp_path / "known.csv"
    known.write_text("instance,vehicles,distance\nTiny,1,31.70820393\n")
    arguments = ["--instances", instance, "--best-known", known, "--json", file]
    code = main([str(one) for one in (*arguments, "--seconds", "0.2", "--cores", "1")])
    said = capsys.readouterr()
    (run,) = read_runs(file)
    assert (code, run.status, run.vehicles) == (0, Status.OK, 1), said.err
    assert run.gap == pytest.approx(0, abs=1e-3)
    assert run.memory_mb
    assert "tiny" in said.out
    assert "1/1" in said.out
