"""Verifies routes of node numbers against an instance as written, in its own units.

Code of its own: nothing is shared with the solvers, their schedule or their checker. Li & Lim
counts in double precision, Sartori & Buriol in whole minutes.
"""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from logistics.domain.instances import Instance

DEPOT: Final = 0
TOLERANCE: Final = 1e-6
"""Of the instance's unit; a sum of doubles may be out by this."""

NodeRoutes = Sequence[Sequence[int]]


@dataclass(frozen=True, slots=True)
class Fault:
    """One broken rule: `route` counts from 1, 0 is the plan as a whole."""

    code: str
    route: int = 0
    node: int = 0

    def __str__(self) -> str:
        return f"{self.code} (route {self.route}, node {self.node})"


def faults(instance: Instance, routes: NodeRoutes) -> list[Fault]:
    """Everything wrong with the routes, which leave out the depot; a valid plan has nothing."""
    found = list(_unknown(instance, routes))
    if found:
        return found
    found += _each_once(instance, routes)
    if len(routes) > instance.vehicles:
        found.append(Fault("too_many_vehicles"))
    for number, route in enumerate(routes, 1):
        if not route:
            found.append(Fault("empty_route", number))
        found += _order(instance, number, route)
        found += _load(instance, number, route)
        found += _times(instance, number, route)
    return found


def length(instance: Instance, routes: NodeRoutes) -> float:
    """Distance (or travel time) from depot to depot over all routes."""
    total = 0.0
    for route in routes:
        stops = [DEPOT, *route, DEPOT]
        for at in range(1, len(stops)):
            total += _way(instance, stops[at - 1], stops[at])
    return total


def _way(instance: Instance, here: int, there: int) -> float:
    if instance.travel is not None:
        return instance.travel[here][there]
    east = instance.nodes[here].x - instance.nodes[there].x
    north = instance.nodes[here].y - instance.nodes[there].y
    return math.sqrt(east * east + north * north)


def _unknown(instance: Instance, routes: NodeRoutes) -> Iterator[Fault]:
    for number, route in enumerate(routes, 1):
        for node in route:
            if not DEPOT < node < len(instance.nodes):
                yield Fault("unknown_node", number, node)


def _each_once(instance: Instance, routes: NodeRoutes) -> Iterator[Fault]:
    visits = Counter(node for route in routes for node in route)
    for node in range(1, len(instance.nodes)):
        if visits[node] == 0:
            yield Fault("left_out", 0, node)
        elif visits[node] > 1:
            yield Fault("visited_twice", 0, node)


def _order(instance: Instance, number: int, route: Sequence[int]) -> Iterator[Fault]:
    """Both halves of a pair on one route, the pickup first."""
    at = {node: position for position, node in enumerate(route)}
    for node in route:
        partner = instance.nodes[node].pickup or instance.nodes[node].delivery
        if partner not in at:
            yield Fault("partner_elsewhere", number, node)
        elif instance.nodes[node].delivery and at[partner] < at[node]:
            yield Fault("delivered_before_pickup", number, node)


def _load(instance: Instance, number: int, route: Sequence[int]) -> Iterator[Fault]:
    load = 0
    for node in route:
        load += instance.nodes[node].demand
        if load > instance.capacity:
            yield Fault("over_capacity", number, node)
        if load < 0:
            yield Fault("unloaded_before_loaded", number, node)


def _times(instance: Instance, number: int, route: Sequence[int]) -> Iterator[Fault]:
    """As early as possible: no later departure can mend a late arrival."""
    clock: float = instance.nodes[DEPOT].earliest
    here = DEPOT
    for node in route:
        stop = instance.nodes[node]
        clock = max(clock + _way(instance, here, node), stop.earliest)
        if clock > stop.latest + TOLERANCE:
            yield Fault("too_late", number, node)
        clock += stop.service
        here = node
    if clock + _way(instance, here, DEPOT) > instance.nodes[DEPOT].latest + TOLERANCE:
        yield Fault("back_after_closing", number, here)
