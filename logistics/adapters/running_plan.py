"""A plan while it is worked out: tells how far it is, and hears whether it shall end.

The wish to end it lies in the plan's row, so that it reaches whichever process works it out.
"""

import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Self
from uuid import UUID

import structlog
from django.core.cache import cache

from backend.common.solver_process import Order
from backend.events.passing import Teller
from logistics.models import Plan, PlanStatus

log = structlog.get_logger(__name__)

#: At most four times a second what is new, and every second that it still goes on.
TELL_EVERY_S, BREATHE_EVERY_S = 0.25, 1.0
LOOK_EVERY_S = 0.5
KEPT_S = 300
TOLD = ("cost", "missed", "bound", "unassigned", "iterations")


def progress_key(plan_id: UUID) -> str:
    """Where the cache holds how far a plan is."""
    return f"logistics:plan-progress:{plan_id}"


class Wishes:
    """What shall become of a plan, by its row, for whoever works on it; used by one thread."""

    def __init__(self, plan_id: UUID, *, seconds: Callable[[], float] = time.monotonic) -> None:
        self._plan_id = plan_id
        self._seconds = seconds
        self._looked_s = seconds()
        self._order = Order.GO_ON

    def order(self) -> Order:
        """Looked up twice a second at most; a plan that was called off stays so."""
        now_s = self._seconds()
        if self._order is not Order.CANCEL and now_s - self._looked_s >= LOOK_EVERY_S:
            self._looked_s = now_s
            self._order = self._look()
        return self._order

    def _look(self) -> Order:
        try:
            row = Plan.objects.filter(pk=self._plan_id).values_list("status", "stop_asked_at")
            status, stop_asked_at = row.get()
        except Exception:
            log.warning("plan_not_looked_up", plan_id=str(self._plan_id), exc_info=True)
            return self._order
        if status != PlanStatus.SOLVING:
            return Order.CANCEL
        return Order.GO_ON if stop_asked_at is None else Order.FINISH


class RunningPlan:
    """Goes with one search, in the thread that waits for it.

    `hear` takes the solver's progress and `order` answers the solver process, which asks some
    twenty times a second. Nothing here can fail the plan: what cannot be told or looked up is
    logged, and the search goes on.
    """

    def __init__(
        self,
        plan: Plan,
        audiences: Iterable[str],
        *,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._plan_id = plan.pk
        self._audiences = list(audiences)
        self._seconds = seconds
        self._began_s = seconds()
        self._told_s = -BREATHE_EVERY_S
        self._latest: dict[str, Any] = dict.fromkeys(TOLD)
        self._is_new = False
        self._wishes = Wishes(plan.pk, seconds=seconds)
        self._teller = Teller()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._teller.close()

    def hear(self, progress: Mapping[str, Any]) -> None:
        """The best plan so far has changed."""
        self._latest = {name: progress.get(name) for name in TOLD}
        self._is_new = True
        self._tell_if_due()

    def order(self) -> Order:
        """What shall become of the search now."""
        self._tell_if_due()
        return self._wishes.order()

    def _tell_if_due(self) -> None:
        now_s = self._seconds()
        if now_s - self._told_s < (TELL_EVERY_S if self._is_new else BREATHE_EVERY_S):
            return
        self._told_s, self._is_new = now_s, False
        told = {**self._latest, "elapsed_ms": round((now_s - self._began_s) * 1_000)}
        subject = ("plan", str(self._plan_id))
        try:
            cache.set(progress_key(self._plan_id), told, KEPT_S)
            self._teller.tell(
                "plan.progress", subject=subject, audiences=self._audiences, data=told
            )
        except Exception:
            log.warning("progress_not_told", plan_id=str(self._plan_id), exc_info=True)
