"""One recipient's part of a round, on its way from the solver to an offer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class LotShare:
    """Grams of one lot, with the terms of its score and why the alternatives lost."""

    lot_id: UUID
    mass_g: int
    storage_class: str
    rank: int = 1
    terms: Mapping[str, float] = field(default_factory=dict)
    reasons: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, slots=True)
class Share:
    """What of one listing is offered to one programme, how it gets there and until when to answer.

    `receive_date` is the local day whose capacity it uses.
    """

    listing_id: UUID
    programme_id: UUID
    location_id: UUID
    transport: str
    lots: tuple[LotShare, ...]
    answer_by_at: datetime
    receive_date: date
