"""Which rules a line of a hand-over broke, by its facts alone."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from backend.custody.domain.breaches import CODES, HandOverFacts, breaches, judged_at

AT = datetime(2026, 6, 10, 4, 0, tzinfo=UTC)
FINE = HandOverFacts(
    at=AT,
    recorded_at=AT,
    safe_until_at=AT + timedelta(hours=1),
    mass_g=1_000,
    promised_g=1_000,
    is_passed_on=True,
    claim_was_live=True,
)


def test_what_is_in_order_broke_nothing() -> None:
    assert breaches(FINE) == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"safe_until_at": AT}, "after_safe_until"),
        ({"temperature_breach": "too_cold"}, "too_cold"),
        ({"collected_at": AT - timedelta(hours=3), "longest_out_s": 7_200}, "out_too_long"),
        ({"claim_was_live": False}, "no_live_claim"),
        ({"recorded_at": AT - timedelta(minutes=6)}, "from_the_future"),
        ({"mass_g": 1_501}, "much_more_than_promised"),
    ],
)
def test_each_rule_has_its_code(changes: dict[str, object], code: str) -> None:
    assert breaches(replace(FINE, **changes)) == [code]
    assert code in CODES


def test_what_is_given_back_or_disposed_of_is_never_too_late() -> None:
    assert breaches(replace(FINE, safe_until_at=AT, is_passed_on=False)) == []


@pytest.mark.parametrize("offset_s", [1_200, 0, -1_200])
def test_a_clock_is_corrected_in_either_direction(offset_s: int) -> None:
    assert judged_at(AT, clock_offset_s=offset_s) == AT - timedelta(seconds=offset_s)


def test_a_time_beyond_every_calendar_stays_as_it_was_sent() -> None:
    earliest = datetime.min.replace(tzinfo=UTC)
    assert judged_at(earliest, clock_offset_s=60) == earliest
