"""Live dispatch answers as `insert` does, without looking at every route."""

from dataclasses import replace
from random import Random

import pytest

from logistics.domain import dispatch
from logistics.domain.checker import check
from logistics.domain.compiled import Compiled
from logistics.domain.detours import SPARE_WIDTH, Detours
from logistics.domain.dispatch import AlreadyOnARoute, Dispatch, OutdatedQuote
from logistics.domain.insertion import Quote, best_place, insert, running_track
from logistics.domain.limits import Limits
from logistics.domain.problem import Lock, Matrix, OnBoard, Problem, Task, TaskKind, TimeWindow
from logistics.domain.solution import Reason, Route
from logistics.domain.solver.solve import solve
from tests.logistics.domain.cities import drawn_problem, problem, shipment, vehicle, ways

LINE = ways(0, 5, 9)


def drawn(seed: int) -> Problem:
    rnd = Random(seed)  # noqa: S311 - draws an example
    return drawn_problem(rnd, rnd.randint(3, 12), rnd.randint(1, 6), reach=rnd.choice([5, 20, 60]))


def running(one: Problem, without: set[str]) -> tuple[Route, ...]:
    """A plan for everything but these shipments."""
    rest = tuple(s for s in one.shipments if s.id not in without)
    return solve(replace(one, shipments=rest), limits=Limits(iterations=0), seed=1).routes


def with_locks(one: Problem, routes: tuple[Route, ...], seed: int) -> Problem:
    """Each vehicle is bound to a part of its route."""
    rnd = Random(seed)  # noqa: S311
    locks = (Lock(r.vehicle_id, r.sequence[: rnd.randint(0, len(r.tasks))]) for r in routes)
    return replace(one, locks=tuple(lock for lock in locks if lock.tasks))


@pytest.mark.parametrize("seed", range(200))
def test_a_quote_is_the_answer_of_insert(seed: int) -> None:
    one = drawn(seed)
    routes = running(one, {"s0"})
    if seed % 3 == 0:
        one = with_locks(one, routes, seed)
    assert Dispatch(one, routes).quote("s0") == insert(one, routes, "s0")


@pytest.mark.parametrize("seed", range(60))
def test_one_session_goes_on_answering_as_its_routes_grow(seed: int) -> None:
    one = drawn(1000 + seed)
    new = [shipment.id for shipment in one.shipments[::2]]
    session = Dispatch(one, running(one, set(new)))
    for name in new:
        quote = session.quote(name)
        assert quote == insert(one, session.routes, name)
        if isinstance(quote, Quote):
            session.accept(quote)
            assert quote.route in session.routes
    left = solve(one, limits=Limits(0), seed=1, start=session.routes)
    assert check(one, left) == []


@pytest.mark.parametrize("seed", range(120))
def test_no_vehicle_can_take_it_for_less_than_the_bound(seed: int) -> None:
    one = drawn(2000 + seed)
    routes = {route.vehicle_id: route for route in running(one, {"s1"})}
    compiled = Compiled(one)
    request = compiled.request_of["s1"]
    tracks = [running_track(compiled, car, routes) for car in compiled.cars]
    least = Detours(compiled, tracks).at_least(request)
    for track in tracks:
        place = best_place(compiled, track, request)
        assert place is None or least[track.car.index] <= place.extra


def test_most_routes_are_never_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[str] = []

    def noted(compiled: object, track: object, request: int) -> object:
        looked.append(track.car.vehicle.id)  # type: ignore[attr-defined]
        return best_place(compiled, track, request)  # type: ignore[arg-type]

    places = range(0, 2000, 100)
    line = ways(*places)
    jobs = [shipment(f"s{n}", n, n + 1) for n in range(len(places) - 1)]
    vans = [vehicle(f"v{n}", n) for n in range(len(places) - 1)]
    one = problem(line, [*jobs, shipment("new", 7, 8)], vans)
    routes = running(one, {"new"})
    session = Dispatch(one, routes)
    monkeypatch.setattr(dispatch, "best_place", noted)
    quote = session.quote("new")
    assert isinstance(quote, Quote)
    assert quote == insert(one, routes, "new")
    assert looked == [quote.route.vehicle_id]


def test_a_route_may_grow_beyond_what_was_foreseen() -> None:
    names = [f"s{n}" for n in range(2 * SPARE_WIDTH)]
    one = problem(LINE, [shipment(name, 1, 2) for name in names], [vehicle(capacity=(99,))])
    session = Dispatch(one, ())
    for name in names:
        quote = session.quote(name)
        assert isinstance(quote, Quote)
        session.accept(quote)
    (route,) = session.routes
    assert len(route.tasks) == 2 * len(names)


def test_nothing_goes_before_what_is_locked_also_after_an_accepted_quote() -> None:
    locked = (Task("a", TaskKind.PICKUP), Task("a", TaskKind.DELIVERY))
    jobs = [shipment(name, 1, 2) for name in "abc"]
    one = problem(LINE, jobs, [vehicle()], locks=(Lock("van", locked),))
    session = Dispatch(one, running(one, {"b", "c"}))
    for name in "bc":
        quote = session.quote(name)
        assert isinstance(quote, Quote)
        assert quote.route.sequence[:2] == locked
        session.accept(quote)


def test_only_the_vehicle_that_carries_it_can_hand_it_over() -> None:
    near, far = vehicle("near", 2), vehicle("far", 0)
    lock = Lock("far", (), (OnBoard("a", 0),))
    one = problem(LINE, [shipment("a", 1, 2)], [near, far], locks=(lock,))
    quote = Dispatch(one, ()).quote("a")
    assert isinstance(quote, Quote)
    assert quote.route.vehicle_id == "far"
    assert quote.route.sequence == (Task("a", TaskKind.DELIVERY),)


def test_a_stop_that_is_reached_sooner_over_the_new_pickup_is_found() -> None:
    """0 -> 1 -> 2 is quicker than 0 -> 2, and only behind 2 can the delivery at 3 lie."""
    times = ((0, 5, 50, 40), (5, 0, 5, 10), (50, 5, 0, 5), (40, 10, 60, 0))
    late, soon = TimeWindow(0, 61), TimeWindow(0, 20)
    old = shipment("old", 2, 2, pickup=(late,), delivery=(late,))
    new = shipment("new", 1, 3, delivery=(soon,))
    one = problem(Matrix("car", times, times), [old, new], [vehicle()])
    routes = running(one, {"new"})
    quote = Dispatch(one, routes).quote("new")
    assert isinstance(quote, Quote)
    assert [task.shipment_id for task in quote.route.sequence] == ["new", "old", "old", "new"]
    assert quote == insert(one, routes, "new")


def test_the_reason_is_told_when_nobody_can() -> None:
    cold = shipment("a", 1, 2, skills=frozenset({"cold"}))
    one = problem(LINE, [cold], [vehicle()])
    assert Dispatch(one, ()).quote("a") is Reason.NO_VEHICLE_WITH_SKILL
    full = [shipment("a", 1, 2, amounts=(10,)), shipment("b", 1, 2, amounts=(10,))]
    busy = problem(LINE, full, [vehicle(max_stops=2)])
    assert Dispatch(busy, running(busy, {"b"})).quote("b") is Reason.NO_ROOM_LEFT


def test_a_quote_for_a_route_that_has_changed_since_is_refused() -> None:
    one = problem(LINE, [shipment(name, 1, 2) for name in "ab"], [vehicle()])
    session = Dispatch(one, ())
    first, second = session.quote("a"), session.quote("b")
    assert isinstance(first, Quote)
    assert isinstance(second, Quote)
    session.accept(first)
    with pytest.raises(OutdatedQuote):
        session.accept(second)
    with pytest.raises(OutdatedQuote):
        session.accept(first)
    assert session.routes == (first.route,)


def test_a_shipment_on_a_route_is_not_offered_again() -> None:
    one = problem(LINE, [shipment("a", 1, 2)], [vehicle()])
    with pytest.raises(AlreadyOnARoute):
        Dispatch(one, running(one, set())).quote("a")
