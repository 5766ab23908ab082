"""Which food a coordinator may send to another county now."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backend.common.actor import Actor
from backend.listings.models import Lot
from backend.needs.models import Capacity
from backend.organizations.models import Location, Programme
from matching.domain.lifecycle import AgreementStatus
from matching.domain.transfers import week_of
from matching.models import TransferAgreement, TransferUse
from matching.selectors.transfers import lots_that_may_go, takers_elsewhere
from tests.builders.accounts import actor_of
from tests.builders.listings import BUILDER, lot_draft, make_listing, make_lot
from tests.builders.needs import make_capacity, make_taker
from tests.builders.organizations import make_coordinator, make_location, make_recipient

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stepped_clock")]

TAIPEI, PENGHU, TAICHUNG = "63000", "10016", "66000"
TODAY = date(2026, 6, 10)
HOUR = timedelta(hours=1)


@pytest.fixture
def giving() -> Actor:
    return actor_of(make_coordinator(TAIPEI))


@pytest.fixture
def lot(now: datetime) -> Lot:
    return make_lot(now=now)


def taker_in(county_code: str, **fields: Any) -> Programme:
    place = make_location(make_recipient(), county_code=county_code, road_group="elsewhere")
    return make_taker(place, **fields)


@pytest.fixture(autouse=True)
def island() -> Programme:
    """Somebody in Penghu who could take anything."""
    return taker_in(PENGHU)


def agreed(now: datetime, **fields: Any) -> TransferAgreement:
    """Taipei sends Penghu 8 kg of anything a week."""
    chosen: dict[str, Any] = {
        "from_county": TAIPEI,
        "to_county": PENGHU,
        "quota_g": 8_000,
        "status": AgreementStatus.ACTIVE,
        "proposed_by_county": TAIPEI,
        "proposed_at": now,
    }
    return TransferAgreement.objects.create(**(chosen | fields))


def used(agreement: TransferAgreement, used_g: int, *, on: date = TODAY) -> None:
    TransferUse.objects.create(agreement=agreement, week=week_of(on), used_g=used_g)


def may_go(viewer: Actor, now: datetime) -> list[Lot]:
    return [each.lot for each in lots_that_may_go(viewer, now=now)]


def taichung() -> Location:
    return make_location(county_code=TAICHUNG, township_code="66000010")


def test_food_of_a_county_that_may_send_some(giving: Actor, lot: Lot, now: datetime) -> None:
    assert may_go(giving, now) == []
    agreed(now)
    assert may_go(giving, now) == [lot]


@pytest.mark.parametrize(
    "fields",
    [
        {"status": AgreementStatus.PROPOSED},
        {"status": AgreementStatus.ENDED},
        {"until_date": TODAY - timedelta(days=1)},
        {"from_county": PENGHU, "to_county": TAIPEI},
        {"from_county": TAICHUNG},
        {"category_groups": ["dairy"]},
    ],
)
def test_what_the_agreement_does_not_cover_stays(
    giving: Actor, lot: Lot, now: datetime, fields: dict[str, Any]
) -> None:
    agreed(now, **fields)
    assert may_go(giving, now) == []


@pytest.mark.parametrize("fields", [{"until_date": TODAY}, {"category_groups": ["bakery"]}])
def test_its_last_day_and_its_groups_are_covered(
    giving: Actor, lot: Lot, now: datetime, fields: dict[str, Any]
) -> None:
    agreed(now, **fields)
    assert may_go(giving, now) == [lot]


@pytest.mark.parametrize(("used_g", "goes"), [(7_500, True), (7_501, False), (8_000, False)])
def test_a_share_has_to_fit_into_what_is_left_of_the_quota(
    giving: Actor, lot: Lot, now: datetime, used_g: int, goes: bool
) -> None:
    used(agreed(now), used_g)
    assert may_go(giving, now) == ([lot] if goes else [])
    assert bool(takers_elsewhere(lot, now=now)) == goes


def test_less_than_a_share_goes_when_it_is_all_that_is_left(
    giving: Actor, lot: Lot, now: datetime
) -> None:
    Lot.objects.filter(pk=lot.pk).update(available_g=300, reserved_g=9_700)
    used(agreed(now), 7_700)
    assert may_go(giving, now) == [lot]


def test_food_that_nobody_there_could_take_stays(
    giving: Actor, island: Programme, lot: Lot, now: datetime
) -> None:
    agreed(now)
    Programme.objects.update(categories_not_taken=["bread"])
    assert may_go(giving, now) == []
    taker_in(TAICHUNG)
    assert may_go(giving, now) == [], "nothing is agreed with them"
    taker_in(PENGHU)
    assert may_go(giving, now) == [lot]


@pytest.mark.parametrize("capacity_g", [0, 10_000])
def test_who_cannot_keep_it_takes_nothing(
    giving: Actor, island: Programme, now: datetime, capacity_g: int
) -> None:
    agreed(now)
    milk = make_lot(now=now, category="milk")
    Capacity.objects.filter(storage_class="chilled").delete()
    assert may_go(giving, now) == []
    make_capacity(island.location, chilled=capacity_g)
    assert may_go(giving, now) == [milk], "the room of the day of arrival decides later"


def test_each_county_is_named_where_somebody_could_take_it(
    giving: Actor, lot: Lot, now: datetime
) -> None:
    taker_in(TAICHUNG, categories_not_taken=["bread"])
    agreed(now)
    agreed(now, to_county=TAICHUNG)
    [sendable] = lots_that_may_go(giving, now=now)
    assert sendable.counties == (PENGHU,)
    taker_in(TAICHUNG)
    [sendable] = lots_that_may_go(giving, now=now)
    assert set(sendable.counties) == {PENGHU, TAICHUNG}


def test_what_is_listed_finds_somebody_on_the_form(giving: Actor, lot: Lot, now: datetime) -> None:
    """The same rules decide both: nobody is led to an empty form."""
    agreed(now)
    [sendable] = lots_that_may_go(giving, now=now)
    takers = takers_elsewhere(sendable.lot, now=now)
    assert {each.programme.location.county_code for each in takers} == set(sendable.counties)


def test_the_quota_of_another_week_and_agreement_do_not_matter(
    giving: Actor, lot: Lot, now: datetime
) -> None:
    used(agreed(now), 8_000, on=TODAY - timedelta(days=7))
    used(agreed(now, to_county=TAICHUNG), 8_000)
    assert may_go(giving, now) == [lot]


def test_each_county_sees_its_own_food_only(giving: Actor, lot: Lot, now: datetime) -> None:
    there = make_lot(taichung(), now=now)
    agreed(now)
    agreed(now, from_county=TAICHUNG)
    assert may_go(giving, now) == [lot]
    assert may_go(actor_of(make_coordinator(TAICHUNG)), now) == [there]
    assert may_go(actor_of(make_coordinator(PENGHU)), now) == []
    assert set(may_go(BUILDER, now)) == {lot, there}


def test_an_agreement_of_one_county_is_not_one_of_the_other(lot: Lot, now: datetime) -> None:
    coordinator = make_coordinator(TAIPEI)
    make_coordinator(TAICHUNG, user=coordinator)
    there = make_lot(taichung(), now=now)
    agreed(now, from_county=TAICHUNG)
    assert may_go(actor_of(coordinator), now) == [there]


def test_what_is_gone_unsafe_or_cannot_be_fetched_is_not_there(
    giving: Actor, now: datetime
) -> None:
    agreed(now)
    gone, unsafe, over = (make_lot(now=now) for _ in range(3))
    Lot.objects.filter(pk=gone.pk).update(available_g=0, reserved_g=10_000)
    Lot.objects.filter(pk=unsafe.pk).update(safe_until_at=now)
    over.listing.pickup_from_at, over.listing.pickup_until_at = now - HOUR, now
    over.listing.save()
    make_listing(now=now, allows_courier=False)
    assert may_go(giving, now) == []


def test_what_ends_first_comes_first(giving: Actor, now: datetime) -> None:
    agreed(now)
    later = make_lot(now=now)
    (sooner,) = make_listing(
        now=now, pickup_until_at=now + 2 * HOUR, lots=(lot_draft(),)
    ).lots.all()
    spoils = make_lot(now=now)
    Lot.objects.filter(pk=spoils.pk).update(safe_until_at=now + HOUR)
    assert may_go(giving, now) == [spoils, sooner, later]


def test_more_food_and_agreements_need_no_more_queries(
    giving: Actor, lot: Lot, now: datetime
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            for each in may_go(giving, now):
                assert each.listing.organization.name
        return len(asked)

    used(agreed(now), 1)
    few = queries()
    for county in (TAICHUNG, "65000", "67000"):
        taker_in(county)
        used(agreed(now, to_county=county), 1)
        make_lot(now=now)
    assert queries() == few
