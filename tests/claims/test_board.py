"""The open board: who sees what, how far it is, and what a programme could take or why not."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from backend.claims.selectors import BoardEntry, open_board
from backend.common.actor import Actor
from backend.geo.domain.points import Point
from backend.organizations.models import Organization, Programme
from tests.builders.accounts import actor_of
from tests.builders.claims import make_claim
from tests.builders.listings import lot_draft, make_listing, make_lot
from tests.builders.needs import make_capacity, make_taker
from tests.builders.organizations import (
    TAIPEI,
    make_coordinator,
    make_location,
    make_member,
    make_organization,
    make_recipient,
)

pytestmark = pytest.mark.django_db

#: About 1 km north of the usual place, and about 8 km north.
NEAR = Point(TAIPEI.lon, TAIPEI.lat + 0.009)
FAR = Point(TAIPEI.lon, TAIPEI.lat + 0.072)


@pytest.fixture
def charity() -> Organization:
    return make_recipient()


@pytest.fixture
def taker(charity: Organization) -> Programme:
    return make_taker(make_location(charity))


@pytest.fixture
def viewer(charity: Organization) -> Actor:
    return actor_of(make_member(charity))


def titles(entries: tuple[BoardEntry, ...]) -> list[str]:
    return [entry.listing.title for entry in entries]


def test_open_listings_come_with_the_most_urgent_first(viewer: Actor, now: datetime) -> None:
    make_listing(now=now, title="later", pickup_until_at=now + timedelta(hours=9))
    make_listing(now=now, title="soon", pickup_until_at=now + timedelta(hours=1))
    assert titles(open_board(viewer, now=now).entries) == ["soon", "later"]
    assert titles(open_board(viewer, now=now + timedelta(hours=1)).entries) == ["later"]


def test_within_five_kilometres_of_a_point(viewer: Actor, now: datetime) -> None:
    make_listing(make_location(point=NEAR), now=now, title="near")
    make_listing(make_location(point=FAR), now=now, title="far")
    page = open_board(viewer, now=now, point=TAIPEI, radius_m=5_000)
    assert titles(page.entries) == ["near"]
    assert page.entries[0].distance_m == pytest.approx(1_000, abs=10)
    wider = open_board(viewer, now=now, point=TAIPEI, radius_m=10_000)
    assert sorted(titles(wider.entries)) == ["far", "near"]


def test_each_lot_says_how_much_could_be_taken_or_why_not(
    viewer: Actor, taker: Programme, now: datetime
) -> None:
    make_capacity(taker.location, ambient=4_200)
    taker.location.capacities.filter(storage_class="chilled").delete()
    make_listing(
        now=now, lots=(lot_draft(), lot_draft(category="milk"), lot_draft(declared_g=3_000))
    )
    (entry,) = open_board(viewer, now=now, programme=taker).entries
    bread, milk, rolls = entry.lots
    assert (bread.takeable_g, bread.reason, bread.transport) == (4_000, None, "self_collect")
    assert (milk.takeable_g, milk.reason) == (0, "no_cold_storage")
    assert rolls.takeable_g == 3_000
    assert entry.reason is None


def test_what_could_not_be_taken_is_left_out_when_asked(
    viewer: Actor, taker: Programme, now: datetime
) -> None:
    taker.categories_not_taken = ["bakery"]
    taker.save()
    make_listing(now=now, title="bread")
    make_listing(
        now=now, title="fruit", lots=(lot_draft(category="fruit", use_by_date=date(2026, 6, 12)),)
    )
    everything = open_board(viewer, now=now, programme=taker)
    assert {entry.listing.title: entry.reason for entry in everything.entries} == {
        "bread": "category_not_taken",
        "fruit": None,
    }
    only = open_board(viewer, now=now, programme=taker, takeable_only=True)
    assert titles(only.entries) == ["fruit"]


def test_the_board_and_a_claim_agree(viewer: Actor, taker: Programme, now: datetime) -> None:
    lot = make_lot(now=now)
    make_capacity(taker.location, ambient=2_700)
    (entry,) = open_board(viewer, now=now, programme=taker).entries
    assert entry.takeable_g == 2_500
    make_claim(lot, entry.takeable_g, now=now, programme=taker, by=viewer)
    (after,) = open_board(viewer, now=now, programme=taker).entries
    assert (after.takeable_g, after.reason) == (0, "over_capacity")


def test_room_counts_on_the_day_the_food_could_come(
    viewer: Actor, taker: Programme, now: datetime
) -> None:
    make_capacity(taker.location, ambient=10_000)
    make_claim(make_lot(now=now), 10_000, now=now, programme=taker)
    tomorrow = now + timedelta(days=1)
    lots = (lot_draft(use_by_date=date(2026, 6, 13)),)
    make_listing(
        now=now,
        lots=lots,
        pickup_from_at=tomorrow,
        pickup_until_at=tomorrow + timedelta(hours=3),
    )
    (entry,) = open_board(viewer, now=now, programme=taker).entries
    assert entry.takeable_g == 10_000


def test_filters_by_kind_and_storage(viewer: Actor, now: datetime) -> None:
    make_listing(now=now, title="both", lots=(lot_draft(), lot_draft(category="milk")))
    make_listing(now=now, title="bread")
    by_category = open_board(viewer, now=now, category="milk").entries
    by_group = open_board(viewer, now=now, category="dairy").entries
    by_storage = open_board(viewer, now=now, storage_class="chilled").entries
    for entries in (by_category, by_group, by_storage):
        assert titles(entries) == ["both"]
        assert [lot.lot.category for lot in entries[0].lots] == ["milk"]


def test_what_is_all_promised_is_not_shown(viewer: Actor, now: datetime) -> None:
    make_claim(make_lot(now=now), 10_000, now=now)
    assert not open_board(viewer, now=now).entries


def test_chosen_food_is_seen_by_the_chosen_only(
    viewer: Actor, charity: Organization, now: datetime
) -> None:
    make_listing(now=now, title="ours", audience="chosen", chosen_recipient_ids=(charity.pk,))
    other = make_recipient()
    make_listing(now=now, title="theirs", audience="chosen", chosen_recipient_ids=(other.pk,))
    assert titles(open_board(viewer, now=now).entries) == ["ours"]
    assert not open_board(None, now=now).entries


@pytest.mark.parametrize("role", ["donor", "coordinator", "suspended"])
def test_who_does_not_receive_sees_nothing_of_the_recipients_board(
    role: str, now: datetime
) -> None:
    make_listing(now=now)
    people = {
        "donor": lambda: make_member(make_organization()),
        "coordinator": make_coordinator,
        "suspended": lambda: make_member(make_recipient(status="suspended")),
    }
    assert not open_board(actor_of(people[role]()), now=now).entries


def test_somebody_elses_programme_is_ignored(viewer: Actor, now: datetime) -> None:
    make_listing(now=now)
    (entry,) = open_board(viewer, now=now, programme=make_taker(), takeable_only=True).entries
    assert entry.lots[0].takeable_g is None


def test_strangers_measure_to_the_middle_of_an_area(now: datetime) -> None:
    listing = make_listing(make_location(point=NEAR), now=now)
    (entry,) = open_board(None, now=now, point=listing.point).entries
    assert entry.distance_m is not None
    assert entry.distance_m > 1


def test_pages_follow_each_other_without_gaps(viewer: Actor, now: datetime) -> None:
    for number in range(5):
        make_listing(now=now, title=str(number))
    seen, after = [], None
    for _ in range(3):
        page = open_board(viewer, now=now, limit=2, after=after)
        seen += titles(page.entries)
        after = page.following
    assert sorted(seen) == ["0", "1", "2", "3", "4"]
    assert after is None


@pytest.mark.parametrize("count", [1, 10])
def test_more_listings_need_no_more_queries(
    viewer: Actor,
    taker: Programme,
    now: datetime,
    count: int,
    django_assert_max_num_queries: Any,
) -> None:
    for _ in range(count):
        make_listing(now=now, lots=(lot_draft(), lot_draft(category="milk")))
    with django_assert_max_num_queries(10):
        page = open_board(viewer, now=now, programme=taker, point=TAIPEI, radius_m=5_000)
    assert len(page.entries) == count
