"""The matching benchmark: what it makes up, what it refuses, and how it judges."""

import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from backend.geo.domain.points import Point
from backend.organizations.domain.hours import Interval
from backend.regions.packs import __file__ as packs
from benchmarks.matching.__main__ import main
from benchmarks.matching.baselines import first_come, nearest, score_greedy, urgent_first
from benchmarks.matching.churn import changed, churn_of
from benchmarks.matching.country import region
from benchmarks.matching.drivers import Drivers
from benchmarks.matching.figures import figures_of, shared_out
from benchmarks.matching.measure import Source, run_method
from benchmarks.matching.reach import counties_within_reach
from benchmarks.matching.record import NEAREST, OURS, Run, against_bound, means
from benchmarks.matching.week import run_week
from benchmarks.matching.world import batch_problem
from matching.domain.checker import check
from matching.domain.checker_score import score_of
from matching.domain.problem import Problem, Supply, Travel
from matching.domain.solution import Assignment, Figures, Solution, Unassigned
from matching.domain.solver import solve
from tests.matching.domain.worlds import HOUR, NOW, courier, demand, lot, recipient

LOTS, PROGRAMMES = 40, 30
Method = Callable[[Problem, int], Sequence[Assignment]]


def plan_as_solution(problem: Problem, plan: list[Assignment]) -> Solution:
    """A plan in the form that the checker reads; what is left is counted, nothing is claimed."""
    taken: Counter[str] = Counter()
    for share in plan:
        taken[share.lot_id] += share.mass_g
    rest = [
        Unassigned(supply.id, supply.lot.left_g - taken[supply.id], "", {})
        for supply in problem.supplies
    ]
    score = score_of(problem, plan)
    nothing = Figures(0, 0, 0, 0, 0, 0.0, 0.0, 0, 0, 0, 0)
    return Solution(
        tuple(plan), tuple(rest), score, max(score, 0.0), False, nothing, {"all": score}
    )


def run_of(method: str, score: float, bound: float | None = None) -> Run:
    problem, rural = batch_problem(5, 22, seed=1)
    return Run(
        problem="p",
        method=method,
        seed=1,
        figures=figures_of(problem, [], rural, counties_within_reach(problem)),
        score=score,
        cpu_s=1.0,
        memory_mb=100.0,
        breaches=0,
        bound=bound,
    )


def test_the_same_seed_makes_the_same_problem() -> None:
    assert batch_problem(LOTS, PROGRAMMES, seed=3) == batch_problem(LOTS, PROGRAMMES, seed=3)
    assert batch_problem(LOTS, PROGRAMMES, seed=3) != batch_problem(LOTS, PROGRAMMES, seed=4)


def test_every_county_of_the_region_has_a_programme() -> None:
    problem, _ = batch_problem(10, 60, seed=1)
    assert {each.county_code for each in problem.demands} == set(region().counties)
    assert Path(packs).parent.joinpath("tw").is_dir()


@pytest.mark.parametrize("method", [nearest, urgent_first, first_come, score_greedy])
@pytest.mark.parametrize("seed", [1, 2])
def test_what_is_usual_keeps_every_rule(method: Method, seed: int) -> None:
    problem, _ = batch_problem(LOTS, PROGRAMMES, seed=seed)
    plan = list(method(problem, seed))
    assert plan
    assert check(problem, plan_as_solution(problem, plan)) == []


def test_no_usual_plan_is_above_our_bound() -> None:
    problem, _ = batch_problem(LOTS, PROGRAMMES, seed=1)
    bound = solve(problem).bound
    for method in (nearest, urgent_first, first_come, score_greedy):
        assert score_of(problem, method(problem, 1)) <= bound


def test_the_nearest_takes_it_if_it_can() -> None:
    near, far = demand(1), demand(2, point=Point(121.60, 25.04), max_distance_m=20_000)
    problem = Problem(now=NOW, supplies=(Supply(lot(1)),), demands=(far, near))
    assert [each.programme_id for each in nearest(problem, 1)] == ["programme1"]
    full = replace(near, recipient=recipient(1, capacity_g={"ambient": 0}))
    problem = replace(problem, demands=(far, full))
    assert [each.programme_id for each in nearest(problem, 1)] == ["programme2"]


def test_captured_is_counted_from_the_nearest_to_the_bound() -> None:
    runs = against_bound([run_of(NEAREST, 60.0), run_of("other", 50.0), run_of(OURS, 90.0, 100.0)])
    assert [run.captured for run in runs] == [0.0, -0.25, 0.75]
    assert runs[2].gap == pytest.approx(0.1)
    (row,) = means([runs[2], replace(runs[2], captured=0.25, memory_mb=300.0)])
    assert (row.captured, row.memory_mb) == (0.5, 300.0)


def test_without_our_bound_nothing_is_captured() -> None:
    assert [run.captured for run in against_bound([run_of(NEAREST, 60.0)])] == [None]


def test_food_is_shared_out_by_people() -> None:
    problem = Problem(
        now=NOW,
        supplies=(),
        demands=(demand(1, people=100), replace(demand(2, people=300), county_code="TYN")),
    )
    given = Counter({"programme1": 100_000, "programme2": 100_000})
    figures = shared_out(problem, given, rural={"programme2"}, reached={"TPE", "TYN"})
    assert figures["worst_county"] == pytest.approx(2 / 3)
    assert figures["rural_to_urban"] == pytest.approx(1 / 3)
    assert figures["gini"] == pytest.approx(0.25)
    (one, other) = problem.demands
    served = replace(problem, demands=(one, replace(other, received_g=200_000)))
    figures = shared_out(served, given, rural={"programme2"}, reached={"TPE", "TYN"})
    assert (figures["gini"], figures["worst_county"]) == (pytest.approx(0), pytest.approx(1))


def test_counties_to_which_no_fair_share_can_be_brought_are_out_of_reach() -> None:
    island = demand(3, point=Point(119.57, 23.57), road_group="penghu")
    problem = Problem(
        now=NOW,
        supplies=(Supply(lot(1)), Supply(lot(2))),
        demands=(
            demand(1),
            replace(demand(2), county_code="TYN"),
            replace(island, county_code="PEH"),
        ),
    )
    assert counties_within_reach(problem) == {"TPE", "TYN"}
    assert counties_within_reach(replace(problem, supplies=())) == frozenset()
    picky = replace(demand(2, diet_rules=frozenset({"vegan"})), county_code="TYN")
    problem = replace(problem, demands=(demand(1), picky))
    assert counties_within_reach(problem) == {"TPE"}
    little = Supply(lot(3, left_g=5_000, diet_flags=frozenset({"vegan"})))
    assert counties_within_reach(replace(problem, supplies=(*problem.supplies, little))) == {"TPE"}
    much = Supply(lot(3, left_g=50_000, diet_flags=frozenset({"vegan"})))
    both = replace(problem, supplies=(*problem.supplies, much))
    assert counties_within_reach(both) == {"TPE", "TYN"}


def test_a_run_tells_what_the_checker_found() -> None:
    run = run_method(Source("tiny", 1, LOTS, PROGRAMMES), OURS)
    assert run.breaches == 0
    assert run.bound is not None
    assert run.score <= run.bound


@pytest.mark.parametrize("method", [NEAREST, OURS])
def test_a_week_is_the_same_for_the_same_seed_and_breaks_less_than_it_gives(method: str) -> None:
    run = run_week(Source("tiny", 1, LOTS, PROGRAMMES), method)
    again = run_week(Source("tiny", 1, LOTS, PROGRAMMES), method)
    assert again == replace(run, cpu_s=again.cpu_s, memory_mb=again.memory_mb)
    assert 0 < run.figures.rescued <= 1
    assert run.broken is not None
    assert 0 <= run.broken < 1


def test_a_driver_who_is_promised_has_no_time_for_another_trip() -> None:
    shift = courier(window=Interval(NOW, NOW + HOUR))
    drivers = Drivers([shift])
    food = lot(1)
    share = Assignment("lot1", "programme1", 10_000, "courier", 9_000, 1_500, NOW, NOW + HOUR / 2)
    assert drivers.take([(food, share)], recipient(1), Travel(), NOW)
    (left,) = drivers.free(NOW)
    assert left.window.from_at > NOW
    assert left.start == recipient(1).point
    assert drivers.take([(food, share)], recipient(1), Travel(), NOW)
    assert not drivers.take([(food, share)], recipient(1), Travel(), NOW)
    assert drivers.shifts(NOW) == (shift,)


def test_few_lots_find_somebody_else_because_a_twentieth_is_new() -> None:
    churn = churn_of(Source("tiny", 1, 100, 40))
    assert churn.lots == 95
    assert 0 <= churn.changed <= churn.without < 1
    assert churn.lost < 0.02


def test_lots_whose_takers_are_the_same_have_not_changed() -> None:
    before = solve(batch_problem(LOTS, PROGRAMMES, seed=1)[0]).assignments
    moved = [replace(before[0], programme_id="somebody else"), *before[1:]]
    lots = {each.lot_id for each in before}
    assert changed(before, before[::-1], lots) == 0
    assert changed(before, moved, lots) == 1 / len(lots)
    assert changed(before, moved, lots - {before[0].lot_id}) == 0


def test_churn_is_printed_and_written(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--churn", "--size", "20x22", "--seeds", "2"]) == 0
    head, *rows = capsys.readouterr().out.splitlines()
    assert head.split()[0] == "problem"
    assert [row.split()[:2] for row in rows] == [["20x22/1", "19"], ["20x22/2", "19"]]
    assert main(["--churn", "--size", "20x22", "--json"]) == 0
    (found,) = json.loads(capsys.readouterr().out)
    assert found["problem"] == "20x22/1"
    assert found["lots"] == 19


def test_what_is_dumped_can_be_solved(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--size", "12x22", "--dump", str(tmp_path)]) == 0
    (file,) = tmp_path.glob("*.json")
    capsys.readouterr()
    run = run_method(Source("dumped", 1, file=file), OURS)
    problem, _ = batch_problem(12, 22, seed=1)
    assert run.score == pytest.approx(run_method(Source("made", 1, 12, 22), OURS).score)
    assert len(json.loads(file.read_text())["problem"]["supplies"]) == len(problem.supplies)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--size", "ten"], "lots x programmes"),
        (["--size", "10x5"], "at least 22"),
        (["--methods", "luck"], "unknown: luck"),
        (["--problem", "/nowhere.json"], "cannot be read"),
        (["--churn", "--week"], "not allowed with"),
    ],
)
def test_what_makes_no_sense_is_refused_in_a_line(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    assert said in capsys.readouterr().err


def test_a_malformed_problem_is_refused_naming_the_field(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["--size", "12x22", "--dump", str(tmp_path)])
    (file,) = tmp_path.glob("*.json")
    data = json.loads(file.read_text())
    data["problem"]["supplies"][3]["lot"]["left_g"] = -5
    file.write_text(json.dumps(data))
    assert main(["--problem", str(file)]) == 2
    assert "problem.supplies[3].lot.left_g" in capsys.readouterr().err


@pytest.mark.parametrize("mode", ["--week", "--churn"])
def test_a_problem_of_ones_own_cannot_be_played_on(
    mode: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["--size", "12x22", "--dump", str(tmp_path)])
    (file,) = tmp_path.glob("*.json")
    assert main([mode, "--problem", str(file)]) == 2
    assert "makes its own problems" in capsys.readouterr().err
