"""When recurring work runs and which queue takes which task: one table for each.

Add a line to BEAT_SCHEDULE for a sweep: its name says what it does, the task is its dotted path,
`every_s` is real seconds. Sweeps find what is due in rows (no queued task is the only record of
work), so a late or doubled one does no harm.
"""

from typing import Any

#: Patterns over task names, first match wins; whatever is not listed goes to the queue "default".
TASK_ROUTES: dict[str, dict[str, str]] = {
    "matching.tasks.solve_*": {"queue": "solve"},
    "logistics.tasks.solve_*": {"queue": "solve"},
    "notifications.tasks.*": {"queue": "notify"},
    "*.tasks.send_*": {"queue": "notify"},
}
QUEUES = ("default", "notify", "solve")


def sweep(task: str, *, every_s: float, **arguments: Any) -> dict[str, Any]:
    """An entry of the schedule; a run that has not started when the next is due is dropped."""
    return {"task": task, "schedule": every_s, "kwargs": arguments, "options": {"expires": every_s}}


MINUTE_S, HOUR_S = 60, 3600
BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    # Rounds, and what runs out.
    "start matching rounds": sweep("matching.tasks.run_rounds", every_s=12 * MINUTE_S),
    "lapse offers": sweep("matching.tasks.lapse_offers", every_s=30),
    "plan routes": sweep("logistics.tasks.plan_areas", every_s=MINUTE_S),
    "lapse route offers": sweep("logistics.tasks.lapse_route_offers", every_s=30),
    "expire shipments": sweep("logistics.tasks.expire_shipments", every_s=MINUTE_S),
    "lapse claims": sweep("backend.claims.tasks.lapse_due_claims", every_s=MINUTE_S),
    "close listings": sweep("backend.listings.tasks.close_due_listings", every_s=MINUTE_S),
    "lapse requests": sweep("backend.needs.tasks.lapse_due_requests", every_s=MINUTE_S),
    # Who must hear of it in time.
    "recall lapsing offers": sweep("notifications.tasks.warn_of_lapsing_offers", every_s=30),
    "warn of food nobody took": sweep(
        "notifications.tasks.warn_of_uncovered_listings", every_s=MINUTE_S
    ),
    # What comes again.
    "open scheduled listings": sweep(
        "backend.listings.tasks.open_scheduled_listings", every_s=5 * MINUTE_S
    ),
    "mark re-certification due": sweep(
        "backend.organizations.tasks.mark_recertification_due", every_s=6 * HOUR_S
    ),
    # What is no longer needed.
    "forget idempotency keys": sweep(
        "backend.common.tasks.forget_idempotency_keys", every_s=HOUR_S
    ),
    "remove ended sessions": sweep(
        "backend.config.tasks.remove_ended_sessions", every_s=6 * HOUR_S
    ),
}
