"""Routes in arrays: what follows from a sequence; changes, and how they are taken back."""

from logistics.domain.solver.kernel import columns as col
from logistics.domain.solver.kernel.compiling import compiled
from logistics.domain.solver.kernel.exact import span
from logistics.domain.solver.kernel.tables import Facts, Ints, Plan
from logistics.domain.solver.kernel.windows import closing, opening


@compiled
def refresh(facts: Facts, plan: Plan, v: int) -> None:
    """Legs, earliest and latest times, loads and cost of a route whose sequence has changed."""
    _follow(facts, plan, v)
    _book(facts, plan, v, _cost(facts, plan, v))


@compiled
def _follow(facts: Facts, plan: Plan, v: int) -> None:
    """All but the cost."""
    _legs(facts, plan, v)
    _times(facts, plan, v)
    _loads(facts, plan, v)
    if facts.lagged:
        _count_lags(facts, plan, v)


@compiled
def _book(facts: Facts, plan: Plan, v: int, cost: int) -> None:
    used = 1 if plan.route[v, col.LENGTH] > 2 else 0
    plan.totals[col.DRIVEN] += cost - plan.route[v, col.COST]
    plan.totals[col.IN_USE] += used - plan.route[v, col.USED]
    plan.totals[col.FIXED_SUM] += (used - plan.route[v, col.USED]) * facts.car[v, col.FIXED]
    plan.route[v, col.COST] = cost
    plan.route[v, col.USED] = used


@compiled
def _legs(facts: Facts, plan: Plan, v: int) -> None:
    car, row, node = facts.car[v], plan.sequence[v], plan.node
    metres = 0
    for at in range(plan.route[v, col.LENGTH] - 1):
        here, there = node[row[at], col.POINT], node[row[at + 1], col.POINT]
        node[row[at], col.LEG_S] = facts.grid[car[col.TIME], here, there]
        node[row[at], col.LEG_M] = facts.grid[car[col.METRE], here, there]
        metres += facts.grid[car[col.METRE], here, there]
    plan.route[v, col.METRES] = metres


@compiled
def _times(facts: Facts, plan: Plan, v: int) -> None:
    row, node = plan.sequence[v], plan.node
    length = plan.route[v, col.LENGTH]
    free = node[row[0], col.FIRST]
    for at in range(length):
        one = row[at]
        if at > 0:
            free = opening(facts.window, node[one], free) + node[one, col.SERVICE]
        node[one, col.READY] = free
        plan.node[one, col.VEHICLE] = v
        plan.node[one, col.AT] = at
        free += node[one, col.LEG_S]
    late = node[row[length - 1], col.LAST]
    node[row[length - 1], col.LATE] = late
    for at in range(length - 2, -1, -1):
        one = row[at]
        late = closing(
            facts.window, node[one], late - node[one, col.LEG_S] - node[one, col.SERVICE]
        )
        node[one, col.LATE] = late


@compiled
def _loads(facts: Facts, plan: Plan, v: int) -> None:
    row, node = plan.sequence[v], plan.node
    for at in range(1, plan.route[v, col.LENGTH] - 1):
        before, one = row[at - 1], row[at]
        sign = -1 if one % 2 else 1
        for k in range(facts.dimensions):
            node[one, col.LOAD + k] = (
                node[before, col.LOAD + k] + sign * facts.request[one // 2, col.AMOUNT + k]
            )


@compiled
def _count_lags(facts: Facts, plan: Plan, v: int) -> None:
    lags = 0
    for at in range(1, plan.route[v, col.LENGTH] - 1):
        lags += facts.request[plan.sequence[v, at] // 2, col.LAG] >= 0
    plan.route[v, col.LAGS] = lags


@compiled
def needs_timetable(facts: Facts, plan: Plan, v: int) -> bool:
    """Whether earliest and latest times of the route's tasks do not tell all."""
    exact: bool = facts.car[v, col.TIMETABLE] == 1 or plan.route[v, col.LAGS] > 0
    return exact


@compiled
def _cost(facts: Facts, plan: Plan, v: int) -> int:
    """What the route costs; nothing when the vehicle stays where it is.

    As much as a mandatory request left out when its times do not hold: where a detour is quicker
    than the direct way, taking a stop out can do that.
    """
    length = plan.route[v, col.LENGTH]
    if length <= 2:
        return 0
    away = _away_s(facts, plan, v, length)
    if away < 0:
        return col.MISSED
    car = facts.car[v]
    driven = plan.route[v, col.METRES] * car[col.PER_M]
    return car[col.FIXED] + driven + away * car[col.PER_S]


@compiled
def _away_s(facts: Facts, plan: Plan, v: int, length: int) -> int:
    """From the latest departure to the earliest end, where that matters; -1 when times fail."""
    row, node = plan.sequence[v], plan.node
    last = row[length - 1]
    if node[last, col.READY] > node[last, col.LAST]:
        return -1
    if needs_timetable(facts, plan, v):
        return span(facts, plan, v, row, length)
    if not facts.timed:
        return 0
    late = node[last, col.READY]
    for at in range(length - 2, -1, -1):
        one = row[at]
        late -= node[one, col.LEG_S] + node[one, col.SERVICE]
        late = closing(facts.window, node[one], late)
    return node[last, col.READY] - late


@compiled
def change(facts: Facts, plan: Plan, v: int) -> None:
    """Note a route before it is changed for the first time in a step, and give it a new version."""
    if plan.route[v, col.SAVED] == 0:
        touched = plan.totals[col.SAVES]
        plan.pad[touched, col.TOUCHED] = v
        plan.totals[col.SAVES] = touched + 1
        length = plan.route[v, col.LENGTH]
        for at in range(length):
            plan.sequence[facts.vehicles + v, at] = plan.sequence[v, at]
        for column in range(col.ROUTE_COLUMNS):
            plan.route[facts.vehicles + v, column] = plan.route[v, column]
        plan.route[v, col.SAVED] = 1
    plan.totals[col.VERSIONS] += 1
    plan.route[v, col.VERSION] = plan.totals[col.VERSIONS]


@compiled
def begin(plan: Plan) -> None:
    """Remember the bank as it is before a step."""
    banked = plan.totals[col.BANKED]
    plan.totals[col.BANKED_BEFORE] = banked
    plan.totals[col.UNSERVED_BEFORE] = plan.totals[col.UNSERVED]
    plan.totals[col.OWED_BEFORE] = plan.totals[col.OWED]
    for at in range(banked):
        plan.pad[at, col.SAVED_BANK] = plan.pad[at, col.BANK]


@compiled
def keep(plan: Plan) -> None:
    """What was changed stays."""
    for at in range(plan.totals[col.SAVES]):
        plan.route[plan.pad[at, col.TOUCHED], col.SAVED] = 0
    plan.totals[col.SAVES] = 0


@compiled
def undo(facts: Facts, plan: Plan) -> None:
    """Back to before the step; old versions return, so what is remembered of them holds again."""
    for at in range(plan.totals[col.SAVES]):
        v = plan.pad[at, col.TOUCHED]
        for place in range(1, plan.route[v, col.LENGTH] - 1):
            plan.node[plan.sequence[v, place], col.VEHICLE] = col.NONE
    for at in range(plan.totals[col.SAVES]):
        v = plan.pad[at, col.TOUCHED]
        cost, used = plan.route[v, col.COST], plan.route[v, col.USED]
        for column in range(col.ROUTE_COLUMNS):
            plan.route[v, column] = plan.route[facts.vehicles + v, column]
        plan.route[v, col.COST], plan.route[v, col.USED] = cost, used
        _book(facts, plan, v, plan.route[facts.vehicles + v, col.COST])
        for place in range(plan.route[v, col.LENGTH]):
            plan.sequence[v, place] = plan.sequence[facts.vehicles + v, place]
        _follow(facts, plan, v)
    plan.totals[col.SAVES] = 0
    _restore_bank(plan)


@compiled
def _restore_bank(plan: Plan) -> None:
    for at in range(plan.totals[col.BANKED]):
        plan.pad[plan.pad[at, col.BANK], col.BANKED_AT] = col.NONE
    plan.totals[col.BANKED] = plan.totals[col.BANKED_BEFORE]
    plan.totals[col.UNSERVED] = plan.totals[col.UNSERVED_BEFORE]
    plan.totals[col.OWED] = plan.totals[col.OWED_BEFORE]
    for at in range(plan.totals[col.BANKED]):
        plan.pad[at, col.BANK] = plan.pad[at, col.SAVED_BANK]
        plan.pad[plan.pad[at, col.BANK], col.BANKED_AT] = at


@compiled
def put(facts: Facts, plan: Plan, r: int, v: int, place: Ints) -> None:
    """Insert a banked request: pickup and delivery behind the positions named by the place."""
    change(facts, plan, v)
    row, length = plan.sequence[v], plan.route[v, col.LENGTH]
    after, until = place[col.AFTER], place[col.UNTIL]
    more = 1 if facts.request[r, col.ALONE] else 2
    for at in range(length - 1, until, -1):
        row[at + more] = row[at]
    row[until + more] = 2 * r + 1
    if more == 2:
        for at in range(until, after, -1):
            row[at + 1] = row[at]
        row[after + 1] = 2 * r
    plan.route[v, col.LENGTH] = length + more
    refresh(facts, plan, v)
    withdraw(facts, plan, r)


@compiled
def drop_marked(facts: Facts, plan: Plan, v: int, mark: int) -> None:
    """Take the requests with this mark off a route and bank them."""
    change(facts, plan, v)
    row, kept = plan.sequence[v], 0
    for at in range(plan.route[v, col.LENGTH]):
        one = row[at]
        marked = one < 2 * facts.requests and plan.pad[one // 2, col.MARK] == mark
        if marked and _moves(facts, one):
            plan.node[one, col.VEHICLE] = col.NONE
            if one % 2:
                deposit(facts, plan, one // 2)
        else:
            row[kept] = one
            kept += 1
    plan.route[v, col.LENGTH] = kept
    refresh(facts, plan, v)


@compiled
def _moves(facts: Facts, one: int) -> bool:
    """Whether this node moves with its request: not a pickup already made or locked."""
    return one % 2 == 1 or facts.request[one // 2, col.ALONE] == 0


@compiled
def deposit(facts: Facts, plan: Plan, r: int) -> None:
    """Put a request into the bank."""
    size = plan.totals[col.BANKED]
    plan.pad[size, col.BANK] = r
    plan.pad[r, col.BANKED_AT] = size
    plan.totals[col.BANKED] = size + 1
    plan.totals[col.UNSERVED] += facts.request[r, col.PRICE]
    plan.totals[col.OWED] += facts.request[r, col.ALONE]


@compiled
def withdraw(facts: Facts, plan: Plan, r: int) -> None:
    """Take a request out of the bank."""
    size = plan.totals[col.BANKED] - 1
    place, last = plan.pad[r, col.BANKED_AT], plan.pad[size, col.BANK]
    plan.pad[place, col.BANK] = last
    plan.pad[last, col.BANKED_AT] = place
    plan.pad[r, col.BANKED_AT] = col.NONE
    plan.totals[col.BANKED] = size
    plan.totals[col.UNSERVED] -= facts.request[r, col.PRICE]
    plan.totals[col.OWED] -= facts.request[r, col.ALONE]
