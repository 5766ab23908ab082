"""A contested lot is for the least-served third first, by hand; rounds and others are free."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from backend.claims.actions.hold_lots import hold_lots
from backend.claims.actions.refuse_ineligible import NotEligible
from backend.claims.domain.hold import Hold
from backend.claims.models import Claim, LotHold
from backend.claims.selectors import open_board
from backend.common.refusals import NotFound
from backend.events.models import Event
from backend.events.relay import drain
from backend.geo.domain.points import Point
from backend.listings.actions import at_opening as opening
from backend.listings.domain.lifecycle import ListingStatus
from backend.listings.models import Listing
from backend.organizations.models import Programme
from matching.actions.hold_contested import hold_contested
from matching.models import FairnessEntry, Offer
from tests.builders.accounts import actor_of
from tests.builders.claims import make_claim
from tests.builders.listings import make_listing, make_lot
from tests.builders.matching import BUILDER, run_round
from tests.builders.needs import make_taker
from tests.builders.organizations import make_location, make_member, make_recipient
from tests.builders.racing import race
from tests.builders.rest import API, client_of
from tests.matching.balanced import assert_all_balanced

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stepped_clock")]

HALF_AN_HOUR = timedelta(minutes=30)


def had(programme: Programme, mass_g: int, now: datetime) -> Programme:
    """The programme received so much yesterday."""
    FairnessEntry.objects.create(
        programme=programme,
        county_code=programme.location.county_code,
        mass_g=mass_g,
        at=now - timedelta(days=1),
        cause_type="test",
        cause_id=uuid4(),
    )
    return programme


@pytest.fixture
def poor() -> Programme:
    return make_taker()


@pytest.fixture
def rich(poor: Programme, now: datetime) -> Programme:
    had(make_taker(), 20_000, now)
    return had(make_taker(), 50_000, now)


def test_others_wait_half_an_hour_and_are_told_why(
    poor: Programme, rich: Programme, now: datetime
) -> None:
    lot = make_lot(now=now)
    with pytest.raises(NotEligible, match="got least") as refused:
        make_claim(lot, programme=rich, now=now)
    assert refused.value.code == "held_for_others"
    assert not Claim.objects.exists()
    lot.refresh_from_db()
    assert lot.available_g == 10_000
    make_claim(lot, programme=poor, now=now)
    make_claim(lot, programme=rich, now=now + HALF_AN_HOUR)
    assert_all_balanced()


def test_nobody_is_quicker_than_the_hold(poor: Programme, rich: Programme, now: datetime) -> None:
    """It is there when the listing is, before any event of it is heard."""
    make_lot(now=now)
    assert LotHold.objects.get().programmes.get() == poor
    told = Event.objects.order_by("pk").values_list("type", "occurred_at")
    assert [*told][-2:] == [("listing.opened", now), ("listing.held_back", now)]
    assert not Event.objects.filter(position__isnull=False).exists()


def test_what_belongs_to_the_opening_happens_with_it_or_not_at_all(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*, listing_id: UUID, now: datetime) -> None:
        assert Listing.objects.filter(pk=listing_id, status=ListingStatus.OPEN).exists()
        raise RuntimeError("out of order")

    monkeypatch.setattr(opening, "_steps", [broken])
    with pytest.raises(RuntimeError):
        make_lot(now=now)
    assert not Listing.objects.exists()
    assert not Event.objects.filter(type="listing.opened").exists()


def test_the_board_says_the_same_as_a_claim(
    poor: Programme, rich: Programme, now: datetime
) -> None:
    make_lot(now=now)
    seen = {}
    for each in (poor, rich):
        viewer = actor_of(make_member(each.location.organization))
        (entry,) = open_board(viewer, now=now, programme=each).entries
        seen[each.pk] = entry.lots[0]
    assert (seen[poor.pk].takeable_g, seen[poor.pk].reason) == (10_000, None)
    assert (seen[rich.pk].takeable_g, seen[rich.pk].reason) == (0, "held_for_others")
    assert {each.held_until_at for each in seen.values()} == {now + HALF_AN_HOUR}


def test_a_round_does_not_wait(poor: Programme, rich: Programme, now: datetime) -> None:
    """It is fair by itself: the hold is only for whoever is quickest."""
    Programme.objects.filter(pk=poor.pk).update(categories_not_taken=["bread"])
    lot = make_lot(now=now)
    hold_lots(
        listing_id=lot.listing_id,
        holds={lot.pk: Hold(now + HALF_AN_HOUR, frozenset({str(poor.pk)}))},
        by=BUILDER,
        now=now,
    )
    run_round()
    assert Offer.objects.exists()
    assert not Offer.objects.filter(programme=poor).exists()


def test_it_is_decided_once_and_told_once(poor: Programme, rich: Programme, now: datetime) -> None:
    lot = make_lot(now=now)
    drain(now=now)
    assert hold_contested(listing_id=lot.listing_id, now=now) == []
    event = Event.objects.get(type="listing.held_back")
    until_at = (now + HALF_AN_HOUR).isoformat()
    assert event.payload["lots"] == [{"lot_id": str(lot.pk), "until_at": until_at}]
    assert str(poor.pk) not in str(event.payload), "who got least is told to nobody"


@pytest.mark.parametrize("hours", [2, 3])
def test_food_with_little_time_is_for_whoever_comes(
    poor: Programme, rich: Programme, now: datetime, hours: int
) -> None:
    make_listing(now=now, pickup_until_at=now + timedelta(hours=hours))
    assert LotHold.objects.exists() == (hours == 3)


def test_who_is_far_or_cannot_take_it_is_no_contender(poor: Programme, now: datetime) -> None:
    had(make_taker(), 9_000, now)
    far = make_location(make_recipient(), point=Point(121.9, 25.02))
    had(make_taker(far), 9_000, now)
    had(make_taker(categories_not_taken=["bread"]), 9_000, now)
    make_lot(now=now)
    assert not LotHold.objects.exists()


def test_a_listing_that_is_not_there_is_refused(now: datetime) -> None:
    with pytest.raises(NotFound):
        hold_lots(listing_id=uuid4(), holds={}, by=BUILDER, now=now)


def test_over_rest_the_code_and_the_time_are_told(
    poor: Programme, rich: Programme, now: datetime
) -> None:
    lot = make_lot(now=now)
    charity = client_of(make_member(rich.location.organization))
    (entry,) = charity.get(f"{API}/board?programme={rich.pk}").json()["results"]
    assert entry["lots"][0]["reason"]["code"] == "held_for_others"
    assert entry["lots"][0]["held_until_at"] == "2026-06-10T10:30:00+08:00"
    sent = {
        "listing_id": str(lot.listing_id),
        "programme_id": str(rich.pk),
        "transport": "self_collect",
        "lines": [{"lot_id": str(lot.pk), "mass_g": 1_000}],
    }
    answer = charity.post(f"{API}/claims", sent, format="json")
    assert (answer.status_code, answer.json()["code"]) == (409, "held_for_others")


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_a_lot_is_held_once_while_claims_go_on(poor: Programme, now: datetime) -> None:
    lot = make_lot(now=now)
    hold = {lot.pk: Hold(now + HALF_AN_HOUR, frozenset({str(poor.pk)}))}

    def keep() -> Any:
        return hold_lots(listing_id=lot.listing_id, holds=hold, by=BUILDER, now=now)

    results = race(keep, keep, lambda: make_claim(lot, programme=poor, now=now))
    assert sorted(len(each) for each in results if isinstance(each, list)) == [0, 1], results
    assert isinstance(results[2], Claim)
    assert LotHold.objects.get().programmes.get() == poor
    assert_all_balanced()
