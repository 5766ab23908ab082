"""Where Numba is missing, the same code plans without it: slower, but the same plans."""

import json
import subprocess
import sys
from typing import Any

import pytest

from matching.domain.checker import check
from matching.domain.codec import from_json, to_json
from matching.domain.solution import Limits, Solution
from matching.domain.solve import solve_json
from tests.matching.domain.worlds import settled_world, world

PLAIN = """
import json, sys
sys.modules["numba"] = None
from matching.domain.kernel.compiling import IS_AVAILABLE
from matching.domain.solve import solve_json
assert not IS_AVAILABLE
json.dump([solve_json(each) for each in json.load(sys.stdin)], sys.stdout)
"""
PROBLEMS = [world(7, 8, 6), settled_world(4, 5, 6)]
LIMITS = Limits(shakes=20, program=False)


def test_plans_are_the_same_and_nothing_warns() -> None:
    requests = [{"problem": to_json(each), "limits": to_json(LIMITS)} for each in PROBLEMS]
    replies = solved_without_numba(requests)
    for problem, request, reply in zip(PROBLEMS, requests, replies, strict=True):
        plain, fast = plan_of(reply), plan_of(solve_json(request))
        assert any(each.transport == "courier" for each in plain.assignments)
        assert shares(plain) == shares(fast)
        assert (plain.score, plain.bound) == pytest.approx((fast.score, fast.bound), rel=1e-9)
        assert check(problem, plain) == []


def solved_without_numba(requests: list[dict[str, Any]]) -> list[dict[str, Any]]:
    command = [sys.executable, "-W", "error::RuntimeWarning", "-c", PLAIN]
    told = subprocess.run(
        command, input=json.dumps(requests), capture_output=True, text=True, check=True
    )
    replies: list[dict[str, Any]] = json.loads(told.stdout)
    return replies


def plan_of(reply: dict[str, Any]) -> Solution:
    return from_json(Solution, reply["solution"], "solution")


def shares(plan: Solution) -> list[tuple[str, str, int]]:
    return [(each.lot_id, each.programme_id, each.mass_g) for each in plan.assignments]
