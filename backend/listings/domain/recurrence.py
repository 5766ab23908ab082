"""Which local dates a recurring listing falls on: a small, checked part of RFC 5545."""

from collections.abc import Collection
from datetime import date, datetime

from dateutil.rrule import rrule, rrulestr

FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY")
PARTS = ("FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY", "BYSETPOS", "WKST")
LONGEST_INTERVAL = 52
#: No calendar goes farther; it bounds the work of a rule that never matches.
MOST_DATES = 366


class BadRule(ValueError):
    """The rule is not one that we keep; `code` is stable."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def checked(rule: str) -> str:
    """The rule in upper case, without a leading "RRULE:".

    Allowed: FREQ (daily, weekly, monthly), INTERVAL, BYDAY, BYMONTHDAY, BYSETPOS, WKST. The first
    and last date are columns of the schedule, so UNTIL and COUNT are not. Raises BadRule:
    `rule_not_understood` (also for one that matches no date in ten years), `rule_part_not_allowed`.
    """
    text = rule.strip().upper().removeprefix("RRULE:")
    parts = dict(part.partition("=")[::2] for part in text.split(";") if part)
    if not set(parts) <= set(PARTS):
        raise BadRule("rule_part_not_allowed")
    interval = parts.get("INTERVAL", "1")
    if parts.get("FREQ") not in FREQUENCIES or not (interval.isascii() and interval.isdigit()):
        raise BadRule("rule_not_understood")
    if not 1 <= int(interval) <= LONGEST_INTERVAL:
        raise BadRule("rule_not_understood")
    try:
        never = not _series(text, date(2024, 1, 1), date(2034, 1, 1))[:1]
    except (ValueError, KeyError, TypeError) as error:
        raise BadRule("rule_not_understood") from error
    if never:
        raise BadRule("rule_not_understood")
    return text


def dates_between(
    rule: str,
    *,
    starts_date: date,
    ends_date: date | None,
    skipped: Collection[date],
    first: date,
    last: date,
) -> list[date]:
    """Dates of the rule in [first, last], both included, in order, without those left out."""
    first = max(first, starts_date)
    last = last if ends_date is None else min(last, ends_date)
    if last < first:
        return []
    found = _series(rule, starts_date, last).between(_noon(first), _noon(last), inc=True)
    days = [each.date() for each in found[:MOST_DATES]]
    return [day for day in days if day not in skipped]


def _series(rule: str, starts_date: date, last: date) -> rrule:
    """The rule's dates from its start to `last`; without that end, one that never matches would be
    searched for until the year 9999.
    """
    series = rrulestr(rule, dtstart=_noon(starts_date))
    if not isinstance(series, rrule):
        raise ValueError("one rule at a time")
    return series.replace(until=_noon(last))


def _noon(day: date) -> datetime:
    """Dates as naive noons: recurrence here knows no zone, instants are made of dates later."""
    return datetime(day.year, day.month, day.day, 12)  # noqa: DTZ001
