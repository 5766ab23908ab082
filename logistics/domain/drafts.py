"""Routes on their way from the solver to the tables: visits at locations, with instants."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class StopDraft:
    """One visit: where, when, and which shipments are picked up or dropped there."""

    location_id: UUID
    arrive_at: datetime
    service_from_at: datetime
    leave_at: datetime
    distance_m: int
    tasks: tuple[tuple[UUID, bool], ...]
    on_time_share: float | None = None


@dataclass(frozen=True, slots=True)
class RouteDraft:
    """What the solver wants one shift to do; versions are those that the plan was made from."""

    shift_id: UUID
    shift_version: int
    shipment_versions: tuple[tuple[UUID, int], ...]
    stops: tuple[StopDraft, ...]
    starts_at: datetime
    ends_at: datetime
    distance_m: int
    is_estimated: bool
    on_time_share: float | None = None
