"""Who answers offers, and who watches over rounds."""

import rules

from backend.common.actor import Actor
from backend.organizations.permissions import coordinates, is_member
from matching.models import Offer, TransferAgreement
from matching.selectors.rounds import areas_of


def is_offered_to(actor: Actor, offer: Offer) -> bool:
    """Anybody who acts for the recipient."""
    return is_member(actor, offer.location)


def sees_offer(actor: Actor, offer: Offer) -> bool:
    """The recipient's people and the county's coordinators."""
    return is_offered_to(actor, offer) or coordinates(actor, offer.location.county_code)


def watches_area(actor: Actor, area: str) -> bool:
    """Coordinators of a county that the road group touches."""
    return area in areas_of(actor)


def sees_agreement(actor: Actor, agreement: TransferAgreement) -> bool:
    """Coordinators of either county."""
    return sends(actor, agreement) or coordinates(actor, agreement.to_county)


def answers_agreement(actor: Actor, agreement: TransferAgreement) -> bool:
    """Coordinators of the county that did not propose it."""
    sides = {agreement.from_county, agreement.to_county} - {agreement.proposed_by_county}
    return any(coordinates(actor, code) for code in sides)


def sends(actor: Actor, agreement: TransferAgreement) -> bool:
    """Coordinators of the county that gives."""
    return coordinates(actor, agreement.from_county)


rules.add_rule("matching.see_agreement", sees_agreement)
rules.add_rule("matching.answer_agreement", answers_agreement)
rules.add_rule("matching.send", sends)
rules.add_rule("matching.answer", is_offered_to)
rules.add_rule("matching.see_offer", sees_offer)
rules.add_rule("matching.run_round", watches_area)
