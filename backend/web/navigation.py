"""What the bottom navigation offers to each audience."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from backend.web.acting import Audience

#: More would not fit the width of a phone with targets of 48 px and words under the icons.
MOST_ITEMS = 5


@dataclass(frozen=True, slots=True)
class NavItem:
    """One entry: its word, its Lucide icon and the name of its URL."""

    word: Promise
    icon: str
    url_name: str


@dataclass(frozen=True, slots=True)
class NavLink:
    """An entry as shown: `is_current` for the page itself and the pages below it."""

    word: Promise
    icon: str
    url: str
    is_current: bool


NAVIGATION: dict[Audience, tuple[NavItem, ...]] = {
    Audience.DONOR: (
        NavItem(_("Giving"), "store", "web:donor_home"),
        NavItem(_("Post food"), "plus", "web:donor_post"),
    ),
    Audience.CHARITY: (
        NavItem(_("Offers"), "hand-helping", "web:charity_offers"),
        NavItem(_("Board"), "layout-list", "web:board"),
        NavItem(_("Coming"), "package-check", "web:charity_coming"),
    ),
    Audience.DRIVER: (
        NavItem(_("Driving"), "route", "web:driver_home"),
        NavItem(_("Shifts"), "calendar", "web:driver_shifts"),
    ),
    Audience.COORDINATOR: (
        NavItem(_("Watch"), "eye", "web:desk"),
        NavItem(_("Map"), "map", "web:desk_map"),
    ),
}


def links(audiences: Iterable[Audience], path: str) -> tuple[NavLink, ...]:
    """The entries for someone of these audiences, in the order of NAVIGATION.

    Entries that no page serves are left out; the longest matching address is the current one.
    """
    wanted = set(audiences)
    items = [item for audience in NAVIGATION if audience in wanted for item in NAVIGATION[audience]]
    served = [(item, url) for item in items if (url := _url(item)) is not None][:MOST_ITEMS]
    below = [url for _item, url in served if path.startswith(url)]
    current = max(below, key=len, default=None)
    return tuple(NavLink(item.word, item.icon, url, url == current) for item, url in served)


def _url(item: NavItem) -> str | None:
    try:
        return reverse(item.url_name)
    except NoReverseMatch:
        return None
