"""What is promised and on no route yet takes the hours that it needs."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from backend.claims.domain.facts import CourierFacts, LotFacts
from backend.claims.domain.trips import Leg
from backend.geo.domain.points import Point
from backend.organizations.domain.hours import Interval
from matching.domain.promised_trips import PromisedTrip, hours_left
from tests.matching.domain.worlds import HOUR, NOW, courier, lot, recipient

MINUTE = timedelta(minutes=1)
WAY = Leg(distance_m=9_000, travel_s=20 * 60)


def promised(name: str = "trip", *lots: LotFacts, **recipient_fields: Any) -> PromisedTrip:
    """A listing's food for a charity twenty minutes away; loading and unloading take five each."""
    loads = lots or (lot(handling_s=300),)
    return PromisedTrip(name, loads, recipient(handling_s=300, **recipient_fields), WAY)


def left(couriers: list[CourierFacts], *trips: PromisedTrip) -> list[tuple[str, Interval]]:
    return [(each.shift_id, each.window) for each in hours_left(couriers, trips, now=NOW)]


def test_a_trip_takes_the_way_loading_and_unloading() -> None:
    [after] = hours_left([courier()], [promised()], now=NOW)
    assert after.window == (NOW + 30 * MINUTE, NOW + 8 * HOUR)
    assert (after.mass_g, after.volume_ml) == (courier().mass_g, courier().volume_ml)


def test_hours_after_a_trip_begin_where_it_ended() -> None:
    [after] = hours_left([courier(start=Point(121.5, 25.0))], [promised()], now=NOW)
    assert after.start == recipient().point


def test_the_way_to_the_food_is_counted() -> None:
    far = courier(start=Point(121.45, 25.04), metres_per_s=5.0)
    [after] = hours_left([far], [promised()], now=NOW)
    assert after.window.from_at > NOW + 60 * MINUTE


def test_a_trip_later_in_the_shift_leaves_hours_before_and_after() -> None:
    later = lot(handling_s=300, pickup_from_at=NOW + 3 * HOUR)
    before, after = left([courier()], promised("trip", later))
    assert before == ("shift1 before trip", (NOW, NOW + 3 * HOUR))
    assert after == ("shift1 after trip", (NOW + 3 * HOUR + 30 * MINUTE, NOW + 8 * HOUR))


def test_trips_follow_each_other() -> None:
    [(_, hours)] = left([courier()], promised("one"), promised("two"))
    assert hours.from_at >= NOW + 60 * MINUTE


def test_whoever_hands_it_over_first_drives() -> None:
    late = courier(1, window=Interval(NOW + HOUR, NOW + 8 * HOUR))
    assert left([late, courier(2)], promised()) == [
        ("shift1", late.window),
        ("shift2 after trip", (NOW + 30 * MINUTE, NOW + 8 * HOUR)),
    ]


def test_what_must_be_fetched_first_comes_first() -> None:
    short = courier(window=Interval(NOW, NOW + 45 * MINUTE))
    hurried = promised("z", lot(handling_s=300, pickup_until_at=NOW + 30 * MINUTE))
    [(name, _)] = left([short], promised("a"), hurried)
    assert name == "shift1 after z"


def test_all_lots_of_a_listing_go_on_one_trip() -> None:
    lots = lot(1, handling_s=300), lot(2, listing_id="listing1", handling_s=300)
    [(_, hours)] = left([courier()], promised("trip", *lots))
    assert hours.from_at == NOW + 35 * MINUTE


FROZEN = lot(storage_class="frozen", max_out_of_cold_s=0, step_g=10_000)


@pytest.mark.parametrize(
    "trip",
    [
        promised("trip", replace(FROZEN, left_g=10_000)),
        promised("trip", lot(), replace(FROZEN, listing_id="listing1")),
        promised("trip", lot(left_g=500_000, step_g=500_000)),
        promised("trip", lot(road_group="island")),
        promised("trip", lot(pickup_from_at=NOW - 2 * HOUR, pickup_until_at=NOW - HOUR)),
        promised("trip", open_hours=(Interval(NOW + 20 * HOUR, NOW + 30 * HOUR),)),
        promised("trip", lot(safe_until_at=NOW + 10 * MINUTE)),
    ],
)
def test_what_nobody_can_bring_takes_no_hours(trip: PromisedTrip) -> None:
    warm = courier(volume_ml={"ambient": 1_000_000})
    assert left([warm], trip) == [("shift1", warm.window)]


def test_cold_food_takes_the_hours_of_a_cold_box() -> None:
    warm, cold = courier(1, volume_ml={"ambient": 1_000_000}), courier(2)
    untouched, after = left([warm, cold], promised("trip", FROZEN))
    assert untouched == ("shift1", warm.window)
    assert after[0] == "shift2 after trip"


def test_names_stay_as_time_goes_on() -> None:
    names = [
        [each.shift_id for each in hours_left([driver], [promised()], now=driver.window.from_at)]
        for driver in (courier(window=Interval(NOW + n * HOUR, NOW + 8 * HOUR)) for n in (0, 1))
    ]
    assert names[0] == names[1]


def test_a_trip_brings_something() -> None:
    with pytest.raises(ValueError, match="lots"):
        PromisedTrip("trip", (), recipient(), WAY)
