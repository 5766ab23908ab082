"""Whether the reasons given for leaving shipments out can be true; code of its own, as the checker.

What looks at one shipment alone is worked out again: skills, size, ways, windows. Whether a shift
is too short or the others leave no room takes a search, so these are only refused where a more
telling reason holds, and `not_worth_the_way` also where the shipment must be served.
"""

from collections.abc import Iterator
from itertools import pairwise

from logistics.domain.matrix import UNREACHABLE, Matrix
from logistics.domain.problem import Handling, Lock, Problem, Shipment, Vehicle
from logistics.domain.solution import Reason, Solution

NEEDS_A_SEARCH = frozenset({Reason.SHIFT_TOO_SHORT, Reason.NO_ROOM_LEFT, Reason.NOT_WORTH_THE_WAY})


def wrong_reasons(problem: Problem, solution: Solution) -> Iterator[str]:
    """The shipments left out for a reason that does not hold, or that a better one precedes."""
    told = _Told(problem)
    for shipment in problem.shipments:
        reason = solution.unassigned.get(shipment.id)
        if reason is None:
            continue
        telling = told.most_telling(shipment)
        wrong = reason is not telling if telling else reason not in NEEDS_A_SEARCH
        must = shipment.prize is None and reason is Reason.NOT_WORTH_THE_WAY
        if wrong or must:
            yield shipment.id


class _Told:
    """The problem by what a reason speaks of."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.shipments = {shipment.id: shipment for shipment in problem.shipments}
        self.matrices: dict[str, Matrix] = {one.profile: one for one in problem.matrices}
        self.locks = {lock.vehicle_id: lock for lock in problem.locks}
        self.bound_to = {
            name: lock.vehicle_id for lock in problem.locks for name in lock.shipment_ids()
        }

    def most_telling(self, shipment: Shipment) -> Reason | None:
        """The first thing that no vehicle left by the things before it can do."""
        vehicles = list(self.problem.vehicles)
        if shipment.id in self.bound_to:
            vehicles = [one for one in vehicles if one.id == self.bound_to[shipment.id]]
        else:
            vehicles = [one for one in vehicles if shipment.skills <= one.skills]
            if not vehicles:
                return Reason.NO_VEHICLE_WITH_SKILL
            vehicles = [one for one in vehicles if self._has_space(one, shipment)]
            if not vehicles:
                return Reason.TOO_LARGE_FOR_EVERY_VEHICLE
        vehicles = [one for one in vehicles if self._gets_there(one, shipment)]
        if not vehicles:
            return Reason.UNREACHABLE
        if not any(self._windows_meet(one, shipment) for one in vehicles):
            return Reason.WINDOWS_IMPOSSIBLE
        return None

    def _loaded_at(self, vehicle: Vehicle) -> dict[str, int]:
        lock = self.locks.get(vehicle.id, Lock(vehicle.id))
        return {had.shipment_id: had.loaded_at_s for had in lock.on_board}

    def _has_space(self, vehicle: Vehicle, shipment: Shipment) -> bool:
        """A vehicle that is overloaded on the road counts as being that large."""
        aboard = [self.shipments[one].amounts for one in self._loaded_at(vehicle)]
        most = [max(limit, sum(a[d] for a in aboard)) for d, limit in enumerate(vehicle.capacity)]
        return all(amount <= limit for amount, limit in zip(shipment.amounts, most, strict=True))

    def _gets_there(self, vehicle: Vehicle, shipment: Shipment) -> bool:
        ways = self.matrices[vehicle.profile].durations_s
        stations = [vehicle.start, shipment.pickup.point, shipment.delivery.point]
        if shipment.id in self._loaded_at(vehicle):
            del stations[1]
        stations += [] if vehicle.end is None else [vehicle.end]
        return all(ways[here][there] != UNREACHABLE for here, there in pairwise(stations))

    def _windows_meet(self, vehicle: Vehicle, shipment: Shipment) -> bool:
        """Some pickup and some delivery lie no less than the way and no more than allowed apart."""
        here, hand, longest = shipment.pickup, shipment.delivery, shipment.max_on_board_s
        loaded_s = self._loaded_at(vehicle).get(shipment.id)
        if loaded_s is not None:
            soonest = vehicle.shift.from_s + self._leg_s(vehicle, vehicle.start, hand.point)
            return _starts_between(hand, soonest, _after(loaded_s, longest))
        leg_s = 0 if here.point == hand.point else self._leg_s(vehicle, here.point, hand.point)
        return (longest is None or leg_s <= longest) and any(
            _starts_between(
                hand,
                window.from_s + here.service_s + leg_s,
                _after(window.until_s - 1 + here.service_s, longest),
            )
            for window in here.windows
        )

    def _leg_s(self, vehicle: Vehicle, here: int, there: int) -> int:
        return self.matrices[vehicle.profile].durations_s[here][there] + self.problem.setup_s[there]


def _after(moment_s: int, longest_s: int | None) -> int | None:
    return None if longest_s is None else moment_s + longest_s


def _starts_between(handling: Handling, soonest_s: int, latest_s: int | None) -> bool:
    """Service can start in a window, no sooner and (if there is a latest) no later."""
    return any(
        max(soonest_s, window.from_s) < window.until_s
        and (latest_s is None or max(soonest_s, window.from_s) <= latest_s)
        for window in handling.windows
    )
