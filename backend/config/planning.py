"""What the operator sets for plans of routes: punctuality, stability, and limits of the solvers."""

from typing import Any, NamedTuple

from backend.config.environment import Environment


class PlanningSettings(NamedTuple):
    """In the order in which the settings name them."""

    hand_over_quantile: float
    on_time_share_wanted: float
    route_change_gain: dict[str, int]
    solver_limits: dict[str, Any]


def planning_settings(env: Environment) -> PlanningSettings:
    return PlanningSettings(
        # Plans give a hand-over the time that this share of them keeps to: 0.5 is the median; more
        # makes stops more punctual and costs kilometres.
        hand_over_quantile=env.float("HAND_OVER_QUANTILE", default=0.7),
        # Stops of a plan that are on time less often than this in simulation are marked.
        on_time_share_wanted=env.float("ON_TIME_SHARE_WANTED", default=0.8),
        # A route on offer is taken back for a better one only if the change brings at least this
        # much, for each such route: worth of food in grams (a kilometre costs 150), and per cent of
        # what the routes concerned cost now.
        route_change_gain={
            "per_route_g": env.int("ROUTE_CHANGE_GAIN_G", default=600),
            "percent": env.int("ROUTE_CHANGE_GAIN_PERCENT", default=5),
        },
        # A process is replaced after so many solves, or when it keeps more than this between them;
        # one solve that needs more than the cap fails, and nothing else with it.
        solver_limits={
            "recycle_after": env.int("SOLVER_RECYCLE_AFTER", default=200),
            "recycle_above_mib": env.int("SOLVER_RECYCLE_ABOVE_MIB", default=800),
            "memory_cap_mib": env.int("SOLVER_MEMORY_CAP_MIB", default=4_096),
        },
    )
