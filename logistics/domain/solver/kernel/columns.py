"""Names of the columns in the kernel's tables."""

from typing import Final

# Plan.node. READY and LATE follow from the route: when the vehicle is free to leave at the
# earliest, and when service may start at the latest. LEG_S and LEG_M lead to whatever comes behind.
# WINDOW is the first row in Facts.window. VEHICLE has the node in place AT, or is NONE. From LOAD
# on: what is on board behind the node, by dimension.
READY: Final = 0
LATE: Final = 1
LEG_S: Final = 2
LEG_M: Final = 3
POINT: Final = 4
SERVICE: Final = 5
FIRST: Final = 6
LAST: Final = 7
WINDOWS: Final = 8
WINDOW: Final = 9
VEHICLE: Final = 10
AT: Final = 11
LOAD: Final = 12

# Plan.route, one row per vehicle, then one per vehicle as it was before the step. HELD is the
# position of the last node that may not move (0: the start); SHUT vehicles get no more requests;
# USED ones drive at all; SEEN and ASKED tell by which look a vehicle was last met; LAGS counts the
# tasks on it that have a LAG.
LENGTH: Final = 0
HELD: Final = 1
COST: Final = 2
METRES: Final = 3
VERSION: Final = 4
SHUT: Final = 5
SEEN: Final = 6
SAVED: Final = 7
USED: Final = 8
ASKED: Final = 9
LAGS: Final = 10
ROUTE_COLUMNS: Final = 11

# Facts.car: TIME to METRE_BACK are places of its profile's matrices in Facts.grid; TIMETABLE is 1
# where a break or a longest route makes every sequence a matter of the exact times; COUNTED is 1
# where metres or stops are limited; from CAPACITY on: by dimension.
TIME: Final = 0
TIME_BACK: Final = 1
METRE: Final = 2
METRE_BACK: Final = 3
KIND: Final = 4
PER_M: Final = 5
PER_S: Final = 6
FIXED: Final = 7
MOST_S: Final = 8
MOST_M: Final = 9
MOST_STOPS: Final = 10
REST_FROM: Final = 11
REST_LAST: Final = 12
REST_S: Final = 13
TIMETABLE: Final = 14
COUNTED: Final = 15
CAPACITY: Final = 16

# Facts.request: LAG from start to start of service; ALONE: only its delivery is to be placed;
# FREE: the search may move it; from AMOUNT on: by dimension.
PRICE: Final = 0
LAG: Final = 1
ALONE: Final = 2
FREE: Final = 3
AMOUNT: Final = 4

# Plan.place and Plan.memory: what a place adds to the cost, and the positions behind which the
# pickup and the delivery go; KNOWN is the version of the route for which this is remembered.
EXTRA: Final = 0
AFTER: Final = 1
UNTIL: Final = 2
PLACE_COLUMNS: Final = 3
KNOWN: Final = 3
MEMORY_COLUMNS: Final = 4

# Plan.chain: see exact.py.
GAP: Final = 0
NOT_BEFORE: Final = 1
NOT_AFTER: Final = 2
START: Final = 3
LAG_FROM: Final = 4
LAG_TO: Final = 5
LAG_MOST: Final = 6
CHAIN_COLUMNS: Final = 7

# Plan.pad: lists in columns. BANK names the requests on no route, BANKED_AT where a request stands
# there; ABSENT counts how often it was left out while the fleet shrank; SEED lists
# the requests this search is about; EXTRA_PENALTY is what leaving out costs beyond PENALTY, in
# parts of FINE.
BANK: Final = 0
SAVED_BANK: Final = 1
TOUCHED: Final = 2
ORDER: Final = 3
RANK: Final = 4
BANKED_AT: Final = 5
MARK: Final = 6
ABSENT: Final = 7
SEED: Final = 8
EXTRA_PENALTY: Final = 9
PAD_COLUMNS: Final = 10

# Plan.totals. PENALTY is what any mandatory request left out costs for the moment;
# FIXED_SUM the part of DRIVEN that is fixed; FEWEST is 1 where fewer vehicles outweigh all else,
# LENT is 1 while a vehicle more is allowed there, so that the fleet counts nowhere;
# FLEET how many may be in use at once;
# OWED counts deliveries left out whose pickup is made or locked;
# AWAY the steps since a plan last left out nothing that is mandatory.
VERSIONS: Final = 0
BANKED: Final = 1
DRIVEN: Final = 2
UNSERVED: Final = 3
SAVES: Final = 4
BANKED_BEFORE: Final = 5
UNSERVED_BEFORE: Final = 6
LOOKS: Final = 7
IN_USE: Final = 8
RANDOM: Final = 9
SEEDS: Final = 10
PENALTY: Final = 11
FIXED_SUM: Final = 12
FEWEST: Final = 13
FLEET: Final = 14
OWED: Final = 15
OWED_BEFORE: Final = 16
AWAY: Final = 17
LENT: Final = 18
TOTALS: Final = 19

FINE: Final = 1024
NONE: Final = -1
NEVER: Final = 1 << 50
FAR: Final = 1 << 29
MISSED: Final = 10**15
