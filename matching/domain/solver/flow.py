"""The best flow through the network, and what one more gram would be worth at each of its nodes."""

from itertools import islice

import numpy as np
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

from matching.domain.solver.network import Ints, Network


class NoFlow(RuntimeError):
    """The flow solver failed, which the arcs from every lot to the sink should make impossible."""


def best_flow(network: Network) -> Ints:
    """Grams on each arc, in the order of the network's arcs."""
    tails, heads, rooms, gains = network.arcs.arrays()
    solver = SimpleMinCostFlow()
    arcs = solver.add_arcs_with_capacity_and_unit_cost(tails, heads, rooms, -gains)
    for node, left_g in zip(network.supply_nodes, network.supply_g, strict=True):
        solver.set_node_supply(node, left_g)
    solver.set_node_supply(0, -network.total_g)
    status = solver.solve()
    if status != solver.OPTIMAL:
        raise NoFlow(status)
    return np.asarray(solver.flows(arcs), dtype=np.int64)


def grams_by_option(network: Network, flows: Ints) -> list[list[int]]:
    """The flow of each option, as the options were given: by supply, then in order."""
    counts = np.bincount(
        [option.supply for option in network.options], minlength=len(network.supply_nodes)
    )
    ordered = iter(flows[: network.options_end].tolist())
    return [list(islice(ordered, int(count))) for count in counts]


def node_prices(network: Network, flows: Ints) -> Ints:
    """What one more gram at each node is worth (in gains; at the sink 0), given an optimal flow.

    Shortest paths over the residual arcs, from everywhere at once: an optimal flow leaves no
    negative cycle, so the passes come to rest.
    """
    tails, heads, rooms, gains = network.arcs.arrays()
    ahead, back = flows < rooms, flows > 0
    origins = np.concatenate([tails[ahead], heads[back]])
    targets = np.concatenate([heads[ahead], tails[back]])
    costs = np.concatenate([-gains[ahead], gains[back]])
    order = np.argsort(targets, kind="stable")
    origins, targets, costs = origins[order], targets[order], costs[order]
    reached, starts = np.unique(targets, return_index=True)
    prices = np.zeros(network.nodes, dtype=np.int64)
    for _ in range(network.nodes):
        best = np.minimum.reduceat(prices[origins] + costs, starts)
        lower = np.minimum(prices[reached], best)
        if np.array_equal(lower, prices[reached]):
            break
        prices[reached] = lower
    result: Ints = prices - prices[0]
    return result
