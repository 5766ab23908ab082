"""Which rules a recorded hand-over broke: it is stored all the same, and a person decides."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from backend.custody.domain.replay import Kind

#: With these food is passed on to somebody; giving it back or disposing of it is always fine.
PASSED_ON = (Kind.COLLECTED, Kind.TRANSFERRED, Kind.STOCKED, Kind.DELIVERED)
#: A device may be this far ahead of the server before its time is doubted.
CLOCK_TOLERANCE = timedelta(minutes=5)
#: Receiving this many times what was promised is a typing error or another load.
PLAUSIBLE_FACTOR = 1.5
AFTER_SAFE_UNTIL = "after_safe_until"


@dataclass(frozen=True, slots=True)
class HandOverFacts:
    """What the rules look at for one line of a hand-over; `at` is by our clock (`judged_at`).

    `temperature_breach` is what the region's rules say of the measured temperature, if anything;
    `longest_out_s` is how long it may be on board without a box of its class (None: no limit);
    `collected_at` is None at the collection.
    """

    at: datetime
    recorded_at: datetime
    safe_until_at: datetime
    mass_g: int
    promised_g: int
    is_passed_on: bool
    claim_was_live: bool
    temperature_breach: str | None = None
    collected_at: datetime | None = None
    longest_out_s: int | None = None


def judged_at(at: datetime, *, clock_offset_s: int) -> datetime:
    """The device's time without what its clock was ahead of ours, or (negative) behind it.

    A time so far off that no calendar has the result stays as it was sent.
    """
    with suppress(OverflowError):
        return at - timedelta(seconds=clock_offset_s)
    return at


def after_safe_until(facts: HandOverFacts) -> str | None:
    """Food passed to somebody, a driver or people, after it was safe."""
    too_late = facts.is_passed_on and facts.at >= facts.safe_until_at
    return AFTER_SAFE_UNTIL if too_late else None


def wrong_temperature(facts: HandOverFacts) -> str | None:
    """`too_warm` or `too_cold`, when a thermometer said so."""
    return facts.temperature_breach


def out_too_long(facts: HandOverFacts) -> str | None:
    """On the way longer than the region allows for its storage class."""
    if facts.collected_at is None or facts.longest_out_s is None:
        return None
    out_s = (facts.at - facts.collected_at).total_seconds()
    return "out_too_long" if out_s > facts.longest_out_s else None


def no_live_claim(facts: HandOverFacts) -> str | None:
    """The claim had been cancelled or had lapsed before the food passed."""
    return None if facts.claim_was_live else "no_live_claim"


def from_the_future(facts: HandOverFacts) -> str | None:
    return "from_the_future" if facts.at > facts.recorded_at + CLOCK_TOLERANCE else None


def much_more_than_promised(facts: HandOverFacts) -> str | None:
    too_much = facts.mass_g > facts.promised_g * PLAUSIBLE_FACTOR
    return "much_more_than_promised" if too_much else None


RULES: Sequence[Callable[[HandOverFacts], str | None]] = (
    after_safe_until,
    wrong_temperature,
    out_too_long,
    no_live_claim,
    from_the_future,
    much_more_than_promised,
)

#: Broken when the fold finds it, not by looking at one line.
NOTHING_TO_HAND_OVER = "nothing_to_hand_over"
TIME_ORDER = "time_order"
MORE_THAN_HELD = "more_than_held"

CODES = (
    AFTER_SAFE_UNTIL,
    "too_warm",
    "too_cold",
    "out_too_long",
    "no_live_claim",
    "from_the_future",
    "much_more_than_promised",
    NOTHING_TO_HAND_OVER,
    TIME_ORDER,
    MORE_THAN_HELD,
)


def breaches(facts: HandOverFacts) -> list[str]:
    """The codes of all rules that this line broke, in a fixed order; empty when it was in order."""
    return [code for rule in RULES if (code := rule(facts)) is not None]
