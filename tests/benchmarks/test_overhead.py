"""What features cost: each leaves the plans of the plain instance as they are, and is timed."""

import json
from dataclasses import replace
from itertools import permutations
from pathlib import Path

import pytest

from benchmarks.routing.__main__ import main
from benchmarks.routing.features import (
    FEATURES,
    NOT_BINDING,
    Feature,
    locked_prefixes,
    longest_on_board_s,
    loose_time_on_board,
    own_start_points,
    tight_time_on_board,
    two_profiles,
    two_windows,
)
from benchmarks.routing.method import Routes
from benchmarks.routing.overhead import Cost, cost_line, cost_summary, overheads
from benchmarks.routing.plans import judged, worth
from logistics.domain.instances import Instance, write_li_lim
from logistics.domain.problem import Task, TaskKind, TimeWindow
from logistics.domain.solution import Solution
from tests.benchmarks.tiny import EUCLIDEAN, ROADS, with_node

Said = pytest.CaptureFixture[str]

#: Some orders of these are too late, some too much to carry.
TIGHT = with_node(with_node(EUCLIDEAN, 3, latest=13), 1, demand=4)
TIGHT = with_node(TIGHT, 2, demand=-4)

TASKS = [Task(one, kind) for one in ("1", "3") for kind in TaskKind]
APART: Routes = [("1", TASKS[:2]), ("2", TASKS[2:])]
PLANS: list[Routes] = [APART, *([("1", order)] for order in permutations(TASKS))]


def plan_of(instance: Instance, routes: Routes = APART) -> Solution:
    plan = judged(instance.problem(), routes).solution
    assert plan is not None
    return plan


def lengths(instance: Instance, feature: Feature) -> list[int | None]:
    """Of each plan, None where it is not allowed."""
    problem = feature.change(instance.problem(), plan_of(instance))
    plans = [judged(problem, routes).solution for routes in PLANS]
    return [plan and worth(problem, plan).metres for plan in plans]


@pytest.mark.parametrize("instance", [EUCLIDEAN, TIGHT, ROADS], ids=["plain", "tight", "roads"])
@pytest.mark.parametrize(
    "feature",
    [*NOT_BINDING, Feature("on board", loose_time_on_board)],
    ids=lambda feature: feature.name,
)
def test_what_does_not_bind_allows_and_forbids_the_same_plans(
    feature: Feature, instance: Instance
) -> None:
    plain = lengths(instance, Feature("plain", lambda problem, plan: problem))
    assert lengths(instance, feature) == plain
    assert None in plain
    assert any(plain)


@pytest.mark.parametrize("feature", FEATURES, ids=lambda feature: feature.name)
def test_every_feature_changes_the_problem_and_keeps_the_plan_found(feature: Feature) -> None:
    problem, plan = EUCLIDEAN.problem(), plan_of(EUCLIDEAN)
    changed = feature.change(problem, plan)
    assert changed != problem
    assert judged(changed, APART).faults == ()


def test_every_vehicle_gets_points_and_every_profile_matrices_of_its_own() -> None:
    problem, plan = ROADS.problem(), plan_of(ROADS)
    apart = own_start_points(problem, plan)
    assert [(one.start, one.end) for one in apart.vehicles] == [(5, 5), (6, 6)]
    two = two_profiles(problem, plan)
    assert len({one.profile for one in two.vehicles}) == 2
    first, second = (one.durations_s for one in two.matrices)
    assert first != second
    assert [row[:5] for row in first[:5]] == [row[:5] for row in second[:5]]


def test_a_window_of_one_moment_cannot_be_parted() -> None:
    problem = EUCLIDEAN.problem()
    moment = replace(problem.shipments[0].pickup, windows=(TimeWindow(5, 6),))
    shipments = (replace(problem.shipments[0], pickup=moment), problem.shipments[1])
    parted = two_windows(replace(problem, shipments=shipments), plan_of(EUCLIDEAN))
    assert parted.shipments[0].pickup.windows == (TimeWindow(5, 6),)
    assert parted.shipments[0].delivery.windows == (
        TimeWindow(0, 30_000),
        TimeWindow(30_000, 60_001),
    )


def test_a_tight_time_on_board_lets_the_plan_pass_and_no_longer_one() -> None:
    """One leg of 5 in the plan; with the other pair in between it is longer."""
    problem, plan = EUCLIDEAN.problem(), plan_of(EUCLIDEAN)
    assert longest_on_board_s(plan) == 5_000
    tight = tight_time_on_board(problem, plan)
    assert {one.max_on_board_s for one in tight.shipments} == {6_000}
    roomy = with_node(with_node(EUCLIDEAN, 1, demand=4), 2, demand=-4)
    around = [TASKS[0], TASKS[2], TASKS[3], TASKS[1]]
    assert judged(roomy.problem(), [("1", around)]).faults == ()
    assert judged(tight_time_on_board(roomy.problem(), plan), [("1", around)]).faults


def test_the_first_task_of_each_route_is_locked() -> None:
    problem = locked_prefixes(EUCLIDEAN.problem(), plan_of(EUCLIDEAN))
    assert [(one.vehicle_id, one.tasks) for one in problem.locks] == [
        ("1", (Task("1", TaskKind.PICKUP),)),
        ("2", (Task("3", TaskKind.PICKUP),)),
    ]


def a_cost(**changes: object) -> Cost:
    values: dict[str, object] = {
        "instance": "lc101",
        "feature": "skills",
        "at_most": 1.25,
        "steps_per_s": 1000.0,
        "slower": 1.0,
        "vehicles": 10,
        "length": 828,
    }
    return Cost(**(values | changes))  # type: ignore[arg-type]


def test_what_is_too_slow_or_wrong_is_named() -> None:
    assert cost_line(a_cost(slower=1.25)).endswith("828")
    assert cost_line(a_cost(slower=1.26)).endswith("828 SLOWER")
    assert cost_line(a_cost(slower=9.0, at_most=None)).endswith("828")
    assert cost_line(a_cost(faults=("too_late",))).endswith("828 too_late")


def test_the_summary_says_how_often_the_limit_is_kept_and_where_least() -> None:
    _, line = cost_summary([a_cost(slower=0.5), a_cost(slower=2.0, instance="lr101")])
    assert line.split() == ["skills", "1.00", "2.00", "1.25", "1/2", "lr101"]


@pytest.mark.solver
def test_steps_are_the_same_for_all_and_their_plans_are_checked() -> None:
    skill = Feature("skills", NOT_BINDING[2].change)
    costs = list(overheads("tiny", EUCLIDEAN.problem(), seconds=0, seeds=2, features=[skill]))
    assert [one.feature for one in costs] == ["plain again", "skills"]
    for one in costs:
        assert (one.vehicles, one.faults) == (1, ())
        assert one.steps_per_s > 0
        assert one.slower > 0


@pytest.mark.solver
def test_overhead_is_printed_and_recorded(tmp_path: Path, capsys: Said) -> None:
    instance, file = tmp_path / "tiny.txt", tmp_path / "costs.json"
    instance.write_text(write_li_lim(EUCLIDEAN))
    arguments = ["--overhead", "--instances", instance, "--seconds", "0.01", "--json", file]
    assert main([str(one) for one in arguments]) == 0
    said = capsys.readouterr().out
    rows = json.loads(file.read_text())
    assert [row["feature"] for row in rows] == ["plain again", *(one.name for one in FEATURES)]
    assert all(f"tiny           {row['feature']}" in said for row in rows)


@pytest.mark.parametrize("more", [[], ["--instances", ".", "--live"], ["--city", "roads"]])
def test_overhead_is_measured_on_instances_alone(more: list[str], capsys: Said) -> None:
    assert main(["--overhead", *more]) == 2
    assert "--instances" in capsys.readouterr().err
