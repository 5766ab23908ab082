"""The chance that an acceptance is kept: one's own past, shrunk to the county's mean."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.domain.reliability import Record, county_mean, reliability

records = st.builds(Record, st.integers(0, 500), st.integers(0, 500))


def test_whoever_never_accepted_anything_is_taken_for_the_county() -> None:
    assert reliability(Record(), mean=0.9) == 0.9


def test_a_county_of_which_nothing_is_known_keeps_nineteen_of_twenty() -> None:
    assert county_mean([]) == 0.95
    assert county_mean([Record(kept=9, unkept=11)]) == pytest.approx(28 / 40)


def test_one_missed_crate_costs_little_and_many_cost_much() -> None:
    once, often = Record(kept=0, unkept=1), Record(kept=0, unkept=30)
    assert reliability(once, mean=0.95) == pytest.approx(0.8636)
    assert reliability(often, mean=0.95) < 0.25


@given(own=records, mean=st.floats(0, 1))
def test_it_lies_between_ones_own_past_and_the_mean(own: Record, mean: float) -> None:
    chance = reliability(own, mean=mean)
    ends = sorted((own.kept / own.total, mean)) if own.total else [mean, mean]
    assert ends[0] - 1e-4 <= chance <= ends[1] + 1e-4
    assert 0 <= chance <= 1


@given(own=records, mean=st.floats(0, 1))
def test_keeping_one_more_never_makes_it_worse(own: Record, mean: float) -> None:
    better = Record(own.kept + 1, own.unkept)
    worse = Record(own.kept, own.unkept + 1)
    assert reliability(worse, mean=mean) <= reliability(own, mean=mean)
    assert reliability(own, mean=mean) <= reliability(better, mean=mean)


@given(own=records)
def test_a_long_past_outweighs_any_county(own: Record) -> None:
    spread = reliability(own, mean=1.0) - reliability(own, mean=0.0)
    assert spread == pytest.approx(10 / (own.total + 10), abs=2e-4)


def test_a_record_below_nothing_names_the_field() -> None:
    with pytest.raises(ValueError, match=r"^unkept: -1 is negative$"):
        Record(kept=1, unkept=-1)
