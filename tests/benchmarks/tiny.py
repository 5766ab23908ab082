"""Tiny instances of our own in both public formats, and runs to summarize."""

from dataclasses import replace

from benchmarks.routing.record import Objective, Run, Status
from logistics.domain.instances import Instance, Node

#: Depot in the middle; the pairs 1-2 to the east, 3-4 to the north. Nodes 1 and 2 are 5 apart.
EUCLIDEAN = Instance(
    name="tiny",
    vehicles=2,
    capacity=10,
    nodes=(
        Node(0, 0, 0, 0, 100, 0, 0, 0),
        Node(3, 4, 6, 0, 50, 2, 0, 2),
        Node(6, 8, -6, 0, 60, 2, 1, 0),
        Node(0, 5, 6, 0, 50, 2, 0, 4),
        Node(0, 10, -6, 0, 60, 2, 3, 0),
    ),
)

#: The same pairs on roads that are longer in one direction.
ROADS = replace(
    EUCLIDEAN,
    name="roads",
    travel=(
        (0, 5, 10, 5, 10),
        (6, 0, 5, 6, 9),
        (11, 6, 0, 9, 7),
        (6, 6, 9, 0, 5),
        (11, 9, 7, 6, 0),
    ),
)

GOOD = ((1, 2), (3, 4))


def with_node(instance: Instance, number: int, **changes: float) -> Instance:
    nodes = list(instance.nodes)
    nodes[number] = replace(nodes[number], **changes)  # type: ignore[arg-type]
    return replace(instance, nodes=tuple(nodes))


def a_run(**changes: object) -> Run:
    """A solved run of ours; `status` and figures by keyword."""
    values: dict[str, object] = {
        "instance": "lc101",
        "family": "Li & Lim",
        "size": 100,
        "path": "/nowhere/lc101.txt",
        "method": "ours",
        "objective": Objective.VEHICLES,
        "seconds": 10.0,
        "seed": 1,
        "cores": 2,
        "status": Status.OK,
        "vehicles": 10,
        "cost": 100.0,
    }
    return Run(**(values | changes))  # type: ignore[arg-type]
