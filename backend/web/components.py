"""What the template components take: frozen values that pages fill from their own objects."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from typing import Literal

from django.forms import BaseForm
from django.forms.boundfield import BoundField
from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

Text = str | Promise
Tone = Literal["plain", "good", "now", "warning", "cool", "bad"]
Urgency = Literal["calm", "soon", "urgent", "over"]
StationState = Literal["done", "now", "next", "failed"]

URGENT_BELOW = timedelta(hours=1)
SOON_BELOW = timedelta(hours=3)
SHOW_CODE = _("Show this when you hand the food over.")
KEEP_IT = _("Keep it")


@dataclass(frozen=True, slots=True)
class StorageClass:
    """How food must be kept: its word, its icon and its tone."""

    word: Text
    icon: str
    tone: Tone


STORAGE_CLASSES = {
    "ambient": StorageClass(pgettext_lazy("storage class", "Ambient"), "package", "plain"),
    "chilled": StorageClass(
        pgettext_lazy("storage class", "Chilled"), "thermometer-snowflake", "cool"
    ),
    "frozen": StorageClass(pgettext_lazy("storage class", "Frozen"), "snowflake", "cool"),
    "hot": StorageClass(pgettext_lazy("storage class", "Hot"), "soup", "now"),
}


@dataclass(frozen=True, slots=True)
class Chip:
    """A state in one or two words; the icon says the same as the colour."""

    word: Text
    tone: Tone = "plain"
    icon: str = ""


@dataclass(frozen=True, slots=True)
class TimeBar:
    """The time between two instants as it runs out, shown in the zone of the place.

    `what` says what ends: "Collect by".
    """

    from_at: datetime
    until_at: datetime
    now: datetime
    what: Text = ""
    zone: tzinfo | None = None

    @property
    def left(self) -> timedelta:
        return max(self.until_at - self.now, timedelta(0))

    @property
    def percent_left(self) -> int:
        """0 when over, 100 before the start; at least 2 (visible) while any time is left."""
        whole = (self.until_at - self.from_at).total_seconds()
        if not self.left or whole <= 0:
            return 0
        return min(100, max(2, round(100 * self.left.total_seconds() / whole)))

    @property
    def urgency(self) -> Urgency:
        if not self.left:
            return "over"
        if self.left < URGENT_BELOW:
            return "urgent"
        return "soon" if self.left < SOON_BELOW else "calm"


@dataclass(frozen=True, slots=True)
class Ticket:
    """A lot, the same on every page.

    `comparison` pictures the mass ("about 30 meals"), `print_lines` are the small print.
    """

    mass_g: int
    title: Text
    storage: str
    url: str = ""
    quantity: Text = ""
    comparison: Text = ""
    time: TimeBar | None = None
    place: Text = ""
    distance_m: float | None = None
    chips: Sequence[Chip] = ()
    print_lines: Sequence[Text] = ()
    photo_url: str = ""
    photo_alt: Text = ""


@dataclass(frozen=True, slots=True)
class Station:
    """One stop on a donation's line."""

    word: Text
    state: StationState = "next"
    at: datetime | None = None
    mass_g: int | None = None
    note: Text = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A donation as a line of stations, with times in the zone of the place."""

    stations: Sequence[Station]
    now: datetime
    zone: tzinfo | None = None


@dataclass(frozen=True, slots=True)
class Code:
    """Six figures that two people compare at a hand-over; `link` is what the QR code opens."""

    figures: str
    link: str
    caption: Text = SHOW_CODE

    @property
    def groups(self) -> tuple[str, str]:
        return self.figures[:3], self.figures[3:]


@dataclass(frozen=True, slots=True)
class MapPin:
    """A place on a map; it also is a line of the map's list.

    Without mass it is a place only. `icon` replaces the storage class's.
    """

    lon: float
    lat: float
    title: Text
    mass_g: int
    storage: str
    url: str = ""
    detail: Text = ""
    urgency: Urgency = "calm"
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Empty:
    """A list with nothing in it yet: what will appear, when, and the one thing to do."""

    title: Text
    text: Text
    icon: str = "sprout"
    action: Text = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Confirm:
    """A question before something that cannot be undone; `id` must be unique on the page."""

    id: str
    button: Text
    title: Text
    text: Text
    yes: Text
    url: str
    no: Text = KEEP_IT
    values: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FormError:
    """One thing wrong with a form, and the id of what to mend; no id for the form as a whole."""

    words: Text
    target: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its unit and a comparison a person can picture."""

    value: Text
    label: Text
    comparison: Text = ""


def error_summary(form: BaseForm) -> list[FormError]:
    """All errors of a form: those of the whole first, then the fields' in the form's order."""
    found = [FormError(str(error)) for error in form.non_field_errors()]
    for bound in form:
        for error in bound.errors:
            names = {"field": str(bound.label).rstrip("?？"), "error": error}
            found.append(FormError(gettext("%(field)s: %(error)s") % names, _first_input(bound)))
    return found


def _first_input(field: BoundField) -> str:
    """The id of the field's input, of a group the first; none for what nobody sees."""
    if field.is_hidden:
        return ""
    return field.id_for_label or f"{field.auto_id}_0"


def donation_line(
    *,
    now: datetime,
    zone: tzinfo | None = None,
    offered: tuple[datetime, int] | None = None,
    promised: tuple[datetime, int] | None = None,
    picked_up: tuple[datetime, int] | None = None,
    handed_over: tuple[datetime, int] | None = None,
    ended: Text = "",
) -> Line:
    """The four stations of a donation from what happened so far, each (instant, grams).

    The first one that has not happened is the one under way. `ended` is the word for an end before
    the last station ("Expired", "Cancelled"): it takes the place of what would have come next.
    """
    words = (_("Offered"), _("Promised"), _("Picked up"), _("Handed over"))
    stations: list[Station] = []
    for word, fact in zip(words, (offered, promised, picked_up, handed_over), strict=True):
        if fact:
            stations.append(Station(word, "done", *fact))
        elif ended:
            stations.append(Station(ended, "failed"))
            break
        else:
            waits = not stations or stations[-1].state == "done"
            stations.append(Station(word, "now" if waits else "next"))
    return Line(stations, now, zone)
