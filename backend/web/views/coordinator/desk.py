"""The desk's first page: what needs a coordinator now, the most pressing first."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from backend.common import clock
from backend.common.actor import Actor
from backend.common.clock import DatabaseClock
from backend.couriers.models import Courier, CourierStatus
from backend.couriers.selectors import visible_couriers
from backend.custody.models import HandOver, HandOverStatus
from backend.custody.selectors.visible import open_incidents, visible_hand_overs
from backend.impact.selectors.figures import delivered_today
from backend.impact.selectors.silence import Silence, silence
from backend.listings.selectors import kept_lots
from backend.organizations.models import Organization
from backend.organizations.selectors import counties_of, visible_organizations
from backend.regions.packs import pack
from backend.web import regional, wording
from backend.web.acting import Audience, actor
from backend.web.components import Empty, Figure, TimeBar
from backend.web.donations import ends_at, lot_bar, lot_title
from backend.web.guards import for_audience
from backend.web.views.coordinator.waiting import to_decide
from backend.web.views.coordinator.words import BREACHES, SWEEPS, UNPLANNED, said
from logistics.selectors.watching import Uncovered, late_routes, uncovered
from matching.selectors.rounds import as_left_over, rounds_of

#: Food that ends within this time and that nobody took is for the desk.
SOON = timedelta(hours=3)
MOST_ROWS = 25
MOST_ROUNDS = 10


@for_audience(Audience.COORDINATOR)
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    now, viewer = clock.now(), actor(request)
    silent = silence(now=now, real_now=DatabaseClock().now())
    waiting = uncovered(viewer, now=now)
    spoiling = _spoiling(viewer, now)
    late = late_routes(viewer, now=now)
    incidents = list(open_incidents(viewer).select_related("hand_over__claim__listing"))
    unmatched = list(_unmatched(viewer)[:MOST_ROWS])
    context = {
        "counties": [regional.county(code) for code in sorted(counties_of(viewer))],
        "silent": _said_silence(silent) if silent else None,
        "uncovered": [_shipment(each, now) for each in waiting[:MOST_ROWS]],
        "uncovered_count": len(waiting),
        "spoiling": spoiling,
        "late": late,
        "incidents": [(each, said(BREACHES, each.code)) for each in incidents[:MOST_ROWS]],
        "unmatched": unmatched,
        "organizations": _undecided(viewer).count(),
        "drivers": _applied(viewer).count(),
        "figures": _figures(now),
        "today": regional.today(now).isoformat(),
        "is_quiet": not (waiting or spoiling or late or incidents or unmatched or silent),
        "quiet": Empty(
            _("Nothing needs you right now"),
            _("Food without a taker, late drivers and broken rules appear here by themselves."),
            "circle-check",
        ),
        "zone": pack().zone,
    }
    return render(request, "web/coordinator/desk.html", context)


def _undecided(viewer: Actor) -> QuerySet[Organization]:
    watched = visible_organizations(viewer).filter(county_code__in=counties_of(viewer))
    return to_decide(watched)


def _applied(viewer: Actor) -> QuerySet[Courier]:
    watched = visible_couriers(viewer).filter(county_code__in=counties_of(viewer))
    return watched.filter(status=CourierStatus.APPLIED)


def _unmatched(viewer: Actor) -> QuerySet[HandOver]:
    rows = visible_hand_overs(viewer).filter(
        status=HandOverStatus.UNMATCHED, county_code__in=counties_of(viewer)
    )
    return rows.select_related("claim__listing__organization", "claim__organization").order_by("at")


def _shipment(found: Uncovered, now: datetime) -> dict[str, Any]:
    shipment = found.shipment
    return {
        "shipment": shipment,
        "reason": said(UNPLANNED, found.reason),
        "bar": TimeBar(shipment.created_at, now + found.time_left, now, _("Until"), pack().zone),
    }


def _spoiling(viewer: Actor, now: datetime) -> list[dict[str, Any]]:
    """Lots of the viewer's counties that end soon and of which something is still free."""
    lots = kept_lots(viewer).filter(
        listing__county_code__in=counties_of(viewer),
        listing__status="open",
        listing__pickup_until_at__gt=now,
        available_g__gt=0,
        safe_until_at__gt=now,
    )
    rows = list(lots.select_related("listing__organization"))
    soon = [lot for lot in rows if ends_at(lot) <= now + SOON]
    soon.sort(key=lambda lot: (ends_at(lot), lot.pk))
    reasons = _reasons(viewer)
    return [
        {
            "lot": lot,
            "title": lot_title(lot),
            "reason": as_left_over(lot, facts).sentence if facts else "",
            "spoils": lot.safe_until_at <= lot.listing.pickup_until_at,
            "bar": lot_bar(lot, now),
        }
        for lot in soon[:MOST_ROWS]
        for facts in (reasons.get(str(lot.pk)),)
    ]


def _reasons(viewer: Actor) -> dict[str, Mapping[str, Any]]:
    """Why lots stayed in the last rounds, by lot; the latest round has the last word."""
    found: dict[str, Mapping[str, Any]] = {}
    for round_ in reversed(rounds_of(viewer)[:MOST_ROUNDS]):
        found |= round_.unassigned
    return found


def _said_silence(silent: Silence) -> dict[str, Any]:
    """The parts by their names; when all are overdue it is the scheduler itself."""
    tasks = silent.tasks
    is_whole = len(tasks) == len(settings.CELERY_BEAT_SCHEDULE)
    named = [(str(SWEEPS[each.name]), each.last_at) for each in tasks if each.name in SWEEPS]
    return {
        "is_whole": is_whole,
        "last_at": max((each.last_at for each in tasks if each.last_at), default=None),
        "tasks": [] if is_whole else named,
        "others": 0 if is_whole else len(tasks) - len(named),
        "unpublished_since": silent.unpublished_since,
        "given_up": silent.given_up,
    }


def _figures(now: datetime) -> list[Figure]:
    today = delivered_today(now=now)
    return [
        Figure(wording.mass(today.mass_g), _("delivered today"), regional.meals(today.mass_g)),
        Figure(str(today.hand_overs), _("hand-overs that count")),
    ]
