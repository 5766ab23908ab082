"""What a device submits about one hand-over, before anything is known about its truth."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from backend.custody.domain.replay import Kind, Remainder

#: Why somebody did not take what was handed to them.
REFUSAL_REASONS = ("spoiled", "too_warm", "damaged", "not_ordered", "no_room", "other")


@dataclass(frozen=True, slots=True)
class SubmittedLine:
    """One line: what was accepted and refused of a claim line, in grams as the receiver weighed.

    `giver_mass_g` is the giver's own figure; the temperature is in tenths of a degree Celsius.
    """

    claim_line_id: UUID
    accepted_g: int
    refused_g: int = 0
    giver_mass_g: int | None = None
    reason: str = ""
    remainder: Remainder = Remainder.NONE
    temperature_dc: int | None = None


@dataclass(frozen=True, slots=True)
class Submission:
    """One hand-over as a device recorded it; `client_id` makes a repetition the same fact.

    Who gave and who received is derived from `kind`, the claim and `courier_id` (the one who
    carries, if any), `to_courier_id` (at a transfer), `hub_location_id` (into or out of stock).
    """

    client_id: UUID
    kind: Kind
    claim_id: UUID
    at: datetime
    lines: tuple[SubmittedLine, ...]
    visit_id: UUID | None = None
    courier_id: UUID | None = None
    to_courier_id: UUID | None = None
    hub_location_id: UUID | None = None
    code: str = ""
    signer_name: str = ""
    note: str = ""
    clock_offset_s: int = 0
