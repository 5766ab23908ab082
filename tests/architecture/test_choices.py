"""What a table stores under a name, and what the rules call by it, are the same things."""

from dataclasses import fields
from enum import Enum, StrEnum

import pytest
from django.db.models import Choices

from backend.claims.domain import lifecycle as claims_domain
from backend.claims.domain.lifecycle import LineMass
from backend.claims.models import LINE_BUCKETS, ClaimLine, ClaimStatus
from backend.couriers import models as couriers
from backend.couriers.domain import lifecycle as couriers_domain
from backend.custody import models as custody
from backend.custody.domain import replay
from backend.listings.domain.ledger import CACHED
from backend.needs.domain import lifecycle as needs_domain
from backend.needs.models import RequestStatus
from logistics import models as logistics
from logistics.domain import lifecycle as logistics_domain
from matching.domain import lifecycle as matching_domain
from matching.models import OfferStatus

PAIRS: tuple[tuple[type[Choices], type[StrEnum]], ...] = (
    (ClaimStatus, claims_domain.ClaimStatus),
    (couriers.CourierStatus, couriers_domain.CourierStatus),
    (couriers.ShiftStatus, couriers_domain.ShiftStatus),
    (custody.HandOverKind, replay.Kind),
    (custody.Remainder, replay.Remainder),
    (RequestStatus, needs_domain.RequestStatus),
    (logistics.ShipmentStatus, logistics_domain.ShipmentStatus),
    (logistics.RouteStatus, logistics_domain.RouteStatus),
    (logistics.StopStatus, logistics_domain.StopStatus),
    (OfferStatus, matching_domain.OfferStatus),
)


def members(names: type[Enum]) -> dict[str, str]:
    return {each.name: str(each.value) for each in names}


@pytest.mark.parametrize(("stored", "ruled"), PAIRS, ids=[stored.__name__ for stored, _ in PAIRS])
def test_choices_are_those_of_the_rules(stored: type[Choices], ruled: type[StrEnum]) -> None:
    assert members(stored) == members(ruled)


def test_a_line_of_a_claim_has_the_same_buckets_wherever_it_is_looked_at() -> None:
    buckets = {f"{bucket}_g" for bucket in LINE_BUCKETS}
    assert {field.name for field in fields(LineMass)} == buckets
    assert buckets <= {field.name for field in fields(replay.LinePosition)}
    assert buckets <= {field.name for field in ClaimLine._meta.get_fields()}
    assert set(LINE_BUCKETS) - {"released"} <= {bucket.value for bucket in CACHED}
