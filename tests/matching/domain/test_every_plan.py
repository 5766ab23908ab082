"""What holds for the plan of any problem at all."""

from dataclasses import replace
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from matching.domain.case import Case
from matching.domain.checker import check
from matching.domain.explain import explain
from matching.domain.problem import Problem
from matching.domain.solution import Limits, Solution
from matching.domain.solver import solve
from matching.domain.solver.choose import solve_case
from tests.matching.domain.worlds import settled_world, world

QUICK = Limits(shakes=20, program=False)

seeds = st.integers(0, 100_000)
sizes = st.tuples(st.integers(1, 14), st.integers(1, 12))


@settings(max_examples=60, deadline=None)
@given(seed=seeds, size=sizes, settled=st.booleans())
def test_the_checker_accepts_it(seed: int, size: tuple[int, int], settled: bool) -> None:
    problem = settled_world(seed, *size) if settled else world(seed, *size)
    assert check(problem, solve(problem, limits=QUICK, seed=seed)) == []


@settings(max_examples=20, deadline=None)
@given(seed=seeds, size=sizes)
def test_the_checker_accepts_it_when_work_runs_out(seed: int, size: tuple[int, int]) -> None:
    problem = settled_world(seed, *size)
    solution = solve(problem, limits=Limits(candidates=2, equity=0, pricing=0, evaluations=0))
    assert check(problem, solution) == []


@settings(max_examples=30, deadline=None)
@given(seed=seeds, size=sizes)
def test_the_same_seed_gives_the_same_plan(seed: int, size: tuple[int, int]) -> None:
    problem = settled_world(seed, *size)
    assert solve(problem, limits=QUICK, seed=seed) == solve(problem, limits=QUICK, seed=seed)


@settings(max_examples=40, deadline=None)
@given(seed=seeds, size=sizes)
def test_the_order_in_which_things_are_listed_changes_nothing(
    seed: int, size: tuple[int, int]
) -> None:
    problem = settled_world(seed, *size)
    first, second = (
        solve(each, limits=QUICK, seed=1) for each in (problem, _shuffled(problem, seed))
    )
    assert _shares(first) == _shares(second)
    assert (first.score, first.bound, first.figures) == (second.score, second.bound, second.figures)


@settings(max_examples=40, deadline=None)
@given(seed=seeds, size=sizes)
def test_names_change_nothing(seed: int, size: tuple[int, int]) -> None:
    problem = settled_world(seed, *size)
    names = _new_names(problem, seed)
    first, second = (
        solve(each, limits=QUICK, seed=1) for each in (problem, _renamed(problem, names))
    )
    renamed = {(names[lot], names[programme], g) for lot, programme, g in _shares(first)}
    assert renamed == _shares(second)
    assert (first.score, first.bound) == (second.score, second.bound)


@settings(max_examples=40, deadline=None)
@given(seed=seeds, size=sizes, more_g=st.integers(1, 60_000))
def test_more_room_never_lowers_the_bound(seed: int, size: tuple[int, int], more_g: int) -> None:
    problem = world(seed, *size)
    one = problem.demands[seed % len(problem.demands)]
    room_g = {storage: g + more_g for storage, g in one.recipient.capacity_g.items()}
    wider = replace(one, recipient=replace(one.recipient, capacity_g=room_g))
    demands = tuple(wider if each is one else each for each in problem.demands)
    before, after = (
        solve(each, limits=QUICK) for each in (problem, replace(problem, demands=demands))
    )
    # Both are within rounding of the lowest bound that prices can prove, and no nearer.
    assert after.bound >= before.bound * (1 - 2e-3)


@settings(max_examples=30, deadline=None)
@given(seed=seeds, size=sizes)
def test_no_other_plan_is_above_the_bound(seed: int, size: tuple[int, int]) -> None:
    """Plans by other limits and seeds are plans too."""
    problem = world(seed, *size)
    narrow = solve(problem, limits=Limits(candidates=1, equity=0, pricing=0, passes=0))
    for seed_tried in (1, 2):
        other = solve(problem, limits=QUICK, seed=seed_tried)
        assert other.score <= narrow.bound * (1 + 1e-9) + 1e-9


@settings(max_examples=40, deadline=None)
@given(seed=seeds, size=sizes)
def test_the_terms_of_every_explanation_add_up(seed: int, size: tuple[int, int]) -> None:
    solution, state = solve_case(Case(settled_world(seed, *size)), limits=QUICK, seed=seed)
    found = list(explain(state))
    told = [(each.lot_id, each.programme_id, each.mass_g) for each in found]
    assert told == [(a.lot_id, a.programme_id, a.mass_g) for a in solution.assignments]
    assert abs(sum(solution.terms.values()) - solution.score) < 1e-9
    for each in found:
        assert abs(sum(each.terms.values()) - each.score) < 1e-9
        for other in each.alternatives:
            assert abs(sum(other.terms.values()) - other.score) < 1e-9


@settings(max_examples=40, deadline=None)
@given(seed=seeds, size=sizes)
def test_nobody_with_room_would_have_been_better(seed: int, size: tuple[int, int]) -> None:
    _, state = solve_case(Case(world(seed, *size)), limits=QUICK, seed=seed)
    for each in explain(state):
        for other in each.alternatives:
            better = other.score > each.score + 1e-9
            assert not better or other.why in {"full", "carries_less"}


@settings(max_examples=30, deadline=None)
@given(seed=seeds, size=sizes)
def test_explaining_changes_nothing(seed: int, size: tuple[int, int]) -> None:
    _, state = solve_case(Case(world(seed, *size)), limits=QUICK, seed=seed)
    before = list(state.chosen()), state.left_g.tolist()
    first = list(explain(state))
    assert (list(state.chosen()), state.left_g.tolist()) == before
    assert list(explain(state)) == first


def _shares(solution: Solution) -> set[tuple[str, str, int]]:
    return {(each.lot_id, each.programme_id, each.mass_g) for each in solution.assignments}


def _shuffled(problem: Problem, seed: int) -> Problem:
    random = Random(seed)  # noqa: S311
    names = ("supplies", "demands", "couriers", "counties", "fixed", "incumbents", "asked")
    lists: dict[str, Any] = {}
    for name in names:
        listed = getattr(problem, name)
        lists[name] = tuple(random.sample(listed, len(listed)))
    shuffled = replace(problem, **lists)
    if problem.edges is None:
        return shuffled
    return replace(shuffled, edges=tuple(random.sample(problem.edges, len(problem.edges))))


def _new_names(problem: Problem, seed: int) -> dict[str, str]:
    random = Random(seed)  # noqa: S311
    old = {supply.id for supply in problem.supplies} | {each.id for each in problem.demands}
    old |= {supply.lot.listing_id for supply in problem.supplies}
    old |= {demand.recipient.location_id for demand in problem.demands}
    numbers = random.sample(range(10 * len(old)), len(old))
    return {name: f"x{number}" for name, number in zip(sorted(old), numbers, strict=True)}


def _renamed(problem: Problem, names: dict[str, str]) -> Problem:
    def rename(thing: Any, *fields: str) -> Any:
        return replace(thing, **{field: names[getattr(thing, field)] for field in fields})

    pair = "lot_id", "programme_id"
    return replace(
        problem,
        supplies=tuple(
            replace(s, lot=rename(s.lot, "lot_id", "listing_id")) for s in problem.supplies
        ),
        demands=tuple(
            replace(d, recipient=rename(d.recipient, "programme_id", "location_id"))
            for d in problem.demands
        ),
        edges=None if problem.edges is None else tuple(rename(e, *pair) for e in problem.edges),
        fixed=tuple(rename(f, "listing_id", *pair) for f in problem.fixed),
        incumbents=tuple(rename(i, *pair) for i in problem.incumbents),
        asked=tuple(rename(a, *pair) for a in problem.asked),
    )
