"""From files to runs: selection, verification of answers, and files of runs."""

import gzip
import json
from pathlib import Path

import pytest

from benchmarks.command import BadInput
from benchmarks.routing.job import Answer, Job, answer_from_json, answer_to_json
from benchmarks.routing.measure import Settings, measured
from benchmarks.routing.processes import Outcome, side_by_side
from benchmarks.routing.record import Objective, Status, read_runs, write_runs
from benchmarks.routing.selection import BestKnown, Case, find_cases, read_best_known, without_row
from logistics.domain.instances import write_li_lim, write_sartori_buriol
from logistics.domain.problem import Task, TaskKind
from logistics.domain.wire import problem_to_json
from tests.benchmarks.tiny import EUCLIDEAN, ROADS, a_run

BOTH = (TaskKind.PICKUP, TaskKind.DELIVERY)
SETTINGS = Settings(methods=("ours",), seconds=1.0, seeds=1, cores=2, objective=Objective.VEHICLES)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two plain instances and a packed one of another set, beside a file of another kind."""
    for name in ("tiny_1", "Tiny_10", "tiny_2"):
        (tmp_path / f"{name}.txt").write_text(write_li_lim(EUCLIDEAN))
    packed = gzip.compress(write_sartori_buriol(ROADS).encode())
    (tmp_path / "roads.txt.gz").write_bytes(packed)
    (tmp_path / "notes.md").write_text("not an instance")
    return tmp_path


def an_answer(*orders: tuple[str, ...]) -> Answer:
    """Shipments after one another, a route for each tuple."""
    routes = [
        (str(number), [Task(one, kind) for one in order for kind in BOTH])
        for number, order in enumerate(orders, 1)
    ]
    return Answer(routes=routes, took=1.0, time_to_best=0.5, memory_mb=64.0, figures={"steps": 3})


def only_run(case: Case, *outcomes: Outcome, best: BestKnown | None = None) -> object:
    known = {case.instance.name.lower(): best} if best else {}
    (run,) = measured([case], known, SETTINGS, lambda job: list(outcomes))
    return run


def test_a_folder_gives_its_instances_by_set_size_and_number(folder: Path) -> None:
    cases = find_cases([folder])
    assert [case.instance.name for case in cases] == ["tiny_1", "tiny_2", "Tiny_10", "roads"]
    assert {(case.family, case.size) for case in cases} == {
        ("Li & Lim", 4),
        ("Sartori & Buriol", 4),
    }


def test_every_so_many_counts_within_a_set_and_size(folder: Path) -> None:
    assert [c.instance.name for c in find_cases([folder], every=2)] == [
        "tiny_1",
        "Tiny_10",
        "roads",
    ]


def test_sizes_select_and_none_left_is_refused(folder: Path) -> None:
    assert len(find_cases([folder], sizes=(4,))) == 4
    with pytest.raises(BadInput, match="sizes"):
        find_cases([folder], sizes=(100,))


def test_best_known_rows_are_found_in_any_case_and_the_better_file_wins(tmp_path: Path) -> None:
    first, second = tmp_path / "one.csv", tmp_path / "two.csv"
    first.write_text("instance,vehicles,distance,source\nTINY,3,10.5,me\nother,2,9,me\n")
    second.write_text("instance,vehicles,distance\ntiny,2,99.5\nother,2,10\n")
    known = read_best_known([first, second])
    assert known == {"tiny": BestKnown(2, 99.5), "other": BestKnown(2, 9.0)}
    case = Case(tmp_path / "Tiny.txt", EUCLIDEAN)
    assert without_row([case], known) == []
    assert without_row([case], {}) == ["tiny"]


def test_the_better_of_two_answers_counts_with_its_gap_and_memory() -> None:
    case = Case(Path("tiny.txt"), EUCLIDEAN)
    outcomes = [Outcome(an_answer(("1",), ("3",))), Outcome(an_answer(("1", "3")))]
    run = only_run(case, *outcomes, best=BestKnown(1, 30.0))
    assert (run.status, run.vehicles, run.routes) == (Status.OK, 1, ((1, 2, 3, 4),))
    assert run.cost == pytest.approx(5 + 5 + 45**0.5 + 5 + 10)
    assert run.gap == pytest.approx((run.cost / 30 - 1) * 100)
    assert (run.memory_mb, run.time_to_best, run.figures) == (128.0, 0.5, {"steps": 3})


def test_an_invalid_answer_is_shown_even_beside_a_valid_one() -> None:
    case = Case(Path("tiny.txt"), EUCLIDEAN)
    run = only_run(case, Outcome(an_answer(("1",), ("3",))), Outcome(an_answer(("1",))))
    assert (run.status, run.cost) == (Status.INVALID, None)
    assert "left_out" in run.note


def test_no_answer_is_a_run_without_a_plan() -> None:
    case = Case(Path("tiny.txt"), EUCLIDEAN)
    nothing = Answer(routes=None, took=1.0, time_to_best=1.0, memory_mb=1.0, figures={})
    run = only_run(case, Outcome(None, "killed: it did not end"), Outcome(nothing))
    assert (run.status, run.vehicles, run.note) == (Status.NONE, None, "killed: it did not end")


def test_every_method_and_seed_gets_the_same_seconds_and_cores() -> None:
    asked: list[Job] = []

    def note(job: Job) -> list[Outcome]:
        asked.append(job)
        return []

    settings = Settings(
        methods=("ours", "vroom"), seconds=3.0, seeds=2, cores=2, objective=Objective.DISTANCE
    )
    runs = list(measured([Case(Path("tiny.txt"), EUCLIDEAN)], {}, settings, note))
    assert [(j.method, j.seed) for j in asked] == [
        *(("ours", 1), ("ours", 2), ("vroom", 1), ("vroom", 2))
    ]
    assert {(job.seconds, job.cores) for job in asked} == {(3.0, 2)}
    assert [run.status for run in runs] == [Status.NONE] * 4


def test_runs_are_the_same_after_writing_and_reading(tmp_path: Path) -> None:
    runs = [
        a_run(routes=((1, 2), (3, 4)), gap=0.25, figures={"steps": 7}),
        a_run(method="vroom", status=Status.NONE, vehicles=None, cost=None, note="killed"),
    ]
    file = tmp_path / "runs.json"
    write_runs(file, runs)
    assert read_runs(file) == runs
    assert [path.name for path in tmp_path.iterdir()] == ["runs.json"]


def test_an_answer_is_the_same_after_its_way_between_processes() -> None:
    answer = an_answer(("1",), ("3",))
    assert answer_from_json(answer_to_json(answer)) == answer
    nothing = Answer(routes=None, took=1.0, time_to_best=1.0, memory_mb=1.0, figures={})
    assert answer_from_json(answer_to_json(nothing)) == nothing


def a_job(tmp_path: Path, **changes: object) -> Job:
    place = tmp_path / "problem.json"
    place.write_text(json.dumps(problem_to_json(EUCLIDEAN.problem())))
    values = {"method": "ours", "problem": str(place), "seconds": 0.1, "seed": 1, "cores": 2}
    return Job(**(values | changes))  # type: ignore[arg-type]


@pytest.mark.solver
def test_a_method_of_one_core_runs_once_per_core(tmp_path: Path) -> None:
    outcomes = side_by_side(a_job(tmp_path, method="ortools"))
    assert [outcome.note for outcome in outcomes] == ["", ""]
    assert all(outcome.answer and outcome.answer.routes for outcome in outcomes)


def test_a_run_that_fails_says_why(tmp_path: Path) -> None:
    (outcome,) = side_by_side(a_job(tmp_path, problem=str(tmp_path / "gone.json"), cores=1))
    assert outcome.answer is None
    assert "failed (1)" in outcome.note
    assert "gone.json" in outcome.note


def test_a_run_that_does_not_end_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("benchmarks.routing.processes.STARTING_S", 0)
    (outcome,) = side_by_side(a_job(tmp_path, seconds=0.0, cores=1))
    assert outcome == Outcome(None, "killed: it did not end")
