"""Summaries of runs: gaps, vehicles, and how we stand against a peer."""

import pytest

from benchmarks.routing.record import Objective, Status
from benchmarks.routing.summary import duels, groups
from benchmarks.routing.tables import duel_table, group_table, run_line
from tests.benchmarks.tiny import a_run


def known(vehicles: int, cost: float) -> dict[str, object]:
    return {"best_known_vehicles": vehicles, "best_known_cost": cost}


def test_gaps_and_vehicles_count_against_the_best_known() -> None:
    runs = [
        a_run(instance="a", vehicles=10, cost=101.0, gap=1.0, **known(10, 100.0)),
        a_run(instance="b", vehicles=12, cost=97.0, gap=-3.0, **known(11, 100.0)),
        a_run(instance="c", vehicles=5, cost=60.0),
    ]
    (group,) = groups(runs)
    assert (group.runs, group.solved) == (3, 3)
    assert group.gap == pytest.approx(-1.0)
    assert group.gap_at_fewest == pytest.approx(1.0)
    assert group.at_fewest == pytest.approx(0.5)
    assert (group.vehicles, group.best_known_vehicles) == (22, 21)
    assert group.distance == pytest.approx(258.0)


def test_a_run_without_a_plan_is_not_at_the_fewest_vehicles() -> None:
    none = a_run(instance="b", status=Status.NONE, vehicles=None, cost=None, **known(4, 50.0))
    (group,) = groups([a_run(instance="a", gap=0.0, **known(10, 100.0)), none])
    assert (group.solved, group.at_fewest, group.gap) == (1, 0.5, 0.0)
    assert (group.vehicles, group.best_known_vehicles) == (10, 10)


def test_sets_sizes_and_methods_are_kept_apart() -> None:
    runs = [a_run(), a_run(size=200), a_run(method="vroom"), a_run(family="Sartori & Buriol")]
    assert len(groups(runs)) == 4
    assert [group.runs for group in groups(runs)] == [1, 1, 1, 1]


def test_fewer_vehicles_beat_a_shorter_plan() -> None:
    ours = a_run(vehicles=9, cost=200.0)
    theirs = a_run(method="pyvrp", vehicles=10, cost=100.0)
    (duel,) = duels([ours, theirs])
    assert (duel.better, duel.same, duel.worse, duel.compared) == (1, 0, (), 0)
    assert duel.ratio is None


def test_a_duel_names_what_we_lose_and_compares_ways_at_equal_vehicles() -> None:
    runs = [
        a_run(instance="a", cost=90.0),
        a_run(instance="b", cost=110.0),
        a_run(instance="c", cost=50.0),
        a_run(instance="a", cost=100.0, method="pyvrp"),
        a_run(instance="b", cost=100.0, method="pyvrp"),
        a_run(instance="c", cost=50.0, method="pyvrp"),
    ]
    (duel,) = duels(runs)
    assert (duel.better, duel.same, duel.worse) == (1, 1, ("b",))
    assert duel.ratio == pytest.approx(250 / 250)
    assert duel.compared == 3


def test_for_distance_alone_the_number_of_vehicles_does_not_matter() -> None:
    free = {"objective": Objective.DISTANCE}
    ours = a_run(vehicles=12, cost=90.0, **free)
    theirs = a_run(vehicles=10, cost=100.0, method="pyvrp", **free)
    (duel,) = duels([ours, theirs])
    assert (duel.better, duel.ratio) == (1, pytest.approx(0.9))


def test_a_peer_without_a_plan_is_beaten_and_both_without_are_even() -> None:
    nothing = {"status": Status.NONE, "vehicles": None, "cost": None}
    won = [a_run(), a_run(method="vroom", **nothing)]
    even = [a_run(**nothing), a_run(method="vroom", **nothing)]
    lost = [a_run(**nothing), a_run(method="vroom")]
    counts = [(d.better, d.same, len(d.worse)) for runs in (won, even, lost) for d in duels(runs)]
    assert counts == [(1, 0, 0), (0, 1, 0), (0, 0, 1)]


def test_an_answer_that_came_too_late_is_none_at_equal_seconds() -> None:
    late = a_run(method="vroom", vehicles=8, cost=50.0, took=12.1)
    in_time = a_run(method="vroom", vehicles=8, cost=50.0, took=11.9)
    assert run_line(late).endswith("late")
    (won,), (lost,) = duels([a_run(), late]), duels([a_run(), in_time])
    assert (won.better, won.compared, len(lost.worse)) == (1, 0, 1)
    assert [group.solved for group in groups([late])] == [1]


def test_only_equal_conditions_are_compared() -> None:
    assert duels([a_run(), a_run(method="vroom", seconds=60.0)]) == []
    assert duels([a_run(), a_run(method="vroom", cores=1)]) == []


def test_tables_say_never_worse_or_on_which() -> None:
    runs = [a_run(cost=110.0), a_run(method="pyvrp")]
    assert duel_table(duels(runs))[1].split() == [
        *("Li", "&", "Lim", "100", "pyvrp", "0", "0", "1", "no", "1.1000", "1", "lc101")
    ]
    assert len(group_table(groups(runs))) == 3
    assert run_line(a_run(status=Status.NONE, vehicles=None, cost=None)).endswith("no plan")
