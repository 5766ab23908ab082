"""The verifier refuses every kind of broken route, in both formats."""

import pytest

from benchmarks.routing.verifier import NodeRoutes, faults, length
from logistics.domain.instances import Instance
from tests.benchmarks.tiny import EUCLIDEAN, GOOD, ROADS, with_node


@pytest.mark.parametrize("instance", [EUCLIDEAN, ROADS])
def test_good_routes_have_no_fault(instance: Instance) -> None:
    assert faults(instance, GOOD) == []
    assert faults(instance, ((1, 2, 3, 4),)) == []


def test_length_is_from_depot_to_depot_in_the_instances_own_units() -> None:
    assert length(EUCLIDEAN, GOOD) == 20 + 20
    assert length(ROADS, GOOD) == (5 + 5 + 11) + (5 + 5 + 11)


@pytest.mark.parametrize(
    ("routes", "code"),
    [
        (((1, 2),), "left_out"),
        (((1, 2), (3, 4, 1, 2)), "visited_twice"),
        (((1, 2), (3, 4, 5)), "unknown_node"),
        (((0, 1, 2), (3, 4)), "unknown_node"),
        (((1, 4), (3, 2)), "partner_elsewhere"),
        (((2, 1), (3, 4)), "delivered_before_pickup"),
        (((1, 3, 2, 4),), "over_capacity"),
        (((2, 1), (3, 4)), "unloaded_before_loaded"),
        (((1, 2), (3, 4), ()), "empty_route"),
    ],
)
@pytest.mark.parametrize("instance", [EUCLIDEAN, ROADS])
def test_a_broken_route_is_refused_with_its_kind(
    instance: Instance, routes: NodeRoutes, code: str
) -> None:
    assert code in {fault.code for fault in faults(instance, routes)}


def test_more_routes_than_vehicles_are_refused() -> None:
    few = Instance("few", 1, 10, EUCLIDEAN.nodes)
    assert [fault.code for fault in faults(few, GOOD)] == ["too_many_vehicles"]


@pytest.mark.parametrize("instance", [EUCLIDEAN, ROADS])
def test_a_window_counts_up_to_its_last_moment(instance: Instance) -> None:
    """Node 2 is reached after 5 + 2 + 5 units in both."""
    assert faults(with_node(instance, 2, latest=12), GOOD) == []
    late = faults(with_node(instance, 2, latest=11), GOOD)
    assert [(fault.code, fault.route, fault.node) for fault in late] == [("too_late", 1, 2)]


def test_waiting_for_a_window_makes_the_rest_later() -> None:
    waiting = with_node(EUCLIDEAN, 1, earliest=49)
    assert faults(waiting, GOOD) == []
    assert [f.code for f in faults(with_node(waiting, 2, latest=55), GOOD)] == ["too_late"]


def test_a_route_must_be_back_when_the_depot_closes() -> None:
    """The first route ends after 5 + 2 + 5 + 2 + 10 units."""
    assert faults(with_node(EUCLIDEAN, 0, latest=24), GOOD) == []
    closed = faults(with_node(EUCLIDEAN, 0, latest=23), GOOD)
    assert {fault.code for fault in closed} == {"back_after_closing"}


def test_distances_are_not_rounded() -> None:
    """Node 1 lies the root of two away: later than 1.41, sooner than 1.42."""
    near = with_node(with_node(EUCLIDEAN, 1, x=1, y=1), 1, earliest=0)
    assert length(near, ((1, 2),)) == pytest.approx(2**0.5 + (25 + 49) ** 0.5 + 10, abs=1e-9)
    assert "too_late" in {f.code for f in faults(with_node(near, 1, latest=1), GOOD)}
    assert faults(with_node(near, 1, latest=2), GOOD) == []
