"""The exchange rates of matching, in kilograms of food; versioned, stored with every round."""

from dataclasses import dataclass, fields
from math import isfinite


@dataclass(frozen=True, slots=True)
class Weights:
    """What each consideration is worth, as kilograms of food per kilogram moved unless stated.

    `urgency`: food with no time left counts so much more; it falls in a straight line to nothing at
    `urgent_within_s` of life. `recipient_need` and `county_need`: the first kilogram for someone
    who had nothing; it falls with every kilogram (curve.py). `preference`: food of a group that the
    programme asked for. `km`: kilograms that one driven kilometre costs. `stickiness`: keeping what
    was suggested before. `no_show`: food promised to someone who never comes. Raises ValueError
    naming the field.
    """

    version: str = "2026-12"
    urgency: float = 0.5
    urgent_within_s: int = 48 * 3_600
    recipient_need: float = 2.0
    county_need: float = 1.0
    preference: float = 0.1
    km: float = 0.15
    stickiness: float = 0.3
    no_show: float = 0.2

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if field.name != "version" and not (isfinite(value) and value >= 0):
                raise ValueError(f"{field.name}: {value} must be a number, not negative")
        if self.urgent_within_s < 1:
            raise ValueError(f"urgent_within_s: {self.urgent_within_s} must be at least a second")
