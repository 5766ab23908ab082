"""A row that fails does not keep a sweep from the others."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import ModuleType
from typing import Any

import pytest
from structlog.testing import capture_logs

from backend.claims import tasks as claims
from backend.common.clock import SteppedClock
from backend.common.refusals import IllegalTransition, Refusal
from backend.common.sweeping import Swept, strictly, sweep_each
from backend.listings import tasks as listings
from backend.organizations import tasks as organizations
from logistics import tasks as logistics
from matching import tasks as matching
from tests.builders.claims import make_claim
from tests.builders.listings import make_lot
from tests.builders.logistics import make_route_offer, make_shipment
from tests.builders.matching import make_offer
from tests.builders.organizations import make_organization

LATER = timedelta(hours=20)


class Poison(Exception):
    """What nobody thought of."""


def half(number: int) -> int:
    if number == 2:
        raise Poison
    if number % 2:
        raise IllegalTransition("odd", "half")
    return number // 2


def test_the_rest_is_done_and_the_failure_counted_and_logged() -> None:
    with strictly(strict=False), capture_logs() as lines:
        swept = sweep_each("halves", [2, 4, 3, 8], half, expected=(Refusal,))
    assert swept == Swept([2, 4], failed=1)
    assert [(line["event"], line.get("key")) for line in lines] == [
        ("sweep_failed", "2"),
        ("sweep_refused", "3"),
        ("sweep_incomplete", None),
    ]


def test_a_refusal_that_was_not_expected_is_a_failure() -> None:
    with strictly(strict=False):
        assert sweep_each("halves", [3, 4], half) == Swept([2], failed=1)


def test_inside_a_simulation_nothing_fails_unseen() -> None:
    with strictly(), pytest.raises(Poison):
        sweep_each("halves", [2, 4], half)


@dataclass(frozen=True)
class Case:
    """A sweep, the action that it calls in its module, and how a row for it is made."""

    sweep: Callable[[], int]
    tasks: ModuleType
    action: str
    make: Callable[[datetime], object]


CASES = [
    Case(
        claims.lapse_due_claims,
        claims,
        "lapse_claim",
        lambda now: make_claim(make_lot(now=now), 500, now=now),
    ),
    Case(listings.close_due_listings, listings, "close_listing", lambda now: make_lot(now=now)),
    Case(
        logistics.expire_shipments,
        logistics,
        "expire_shipment",
        lambda now: make_shipment(now=now),
    ),
    Case(
        logistics.lapse_route_offers,
        logistics,
        "lapse_route_offer",
        lambda now: make_route_offer(now=now),
    ),
    Case(
        matching.lapse_offers,
        matching,
        "lapse_offer",
        lambda now: make_offer((make_lot(now=now), 500), now=now),
    ),
    Case(
        organizations.mark_recertification_due,
        organizations.marking,
        "mark_recertification_due",
        lambda now: make_organization(verified_until_date=now.date() - timedelta(days=1)),
    ),
]


@pytest.mark.django_db
@pytest.mark.parametrize("case", CASES, ids=[case.action for case in CASES])
def test_one_poisoned_row_leaves_the_others_their_turn(
    case: Case, now: datetime, stepped_clock: SteppedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        case.make(now)
    real, tried = getattr(case.tasks, case.action), []

    def poisoned(**fields: Any) -> object:
        tried.append(fields)
        if len(tried) == 1:
            raise Poison
        return real(**fields)

    monkeypatch.setattr(case.tasks, case.action, poisoned)
    stepped_clock.move_to(now + LATER)
    with strictly(strict=False):
        case.sweep()
    assert len(tried) == 3
    case.sweep()
    assert tried[3:] == tried[:1]
