"""Tags and filters for every page: icons, figures in words, and the components."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

import segno
from django import template
from django.core.paginator import Page
from django.forms import BaseForm
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.template.context import Context
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from backend.common import clock
from backend.web import components, wording

register = template.Library()
SPRITE = "vendor/lucide/icons.svg"


@register.simple_tag
def icon(name: str, label: components.Text = "") -> SafeString:
    """A Lucide icon; with a label it is an image that is read out, without one it is decoration."""
    meaning = (
        format_html('role="img" aria-label="{}"', label)
        if label
        else mark_safe('aria-hidden="true"')
    )
    return format_html(
        '<svg class="icon" {} focusable="false"><use href="{}#{}"></use></svg>',
        meaning,
        static(SPRITE),
        name,
    )


@register.filter
def mass(mass_g: int) -> str:
    return wording.mass(mass_g)


@register.filter
def exact_mass(mass_g: int) -> str:
    return wording.exact_mass(mass_g)


@register.filter
def distance(distance_m: float) -> str:
    return wording.distance(distance_m)


@register.filter
def duration(length: timedelta | float) -> str:
    """Words for a timedelta or a number of seconds."""
    return wording.duration(length if isinstance(length, timedelta) else timedelta(seconds=length))


@register.filter
def clock_time(at: datetime, zone: tzinfo | str | None = None) -> str:
    return wording.clock_time(at, _zone(zone))


@register.simple_tag(takes_context=True)
def instant(context: Context, at: datetime, zone: tzinfo | str | None = None) -> SafeString:
    """A `<time>` with day and time as people say it, in the zone of the place."""
    return _time(at, wording.instant(at, _now(context), _zone(zone)))


@register.simple_tag(takes_context=True)
def relative(context: Context, at: datetime) -> SafeString:
    """A `<time>` such as "in 2 h 10 min" or "25 min ago"."""
    return _time(at, wording.relative(at, _now(context)))


@register.simple_tag(takes_context=True)
def remaining(context: Context, until_at: datetime) -> SafeString:
    """A `<time>` such as "2 h 10 min left", kept up to date by the browser."""
    return format_html(
        '<time datetime="{0}" data-until="{0}">{1}</time>',
        wording.iso(until_at),
        wording.remaining(until_at, _now(context)),
    )


@register.inclusion_tag("components/mass.html")
def big_mass(mass_g: int) -> dict[str, Any]:
    """The figure large and its unit small."""
    figure, unit = wording.mass_parts(mass_g)
    return {"figure": figure, "unit": unit}


@register.inclusion_tag("components/storage_badge.html")
def storage_badge(storage: str) -> dict[str, Any]:
    """Icon and word of a storage class; raises KeyError for one that does not exist."""
    return {"storage": components.STORAGE_CLASSES[storage]}


@register.inclusion_tag("components/chip.html")
def chip(value: components.Chip) -> dict[str, Any]:
    return {"chip": value}


@register.inclusion_tag("components/time_bar.html")
def time_bar(bar: components.TimeBar) -> dict[str, Any]:
    return {
        "bar": bar,
        "from": wording.iso(bar.from_at),
        "until": wording.iso(bar.until_at),
        "ends": wording.instant(bar.until_at, bar.now, bar.zone),
        "left": wording.remaining(bar.until_at, bar.now),
    }


@register.inclusion_tag("components/ticket.html")
def ticket(value: components.Ticket, size: str = "medium") -> dict[str, Any]:
    """A lot in one of three sizes: small (a row), medium (the board), large (its own page)."""
    if size not in {"small", "medium", "large"}:
        raise ValueError(f"a ticket is small, medium or large, not {size!r}")
    now = value.time.now if value.time else None
    return {"ticket": value, "size": size, "now": now}


@register.inclusion_tag("components/stations.html")
def stations(line: components.Line) -> dict[str, Any]:
    """A donation's line; what happened carries its time and mass."""
    rows = [
        (
            s,
            wording.instant(s.at, line.now, line.zone) if s.at else "",
            wording.iso(s.at) if s.at else "",
        )
        for s in line.stations
    ]
    return {"rows": rows}


@register.inclusion_tag("components/code.html")
def handover_code(value: components.Code) -> dict[str, Any]:
    """Six figures in groups of three, and a QR code drawn without inline styles."""
    qr = segno.make(value.link, error="m", micro=False)
    drawing = qr.svg_inline(border=0, dark="#23291f", light=None, omitsize=True, svgclass="qr")
    return {"code": value, "qr": mark_safe(drawing)}  # noqa: S308 - drawn by us, no text in it


@register.inclusion_tag("components/map.html", takes_context=True)
def map_view(
    context: Context,
    name: str,
    pins: Sequence[components.MapPin],
    twin: str = "",
    first: str = "map",
) -> dict[str, Any]:
    """A map with clusters by mass, and its list.

    `name` is unique on the page. `twin` is the id of a list on the same page with the same content;
    without one the map brings its own. `first` is what is shown at first, "map" or "list".
    """
    data = [
        {
            "point": [pin.lon, pin.lat],
            "title": str(pin.title),
            "mass_g": pin.mass_g,
            "mass": wording.mass(pin.mass_g) if pin.mass_g else "",
            "icon": pin.icon or components.STORAGE_CLASSES[pin.storage].icon,
            "storage": str(components.STORAGE_CLASSES[pin.storage].word) if pin.mass_g else "",
            "url": pin.url,
            "detail": str(pin.detail),
            "urgency": pin.urgency,
        }
        for pin in pins
    ]
    return {
        "name": name,
        "pins": pins,
        "data": data,
        "twin": twin,
        "first": first,
        **_map_urls(context),
    }


@register.inclusion_tag("components/pin_picker.html", takes_context=True)
def pin_picker(
    context: Context, lon: BoundField, lat: BoundField, about: components.Text = ""
) -> dict[str, Any]:
    """Where one stands, two number fields, or a map on which their point can be moved.

    `about` says what the point is for and who sees it.
    """
    return {"lon": lon, "lat": lat, "help": about, **_map_urls(context)}


@register.inclusion_tag("components/field.html")
def field(bound: BoundField, label: components.Text = "") -> dict[str, Any]:
    """A form field with its label, help and errors beside it."""
    kind = getattr(bound.field.widget, "input_type", "")
    return {
        "field": bound,
        "label": label or bound.label,
        "is_check": kind == "checkbox" and not bound.use_fieldset,
        "is_group": bound.use_fieldset,
    }


@register.inclusion_tag("components/form_errors.html")
def form_errors(form: BaseForm) -> dict[str, Any]:
    """All that is wrong, at the top: of the whole form, then of each field with a link to it."""
    return {"summary": components.error_summary(form)}


@register.filter
def joined(words: Iterable[components.Text]) -> str:
    """The words as a list of the language: "a, b"."""
    return gettext(", ").join(str(word) for word in words)


@register.filter
def days_joined(days: Iterable[date]) -> str:
    """Dates as a list of the language."""
    return joined(date_format(day, "SHORT_DATE_FORMAT") for day in days)


@register.inclusion_tag("components/empty.html")
def empty_state(value: components.Empty) -> dict[str, Any]:
    return {"empty": value}


@register.inclusion_tag("components/figure.html")
def figure(value: components.Figure) -> dict[str, Any]:
    return {"figure": value}


@register.inclusion_tag("components/confirm.html", takes_context=True)
def confirm(context: Context, value: components.Confirm) -> dict[str, Any]:
    """A quiet button that opens the question; works without scripts."""
    return {"confirm": value, "csrf_token": context.get("csrf_token")}


@register.inclusion_tag("components/pages.html", takes_context=True)
def pages(context: Context, page: Page[Any], name: str = "page") -> dict[str, Any]:
    """Links to the pages before and after, keeping the other parts of the address; `name` is the
    part that says which page.
    """
    request = context.get("request")
    query = request.GET.copy() if request else QueryDict(mutable=True)

    def link(number: int) -> str:
        query[name] = str(number)
        return f"?{query.urlencode()}"

    return {
        "page": page,
        "previous": link(page.previous_page_number()) if page.has_previous() else "",
        "next": link(page.next_page_number()) if page.has_next() else "",
    }


def _map_urls(context: Context) -> dict[str, Any]:
    return {
        "outlines_url": "/api/v1/region/outlines",
        "sprite": static(SPRITE),
        "csp_nonce": getattr(context.get("request"), "csp_nonce", ""),
    }


def _time(at: datetime, words: str) -> SafeString:
    return format_html('<time datetime="{}">{}</time>', wording.iso(at), words)


def _now(context: Context) -> datetime:
    """The instant this page was asked for; one for the whole page."""
    found = context.get("now")
    # What the context holds may be lazy, and a lazy instant cannot be subtracted.
    return found.astimezone(UTC) if isinstance(found, datetime) else clock.now()


def _zone(zone: tzinfo | str | None) -> tzinfo:
    if isinstance(zone, str):
        return ZoneInfo(zone)
    return zone or timezone.get_current_timezone()
