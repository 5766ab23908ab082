"""What to expect of a hand-over: the region's figures, corrected by the place's own record."""

from math import exp, log
from random import Random
from statistics import quantiles

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logistics.domain.service_times import LONGEST_S, SHORTEST_S, Spread, learnt, sigma_of

REGION = Spread(300.0, sigma_of(p50=1.0, p90=2.0))
times = st.floats(SHORTEST_S, LONGEST_S)


def test_half_take_the_median_and_nine_of_ten_what_the_region_says() -> None:
    assert REGION.quantile_s(0.5) == pytest.approx(300)
    assert REGION.quantile_s(0.9) == pytest.approx(600)


def test_a_certain_time_has_one_quantile_only() -> None:
    assert Spread(240.0).quantile_s(0.01) == Spread(240.0).quantile_s(0.99) == 240


def test_without_a_record_the_region_alone_speaks() -> None:
    assert learnt(REGION, [], weight=8) == REGION


def test_a_record_as_long_as_the_weight_meets_the_region_half_way() -> None:
    met = learnt(Spread(100.0, 0.0), [400.0] * 8, weight=8)
    assert met.median_s == pytest.approx(200)
    assert met.sigma == pytest.approx(log(4) / 2)


def test_a_long_record_outweighs_the_region() -> None:
    rnd = Random(4)  # noqa: S311
    seen = [exp(rnd.gauss(log(900), 0.3)) for _ in range(2_000)]
    place = learnt(REGION, seen, weight=8)
    assert place.median_s == pytest.approx(900, rel=0.03)
    assert place.quantile_s(0.9) == pytest.approx(quantiles(seen, n=10)[-1], rel=0.05)


def test_two_buttons_pressed_at_once_or_one_forgotten_teach_nothing() -> None:
    assert learnt(REGION, [0.0, SHORTEST_S - 1, LONGEST_S + 1, -30.0], weight=8) == REGION


def test_a_place_said_to_need_no_time_can_show_that_it_does() -> None:
    assert learnt(Spread(0.0, 0.5), [600.0] * 100, weight=8).median_s > 400


@given(st.lists(times, max_size=30), times)
def test_what_is_learnt_lies_between_the_region_and_the_record(
    seen: list[float], median_s: float
) -> None:
    centre = learnt(Spread(median_s, 0.5), seen, weight=8).median_s
    assert min([median_s, *seen]) * 0.999 <= centre <= max([median_s, *seen]) * 1.001


@given(st.lists(times, min_size=1, max_size=20), st.floats(1.0, 3.0))
def test_a_slower_record_never_makes_a_place_quicker(seen: list[float], factor: float) -> None:
    slower = [min(each * factor, LONGEST_S) for each in seen]
    before, after = learnt(REGION, seen, weight=8), learnt(REGION, slower, weight=8)
    assert after.median_s >= before.median_s * 0.999


@given(st.lists(times, max_size=20), st.floats(0.5, 0.98))
def test_a_higher_share_never_asks_for_less_time(seen: list[float], share: float) -> None:
    place = learnt(REGION, seen, weight=8)
    assert place.quantile_s(share) <= place.quantile_s(share + 0.01)
