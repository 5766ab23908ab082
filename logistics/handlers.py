"""What logistics does when claims, hand-overs and shifts change, and who may follow a route."""

from functools import partial
from uuid import UUID

from django.core.cache import cache
from django.db import transaction
from django.db.models import Q

from backend.claims.actions.cancel_claim import cancel_claim
from backend.claims.actions.release_rest import release_rest
from backend.claims.domain.lifecycle import BEFORE_COLLECTION, ClaimStatus
from backend.claims.models import Claim
from backend.common import clock
from backend.common.actor import system
from backend.couriers.models import Shift, ShiftStatus
from backend.custody.models import Attempt, AttemptReason
from backend.events import audiences
from backend.events.handlers import on
from backend.events.models import Event
from backend.organizations.models import Membership
from logistics.actions.abandon_route import abandon_route
from logistics.actions.cancel_shipments import cancel_shipments
from logistics.actions.fit_shipments import fit_shipments
from logistics.actions.follow_custody import follow_custody
from logistics.actions.make_shipments import make_shipments
from logistics.actions.widen_shipment import widen_shipment
from logistics.domain.lifecycle import RouteStatus
from logistics.models import COMMITTED, AbandonReason, Route, Shipment
from logistics.tasks import solve_area

#: After so many visits in vain the food goes back to the board.
MOST_ATTEMPTS = 2
#: What happens within this time is planned in one go.
GATHER_S = 2
#: There is nothing to come back for.
HOPELESS = (AttemptReason.GONE, AttemptReason.NOT_EDIBLE)
PICKUP_FAILED = "pickup_failed"


@on("claim.reserved")
def ship_claim(event: Event) -> None:
    """A claim that somebody must drive becomes shipments; self-collection needs none."""
    make_shipments(claim=_claim(event.subject_id), by=system("logistics.ship"), now=clock.now())


@on("claim.cancelled", "claim.lapsed", "claim.failed")
def take_off_the_road(event: Event) -> None:
    """What nobody has collected of a claim that has ended is not driven."""
    claim, now = _claim(event.subject_id), clock.now()
    if ClaimStatus(claim.status) not in BEFORE_COLLECTION:
        cancel_shipments(claim=claim, by=system("logistics.claim_ended"), now=now)


@on("listing.changed")
def follow_pickup_window(event: Event) -> None:
    """What nobody has collected may be fetched for as long as the donor hands it out."""
    if not {"pickup_from_at", "pickup_until_at"}.intersection(event.changed):
        return
    by, now = system("logistics.window_wider"), clock.now()
    shipments = Shipment.objects.filter(claim__listing=event.subject_id)
    for shipment_id in shipments.order_by("pk").values_list("pk", flat=True):
        widen_shipment(shipment_id=shipment_id, by=by, now=now)


@on("claim.cut", "claim.reduced")
def shrink_shipments(event: Event) -> None:
    """Shipments carry what is still reserved, and are cancelled when that is nothing."""
    by = system("logistics.claim_cut")
    fit_shipments(claim=_claim(event.subject_id), by=by, now=clock.now())


@on(
    "custody.collected",
    "custody.delivered",
    "custody.transferred",
    "custody.stocked",
    "custody.returned",
    "custody.disposed",
)
def follow_hand_over(event: Event) -> None:
    """Shipments, stops and routes go where the food went."""
    claim = _claim(UUID(event.payload["claim_id"]))
    follow_custody(claim=claim, by=system("logistics.custody"), now=clock.now())


@on("custody.attempt_failed")
def give_back_after_attempts(event: Event) -> None:
    """After the second visit in vain, or when nothing is there, the claim is given back."""
    attempt = Attempt.objects.get(pk=event.subject_id)
    tried = Attempt.objects.filter(claim=attempt.claim_id, is_pickup=True)
    visits = tried.order_by().values("visit_id", "at").distinct().count()
    hopeless = attempt.reason in HOPELESS
    if not attempt.is_pickup or (visits < MOST_ATTEMPTS and not hopeless):
        return
    by, now = system("logistics.attempts"), clock.now()
    claim = _claim(attempt.claim_id)
    if ClaimStatus(claim.status) in BEFORE_COLLECTION:
        cancel_claim(claim_id=claim.pk, reason=PICKUP_FAILED, by=by, now=now)
    elif claim.status == ClaimStatus.COLLECTED:
        release_rest(claim_id=claim.pk, reason=PICKUP_FAILED, by=by, now=now)


@on("shift.changed", "shift.cancelled")
def free_routes_of_shift(event: Event) -> None:
    """Routes that the shift no longer has room for go to others; one under way goes on."""
    shift = Shift.objects.get(pk=event.subject_id)
    routes = Route.objects.filter(
        shift=shift, status__in=(RouteStatus.OFFERED, RouteStatus.ACCEPTED)
    )
    if shift.status == ShiftStatus.PLANNED:
        routes = routes.filter(Q(starts_at__lt=shift.from_at) | Q(ends_at__gt=shift.until_at))
    by, now = system("logistics.shift"), clock.now()
    for route_id in routes.order_by("pk").values_list("pk", flat=True):
        abandon_route(route_id=route_id, reason=AbandonReason.SHIFT, by=by, now=now)


@on(
    "shipment.waiting",
    "shipment.widened",
    "shift.planned",
    "shift.changed",
    "route.declined",
    "route.abandoned",
)
def plan_again(event: Event) -> None:
    """Something waits, or somebody can drive: the road group is planned, unless nothing changed."""
    area = event.payload.get("road_group")
    if area and cache.add(f"logistics:plan-soon:{area}", 1, GATHER_S):
        transaction.on_commit(partial(_plan, area))


def _plan(area: str) -> None:
    solve_area.apply_async(kwargs={"area": area}, countdown=GATHER_S)


def _claim(claim_id: UUID) -> Claim:
    return Claim.objects.select_related("listing__location", "location").get(pk=claim_id)


@audiences.entitlement
def routes_of(user_id: UUID) -> frozenset[str]:
    """Routes that a person follows: their own, and those that serve their organizations now.

    Coordinators hear of every route by their county.
    """
    own = Membership.objects.current().filter(user_id=user_id, user__is_active=True)
    organizations = own.values("organization_id")
    served = Q(commitments__shipment__claim__organization__in=organizations) | Q(
        commitments__shipment__claim__listing__organization__in=organizations
    )
    routes = Route.objects.filter(Q(courier__user_id=user_id) | served, status__in=COMMITTED)
    ids = routes.order_by().values_list("pk", flat=True).distinct()
    return frozenset(audiences.route(route_id) for route_id in ids)
