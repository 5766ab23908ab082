"""Names of the columns of the kernel's tables, and of what its arrays hold."""

from typing import Final

# Lots, whole numbers. Instants are microseconds from the problem's `now`.
L_LEFT: Final = 0
L_STEP: Final = 1
L_SPLITS: Final = 2
L_VOLUME: Final = 3
L_STORAGE: Final = 4
L_GROUP: Final = 5
L_FROM: Final = 6
L_UNTIL: Final = 7
L_SAFE: Final = 8
L_HANDLING: Final = 9
L_COLD_S: Final = 10
L_TRANSPORTS: Final = 11
L_ROAD: Final = 12
L_LISTING: Final = 13
L_ORGANIZATION: Final = 14
L_FIRST: Final = 15
L_SECOND: Final = 16
L_THIRD: Final = 17
L_COLUMNS: Final = 18

# Programmes, whole numbers.
D_COUNTY: Final = 0
D_ORGANIZATION: Final = 1
D_COLLECTS: Final = 2
D_LONGEST: Final = 3
D_HANDLING: Final = 4
D_HOURS: Final = 5
D_HOURS_END: Final = 6
D_FIRST: Final = 7
D_SECOND: Final = 8
D_THIRD: Final = 9
D_CAPACITY: Final = 10
D_STORE: Final = 14
D_COLUMNS: Final = 18

# Places, as points on a globe with the radius 1, and a figure of their own.
AT_X: Final = 0
AT_Y: Final = 1
AT_Z: Final = 2
AT_VALUE: Final = 3

# Shifts, whole numbers.
C_ROAD: Final = 0
C_FROM: Final = 1
C_UNTIL: Final = 2
C_MASS: Final = 3
C_HAS_START: Final = 4
C_VOLUME: Final = 5
C_COLUMNS: Final = 9

# What a shift can do for one lot, one row for each that can.
R_READY: Final = 0
R_UNTIL: Final = 1
R_CARRY: Final = 2
R_COLD: Final = 3
R_SHIFT: Final = 4
R_COLUMNS: Final = 5

# Travel: figures of the problem.
T_DETOUR: Final = 0
T_SECONDS_PER_M: Final = 1
T_LEG_S: Final = 2
T_LONGEST: Final = 3
T_GIVEN: Final = 4

# A trip that was found.
F_TRANSPORT: Final = 0
F_METRES: Final = 1
F_TRAVEL_S: Final = 2
F_DEPARTS: Final = 3
F_REACHES: Final = 4
F_HANDS_OVER: Final = 5
F_OUT_OF_COLD_S: Final = 6
F_CARRY: Final = 7
F_SHIFT: Final = 8
F_COLUMNS: Final = 9

# A possible pair.
P_LOT: Final = 0
P_HOME: Final = 1
P_METRES: Final = 2
P_MOST: Final = 3
P_COLUMNS: Final = 4

# Options tried in a search, and how many may be.
TRIED: Final = 0
MAY_TRY: Final = 1

#: Room without a limit.
ENDLESS: Final = 1 << 60
NO_TRIP: Final = -1
SECOND_US: Final = 1_000_000
EARTH_RADIUS_M: Final = 6_371_008.8
