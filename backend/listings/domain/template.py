"""The usual offer of a recurring listing: lots whose dates count from the day they are offered."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from backend.listings.domain.draft import ListingDraft, LotDraft

_MOVED = ("best_before_date", "use_by_date", "cooked_at")
MINUTES_A_DAY = 24 * 60


@dataclass(frozen=True, slots=True, kw_only=True)
class UsualLot:
    """A lot without dates, and how its dates follow from the local day: days later, and the minute
    of that day at which it is cooked.
    """

    lot: LotDraft
    best_before_in_days: int | None = None
    use_by_in_days: int | None = None
    cooked_minute: int | None = None

    def on(self, day: date, zone: ZoneInfo) -> LotDraft:
        plain = self.lot.as_json()
        plain["best_before_date"] = _days_later(day, self.best_before_in_days)
        plain["use_by_date"] = _days_later(day, self.use_by_in_days)
        if self.cooked_minute is not None:
            plain["cooked_at"] = local_instant(day, self.cooked_minute, zone).isoformat()
        return LotDraft.from_json(plain)

    def as_json(self) -> dict[str, Any]:
        plain = {key: value for key, value in self.lot.as_json().items() if key not in _MOVED}
        return plain | {
            "best_before_in_days": self.best_before_in_days,
            "use_by_in_days": self.use_by_in_days,
            "cooked_minute": self.cooked_minute,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """What is usually offered, and how it may be fetched."""

    lots: tuple[UsualLot, ...]
    note: str = ""
    allows_self_collect: bool = True
    allows_courier: bool = True
    donor_delivers: bool = False

    def as_json(self) -> dict[str, Any]:
        return {
            "lots": [lot.as_json() for lot in self.lots],
            "note": self.note,
            "allows_self_collect": self.allows_self_collect,
            "allows_courier": self.allows_courier,
            "donor_delivers": self.donor_delivers,
        }

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> "Template":
        """The inverse of `as_json`; a template may leave out all but its lots."""
        lots = tuple(
            UsualLot(
                lot=LotDraft.from_json(each),
                best_before_in_days=each.get("best_before_in_days"),
                use_by_in_days=each.get("use_by_in_days"),
                cooked_minute=each.get("cooked_minute"),
            )
            for each in plain.get("lots", ())
        )
        ways = ("note", "allows_self_collect", "allows_courier", "donor_delivers")
        return cls(lots=lots, **{name: plain[name] for name in ways if name in plain})

    def cooked_by(self, day: date, zone: ZoneInfo) -> datetime | None:
        """When the last of the lots is cooked on that day; None when none says so."""
        minutes = [lot.cooked_minute for lot in self.lots if lot.cooked_minute is not None]
        return local_instant(day, max(minutes), zone) if minutes else None


def offer_on(
    day: date,
    *,
    title: str,
    template: Template,
    opens_minute: int,
    closes_minute: int,
    zone: ZoneInfo,
) -> ListingDraft:
    """The listing of one local day."""
    return ListingDraft(
        title=title,
        note=template.note,
        pickup_from_at=local_instant(day, opens_minute, zone),
        pickup_until_at=local_instant(day, closes_minute, zone),
        allows_self_collect=template.allows_self_collect,
        allows_courier=template.allows_courier,
        donor_delivers=template.donor_delivers,
        source="schedule",
        lots=tuple(lot.on(day, zone) for lot in template.lots),
    )


def local_instant(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """The instant of a wall-clock minute counted from a local midnight; 24 * 60 is the next day's
    first. Where clocks change, the wall clock is what counts.
    """
    days, rest = divmod(minute, MINUTES_A_DAY)
    wall = datetime(day.year, day.month, day.day, *divmod(rest, 60), tzinfo=zone)
    return (wall + timedelta(days=days)).astimezone(UTC)


def _days_later(day: date, days: int | None) -> str | None:
    return None if days is None else (day + timedelta(days=days)).isoformat()
