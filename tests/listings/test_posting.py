"""What happens when a donor posts surplus."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from backend.common.actor import Actor
from backend.common.refusals import IllegalTransition, Invalid, NotAllowed, NotFound, Stale
from backend.events.models import AuditEntry, Event, EventAudience
from backend.listings.actions.draft_listing import draft_listing
from backend.listings.actions.open_listing import open_listing
from backend.listings.actions.post_listing import post_listing
from backend.listings.actions.refuse_bad_offer import LocationClosed, NotADonor, NotVerified
from backend.listings.actions.repeat_listing import repeat_listing
from backend.listings.domain.lifecycle import ListingStatus
from backend.listings.models import Listing, Lot
from backend.organizations.models import Location
from tests.builders.accounts import actor_of
from tests.builders.listings import TOMORROW, listing_draft, lot_draft, make_listing
from tests.builders.organizations import (
    make_location,
    make_member,
    make_organization,
    make_recipient,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Location:
    return make_location()


@pytest.fixture
def donor(shop: Location) -> Actor:
    return actor_of(make_member(shop.organization))


@pytest.fixture
def outsider() -> Actor:
    return actor_of(make_member(make_organization()))


def test_posting_opens_the_listing_with_all_its_mass_available(
    shop: Location, donor: Actor, now: datetime
) -> None:
    listing = post_listing(location_id=shop.pk, draft=listing_draft(now=now), by=donor, now=now)
    lot = listing.lots.get()
    assert listing.status == ListingStatus.OPEN
    assert (lot.available_g, lot.declared_g) == (10_000, 10_000)
    assert lot.movements.get().mass_g == 10_000


def test_storage_volume_and_share_come_from_the_kind_of_food(
    shop: Location, donor: Actor, now: datetime
) -> None:
    bare = lot_draft(category="milk", declared_g=20_600, step_g=None)
    draft = listing_draft(now=now, lots=(bare,))
    lot = post_listing(location_id=shop.pk, draft=draft, by=donor, now=now).lots.get()
    assert (lot.storage_class, lot.volume_ml, lot.step_g) == ("chilled", 20_000, 1_030)


def test_counted_units_make_one_unit_the_smallest_share(
    shop: Location, donor: Actor, now: datetime
) -> None:
    boxes = lot_draft(category="chilled_meals", declared_g=12_000, unit_count=30, step_g=None)
    draft = listing_draft(now=now, lots=(boxes,))
    lot = post_listing(location_id=shop.pk, draft=draft, by=donor, now=now).lots.get()
    assert lot.step_g == 400


def test_safe_life_ends_at_the_midnight_that_ends_the_validity_date(
    shop: Location, donor: Actor, now: datetime
) -> None:
    listing = post_listing(location_id=shop.pk, draft=listing_draft(now=now), by=donor, now=now)
    lot = listing.lots.get()
    assert lot.safe_until_at == datetime(2026, 6, 11, 16, 0, tzinfo=UTC)
    assert (lot.safety_rule, lot.safety_rule_version) == ("validity_date_use_by", "1")


def test_loose_vegetables_need_no_date_and_get_the_regions_longest_life(
    shop: Location, donor: Actor, now: datetime
) -> None:
    loose = lot_draft(category="leafy_vegetables", use_by_date=None, packaging="loose")
    draft = listing_draft(now=now, lots=(loose,))
    lot = post_listing(location_id=shop.pk, draft=draft, by=donor, now=now).lots.get()
    assert lot.safe_until_at == now + timedelta(days=5)
    assert lot.safety_rule == "undated_fruit_veg"


def test_the_place_is_kept_as_it_was_when_opened(
    shop: Location, donor: Actor, now: datetime
) -> None:
    listing = post_listing(location_id=shop.pk, draft=listing_draft(now=now), by=donor, now=now)
    Location.objects.filter(pk=shop.pk).update(address="Elsewhere", lon=120.0)
    listing.refresh_from_db()
    assert listing.address == "1 Example Road"
    assert listing.point == shop.point
    assert (listing.county_code, listing.road_group) == ("63000", "main")


BAD_LOTS = [
    ({"declared_g": 0}, "lots.0.declared_g", "mass_too_small"),
    ({"declared_g": 40_000_001}, "lots.0.declared_g", "mass_absurd"),
    ({"volume_ml": 0}, "lots.0.volume_ml", "volume_too_small"),
    ({"volume_ml": 1}, "lots.0.volume_ml", "volume_absurd"),
    ({"volume_ml": 10**9}, "lots.0.volume_ml", "volume_absurd"),
    ({"category": "gold"}, "lots.0.category", "unknown_category"),
    ({"allergens": ("dust",)}, "lots.0.allergens", "unknown_allergen"),
    ({"diet_flags": ("moonlight",)}, "lots.0.diet_flags", "unknown_diet"),
    ({"packaging": "silk"}, "lots.0.packaging", "unknown_packaging"),
    ({"storage_class": "warmish"}, "lots.0.storage_class", "unknown_storage"),
    ({"gtin": "4711000000002"}, "lots.0.gtin", "not_a_gtin"),
    ({"step_g": 20_000}, "lots.0.step_g", "step_impossible"),
    ({"unit_count": 0}, "lots.0.unit_count", "count_too_small"),
    ({"use_by_date": date(2026, 6, 9)}, "lots.0.use_by_date", "past_use_by"),
    (
        {"use_by_date": None, "best_before_date": date(2026, 6, 9)},
        "lots.0.best_before_date",
        "past_best_before",
    ),
    ({"best_before_date": date(2026, 6, 12)}, "lots.0.use_by_date", "dates_contradict"),
    (
        {"category": "soup", "use_by_date": None},
        "lots.0.cooked_at",
        "cooked_at_needed",
    ),
    (
        {"category": "soup", "cooked_at": datetime(2026, 6, 9, 18, 0, tzinfo=UTC)},
        "lots.0.cooked_at",
        "cooked_too_long_ago",
    ),
]


@pytest.mark.parametrize("case", BAD_LOTS, ids=[each[2] for each in BAD_LOTS])
def test_a_bad_lot_is_refused_naming_the_field_and_nothing_is_kept(
    shop: Location, donor: Actor, now: datetime, case: tuple[dict[str, Any], str, str]
) -> None:
    wrong, field, code = case
    draft = listing_draft(now=now, lots=(lot_draft(**wrong),))
    with pytest.raises(Invalid) as refusal:
        post_listing(location_id=shop.pk, draft=draft, by=donor, now=now)
    assert code in [error.code for error in refusal.value.fields[field]]
    assert not Listing.objects.exists()
    assert not Event.objects.exists()


BAD_WINDOWS = [
    (-3, -1, "pickup_until_at", "window_over"),
    (2, 1, "pickup_until_at", "window_reversed"),
    (24 * 40, 24 * 40 + 1, "pickup_from_at", "too_far_ahead"),
    (0, 24 * 15, "pickup_until_at", "window_too_long"),
]


@pytest.mark.parametrize("case", BAD_WINDOWS, ids=[each[3] for each in BAD_WINDOWS])
def test_a_bad_window_is_refused(
    shop: Location, donor: Actor, now: datetime, case: tuple[int, int, str, str]
) -> None:
    from_h, until_h, field, code = case
    draft = listing_draft(
        now=now,
        pickup_from_at=now + timedelta(hours=from_h),
        pickup_until_at=now + timedelta(hours=until_h),
    )
    with pytest.raises(Invalid) as refusal:
        post_listing(location_id=shop.pk, draft=draft, by=donor, now=now)
    assert [error.code for error in refusal.value.fields[field]] == [code]


def test_food_that_spoils_before_it_can_be_fetched_is_refused(
    shop: Location, donor: Actor, now: datetime
) -> None:
    draft = listing_draft(
        now=now,
        pickup_from_at=now + timedelta(days=3),
        pickup_until_at=now + timedelta(days=3, hours=2),
    )
    with pytest.raises(Invalid) as refusal:
        post_listing(location_id=shop.pk, draft=draft, by=donor, now=now)
    assert [each.code for each in refusal.value.fields["lots.0.use_by_date"]] == [
        "unsafe_before_pickup"
    ]


def test_only_a_verified_donor_with_a_place_in_use_may_offer(now: datetime) -> None:
    unverified = make_location(make_organization(status="applied"))
    charity = make_location(make_recipient())
    closed = make_location(closed_at=now)
    for place, expected in [
        (unverified, NotVerified),
        (charity, NotADonor),
        (closed, LocationClosed),
    ]:
        with pytest.raises(expected):
            make_listing(place, now=now)
    assert not Listing.objects.exists()


def test_somebody_else_cannot_post_for_the_shop(
    shop: Location, outsider: Actor, now: datetime
) -> None:
    with pytest.raises(NotAllowed):
        post_listing(location_id=shop.pk, draft=listing_draft(now=now), by=outsider, now=now)


def test_a_place_that_does_not_exist_is_not_found(
    shop: Location, donor: Actor, now: datetime
) -> None:
    nowhere = make_listing(now=now).pk
    with pytest.raises(NotFound):
        post_listing(location_id=nowhere, draft=listing_draft(now=now), by=donor, now=now)


def test_a_draft_may_be_unfinished_and_has_no_lots_yet(
    shop: Location, donor: Actor, now: datetime
) -> None:
    draft = listing_draft(now=now, lots=(lot_draft(declared_g=0),))
    listing = draft_listing(location_id=shop.pk, draft=draft, by=donor, now=now)
    assert listing.status == ListingStatus.DRAFT
    assert not Lot.objects.exists()
    with pytest.raises(Invalid):
        open_listing(listing_id=listing.pk, by=donor, now=now)


def test_opening_twice_is_refused_and_opens_nothing_twice(
    shop: Location, donor: Actor, now: datetime
) -> None:
    listing = make_listing(shop, now=now)
    with pytest.raises(IllegalTransition):
        open_listing(listing_id=listing.pk, by=donor, now=now)
    assert Lot.objects.count() == 1


def test_opening_what_somebody_changed_since_is_stale(
    shop: Location, donor: Actor, now: datetime
) -> None:
    draft = draft_listing(location_id=shop.pk, draft=listing_draft(now=now), by=donor, now=now)
    with pytest.raises(Stale):
        open_listing(listing_id=draft.pk, by=donor, now=now, if_version=draft.version + 1)


def test_each_step_has_one_audit_entry_and_the_board_hears_of_the_opening(
    shop: Location, donor: Actor, now: datetime
) -> None:
    listing = post_listing(location_id=shop.pk, draft=listing_draft(now=now), by=donor, now=now)
    assert [each.action for each in AuditEntry.objects.order_by("id")] == [
        "listing.drafted",
        "listing.opened",
    ]
    opened = Event.objects.get(type="listing.opened")
    heard_by = set(EventAudience.objects.filter(event=opened).values_list("audience", flat=True))
    assert heard_by == {
        f"organization:{shop.organization_id}",
        "county:63000",
        "board:main",
    }
    assert listing.title not in str(opened.payload)
    assert opened.payload["lots"][0]["available_g"] == 10_000


def test_the_board_does_not_hear_of_food_meant_for_chosen_charities(
    shop: Location, donor: Actor, now: datetime
) -> None:
    friend = make_recipient()
    draft = replace(listing_draft(now=now), audience="chosen", chosen_recipient_ids=(friend.pk,))
    post_listing(location_id=shop.pk, draft=draft, by=donor, now=now)
    opened = Event.objects.get(type="listing.opened")
    heard_by = set(EventAudience.objects.filter(event=opened).values_list("audience", flat=True))
    assert f"organization:{friend.pk}" in heard_by
    assert "board:main" not in heard_by


def test_repeating_copies_the_food_and_moves_its_dates_with_the_window(
    shop: Location, donor: Actor, now: datetime
) -> None:
    earlier = make_listing(shop, now=now, lots=(lot_draft(batch="A7"),))
    later = now + timedelta(days=2, hours=1)
    again = repeat_listing(listing_id=earlier.pk, by=donor, now=later)
    assert again.status == ListingStatus.DRAFT
    assert again.pickup_from_at == now + timedelta(days=2)
    (lot,) = again.draft_lots
    assert lot["use_by_date"] == (TOMORROW + timedelta(days=2)).isoformat()
    assert (lot["declared_g"], lot["batch"]) == (10_000, "")
    opened = open_listing(listing_id=again.pk, by=donor, now=later)
    assert opened.lots.get().available_g == 10_000
