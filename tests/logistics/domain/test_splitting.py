"""Large problems in parts: nothing is lost between them, and borders cost next to nothing."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logistics.domain.checker import check
from logistics.domain.compiled import Compiled
from logistics.domain.limits import Limits
from logistics.domain.problem import Matrix, Problem, Shipment
from logistics.domain.solution import Reason, Solution
from logistics.domain.solver.solve import solve
from logistics.domain.splitting.borders import Item, items_of, neighbourhoods
from logistics.domain.splitting.parts import Part
from logistics.domain.splitting.stages import PART_SIZE, STAGES, is_large, solve_in_parts
from logistics.domain.splitting.wire import part_from_json, part_to_json
from tests.logistics.domain.cities import drawn_problem, problem, shipment, vehicle, ways
from tests.logistics.domain.countries import country
from tests.logistics.domain.searches import on_the_road
from tests.logistics.domain.test_promises import renamed, renumbered

FEW, CONSTRUCT = Limits(iterations=100), Limits(iterations=0)
SIZE = 8
SEEDS = st.integers(0, 10**6)
few = settings(max_examples=8)
Answer = Callable[[Part], Solution | None]


def solved(part: Part) -> Solution:
    return solve(part.problem, limits=part.limits, seed=part.seed, start=part.start)


class Crew:
    """Solves parts one by one, and keeps them."""

    def __init__(self, answer: Answer = solved, *, backwards: bool = False) -> None:
        self.stages: list[Sequence[Part]] = []
        self._answer, self._backwards = answer, backwards

    def __call__(self, parts: Sequence[Part]) -> list[Solution | None]:
        self.stages.append(parts)
        order = range(len(parts))
        told = {
            at: self._answer(parts[at]) for at in (reversed(order) if self._backwards else order)
        }
        return [told[at] for at in order]


def split(
    one: Problem, crew: Crew | None = None, limits: Limits = FEW, **given: object
) -> Solution:
    chosen: dict[str, object] = {"limits": limits, "seed": 7, "size": SIZE, **given}
    plan = solve_in_parts(one, crew or Crew(), **chosen)  # type: ignore[arg-type]
    assert check(one, plan) == []
    return plan


def drawn(seed: int) -> tuple[Random, Problem]:
    """Every rule mixed, and often vehicles that are on the road already."""
    rnd = Random(seed)  # noqa: S311 - draws an example
    one = drawn_problem(rnd, rnd.randint(20, 32), rnd.randint(3, 7))
    if rnd.random() < 0.5:
        one = on_the_road(one, solve(one, limits=CONSTRUCT, seed=1), rnd)
    return rnd, one


@given(SEEDS)
@few
def test_a_split_plan_keeps_every_rule_and_each_stage_has_everything_exactly_once(
    seed: int,
) -> None:
    _, one = drawn(seed)
    crew = Crew()
    split(one, crew)
    assert len(crew.stages) == len(STAGES)
    for parts in crew.stages:
        vehicles = [each.id for part in parts for each in part.problem.vehicles]
        shipments = [each.id for part in parts for each in part.problem.shipments]
        assert len(vehicles) == len(set(vehicles))
        assert sorted(shipments) == sorted(each.id for each in one.shipments)


@given(SEEDS)
@few
def test_what_a_vehicle_is_bound_to_goes_where_the_vehicle_goes(seed: int) -> None:
    _, one = drawn(seed)
    crew = Crew()
    split(one, crew)
    for parts in crew.stages:
        locks = [lock for part in parts for lock in part.problem.locks]
        assert sorted(locks, key=lambda lock: lock.vehicle_id) == sorted(
            one.locks, key=lambda lock: lock.vehicle_id
        )


@given(SEEDS)
@few
def test_the_plan_does_not_depend_on_the_order_in_which_parts_are_solved(seed: int) -> None:
    _, one = drawn(seed)
    assert split(one, Crew(backwards=True)) == split(one, Crew()) == split(one)


@given(SEEDS)
@few
def test_names_order_and_numbers_of_points_keep_the_cost(seed: int) -> None:
    rnd, one = drawn(seed)
    cost = split(one).cost
    assert split(renamed(one, rnd)).cost == cost
    assert split(renumbered(one, rnd)).cost == cost


@given(SEEDS, st.sampled_from([CONSTRUCT, FEW]))
@few
def test_a_running_plan_is_never_made_worse(seed: int, limits: Limits) -> None:
    _, one = drawn(seed)
    now = solve(one, limits=FEW, seed=3)
    assert split(one, limits=limits, start=now.routes).cost.key <= now.cost.key


def broken(part: Part) -> Solution:
    """A plan that says that nothing is left out."""
    return replace(solved(part), unassigned={}, routes=())


@pytest.mark.parametrize("bad", [broken, lambda _: None])
@given(seed=SEEDS)
@few
def test_a_bad_answer_for_one_part_keeps_the_others(bad: Answer, seed: int) -> None:
    _, one = drawn(seed)
    answers: list[Solution] = []

    def first_is_bad(part: Part) -> Solution | None:
        answers.append(solved(part))
        return bad(part) if len(answers) == 1 else answers[-1]

    plan = split(one, Crew(first_is_bad), is_over=lambda: True)
    assert plan.figures["parts_unanswered"] == 1
    driven = {route.vehicle_id: set(route.sequence) for route in plan.routes}
    for route in (each for answer in answers[1:] for each in answer.routes):
        assert set(route.sequence) <= driven[route.vehicle_id]


def test_what_a_part_without_an_answer_leaves_out_is_served_by_the_next_stage() -> None:
    one = country(60, 8, 1)
    first: list[Part] = []

    def first_is_lost(part: Part) -> Solution | None:
        first.append(part)
        return None if len(first) == 1 else solved(part)

    plan = split(one, Crew(first_is_lost), size=30)
    lost = {each.id for each in first[0].problem.shipments}
    assert len(lost - plan.unassigned.keys()) > len(lost) // 2


def test_without_any_answer_all_is_inserted_at_last() -> None:
    one = country(60, 8, 1)
    plan = split(one, Crew(lambda _: None))
    assert plan.engine == "insertion"
    assert len(plan.unassigned) < len(one.shipments) // 2


def test_a_shipment_that_its_part_cannot_serve_finds_its_place_across_the_border() -> None:
    """Only the van in the west has a cold box; only the east has something cold."""
    places = ways(0, 5, 10, 1_000, 1_005, 1_010)
    west = [shipment(f"w{n}", 1, 2) for n in range(4)]
    east = [shipment(f"e{n}", 4, 5) for n in range(3)]
    cold = shipment("cold", 4, 5, skills=frozenset({"cold"}))
    day = replace(vehicle().shift, until_s=9_000)
    vans = [
        vehicle("west", 0, end=None, skills=frozenset({"cold"}), shift=day),
        vehicle("east", 3, end=None, shift=day),
    ]
    late = replace(cold.pickup.windows[0], until_s=9_000)
    cold = replace(
        cold,
        pickup=replace(cold.pickup, windows=(late,)),
        delivery=replace(cold.delivery, windows=(late,)),
    )
    plan = split(problem(places, [*west, *east, cold], vans), size=4)
    assert plan.unassigned == {}


def test_a_search_that_is_ended_after_its_first_stage_gives_a_plan_and_says_so() -> None:
    one = country(60, 8, 1)
    crew = Crew()
    plan = split(one, crew, is_over=lambda: True)
    assert plan.truncated
    assert len(crew.stages) == 1


def test_reasons_hold_for_the_whole_and_not_for_the_part_alone() -> None:
    """In the east nobody has a cold box; the one in the west is too small for what is there."""
    places = ways(0, 5, 1_000, 1_005)
    rest = [shipment(f"w{n}", 0, 1) for n in range(4)] + [shipment(f"e{n}", 2, 3) for n in range(3)]
    cold = shipment("cold", 2, 3, skills=frozenset({"cold"}), amounts=(9,))
    vans = [vehicle("w", 0, skills=frozenset({"cold"}), capacity=(5,)), vehicle("e", 2)]
    plan = split(problem(places, [*rest, cold], vans), size=4)
    assert plan.unassigned == {"cold": Reason.TOO_LARGE_FOR_EVERY_VEHICLE}


def groups(one: Problem, size: int) -> list[list[Item]]:
    compiled = Compiled(one)
    return neighbourhoods(compiled, items_of(compiled, {}), size)


def test_towns_far_apart_are_not_mixed() -> None:
    places = ways(0, 5, 10, 1_000, 1_005, 1_010)
    here = [shipment(f"w{n}", n % 3, (n + 1) % 3) for n in range(10)]
    there = [shipment(f"e{n}", 3 + n % 3, 3 + (n + 1) % 3) for n in range(10)]
    vans = [vehicle("w1", 0), vehicle("w2", 1), vehicle("e1", 3), vehicle("e2", 4)]
    parts = groups(problem(places, [*here, *there], vans), 10)
    towns = [{point // 3 for item in group for point in item.points} for group in parts]
    assert sorted(map(sorted, towns)) == [[0], [1]]


def test_parts_are_of_like_size_with_their_share_of_the_vehicles() -> None:
    parts = groups(country(400, 40, 2), 50)
    sizes = [sum(len(item.requests) for item in group) for group in parts]
    vans = [sum(item.car is not None for item in group) for group in parts]
    assert len(parts) == 8
    assert (min(sizes), max(sizes), min(vans), max(vans)) == (50, 50, 5, 5)


def test_vehicles_of_one_depot_are_dealt_out_evenly_by_kind() -> None:
    places = ways(0, 5, 10, 15)
    loads = [shipment(f"s{n}", n % 4, (n + 1) % 4) for n in range(16)]
    vans = [vehicle(f"v{n}", 0, capacity=(5 + 5 * (n % 2),)) for n in range(8)]
    one = problem(places, loads, vans)
    compiled = Compiled(one)
    for group in neighbourhoods(compiled, items_of(compiled, {}), 8):
        cars = [compiled.cars[item.car] for item in group if item.car is not None]
        assert sorted(car.vehicle.capacity for car in cars) == [(5,), (5,), (10,), (10,)]


def test_places_without_a_way_between_them_are_parted() -> None:
    none = -1
    grid = ((0, 5, none, none), (5, 0, none, none), (none, none, 0, 5), (none, none, 5, 0))
    one = problem(
        Matrix("car", grid, grid),
        [shipment(f"w{n}", 0, 1) for n in range(5)] + [shipment(f"e{n}", 2, 3) for n in range(5)],
        [vehicle("w", 0), vehicle("e", 2)],
    )
    assert split(one, size=5).unassigned == {}


def test_a_part_survives_the_way_to_another_worker() -> None:
    crew = Crew()
    _, one = drawn(5)
    split(one, crew)
    for part in (each for parts in crew.stages for each in parts):
        assert part_from_json(json.loads(json.dumps(part_to_json(part)))) == part


def test_only_from_about_a_thousand_stops_on_a_problem_is_large() -> None:
    assert not is_large(country(120, 6, 1))
    assert is_large(replace(country(120, 6, 1), shipments=many(1_200)))


def many(count: int) -> tuple[Shipment, ...]:
    return tuple(shipment(f"s{n}", 0, 1) for n in range(count))


@pytest.mark.solver
def test_split_plans_cost_about_what_whole_ones_do() -> None:
    limits = Limits(iterations=12_000, wall_s=600)
    ones = [country(2 * PART_SIZE, 70, 1), country(2 * PART_SIZE, 70, 2)]
    whole = [solve(one, limits=limits, seed=1).cost for one in ones]
    plans = [split(one, limits=limits, size=PART_SIZE).cost for one in ones]
    assert {cost.missed for cost in plans} == {0}
    assert sum(cost.total for cost in plans) <= 1.05 * sum(cost.total for cost in whole)
