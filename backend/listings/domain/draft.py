"""What a donor states about a listing and its lots, before anything of it is checked or stored."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from typing import Any, Self
from uuid import UUID

_DATES = ("best_before_date", "use_by_date")
_LISTS = ("allergens", "diet_flags")


@dataclass(frozen=True, slots=True, kw_only=True)
class LotDraft:
    """One lot as stated; what is left empty comes from the category of the region's taxonomy.

    Grams and millilitres; None or "" means not stated.
    """

    category: str
    declared_g: int
    description: str = ""
    volume_ml: int | None = None
    unit_label: str = ""
    unit_count: int | None = None
    packaging: str = ""
    storage_class: str = ""
    best_before_date: date | None = None
    use_by_date: date | None = None
    cooked_at: datetime | None = None
    allergens: tuple[str, ...] = ()
    diet_flags: tuple[str, ...] = ()
    batch: str = ""
    gtin: str = ""
    step_g: int | None = None

    def as_json(self) -> dict[str, Any]:
        """The lot as it is kept in a draft or a template: text, numbers and lists only."""
        plain = asdict(self)
        for name in (*_DATES, "cooked_at"):
            plain[name] = plain[name].isoformat() if plain[name] else None
        for name in _LISTS:
            plain[name] = list(plain[name])
        return plain

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> Self:
        """The inverse of `as_json`; keys of an older form are ignored."""
        known = {each.name for each in fields(cls)}
        values = {name: value for name, value in plain.items() if name in known}
        for name in _DATES:
            values[name] = date.fromisoformat(values[name]) if values.get(name) else None
        cooked = values.get("cooked_at")
        values["cooked_at"] = datetime.fromisoformat(cooked) if cooked else None
        for name in _LISTS:
            values[name] = tuple(values.get(name, ()))
        return cls(**values)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingDraft:
    """A listing as stated: what, when it can be fetched [from, until), and by whom."""

    title: str
    pickup_from_at: datetime
    pickup_until_at: datetime
    lots: tuple[LotDraft, ...]
    note: str = ""
    allows_self_collect: bool = True
    allows_courier: bool = True
    donor_delivers: bool = False
    audience: str = "recipients"
    chosen_recipient_ids: tuple[UUID, ...] = ()
    source: str = "form"
