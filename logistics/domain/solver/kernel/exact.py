"""The exact timetable of a sequence, also with breaks, time on board and route limits.

The same rules as logistics.domain.schedule, on arrays: start k + 1 is at least GAP after start k,
each start lies in a window of its node and inside [NOT_BEFORE, NOT_AFTER], and lags limit how far
two starts may lie apart. The least and the greatest solution are found by raising and lowering.
"""

from logistics.domain.solver.kernel import columns as col
from logistics.domain.solver.kernel.compiling import compiled
from logistics.domain.solver.kernel.tables import Facts, Ints, Plan, Small
from logistics.domain.solver.kernel.windows import closing, opening


@compiled
def span(facts: Facts, plan: Plan, v: int, row: Small, length: int) -> int:
    """Seconds from the latest departure to the earliest end; -1 when no times keep every rule.

    Where seconds cost nothing, only whether there are such times: 0 or -1.
    """
    lags = _lay_chain(facts, plan, v, row, length)
    if facts.car[v, col.REST_S] < 0:
        return _solved(facts, plan, row, length, lags)[0]
    return _rested(facts, plan, v, row, length, lags)


@compiled
def _lay_chain(facts: Facts, plan: Plan, v: int, row: Small, length: int) -> int:
    """Fill `Plan.chain` and `Plan.lags` for a sequence; how many lags there are."""
    car, node, chain, lags = facts.car[v], plan.node, plan.chain, 0
    for at in range(length):
        one = row[at]
        chain[at, col.NOT_BEFORE] = -col.NEVER
        chain[at, col.NOT_AFTER] = col.NEVER
        if at + 1 < length:
            leg = facts.grid[car[col.TIME], node[one, col.POINT], node[row[at + 1], col.POINT]]
            chain[at, col.GAP] = node[one, col.SERVICE] + leg
        if one < 2 * facts.requests and one % 2 and facts.request[one // 2, col.LAG] >= 0:
            for before in range(1, at):
                if row[before] == one - 1:
                    lags = _add_lag(plan, lags, before, at, facts.request[one // 2, col.LAG])
    if facts.car[v, col.MOST_S] >= 0:
        lags = _add_lag(plan, lags, 0, length - 1, facts.car[v, col.MOST_S])
    return lags


@compiled
def _add_lag(plan: Plan, lags: int, i: int, j: int, most: int) -> int:
    plan.chain[lags, col.LAG_FROM] = i
    plan.chain[lags, col.LAG_TO] = j
    plan.chain[lags, col.LAG_MOST] = most
    return lags + 1


@compiled
def _solved(facts: Facts, plan: Plan, row: Small, length: int, lags: int) -> tuple[int, int]:
    """(seconds away, end) with the earliest end, departing as late as that allows; -1 for none."""
    if not _raise(facts, plan, row, length, lags):
        return -1, col.NEVER
    end = plan.chain[length - 1, col.START]
    if not facts.timed:
        return 0, end
    _lower(facts, plan, row, length, lags, end)
    return end - plan.chain[0, col.START], end


@compiled
def _raise(facts: Facts, plan: Plan, row: Small, length: int, lags: int) -> bool:
    """The least solution into START; False when there is none."""
    chain = plan.chain
    for at in range(length):
        chain[at, col.START] = -col.NEVER
    rounds = (length + 1) * (facts.window.shape[0] + 1)
    for _ in range(rounds):
        soonest = -col.NEVER
        for at in range(length):
            soonest = max(soonest, chain[at, col.START], chain[at, col.NOT_BEFORE])
            soonest = opening(facts.window, plan.node[row[at]], soonest)
            if soonest >= col.NEVER or soonest > chain[at, col.NOT_AFTER]:
                return False
            chain[at, col.START] = soonest
            soonest += chain[at, col.GAP]
        if not _raise_by_lags(chain, lags):
            return True
    return False


@compiled
def _raise_by_lags(chain: Ints, lags: int) -> bool:
    moved = False
    for at in range(lags):
        first = chain[at, col.LAG_FROM]
        least = chain[chain[at, col.LAG_TO], col.START] - chain[at, col.LAG_MOST]
        if least > chain[first, col.START]:
            chain[first, col.START] = least
            moved = True
    return moved


@compiled
def _lower(facts: Facts, plan: Plan, row: Small, length: int, lags: int, end: int) -> None:
    """The greatest solution that ends by `end` into START; one is known to exist."""
    chain = plan.chain
    for at in range(length):
        chain[at, col.START] = col.NEVER
    chain[length - 1, col.START] = end
    moved = True
    while moved:
        latest = col.NEVER
        for at in range(length - 1, -1, -1):
            latest = min(latest, chain[at, col.START], chain[at, col.NOT_AFTER])
            latest = closing(facts.window, plan.node[row[at]], latest)
            chain[at, col.START] = latest
            if at:
                latest -= chain[at - 1, col.GAP]
        moved = _lower_by_lags(chain, lags)


@compiled
def _lower_by_lags(chain: Ints, lags: int) -> bool:
    moved = False
    for at in range(lags):
        last = chain[at, col.LAG_TO]
        most = chain[chain[at, col.LAG_FROM], col.START] + chain[at, col.LAG_MOST]
        if most < chain[last, col.START]:
            chain[last, col.START] = most
            moved = True
    return moved


@compiled
def _rested(facts: Facts, plan: Plan, v: int, row: Small, length: int, lags: int) -> int:
    """As `span` with the break where it delays the end least, then where it keeps away least.

    The break can lie before departure (gap -1), after any service, or after the end.
    """
    chain, car = plan.chain, facts.car[v]
    best, soonest = -1, col.NEVER
    for gap in range(-1, length):
        service = plan.node[row[gap], col.SERVICE] if gap >= 0 else 0
        low, high = _clip_for_rest(chain, car, gap, length, service)
        away, end = _solved(facts, plan, row, length, lags)
        if away >= 0 and (end < soonest or (end == soonest and away < best)):
            best, soonest = away, end
        _unclip(chain, car, gap, length, low, high)
        if best >= 0 and not facts.timed:
            break
    return best


@compiled
def _clip_for_rest(chain: Ints, car: Ints, gap: int, length: int, service: int) -> tuple[int, int]:
    """Bind the chain to a break in one gap; what was bound before comes back."""
    low = chain[gap + 1, col.NOT_BEFORE] if gap + 1 < length else 0
    high = chain[gap, col.NOT_AFTER] if gap >= 0 else 0
    if gap + 1 < length:
        chain[gap + 1, col.NOT_BEFORE] = max(low, car[col.REST_FROM] + car[col.REST_S])
    if gap >= 0:
        chain[gap, col.NOT_AFTER] = min(high, car[col.REST_LAST] - service)
        if gap + 1 < length:
            chain[gap, col.GAP] += car[col.REST_S]
    return low, high


@compiled
def _unclip(chain: Ints, car: Ints, gap: int, length: int, low: int, high: int) -> None:
    if gap + 1 < length:
        chain[gap + 1, col.NOT_BEFORE] = low
    if gap >= 0:
        chain[gap, col.NOT_AFTER] = high
        if gap + 1 < length:
            chain[gap, col.GAP] -= car[col.REST_S]
