"""One step of the search: take out strings of neighbouring requests, put back what is in the bank.

After Christiaens and Vanden Berghe, "Slack induction by string removals" (2020), for pairs.
"""

from typing import Final

from logistics.domain.solver.kernel import columns as col
from logistics.domain.solver.kernel.chance import below, share
from logistics.domain.solver.kernel.compiling import compiled
from logistics.domain.solver.kernel.places import best_place
from logistics.domain.solver.kernel.routes import begin, drop_marked, put
from logistics.domain.solver.kernel.tables import Facts, Plan

LONGEST_STRING: Final = 10
MEAN_REMOVED: Final = 10
SPLIT: Final = 0.5
MORE_SPARED: Final = 0.01
"""Chance that a string spares a task in its middle, and that it spares one more."""

BLINK: Final = 0.01
OLDER: Final = 24
"""Requests banked before this step that are tried again."""


@compiled
def step(facts: Facts, plan: Plan, seed: int, everywhere: bool) -> None:
    """Ruin around a request and recreate; `undo` or `keep` is up to the caller."""
    begin(plan)
    ruin(facts, plan, seed)
    recreate(facts, plan, everywhere)


@compiled
def ruin(facts: Facts, plan: Plan, seed: int) -> None:
    """Take a string of tasks from each of some routes around the seed request."""
    placed = facts.requests - plan.totals[col.BANKED]
    mean = max(1, placed // max(1, plan.totals[col.IN_USE]))
    longest = min(LONGEST_STRING, mean)
    strings = 1 + below(plan.totals, max(1, (4 * MEAN_REMOVED) // (1 + longest) - 1))
    plan.totals[col.LOOKS] += 1
    look = plan.totals[col.LOOKS]
    for at in range(facts.nearest):
        r = facts.near[seed, at]
        v = plan.node[2 * r + 1, col.VEHICLE]
        if v < 0 or plan.route[v, col.SEEN] == look:
            continue
        plan.route[v, col.SEEN] = look
        _take_string(facts, plan, r, v, longest)
        strings -= 1
        if strings == 0:
            return


@compiled
def _take_string(facts: Facts, plan: Plan, r: int, v: int, longest: int) -> None:
    """Remove the movable requests with a task in a string of the route around one of r's."""
    tasks = plan.route[v, col.LENGTH] - 2
    length = 1 + below(plan.totals, min(longest, tasks))
    spared, spare_from = _spare(plan, length, tasks)
    middle = plan.node[2 * r + below(plan.totals, 2), col.AT]
    if middle < 1 or plan.node[2 * r, col.VEHICLE] != v:
        middle = plan.node[2 * r + 1, col.AT]
    whole = length + spared
    low, high = max(1, middle - whole + 1), min(middle, tasks - whole + 1)
    first = low + below(plan.totals, max(1, high - low + 1))
    mark = plan.totals[col.LOOKS]
    marked = _mark(facts, plan, r, mark)
    for at in range(whole):
        if at < spare_from or at >= spare_from + spared:
            marked |= _mark(facts, plan, plan.sequence[v, first + at] // 2, mark)
    if marked:
        drop_marked(facts, plan, v, mark)


@compiled
def _spare(plan: Plan, length: int, tasks: int) -> tuple[int, int]:
    """How many tasks in the middle of a string stay, and from where in it."""
    if length < 2 or length >= tasks or share(plan.totals) >= SPLIT:
        return 0, length
    spared = 1
    while length + spared < tasks and share(plan.totals) < MORE_SPARED:
        spared += 1
    return spared, 1 + below(plan.totals, length - 1)


@compiled
def _mark(facts: Facts, plan: Plan, r: int, mark: int) -> bool:
    if facts.request[r, col.FREE] == 0:
        return False
    plan.pad[r, col.MARK] = mark
    return True


@compiled
def recreate(facts: Facts, plan: Plan, everywhere: bool) -> None:
    """Put back what was taken out, and some of what was out before, each at its cheapest place."""
    waiting = _line_up(facts, plan)
    for at in range(waiting):
        r = plan.pad[at, col.ORDER]
        insists = plan.pad[r, col.MARK] == col.NONE
        v = _cheapest_route(facts, plan, r, everywhere or insists)
        if v >= 0:
            put(facts, plan, r, v, plan.memory[r, v])


@compiled
def _line_up(facts: Facts, plan: Plan) -> int:
    """Requests to insert into `Plan.order`, sorted by one of several rules; how many."""
    older, all_banked = plan.totals[col.BANKED_BEFORE], plan.totals[col.BANKED]
    rule = below(plan.totals, 10)
    waiting, skipped = 0, max(0, older - OLDER)
    start = below(plan.totals, older) if skipped else 0
    for at in range(all_banked):
        if at < older and (at - start) % older >= OLDER:
            continue
        r = plan.pad[at, col.BANK]
        if at < older:
            plan.pad[r, col.MARK] = col.NONE
        rank = _rank_by(facts, plan, rule, r)
        to = waiting
        while to > 0 and plan.pad[to - 1, col.RANK] > rank:
            plan.pad[to, col.RANK] = plan.pad[to - 1, col.RANK]
            plan.pad[to, col.ORDER] = plan.pad[to - 1, col.ORDER]
            to -= 1
        plan.pad[to, col.RANK], plan.pad[to, col.ORDER] = rank, r
        waiting += 1
    return waiting


@compiled
def _rank_by(facts: Facts, plan: Plan, rule: int, r: int) -> int:
    """A request's place in the queue: at random, or hardest first by load, way or windows."""
    p, d = plan.node[2 * r], plan.node[2 * r + 1]
    if rule < 3:
        return below(plan.totals, 1 << 30)
    if rule == 3 and facts.dimensions > 0:
        return -facts.request[r, col.AMOUNT]
    if rule == 4:
        return -facts.grid[0, p[col.POINT], d[col.POINT]]
    if rule == 5:
        return facts.grid[0, p[col.POINT], d[col.POINT]]
    if rule == 6:
        return p[col.LAST] - p[col.FIRST] + d[col.LAST] - d[col.FIRST]
    return -facts.request[r, col.PRICE] // 2 - plan.pad[r, col.ABSENT]


@compiled
def _cheapest_route(facts: Facts, plan: Plan, r: int, everywhere: bool) -> int:
    """The vehicle that takes a request at least cost, -1 when leaving it out costs less.

    Routes with a stop nearby are asked first: what they offer spares looking closely at the others.
    """
    plan.totals[col.LOOKS] += 1
    look = plan.totals[col.LOOKS]
    chosen, least = -1, facts.request[r, col.PRICE] + 1
    for at in range(facts.nearest, facts.near.shape[1]):
        other = facts.near[r, at]
        if other < 0:
            break
        v = plan.node[2 * other + 1, col.VEHICLE]
        if v >= 0 and plan.route[v, col.ASKED] != look:
            plan.route[v, col.ASKED] = look
            chosen, least = _ask(facts, plan, r, v, chosen, least)
    may_open: bool = plan.totals[col.IN_USE] < plan.totals[col.FLEET]
    if everywhere or may_open:
        for v in range(facts.vehicles):
            if _is_worth_asking(facts, plan, r, v, look, everywhere, may_open):
                chosen, least = _ask(facts, plan, r, v, chosen, least)
    return chosen


@compiled
def _is_worth_asking(
    facts: Facts, plan: Plan, r: int, v: int, look: int, everywhere: bool, may_open: bool
) -> bool:
    """Whether a vehicle was not asked yet; of empty ones that are alike, only the first."""
    if plan.route[v, col.ASKED] == look or facts.able[r, v] == 0:
        return False
    if plan.route[v, col.LENGTH] > 2:
        return everywhere
    if not may_open or plan.route[v, col.SHUT] == 1:
        return False
    kind = facts.car[v, col.KIND]
    asked: bool = plan.route[kind, col.SEEN] == look
    plan.route[kind, col.SEEN] = look
    return not asked


@compiled
def _ask(facts: Facts, plan: Plan, r: int, v: int, chosen: int, least: int) -> tuple[int, int]:
    """The better of the choice so far and this vehicle, unless the search blinks."""
    if facts.able[r, v] == 0 or plan.route[v, col.SHUT] == 1 or share(plan.totals) < BLINK:
        return chosen, least
    memory = plan.memory[r, v]
    fresh = memory[col.KNOWN] == plan.route[v, col.VERSION]
    if not fresh or (memory[col.AFTER] < 0 and memory[col.EXTRA] < least):
        best_place(facts, plan, r, v, least)
    if memory[col.AFTER] >= 0 and memory[col.EXTRA] < least:
        return v, memory[col.EXTRA]
    return chosen, least
