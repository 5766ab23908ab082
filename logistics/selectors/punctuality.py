"""How likely the stops of a plan are on time, by what is known of doors and roads."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings

from backend.regions.packs import pack
from logistics.domain.problem import Task, TaskKind
from logistics.domain.service_times import Spread, sigma_of
from logistics.domain.solution import Solution
from logistics.domain.uncertainty import Punctuality, Roads, Uncertainty, simulate
from logistics.selectors.planning import PlanningInputs


def plan_punctuality(inputs: PlanningInputs, solution: Solution, *, seed: int) -> Punctuality:
    """The plan, driven a thousand times over with times as they vary there."""
    uncertainty = Uncertainty(_services(inputs), _roads())
    return simulate(inputs.problem, solution, uncertainty, seed=seed)


def punctuality_figures(punctuality: Punctuality) -> dict[str, Any]:
    """What a plan says of itself: the mean share of its hand-overs, and how many are at risk."""
    shares = punctuality.tasks.values()
    if not shares:
        return {}
    return {
        "on_time_share": round(sum(shares) / len(shares), 3),
        "hand_overs_at_risk": sum(share < settings.ON_TIME_SHARE_WANTED for share in shares),
    }


def _services(inputs: PlanningInputs) -> Mapping[Task, Spread]:
    services: dict[Task, Spread] = {}
    for shipment_id, row in inputs.shipments.items():
        doors = {
            TaskKind.PICKUP: row.pickup_location_id,
            TaskKind.DELIVERY: row.delivery_location_id,
        }
        services |= {Task(shipment_id, kind): inputs.hand_overs[at] for kind, at in doors.items()}
    return services


def _roads() -> Roads:
    driving = pack().logistics.driving
    sigma = sigma_of(p50=driving.p50, p90=driving.p90)
    return Roads(median=driving.p50, sigma=sigma, shared=driving.shared)
