"""The road groups of a coordinator's counties, as forms name them."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from backend.common.actor import Actor
from backend.organizations.selectors import counties_of
from backend.regions.packs import pack
from backend.web import regional
from logistics.selectors.visible import areas_of


def named_areas(viewer: Actor) -> list[tuple[str, str]]:
    """The road groups of the viewer's counties, named by the counties in them."""
    named: dict[str, list[str]] = {area: [] for area in sorted(areas_of(viewer))}
    for code in sorted(counties_of(viewer)):
        for area in _groups_of(code):
            named[area].append(regional.county(code))
    return [(area, _(", ").join(names)) for area, names in named.items()]


def _groups_of(county_code: str) -> Iterable[str]:
    townships = pack().townships.values()
    return sorted({each.road_group for each in townships if each.county_code == county_code})
