"""Refuses a listing that cannot be offered, naming each field and why."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from backend.common.refusals import FieldError, Invalid, Refusal
from backend.listings.domain.checks import Problem, problems
from backend.listings.domain.draft import ListingDraft
from backend.organizations.models import Location, Organization
from backend.regions.packs import pack


class NotVerified(Refusal):
    """Only organizations that somebody vouches for may offer food."""

    code = "not_verified"
    message = _("This organization is not verified yet. It can offer food once it is.")


class LocationClosed(Refusal):
    """The place is no longer used."""

    code = "location_closed"
    message = _("This place is no longer used. Please choose another.")


class NotADonor(Refusal):
    """The organization did not register as one that gives food."""

    code = "not_a_donor"
    message = _("This organization is not registered as one that gives food.")


SENTENCES: Final[dict[str, Promise]] = {
    "required": _("Please fill this in."),
    "too_many": _("That is more than one listing can hold. Please post a second one."),
    "no_transport": _("Please allow at least one way of fetching it."),
    "window_reversed": _("The end must be after the beginning."),
    "window_over": _("This time is already over."),
    "window_too_long": _("A listing stays open for two weeks at most."),
    "too_far_ahead": _("Please post at most 30 days ahead."),
    "mass_too_small": _("Please say how much it weighs: more than nothing."),
    "mass_absurd": _("More than 40 tonnes cannot be right. Please check the unit."),
    "volume_too_small": _("The volume must be more than nothing."),
    "volume_absurd": _("Mass and volume do not fit together. Please check the units."),
    "count_too_small": _("The number of units must be at least one."),
    "step_impossible": _("The smallest share cannot be larger than the whole."),
    "unknown_category": _("We do not know this kind of food."),
    "unknown_storage": _("We do not know this way of storing food."),
    "unknown_packaging": _("We do not know this packaging."),
    "unknown_allergen": _("One of these is not in the list of allergens."),
    "unknown_diet": _("One of these is not in the list of diets."),
    "not_a_gtin": _("This is not a valid barcode number."),
    "date_needed": _("Please say until when it is good."),
    "date_or_cooked_at_needed": _("Please say until when it is good, or when it was cooked."),
    "cooked_at_needed": _("Please say when it was cooked."),
    "cooked_in_future": _("It cannot have been cooked in the future."),
    "cooked_too_long_ago": _("It was cooked too long ago to be given away."),
    "dates_contradict": _("These dates cannot all be right."),
    "past_use_by": _("Past its validity date: by law it cannot be given away."),
    "past_best_before": _("Past its validity date: by law it cannot be given away."),
    "past_safe_until": _("It is no longer safe to give away."),
    "unsafe_before_pickup": _("It would no longer be safe when it can be fetched."),
    "promised": _("Somebody was promised a share, so this can no longer be changed."),
    "unknown_recipient": _("One of these is not a charity that we know."),
}


def refuse_bad_offer(draft: ListingDraft, *, location: Location, now: datetime) -> None:
    """Raises Invalid with all that is wrong, or a refusal about who offers it."""
    refuse_unable_donor(location)
    refuse(problems(draft, pack(), now=now))


def refuse_unable_donor(location: Location) -> None:
    """Raises NotVerified, NotADonor or LocationClosed when nothing can be offered from there."""
    organization: Organization = location.organization
    if not organization.may_act:
        raise NotVerified()
    if not (organization.is_donor or organization.is_hub):
        raise NotADonor()
    if location.closed_at is not None:
        raise LocationClosed()


def refuse(found: Iterable[Problem]) -> None:
    """Raises Invalid for these problems; does nothing when there are none."""
    fields: dict[str, list[FieldError]] = {}
    for problem in found:
        error = FieldError(problem.code, SENTENCES[problem.code])
        fields.setdefault(problem.field, []).append(error)
    if fields:
        raise Invalid(fields=fields)
