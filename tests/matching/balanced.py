"""All ledgers after something happened to offers."""

from collections import Counter

from backend.impact.selectors.invariants import (
    capacity_is_what_is_promised,
    claim_lines_match_their_lots,
    ended_claims_hold_nothing,
    lots_balance,
)
from matching.models import OfferStatus, Proposal
from tests.builders.balance import Place, assert_balanced

LEDGERS = (
    lots_balance,
    claim_lines_match_their_lots,
    capacity_is_what_is_promised,
    ended_claims_hold_nothing,
)


def assert_all_balanced() -> None:
    """By the product's own checks and by those of the tests, which share nothing with them."""
    held: Counter[Place] = Counter()
    for proposal in Proposal.objects.filter(held_g__gt=0).select_related("offer", "lot"):
        offer = proposal.offer
        assert offer.status == OfferStatus.OFFERED, "an offer that is over holds nothing"
        held[offer.location_id, proposal.lot.storage_class, offer.receive_date] += proposal.held_g
    assert_balanced(held_room=held)
    assert [breach for check in LEDGERS for breach in check()] == []
