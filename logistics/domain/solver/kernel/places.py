"""The best place of a request in a route, by one pass over it with checks of constant cost."""

from logistics.domain.solver.kernel import columns as col
from logistics.domain.solver.kernel.compiling import compiled
from logistics.domain.solver.kernel.exact import span
from logistics.domain.solver.kernel.routes import needs_timetable
from logistics.domain.solver.kernel.tables import Facts, Ints, Plan, Small
from logistics.domain.solver.kernel.windows import opening

RANKED = 8
"""Places by rough cost that are looked at exactly where times alone do not decide."""

COMPARED = 3
"""Feasible places whose true cost is compared where time costs money."""


@compiled
def best_place(facts: Facts, plan: Plan, r: int, v: int, limit: int) -> None:
    """Find the best place of r in v's route and remember it under the route's version.

    Only places that add less than the limit matter: without one, the limit itself is remembered,
    and no place.
    """
    fixed = _cost_of_leaving(facts, plan, v) if plan.route[v, col.LENGTH] == 2 else 0
    exact = facts.request[r, col.LAG] >= 0 or needs_timetable(facts, plan, v)
    counted = facts.car[v, col.COUNTED] == 1
    ranked = RANKED if exact or counted or facts.timed else 1
    below = col.NEVER if facts.timed else limit - fixed
    if facts.request[r, col.ALONE] == 1:
        found = _delivery_places(facts, plan, r, v, ranked, below)
    else:
        found = _places(facts, plan, r, v, ranked, below)
    extra, chosen = limit, col.NONE
    if ranked > 1:
        extra, chosen = _cheapest_exactly(facts, plan, r, v, found, limit, exact)
    elif found > 0:
        extra, chosen = plan.place[0, col.EXTRA] + fixed, 0
    memory = plan.memory[r, v]
    memory[col.KNOWN] = plan.route[v, col.VERSION]
    memory[col.EXTRA] = extra
    memory[col.AFTER] = plan.place[chosen, col.AFTER] if chosen >= 0 else col.NONE
    memory[col.UNTIL] = plan.place[chosen, col.UNTIL] if chosen >= 0 else col.NONE


@compiled
def _cost_of_leaving(facts: Facts, plan: Plan, v: int) -> int:
    """What an unused vehicle costs beyond a detour from its start on the way to its end."""
    start, car = plan.sequence[v, 0], facts.car[v]
    way = (
        plan.node[start, col.LEG_M] * car[col.PER_M] + plan.node[start, col.LEG_S] * car[col.PER_S]
    )
    return car[col.FIXED] + way


@compiled
def _places(  # noqa: C901, PLR0915 - the innermost loop of all: one pass, kept flat
    facts: Facts, plan: Plan, r: int, v: int, ranked: int, limit: int
) -> int:
    """Rank the places of a pickup and its delivery that keep times and load; how many were kept.

    Costs count distance and busy time. As on roads, a detour is taken never to shorten the way.
    """
    p, d = 2 * r, 2 * r + 1
    node, row, car = plan.node, plan.sequence[v], facts.car[v]
    per_m, per_s = car[col.PER_M], car[col.PER_S]
    pp, dp = node[p, col.POINT], node[d, col.POINT]
    time_p, time_d = facts.grid[car[col.TIME], pp], facts.grid[car[col.TIME], dp]
    back_p, back_d = facts.grid[car[col.TIME_BACK], pp], facts.grid[car[col.TIME_BACK], dp]
    metre_p, metre_d = facts.grid[car[col.METRE], pp], facts.grid[car[col.METRE], dp]
    mback_p, mback_d = facts.grid[car[col.METRE_BACK], pp], facts.grid[car[col.METRE_BACK], dp]
    last_d, longest, done_d = node[d, col.LAST], facts.request[r, col.LAG], node[d, col.SERVICE]
    end = plan.route[v, col.LENGTH] - 1
    found, worst = 0, limit
    handing = 0 if facts.timed else _least_detour(plan, row, end, mback_d, metre_d) * per_m
    for after in range(plan.route[v, col.HELD], end):
        a, b = row[after], row[after + 1]
        if node[a, col.READY] > node[p, col.LAST]:
            break
        ap, bp = node[a, col.POINT], node[b, col.POINT]
        start = opening(facts.window, node[p], node[a, col.READY] + back_p[ap])
        if start >= col.NEVER or not _has_room(facts, plan, r, v, a):
            continue
        free = start + node[p, col.SERVICE]
        if free + time_p[bp] > node[b, col.LATE]:
            continue
        begun = (mback_p[ap] - node[a, col.LEG_M]) * per_m
        begun += (back_p[ap] - node[a, col.LEG_S]) * per_s
        extra = begun + (metre_p[dp] + metre_d[bp]) * per_m + (time_p[dp] + time_d[bp]) * per_s
        if extra < worst:
            handed = opening(facts.window, node[d], free + time_p[dp])
            if handed + done_d + time_d[bp] <= node[b, col.LATE]:
                found, worst = _rank(plan.place, ranked, found, extra, after, after)
        paid = begun + metre_p[bp] * per_m + time_p[bp] * per_s
        if paid + handing >= worst:
            continue
        way, moment = node[p, col.SERVICE] + time_p[bp], free + time_p[bp]
        for until in range(after + 1, end):
            if moment > node[b, col.LATE]:
                break
            leave = opening(facts.window, node[b], moment) + node[b, col.SERVICE]
            way += node[b, col.SERVICE]
            if leave > last_d or (0 <= longest < way) or not _has_room(facts, plan, r, v, b):
                break
            c = row[until + 1]
            cp = node[c, col.POINT]
            extra = paid + (mback_d[bp] + metre_d[cp] - node[b, col.LEG_M]) * per_m
            extra += (back_d[bp] + time_d[cp] - node[b, col.LEG_S]) * per_s
            if extra < worst:
                handed = opening(facts.window, node[d], leave + back_d[bp])
                if handed + done_d + time_d[cp] <= node[c, col.LATE]:
                    found, worst = _rank(plan.place, ranked, found, extra, after, until)
            moment = leave + node[b, col.LEG_S]
            way += node[b, col.LEG_S]
            b, bp = c, cp
    return found


@compiled
def _least_detour(plan: Plan, row: Small, end: int, on: Small, back: Small) -> int:
    """The shortest way over a point between two stops of the route, over that between them."""
    least = col.NEVER
    for at in range(end):
        here = plan.node[row[at], col.POINT]
        there = plan.node[row[at + 1], col.POINT]
        least = min(least, on[here] + back[there] - plan.node[row[at], col.LEG_M])
    return least


@compiled
def _delivery_places(facts: Facts, plan: Plan, r: int, v: int, ranked: int, limit: int) -> int:
    """Rank the places of a delivery whose pickup is made or locked; how many were kept."""
    d, node, row, car = 2 * r + 1, plan.node, plan.sequence[v], facts.car[v]
    here = plan.node[d, col.POINT]
    found, worst = 0, limit
    for after in range(plan.route[v, col.HELD], plan.route[v, col.LENGTH] - 1):
        a, b = row[after], row[after + 1]
        if _is_overloaded(facts, plan, v, a):
            break
        ap, bp = node[a, col.POINT], node[b, col.POINT]
        on_s = facts.grid[car[col.TIME], here, bp]
        start = opening(
            facts.window, node[d], node[a, col.READY] + facts.grid[car[col.TIME_BACK], here, ap]
        )
        if start + node[d, col.SERVICE] + on_s > node[b, col.LATE]:
            continue
        more_s = facts.grid[car[col.TIME_BACK], here, ap] + on_s - node[a, col.LEG_S]
        more_m = facts.grid[car[col.METRE_BACK], here, ap] + facts.grid[car[col.METRE], here, bp]
        more_m -= node[a, col.LEG_M]
        extra = more_m * car[col.PER_M] + more_s * car[col.PER_S]
        if extra < worst:
            found, worst = _rank(plan.place, ranked, found, extra, after, after)
    return found


@compiled
def _has_room(facts: Facts, plan: Plan, r: int, v: int, after: int) -> bool:
    for k in range(facts.dimensions):
        if (
            plan.node[after, col.LOAD + k] + facts.request[r, col.AMOUNT + k]
            > facts.car[v, col.CAPACITY + k]
        ):
            return False
    return True


@compiled
def _is_overloaded(facts: Facts, plan: Plan, v: int, after: int) -> bool:
    """As routes are while a delivery is taken out whose pickup stays."""
    for k in range(facts.dimensions):
        if plan.node[after, col.LOAD + k] > facts.car[v, col.CAPACITY + k]:
            return True
    return False


@compiled
def _rank(
    place: Ints, ranked: int, found: int, extra: int, after: int, until: int
) -> tuple[int, int]:
    """Keep a place among the cheapest; how many are kept, and what a better one must beat."""
    at = min(found, ranked - 1)
    while at > 0 and place[at - 1, col.EXTRA] > extra:
        for column in range(col.PLACE_COLUMNS):
            place[at, column] = place[at - 1, column]
        at -= 1
    place[at, col.EXTRA] = extra
    place[at, col.AFTER] = after
    place[at, col.UNTIL] = until
    found = min(found + 1, ranked)
    return found, place[ranked - 1, col.EXTRA] if found == ranked else col.NEVER


@compiled
def _cheapest_exactly(
    facts: Facts, plan: Plan, r: int, v: int, found: int, limit: int, exact: bool
) -> tuple[int, int]:
    """The true extra cost of the cheapest ranked place, and which; the limit and -1 for none."""
    best, chosen, compared = limit, col.NONE, 0
    for at in range(found):
        length = _lay_draft(facts, plan, r, v, plan.place[at])
        cost = sequence_cost(facts, plan, v, plan.sequence[2 * facts.vehicles], length, exact)
        if cost < 0:
            continue
        if cost - plan.route[v, col.COST] < best:
            best, chosen = cost - plan.route[v, col.COST], at
        compared += 1
        if compared == COMPARED or not facts.timed:
            break
    return best, chosen


@compiled
def _lay_draft(facts: Facts, plan: Plan, r: int, v: int, place: Ints) -> int:
    """The sequence with the request in that place into the last row; its length."""
    alone = facts.request[r, col.ALONE] == 1
    row, draft, to = plan.sequence[v], plan.sequence[2 * facts.vehicles], 0
    for at in range(plan.route[v, col.LENGTH]):
        draft[to] = row[at]
        to += 1
        if at == place[col.AFTER] and not alone:
            draft[to] = 2 * r
            to += 1
        if at == place[col.UNTIL]:
            draft[to] = 2 * r + 1
            to += 1
    return to


@compiled
def sequence_cost(facts: Facts, plan: Plan, v: int, row: Small, length: int, exact: bool) -> int:
    """What the sequence would cost, -1 when it breaks a limit or no times keep every rule.

    Unless `exact`, its times are known to hold.
    """
    node, car = plan.node, facts.car[v]
    metres, stops, requests = 0, 0, facts.requests
    for at in range(1, length):
        before, here = node[row[at - 1], col.POINT], node[row[at], col.POINT]
        metres += facts.grid[car[col.METRE], before, here]
        stops += row[at] < 2 * requests and before != here
    if car[col.MOST_M] >= 0 and metres > car[col.MOST_M]:
        return -1
    if car[col.MOST_STOPS] >= 0 and stops > car[col.MOST_STOPS]:
        return -1
    away = span(facts, plan, v, row, length) if exact or facts.timed else 0
    if away < 0:
        return -1
    return car[col.FIXED] + metres * car[col.PER_M] + away * car[col.PER_S]
