"""Who may do what with couriers, their vehicles and their shifts."""

import rules

from backend.common.actor import Actor
from backend.couriers.models import Courier, Shift, Vehicle
from backend.organizations.permissions import coordinates, is_person


def is_courier(actor: Actor, courier: Courier) -> bool:
    """Whether the actor is this courier in person, or a key of theirs for no organization."""
    return is_person(actor) and actor.user_id == courier.user_id


def approves(actor: Actor, courier: Courier) -> bool:
    """A coordinator of the county; nobody approves themselves."""
    return coordinates(actor, courier.county_code) and actor.user_id != courier.user_id


def may_end(actor: Actor, courier: Courier) -> bool:
    return is_courier(actor, courier) or approves(actor, courier)


def owns_vehicle(actor: Actor, vehicle: Vehicle) -> bool:
    return is_courier(actor, vehicle.courier)


def may_cancel_shift(actor: Actor, shift: Shift) -> bool:
    return is_courier(actor, shift.courier) or coordinates(actor, shift.county_code)


rules.add_rule("couriers.register", is_person)
rules.add_rule("couriers.approve", approves)
rules.add_rule("couriers.change", is_courier)
rules.add_rule("couriers.end", may_end)
rules.add_rule("couriers.change_vehicle", owns_vehicle)
rules.add_rule("couriers.cancel_shift", may_cancel_shift)
