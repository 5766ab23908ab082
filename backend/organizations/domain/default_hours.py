"""Opening hours that are assumed for an imported place until somebody who knows sets them."""

from collections.abc import Collection

from backend.organizations.domain.hours import DAYS_IN_WEEK, WeeklyHours

HOUR = 60
EVERY_DAY = range(DAYS_IN_WEEK)
WEEKDAYS = range(5)


def _hours(days: range, opens: int, closes: int) -> tuple[WeeklyHours, ...]:
    return tuple(WeeklyHours(day, opens * HOUR, closes * HOUR) for day in days)


SHOP = _hours(EVERY_DAY, 9, 21)
OFFICE = _hours(WEEKDAYS, 9, 17)
#: By the category that the file names; a cautious guess, since a wrong one costs somebody a trip.
BY_CATEGORY = {
    "convenience": _hours(EVERY_DAY, 0, 24),
    "supermarket": _hours(EVERY_DAY, 9, 21),
    "restaurant": _hours(EVERY_DAY, 11, 20),
    "bakery": _hours(EVERY_DAY, 8, 20),
    "market": _hours(EVERY_DAY, 7, 13),
    "wholesale": _hours(EVERY_DAY, 5, 12),
    "food_bank": _hours(range(6), 9, 18),
}


def default_hours(category: str, roles: Collection[str]) -> tuple[WeeklyHours, ...]:
    """By category if it is a known one, else a shop's hours for donors and office hours."""
    return BY_CATEGORY.get(category, SHOP if "donor" in roles else OFFICE)
