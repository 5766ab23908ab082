"""Problems travel as JSON; a malformed one is refused naming the field."""

import json
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.domain.codec import Malformed, from_json, to_json
from matching.domain.problem import Problem
from matching.domain.solution import Solution
from matching.domain.solve import solve_json
from tests.matching.domain.worlds import settled_world, world


def as_json(problem: Problem) -> Any:
    return json.loads(json.dumps(to_json(problem)))


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_a_problem_comes_back_as_it_was(seed: int) -> None:
    problem = settled_world(seed, 4, 4)
    assert from_json(Problem, as_json(problem)) == problem


def test_a_request_is_answered_with_a_checked_and_explained_plan() -> None:
    answer = solve_json({"problem": as_json(world(5, 8, 8)), "seed": 3, "limits": {"passes": 1}})
    assert answer["breaches"] == []
    solution = from_json(Solution, json.loads(json.dumps(answer["solution"])))
    assert solution.assignments
    assert len(answer["explanations"]) == len(solution.assignments)


def put(data: Any, path: tuple[Any, ...], value: object) -> None:
    for step in path[:-1]:
        data = data[step]
    data[path[-1]] = value


@pytest.mark.parametrize(
    ("path", "value", "field"),
    [
        (("supplies", 1, "lot", "left_g"), -5, "problem.supplies[1].lot.left_g"),
        (("supplies", 0, "lot", "left_g"), 1.5, "problem.supplies[0].lot.left_g"),
        (("supplies", 0, "lot", "left_g"), True, "problem.supplies[0].lot.left_g"),
        (("supplies", 0, "lot", "left_g"), float("nan"), "problem.supplies[0].lot.left_g"),
        (
            ("supplies", 0, "lot", "storage_class"),
            "cellar",
            "problem.supplies[0].lot.storage_class",
        ),
        (("supplies", 0, "lot", "category"), "", "problem.supplies[0].lot.category"),
        (("supplies", 0, "lot", "point"), [float("nan"), 25.0], "problem.supplies[0].lot.point"),
        (("supplies", 0, "lot", "point"), [121.0], "problem.supplies[0].lot.point"),
        (("supplies", 0, "lot", "point"), [121.0, "n"], "problem.supplies[0].lot.point[1]"),
        (("supplies", 0, "lot", "safe_until_at"), "soon", "problem.supplies[0].lot.safe_until_at"),
        (
            ("supplies", 0, "lot", "safe_until_at"),
            "2026-01-01T00:00:00",
            "problem.supplies[0].lot.safe_until_at",
        ),
        (("supplies", 0, "lot", "allergens"), "egg", "problem.supplies[0].lot.allergens"),
        (("supplies", 0, "lot", "allergens"), [7], "problem.supplies[0].lot.allergens[0]"),
        (("supplies", 0, "max_splits"), 0, "problem.supplies[0].max_splits"),
        (("supplies", 0, "colour"), "red", "problem.supplies[0].colour"),
        (("supplies",), {}, "problem.supplies"),
        (("demands", 0), None, "problem.demands[0]"),
        (("demands", 0, "people"), 0, "problem.demands[0].people"),
        (("demands", 0, "reliability"), 1.5, "problem.demands[0].reliability"),
        (("demands", 0, "reliability"), float("nan"), "problem.demands[0].reliability"),
        (
            ("demands", 0, "recipient", "capacity_g"),
            {"ambient": -1},
            "problem.demands[0].recipient.capacity_g.ambient",
        ),
        (("demands", 0, "recipient", "capacity_g"), [], "problem.demands[0].recipient.capacity_g"),
        (
            ("demands", 0, "recipient", "open_hours"),
            [["2026-11-20T08:00:00Z", "2026-11-20T08:00:00Z"]],
            "problem.demands[0].recipient.open_hours",
        ),
        (("demands", 0, "recipient", "verified"), 1, "problem.demands[0].recipient.verified"),
        (
            ("edges",),
            [{"lot_id": "lot0", "programme_id": "nowhere", "distance_m": 1, "travel_s": 1}],
            "problem.edges[0].programme_id",
        ),
        (
            ("incumbents",),
            [{"lot_id": "gone", "programme_id": "programme0"}],
            "problem.incumbents[0].lot_id",
        ),
        (
            ("asked",),
            [{"lot_id": "lot0", "programme_id": "gone"}],
            "problem.asked[0].programme_id",
        ),
        (("weights", "km"), -1, "problem.weights.km"),
        (("weights", "urgent_within_s"), 0, "problem.weights.urgent_within_s"),
        (("travel", "detour"), 0.5, "problem.travel.detour"),
        (("travel", "speed_kmh"), 0, "problem.travel.speed_kmh"),
        (("now",), "2026-11-20T08:00:00", "problem.now"),
        (("fair_g_per_person",), float("inf"), "problem.fair_g_per_person"),
    ],
)
def test_what_is_malformed_is_refused_by_name(
    path: tuple[Any, ...], value: object, field: str
) -> None:
    data = as_json(world(1, 2, 2))
    put(data, path, value)
    answer = solve_json({"problem": data})
    assert answer["error"]["field"] == field
    assert answer["error"]["problem"]


def test_things_listed_twice_or_missing_are_refused() -> None:
    data = as_json(world(1, 2, 2))
    twice = {**data, "supplies": [data["supplies"][0], data["supplies"][0]]}
    with pytest.raises(Malformed, match=r"^supplies: lot0 is listed twice"):
        from_json(Problem, twice)
    del data["now"]
    with pytest.raises(Malformed, match=r"^now: is missing"):
        from_json(Problem, data)


def test_programmes_of_one_location_must_state_the_same_room() -> None:
    data = as_json(world(1, 1, 2))
    data["demands"][1]["recipient"]["location_id"] = "place0"
    data["demands"][1]["recipient"]["capacity_g"] = {"ambient": 1}
    assert solve_json({"problem": data})["error"]["field"] == (
        "problem.demands[1].recipient.capacity_g"
    )


def test_lots_of_one_listing_must_be_at_one_place() -> None:
    data = as_json(world(1, 2, 1))
    data["supplies"][1]["lot"]["point"] = [120.0, 24.0]
    assert solve_json({"problem": data})["error"]["field"] == "problem.supplies[1].lot.point"


@pytest.mark.parametrize("request_", [{}, {"problem": 3}, {"problem": {}}])
def test_a_request_without_a_problem_is_refused(request_: dict[str, Any]) -> None:
    assert solve_json(request_)["error"]["field"].startswith("problem")


def test_a_seed_must_be_a_whole_number() -> None:
    answer = solve_json({"problem": as_json(world(1, 1, 1)), "seed": "x"})
    assert answer["error"]["field"] == "seed"


def test_solving_needs_no_django() -> None:
    """The solver process stays small and starts fast."""
    script = "import sys, matching.domain.solve; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
