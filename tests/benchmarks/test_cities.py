"""Days on roads: reading them, making them up, and every method modelling the same."""

from pathlib import Path
from random import Random

import pytest

from benchmarks.command import BadInput
from benchmarks.routing.city import COLD, PRICE_PER_KG, Size, city_problem, without
from benchmarks.routing.city_run import VARIANTS, CityRun, city_line, city_runs, city_summary
from benchmarks.routing.job import Answer, Job, problem_of
from benchmarks.routing.live import time_insertions
from benchmarks.routing.measure import Settings
from benchmarks.routing.method import PEERS, Budget, Feature, Plan, method
from benchmarks.routing.peers.model import fairly_priced, legs
from benchmarks.routing.plans import as_solution, judged, servable, timed_routes, worth
from benchmarks.routing.processes import Outcome
from benchmarks.routing.record import Objective
from benchmarks.routing.roads import Roads, read_roads
from logistics.domain.checker import check
from logistics.domain.limits import Limits
from logistics.domain.problem import Matrix, Problem
from logistics.domain.solver.solve import solve
from tests.benchmarks.tiny import EUCLIDEAN

SIDE = 4
PLACES = [(column, row) for row in range(SIDE) for column in range(SIDE)]


def roads(*kinds: str) -> Roads:
    """A grid of streets; a block is 300 m and a minute, and longer against the numbering."""
    metres = tuple(
        tuple(300 * (abs(a - c) + abs(b - d)) + (50 if (c, d) < (a, b) else 0) for c, d in PLACES)
        for a, b in PLACES
    )
    seconds = tuple(tuple(entry // 5 for entry in row) for row in metres)
    return Roads("grid", kinds or ("donor", "charity") * (SIDE * SIDE // 2), seconds, metres)


def write(folder: Path, one: Roads) -> None:
    lines = ["point,kind,lat,lon", *(f"{n},{kind},24,121" for n, kind in enumerate(one.kinds))]
    (folder / f"{one.name}_points.csv").write_text("\n".join(lines))
    for what, rows in (("seconds", one.seconds), ("metres", one.metres)):
        text = "\n".join(",".join(map(str, row)) for row in rows)
        (folder / f"{one.name}_osrm_{what}.csv").write_text(text)


DAY = servable(city_problem(roads(), Size(shipments=8, couriers=4), 1))


def test_a_folder_of_roads_is_read_as_written(tmp_path: Path) -> None:
    write(tmp_path, roads())
    (tmp_path / "half_points.csv").write_text("point,kind,lat,lon\n")
    assert read_roads(tmp_path) == [roads()]
    assert read_roads(tmp_path / "grid") == [roads()]


@pytest.mark.parametrize(
    ("text", "says"),
    [("1,2\n3,4", "16 rows of 16"), ("a,b", "whole numbers"), (",".join("-1" * 16), "whole")],
)
def test_a_broken_matrix_is_refused_by_name(tmp_path: Path, text: str, says: str) -> None:
    write(tmp_path, roads())
    (tmp_path / "grid_osrm_metres.csv").write_text(text)
    with pytest.raises(BadInput, match=f"grid_osrm_metres.csv.*{says}"):
        read_roads(tmp_path)


def test_a_name_that_is_not_there_is_refused(tmp_path: Path) -> None:
    write(tmp_path, roads())
    with pytest.raises(BadInput, match="no other_points"):
        read_roads(tmp_path / "other")


def test_a_day_is_made_by_its_seed_alone_and_has_all_our_rules() -> None:
    size = Size(shipments=40, couriers=10)
    day = city_problem(roads(), size, 1)
    assert day == city_problem(roads(), size, 1)
    assert day != city_problem(roads(), size, 2)
    assert {one.profile for one in day.vehicles} == {"car", "scooter"}
    assert {len(one.pickup.windows) for one in day.shipments} == {1, 2}
    assert any(one.start != one.end for one in day.vehicles)
    assert any(one.max_stops for one in day.vehicles)
    chilled = [one for one in day.shipments if one.skills == {COLD}]
    assert chilled
    assert all(one.max_on_board_s for one in chilled)
    assert all(one.prize == one.amounts[0] // 1000 * PRICE_PER_KG for one in day.shipments)


def test_donors_are_points_of_the_first_kind_or_dealt_out() -> None:
    apart = city_problem(roads(), Size(shipments=30), 1)
    assert all(one.pickup.point % 2 == 0 for one in apart.shipments)
    alike = city_problem(roads(*["road"] * SIDE * SIDE), Size(shipments=30), 1)
    pickups = {one.pickup.point for one in alike.shipments}
    assert pickups.isdisjoint({one.delivery.point for one in alike.shipments})


def test_an_easier_day_leaves_out_just_the_rules_named() -> None:
    day = city_problem(roads(), Size(shipments=40), 1)
    plain = without(day, frozenset(Feature))
    assert all(one.max_on_board_s is None for one in plain.shipments)
    assert all(one.max_stops is None for one in plain.vehicles)
    assert {len(one.delivery.windows) for one in plain.shipments} == {1}
    assert [one.prize for one in plain.shipments] == [one.prize for one in day.shipments]
    assert without(day, frozenset()) == day


def test_set_up_is_spent_once_per_visit_in_the_peers_models() -> None:
    """Two tasks at point 1, and a route that starts and ends there."""
    times = ((0, 10), (20, 0))
    problem = Problem((5, 7), (Matrix("car", times, times),), (), ())
    assert legs(problem, problem.matrices[0], bases=[1], points=[0, 1, 1]) == [
        [0, 25, 7, 7],
        [10, 0, 17, 17],
        [0, 25, 0, 0],
        [0, 25, 0, 0],
    ]


def test_peers_get_fixed_costs_that_still_put_vehicles_first() -> None:
    problem = EUCLIDEAN.problem()
    (fixed,) = {one.fixed_cost for one in fairly_priced(problem).vehicles}
    assert fixed == 20_000 + 20_000 + 1


MODELLED = [
    (name, rules)
    for name in ("ours", *PEERS)
    for rules, left_out in VARIANTS.items()
    if frozenset(Feature) - left_out <= method(name).MODELS
]


@pytest.mark.solver
@pytest.mark.parametrize(("name", "rules"), MODELLED)
def test_every_method_models_the_day_as_our_checker_does(name: str, rules: str) -> None:
    chosen = method(name)
    if chosen.missing():
        pytest.skip(chosen.missing())
    day = servable(without(DAY, VARIANTS[rules]))
    chosen.prepare()
    plan = chosen.plan(day, Budget(seconds=0.5, seed=1), lambda: None)
    assert plan is not None
    result = judged(day, plan.routes)
    assert result.faults == ()
    assert result.solution is not None
    assert worth(day, result.solution).value > 0


@pytest.mark.solver
@pytest.mark.parametrize("name", ["ours", *PEERS])
def test_every_method_keeps_a_running_plan_that_it_starts_from(name: str) -> None:
    chosen = method(name)
    if chosen.missing():
        pytest.skip(chosen.missing())
    day = servable(without(DAY, frozenset(Feature)))
    running = solve(day, limits=Limits(iterations=50), seed=1)
    plan = chosen.plan(day, Budget(0.5, 1, 1, running.routes), lambda: None)
    assert plan is not None
    result = judged(day, plan.routes)
    assert result.solution is not None, result.faults
    assert worth(day, result.solution).key <= worth(day, running).key


def plan_of(problem: Problem, *, iterations: int) -> Plan:
    solution = solve(problem, limits=Limits(iterations=iterations), seed=1)
    return Plan([(route.vehicle_id, route.sequence) for route in solution.routes])


def answered(problem: Problem, iterations: int) -> Outcome:
    routes = [(v, list(tasks)) for v, tasks in plan_of(problem, iterations=iterations).routes]
    return Outcome(Answer(routes=routes, took=1, time_to_best=1, memory_mb=1, figures={}))


def test_ours_and_a_peer_are_compared_at_equal_value() -> None:
    """The stand-in for processes serves half of what there is as the peer, all as ours."""

    def solve_here(job: Job) -> list[Outcome]:
        day = problem_of(job)
        outcome = answered(day, 50)
        assert outcome.answer is not None
        if job.method != "ours" and outcome.answer.routes:
            outcome.answer.routes.pop()
        return [outcome]

    settings = Settings(
        methods=("vroom", "ours"), seconds=1, seeds=1, cores=1, objective=Objective.VEHICLES
    )
    size = Size(shipments=8, couriers=4)
    runs = list(city_runs([roads()], size, settings, solve_here))
    assert [(run.rules, run.method) for run in runs] == [
        ("all rules", "ours"),
        *(("no time on board, no most stops", name) for name in ("ours", "vroom")),
        *(("one window as well", name) for name in ("ours", "vroom")),
    ]
    for ours, theirs in (runs[1:3], runs[3:5]):
        assert isinstance(ours, CityRun)
        assert (ours.value_kg or 0) > (theirs.value_kg or 0)
        assert theirs.equal_km is not None
        assert theirs.equal_km[1] == theirs.km
        assert theirs.equal_km[0] <= theirs.equal_km[1]
        assert "fewer" in city_line(theirs)
    (line,) = city_summary(runs)
    assert "less on 0 of 2" in line


def test_a_plan_that_breaks_a_rule_is_judged_by_the_checker() -> None:
    plan = plan_of(DAY, iterations=0)
    assert judged(DAY, plan.routes).faults == ()
    vehicle, tasks = next((v, t) for v, t in plan.routes if len(t) > 1)
    broken = [(v, list(reversed(t)) if v == vehicle else t) for v, t in plan.routes]
    assert judged(DAY, broken).solution is None
    assert judged(DAY, broken).faults
    assert tasks


def test_insertions_into_a_running_plan_are_timed_and_checked() -> None:
    plan = solve(DAY, limits=Limits(iterations=50), seed=1)
    timed = time_insertions(DAY, plan, Random(1))  # noqa: S311
    assert (timed.routes, timed.failed) == (len(plan.routes), 0)
    assert timed.asked == len(DAY.shipments) - len(plan.unassigned)
    assert 0 < timed.median_ms <= timed.p95_ms


def test_what_stays_out_is_told_with_a_reason_that_holds() -> None:
    empty = as_solution(DAY, timed_routes(DAY, []))
    assert check(DAY, empty) == []
    assert set(empty.unassigned) == {one.id for one in DAY.shipments}
