"""Refuses words that the region does not know and amounts that cannot be."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from backend.common.mass import HEAVIEST_LOT_G
from backend.common.refusals import Invalid
from backend.regions.packs import pack

#: Nobody uses or stores more than this in a week (25 full lorries).
MOST_G = 25 * HEAVIEST_LOT_G


def check_groups(field: str, groups: Iterable[str]) -> None:
    """Raises Invalid naming the field when one of these is no group of food."""
    if not set(groups) <= set(pack().category_groups):
        raise Invalid.field(field, "unknown_group", _("We do not know this group of food."))


def check_mass(field: str, mass_g: int, *, least_g: int = 1) -> None:
    """Raises Invalid naming the field for a mass below the least or beyond anything real."""
    if mass_g < least_g:
        raise Invalid.field(field, "mass_too_small", _("Please give a mass above nothing."))
    if mass_g > MOST_G:
        raise Invalid.field(field, "mass_absurd", _("This cannot be right. Please check the unit."))
