"""Parts as JSON values, for workers that take them over."""

from typing import Any

from logistics.domain.splitting.parts import Part
from logistics.domain.wire import (
    limits_from_json,
    limits_to_json,
    problem_from_json,
    problem_to_json,
    routes_from_json,
    routes_to_json,
)

Json = Any


def part_to_json(part: Part) -> Json:
    return {
        "problem": problem_to_json(part.problem),
        "start": routes_to_json(part.start),
        "points": list(part.points),
        "limits": limits_to_json(part.limits),
        "seed": part.seed,
    }


def part_from_json(data: Json) -> Part:
    """Raises `InvalidProblem` for what another version of this software may have written."""
    return Part(
        problem=problem_from_json(data["problem"]),
        start=routes_from_json(data["start"]),
        points=tuple(data["points"]),
        limits=limits_from_json(data["limits"]),
        seed=data["seed"],
    )
