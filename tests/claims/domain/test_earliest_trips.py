"""The earliest trip between a lot and a recipient."""

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from backend.claims.domain.eligibility import may_receive
from backend.claims.domain.trips import Leg, Trip, carry_limit_g, plan_trip
from backend.organizations.domain.hours import Interval
from tests.matching.domain.worlds import HOUR, NOW, courier, lot, recipient, world

NEAR = Leg(distance_m=2_000, travel_s=600)


def test_own_collection_leaves_when_the_lot_is_ready() -> None:
    food = lot(pickup_from_at=NOW + HOUR, handling_s=300)
    trip = plan_trip(food, recipient(), NEAR, transport="self_collect", now=NOW)
    assert trip.departs_at == NOW + HOUR + timedelta(seconds=300)
    assert trip.hands_over_at == trip.departs_at + timedelta(seconds=600)


def test_it_leaves_later_rather_than_wait_before_a_closed_door() -> None:
    later = recipient(open_hours=(Interval(NOW + 3 * HOUR, NOW + 5 * HOUR),))
    trip = plan_trip(lot(), later, NEAR, transport="self_collect", now=NOW)
    assert trip.hands_over_at == NOW + 3 * HOUR
    assert trip.departs_at == NOW + 3 * HOUR - timedelta(seconds=600)
    assert trip.out_of_cold_s == 600


def test_it_waits_on_board_when_the_pickup_window_ends_before() -> None:
    food = lot(pickup_until_at=NOW + HOUR)
    later = recipient(open_hours=(Interval(NOW + 3 * HOUR, NOW + 5 * HOUR),))
    trip = plan_trip(food, later, NEAR, transport="self_collect", now=NOW)
    assert trip.departs_at == NOW + HOUR - timedelta(seconds=1)
    assert trip.out_of_cold_s == 2 * 3_600 + 1


def test_the_shift_that_hands_over_first_is_chosen() -> None:
    late = courier(1, window=Interval(NOW + 2 * HOUR, NOW + 6 * HOUR))
    early = courier(2, window=Interval(NOW + HOUR, NOW + 6 * HOUR), mass_g=5_000)
    trip = plan_trip(lot(), recipient(), NEAR, transport="courier", now=NOW, couriers=[late, early])
    assert trip.departs_at == NOW + HOUR
    assert (trip.carried, trip.carry_g) == (True, 5_000)


def test_a_shift_that_ends_before_unloading_carries_nothing() -> None:
    short = courier(window=Interval(NOW, NOW + timedelta(seconds=899)))
    slow = recipient(handling_s=300)
    trip = plan_trip(lot(), slow, NEAR, transport="courier", now=NOW, couriers=[short])
    assert not trip.carried


def test_couriers_of_another_road_group_do_not_come() -> None:
    away = courier(road_group="island")
    assert not plan_trip(
        lot(), recipient(), NEAR, transport="courier", now=NOW, couriers=[away]
    ).carried


def test_what_a_vehicle_takes_is_bounded_by_mass_and_by_the_right_room() -> None:
    food = lot(left_g=10_000, volume_ml=20_000, storage_class="chilled")
    assert carry_limit_g(food, courier(volume_ml={"chilled": 8_000})) == (4_000, True)
    assert carry_limit_g(food, courier(volume_ml={"ambient": 6_000})) == (3_000, False)
    assert carry_limit_g(food, courier(mass_g=2_000)) == (2_000, True)
    assert carry_limit_g(lot(max_out_of_cold_s=0), courier(volume_ml={}))[0] == 0


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10_000), distance_m=st.integers(0, 60_000))
def test_every_trip_that_is_allowed_keeps_every_deadline(seed: int, distance_m: int) -> None:
    problem = world(seed, 3, 3)
    leg = Leg(distance_m=distance_m, travel_s=distance_m // 7, longest_m=50_000)
    for supply in problem.supplies:
        for demand in problem.demands:
            food, place = supply.lot, demand.recipient
            trip = may_receive(food, place, leg, now=NOW, couriers=problem.couriers)
            if isinstance(trip, Trip):
                assert trip.hands_over_at
                assert food.pickup_from_at <= trip.departs_at < food.pickup_until_at
                assert trip.departs_at + timedelta(seconds=leg.travel_s) <= trip.hands_over_at
                assert trip.hands_over_at < food.safe_until_at
                assert any(s <= trip.hands_over_at < u for s, u in place.open_hours)
                limit_s = food.max_out_of_cold_s
                assert limit_s is None or trip.out_of_cold_s <= limit_s
