"""The two searches: fewer vehicles by requests that insist, then less cost by annealing."""

import math
from typing import Final

import numpy as np

from logistics.domain.solver.kernel import columns as col
from logistics.domain.solver.kernel.chance import below, share
from logistics.domain.solver.kernel.compiling import compiled, entry
from logistics.domain.solver.kernel.routes import (
    begin,
    deposit,
    drop_marked,
    keep,
    refresh,
    undo,
)
from logistics.domain.solver.kernel.steps import recreate, step
from logistics.domain.solver.kernel.tables import Facts, Marks, Plan, Small

RISE: Final = 100
"""With each step, leaving a request out becomes dearer by one part in so many of an average one."""

FALL: Final = 20_000
"""With each step that leaves none out it becomes cheaper again, by one part in so many."""

LEAST_PENALTY: Final = 2.0
"""In temperatures; nor is it ever less than a request costs on average."""

EVERYWHERE: Final = 50
"""Of so many steps one asks every route for places, also those that have no stop nearby."""

OTHERS: Final = -2
"""In place of a place in the bank: a vehicle of another search has the request."""


@entry
def total(plan: Plan) -> int:
    """What the plan costs, prices of requests left out included; vehicles not while one is lent."""
    fixed = plan.totals[col.LENT] * plan.totals[col.FIXED_SUM]
    return plan.totals[col.DRIVEN] + plan.totals[col.UNSERVED] - fixed


@entry
def save(facts: Facts, plan: Plan, best: Small) -> None:
    """Copy the routes to (vehicles, longest route); entry 0 is the length."""
    for v in range(facts.vehicles):
        length = plan.route[v, col.LENGTH]
        best[v, 0] = length - 2
        for at in range(1, length - 1):
            best[v, at] = plan.sequence[v, at]


@entry
def lay(facts: Facts, plan: Plan, best: Small, mine: Marks, banks: bool) -> None:
    """Make the plan the routes saved for the vehicles marked as mine; it `banks` what is on none.

    Requests on the routes of others are no concern of this plan.
    """
    plan.totals[col.BANKED] = 0
    plan.totals[col.UNSERVED] = 0
    plan.totals[col.OWED] = 0
    plan.totals[col.SAVES] = 0
    plan.totals[col.SEEDS] = 0
    for r in range(facts.requests):
        plan.pad[r, col.BANKED_AT] = col.NONE
        plan.node[2 * r, col.VEHICLE] = col.NONE
        plan.node[2 * r + 1, col.VEHICLE] = col.NONE
    for v in range(facts.vehicles):
        _lay_route(facts, plan, v, best[v], mine[v] == 1)
    for r in range(facts.requests):
        at_home = plan.node[2 * r + 1, col.VEHICLE] >= 0
        loose = facts.request[r, col.FREE] == 1 and plan.pad[r, col.BANKED_AT] != OTHERS
        if banks and loose and not at_home:
            deposit(facts, plan, r)
            at_home = True
        if at_home and facts.request[r, col.FREE] == 1:
            plan.pad[plan.totals[col.SEEDS], col.SEED] = r
            plan.totals[col.SEEDS] += 1


@compiled
def _lay_route(facts: Facts, plan: Plan, v: int, saved: Small, mine: bool) -> None:
    length = saved[0] if mine else 0
    plan.sequence[v, 0] = 2 * facts.requests + v
    for at in range(1, saved[0] + 1):
        plan.sequence[v, at] = saved[at]
        if not mine:
            plan.pad[saved[at] // 2, col.BANKED_AT] = OTHERS
    plan.sequence[v, length + 1] = 2 * facts.requests + facts.vehicles + v
    plan.route[v, col.LENGTH] = length + 2
    plan.route[v, col.SAVED] = 0
    plan.totals[col.VERSIONS] += 1
    plan.route[v, col.VERSION] = plan.totals[col.VERSIONS]
    refresh(facts, plan, v)
    plan.route[v, col.SHUT] = 0 if mine else 1


@entry
def fill(facts: Facts, plan: Plan) -> None:
    """Insert what is banked wherever it is cheapest, opening vehicles."""
    begin(plan)
    before = -1
    while plan.totals[col.BANKED] != before:
        before = plan.totals[col.BANKED]
        plan.totals[col.BANKED_BEFORE] = 0
        recreate(facts, plan, True)
    keep(plan)


@entry
def anneal(
    facts: Facts,
    plan: Plan,
    best: Small,
    least: int,
    steps: int,
    heat: float,
    everywhere: bool,
) -> int:
    """Walk so many steps, each kept by Metropolis' rule; the least cost met, saved in `best`.

    On the way, mandatory requests may be left out for a penalty each. It grows while that one is
    out, so that the walk gives in to those that are hard to place, and others make room for them:
    this is how it crosses over where fleets are tight. Only full plans are saved.
    """
    full = 0
    for _ in range(steps):
        before = _energy(plan)
        seed = plan.pad[below(plan.totals, plan.totals[col.SEEDS]), col.SEED]
        step(facts, plan, seed, everywhere or below(plan.totals, EVERYWHERE) == 0)
        before += _penalty(facts, plan, col.SAVED_BANK, plan.totals[col.BANKED_BEFORE])
        now = _energy(plan) + _penalty(facts, plan, col.BANK, plan.totals[col.BANKED])
        dear = now >= before - heat * math.log(1.0 - share(plan.totals))
        if dear or not _holds(plan):
            undo(facts, plan)
        else:
            keep(plan)
            if total(plan) < least:
                least = total(plan)
                save(facts, plan, best)
        full += _raise_penalties(facts, plan, heat)
    _lower_penalties(facts, plan, full)
    return least


@compiled
def _holds(plan: Plan) -> bool:
    """Whether a step kept all times, and left out nothing that is owed.

    However many others would find a place instead: our own check refuses such routes.
    """
    in_time: bool = plan.totals[col.DRIVEN] < col.MISSED
    return in_time and plan.totals[col.OWED] <= plan.totals[col.OWED_BEFORE]


@compiled
def _energy(plan: Plan) -> int:
    """The cost but for mandatory requests left out, which have penalties instead.

    Where vehicles come first they do not count here: shutting routes is another search.
    """
    missed = plan.totals[col.UNSERVED] // col.MISSED
    counted = plan.totals[col.FEWEST] - plan.totals[col.LENT]
    fixed = counted * plan.totals[col.FIXED_SUM]
    return total(plan) - fixed - missed * col.MISSED


@compiled
def _penalty(facts: Facts, plan: Plan, bank: int, size: int) -> int:
    """What the mandatory requests in this bank cost for the moment."""
    penalty = 0
    for at in range(size):
        r = plan.pad[at, bank]
        if facts.request[r, col.PRICE] >= col.MISSED:
            penalty += plan.totals[col.PENALTY] + plan.pad[r, col.EXTRA_PENALTY] // col.FINE
    return penalty


@compiled
def _raise_penalties(facts: Facts, plan: Plan, heat: float) -> int:
    """Those of the mandatory requests left out; 1 when there is none."""
    placed = max(1, facts.requests - plan.totals[col.BANKED])
    fair = (plan.totals[col.DRIVEN] - plan.totals[col.FIXED_SUM]) // placed
    plan.totals[col.PENALTY] = max(fair, np.int64(LEAST_PENALTY * heat), 1)
    if plan.totals[col.UNSERVED] < col.MISSED:
        plan.totals[col.AWAY] = 0
        return 1
    plan.totals[col.AWAY] += 1
    for at in range(plan.totals[col.BANKED]):
        r = plan.pad[at, col.BANK]
        plan.pad[r, col.EXTRA_PENALTY] = min(
            plan.pad[r, col.EXTRA_PENALTY] + col.FINE * fair // RISE + 1, col.NEVER
        )
    return 0


@compiled
def _lower_penalties(facts: Facts, plan: Plan, full: int) -> None:
    """After so many steps that left nothing out."""
    for r in range(facts.requests):
        extra = plan.pad[r, col.EXTRA_PENALTY]
        plan.pad[r, col.EXTRA_PENALTY] = extra - extra // FALL * full


@entry
def shrink(
    facts: Facts, plan: Plan, best: Small, steps: int, heat: float, everywhere: bool
) -> bool:
    """Shut routes while every mandatory request finds a place; False when none is left to shut.

    Requests left out gain weight with every step, so that the search gives in to the hard ones.
    """
    for _ in range(steps):
        if plan.totals[col.UNSERVED] < col.MISSED:
            save(facts, plan, best)
            if not _shut_one(facts, plan):
                return False
        _insist(facts, plan, heat, everywhere)
    return True


@compiled
def _insist(facts: Facts, plan: Plan, heat: float, everywhere: bool) -> None:
    """One step, kept when what it leaves out weighs less, or the same at a cost that will do."""
    before = plan.totals[col.DRIVEN]
    step(facts, plan, _seed(facts, plan), everywhere)
    was, now = (
        _weight(facts, plan, col.SAVED_BANK, plan.totals[col.BANKED_BEFORE]),
        _weight(facts, plan, col.BANK, plan.totals[col.BANKED]),
    )
    for at in range(plan.totals[col.BANKED]):
        plan.pad[plan.pad[at, col.BANK], col.ABSENT] += 1
    cheap = plan.totals[col.DRIVEN] < before - heat * math.log(1.0 - share(plan.totals))
    if _holds(plan) and (now < was or (now == was and cheap)):
        keep(plan)
    else:
        undo(facts, plan)


@compiled
def _seed(facts: Facts, plan: Plan) -> int:
    """A request to ruin around: half of the time one that is left out."""
    banked = plan.totals[col.BANKED]
    if banked and below(plan.totals, 2) == 0:
        return plan.pad[below(plan.totals, banked), col.BANK]
    return plan.pad[below(plan.totals, plan.totals[col.SEEDS]), col.SEED]


@compiled
def _weight(facts: Facts, plan: Plan, bank: int, size: int) -> int:
    weight = 0
    for at in range(size):
        if facts.request[plan.pad[at, bank], col.PRICE] >= col.MISSED:
            weight += plan.pad[plan.pad[at, bank], col.ABSENT] + 1
    return weight


@compiled
def _shut_one(facts: Facts, plan: Plan) -> bool:
    """Shut the route whose requests were left out least; False when none may be shut."""
    chosen, least = -1, col.NEVER
    for v in range(facts.vehicles):
        weight = 0
        movable = plan.route[v, col.LENGTH] > 2
        for at in range(1, plan.route[v, col.LENGTH] - 1):
            r = plan.sequence[v, at] // 2
            weight += plan.pad[r, col.ABSENT] + 1
            movable &= facts.request[r, col.FREE] == 1 and facts.request[r, col.ALONE] == 0
        if movable and weight < least:
            chosen, least = v, weight
    if chosen < 0:
        return False
    begin(plan)
    plan.totals[col.LOOKS] += 1
    for at in range(1, plan.route[chosen, col.LENGTH] - 1):
        plan.pad[plan.sequence[chosen, at] // 2, col.MARK] = plan.totals[col.LOOKS]
    drop_marked(facts, plan, chosen, plan.totals[col.LOOKS])
    plan.route[chosen, col.SHUT] = 1
    plan.totals[col.FLEET] = plan.totals[col.IN_USE]
    keep(plan)
    return True
