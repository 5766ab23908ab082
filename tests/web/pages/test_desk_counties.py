"""A coordinator sees the rounds and plans that concern their counties, and can ask for the rest."""

from datetime import datetime

import pytest
from django.test import Client

from backend.common.clock import SteppedClock
from logistics.models import Plan, PlanStatus
from matching.models import Round, RoundStatus, RoundTrigger
from tests.builders.listings import make_listing
from tests.builders.organizations import make_coordinator
from tests.web.pages.signed_in import body, queries_of
from tests.web.pages.world import make_world, signed_in

pytestmark = pytest.mark.django_db
TAICHUNG = "66000"


@pytest.fixture
def taipei(stepped_clock: SteppedClock) -> Client:
    return signed_in(make_coordinator())


@pytest.fixture
def taichung(stepped_clock: SteppedClock) -> Client:
    return signed_in(make_coordinator(TAICHUNG))


def round_with(*lots: str, now: datetime, **fields: object) -> Round:
    """A round of three lots of which these of Taipei stayed without a taker."""
    chosen = {"trigger": RoundTrigger.SCHEDULE, "status": RoundStatus.APPLIED} | fields
    left = {lot: {"mass_g": 10_000, "reason": "too_far"} for lot in lots}
    return Round.objects.create(
        area="main", seed=1, weights_version="1", digest="0" * 64, started_at=now,
        lots_considered=3, unassigned=left, **chosen,
    )  # fmt: skip


def test_a_round_says_how_much_of_it_is_here(taipei: Client, now: datetime) -> None:
    lot = make_listing(now=now).lots.get()
    chosen = round_with(str(lot.pk), now=now)
    assert "1 of 3 lots concern your counties" in body(taipei.get("/desk/rounds"))
    assert "1 of 3 lots concern your counties" in body(taipei.get(f"/desk/rounds/{chosen.pk}"))


def test_rounds_without_anything_of_the_county_are_left_out(
    taichung: Client, now: datetime
) -> None:
    lot = make_listing(now=now).lots.get()
    chosen = round_with(str(lot.pk), now=now)
    html = body(taichung.get("/desk/rounds"))
    assert str(chosen.pk) not in html
    assert "Nothing in your counties lately" in html
    assert "1 more has nothing of your counties." in html
    everything = body(taichung.get("/desk/rounds?all=1"))
    assert str(chosen.pk) in everything
    assert "0 of 3 lots concern your counties" in everything


@pytest.mark.parametrize("fields", [{"status": RoundStatus.FAILED}, {"trigger": RoundTrigger.HAND}])
def test_what_failed_or_was_asked_for_is_always_shown(
    taichung: Client, now: datetime, fields: dict[str, str]
) -> None:
    chosen = round_with(now=now, **fields)
    assert str(chosen.pk) in body(taichung.get("/desk/rounds"))


def test_a_plan_says_how_many_routes_are_here(
    taipei: Client, taichung: Client, now: datetime
) -> None:
    plan = make_world(now=now).route.plan
    assert plan is not None
    assert "1 of 1 route concerns your counties" in body(taipei.get("/desk/plans"))
    assert str(plan.pk) not in body(taichung.get("/desk/plans"))
    everything = body(taichung.get("/desk/plans?all=1"))
    assert "0 of 1 route concerns your counties" in everything
    assert "0 of 1 route concerns" in body(taichung.get(f"/desk/plans/{plan.pk}"))


def test_a_plan_that_failed_is_shown_to_all(taichung: Client, now: datetime) -> None:
    plan = Plan.objects.create(
        area="main", status=PlanStatus.FAILED, seed=1, digest="0" * 64, started_at=now,
        lease_until_at=now,
    )  # fmt: skip
    assert str(plan.pk) in body(taichung.get("/desk/plans"))


def test_rounds_cost_the_same_however_many_there_are(
    stepped_clock: SteppedClock, now: datetime
) -> None:
    coordinator = make_coordinator()
    round_with(str(make_listing(now=now).lots.get().pk), now=now)
    few = queries_of(coordinator, "/desk/rounds")
    for _ in range(3):
        round_with(str(make_listing(now=now).lots.get().pk), now=now)
    assert queries_of(coordinator, "/desk/rounds") == few
