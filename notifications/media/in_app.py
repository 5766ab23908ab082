"""A message as the inbox shows it: a sentence in the reader's language, and where it leads."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.dateformat import format as date_format
from django.utils.formats import number_format
from django.utils.translation import gettext

from backend.common.mass import kilograms
from backend.regions.packs import pack
from notifications.domain.kinds import MESSAGES, Kind
from notifications.models import Notification

#: Facts that are instants, and facts that are grams: the place of the sentence that each fills.
INSTANTS = {"time_at": "time", "starts_at": "starts"}
MASSES = {"mass_g": "mass"}


def text_of(notification: Notification) -> str:
    """The sentence in the active language, with times in the region's zone."""
    return gettext(MESSAGES[Kind(notification.kind)].sentence) % _filled(notification)


def icon_of(notification: Notification) -> str:
    return MESSAGES[Kind(notification.kind)].icon


def path_to(kind: Kind, facts: Mapping[str, Any]) -> str:
    """Where the message leads; empty when no page serves it."""
    message = MESSAGES[kind]
    arguments = [facts[message.page_fact]] if message.page_fact else []
    try:
        return reverse(message.page, args=arguments) if message.page else ""
    except NoReverseMatch:
        return ""


def _filled(notification: Notification) -> dict[str, str]:
    facts = notification.facts
    filled = {name: str(facts.get(name, "")) for name in ("title", "place")}
    filled |= {place: _mass(facts.get(name, 0)) for name, place in MASSES.items()}
    filled |= {
        place: _time(facts[name], notification.created_at)
        for name, place in INSTANTS.items()
        if name in facts
    }
    return filled


def _mass(mass_g: int) -> str:
    places = 1 if mass_g % 1_000 else 0
    rounded = number_format(kilograms(mass_g), decimal_pos=places, force_grouping=True)
    return gettext("%(kilograms)s kg") % {"kilograms": rounded}


def _time(iso: str, told_at: datetime) -> str:
    """The time of day, with the date unless it was said on that day."""
    zone = pack().zone
    at = timezone.localtime(datetime.fromisoformat(iso), zone)
    same_day = at.date() == timezone.localtime(told_at, zone).date()
    return date_format(at, "H:i") if same_day else date_format(at, "n/j H:i")
