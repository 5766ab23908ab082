"""A courier hands food over at a stop of the route."""

from contextlib import suppress
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from backend.claims.models import Claim
from backend.common.actor import Actor
from backend.common.refusals import Refusal
from backend.custody.actions.record_hand_over import record_hand_over
from backend.custody.domain.replay import Kind
from backend.custody.domain.submission import Submission, SubmittedLine
from backend.custody.models import HandOver
from logistics.actions.change_route import change_route
from logistics.actions.follow_custody import follow_custody
from logistics.domain.lifecycle import RouteStatus, ShipmentStatus
from logistics.models import COMMITTED, Commitment, Route, Stop
from logistics.permissions import driven_stop
from logistics.selectors.locking import lock_route


class NotAtThisStop(Refusal):
    """The claim has nothing to do with this stop."""

    code = "not_at_this_stop"
    status = 404
    message = _("That is not handed over at this stop.")


@transaction.atomic
def hand_over_at_stop(
    *,
    stop_id: UUID,
    client_id: UUID,
    claim_id: UUID,
    kind: Kind,
    lines: tuple[SubmittedLine, ...],
    at: datetime,
    by: Actor,
    now: datetime,
    code: str = "",
    signer_name: str = "",
    note: str = "",
    clock_offset_s: int = 0,
) -> HandOver:
    """Records the fact with this stop as its visit, and moves shipment, stop and route on.

    Only the courier of the route may, also when the route has ended meanwhile: a device without a
    network reports late. A repetition changes nothing. Collections and deliveries are those planned
    here; what the route carried may be returned or disposed of at any stop. Raises NotFound,
    NotUnderWay, NotAtThisStop and what `record_hand_over` raises.
    """
    stop = driven_stop(stop_id, by)
    lock_route(route_id=stop.route_id)
    stop.route.refresh_from_db(fields=["status", "version"])
    if not _belongs(stop, claim_id, kind):
        raise NotAtThisStop()
    hand_over = record_hand_over(
        submission=Submission(
            client_id=client_id,
            kind=kind,
            claim_id=claim_id,
            at=at,
            lines=lines,
            visit_id=stop.pk,
            courier_id=stop.route.courier_id,
            code=code,
            signer_name=signer_name,
            note=note,
            clock_offset_s=clock_offset_s,
        ),
        by=by,
        now=now,
    )
    # What follows never undoes the fact: the handler of its event follows it again.
    with suppress(Refusal, IntegrityError), transaction.atomic():
        _set_out(stop.route, by=by, now=now)
    if hand_over.claim is not None:
        with suppress(Refusal, IntegrityError), transaction.atomic():
            _take_on_board(stop.route, hand_over.claim, kind)
            follow_custody(claim=hand_over.claim, by=by, now=now)
    return hand_over


def _take_on_board(route: Route, claim: Claim, kind: Kind) -> None:
    """What was fetched after all, though it had been given up here, is on this route again."""
    if kind is not Kind.COLLECTED or route.status not in COMMITTED:
        return
    for shipment in claim.shipments.filter(status=ShipmentStatus.WAITING):
        Commitment.objects.get_or_create(shipment=shipment, defaults={"route": route})


def _set_out(route: Route, *, by: Actor, now: datetime) -> None:
    """Somebody who hands over has set out, whether or not they said so."""
    driving = Route.objects.filter(courier=route.courier, status=RouteStatus.UNDER_WAY)
    if route.status == RouteStatus.ACCEPTED and not driving.exists():
        change_route(route=route, to=RouteStatus.UNDER_WAY, by=by, now=now, started_at=now)


def _belongs(stop: Stop, claim_id: UUID, kind: Kind) -> bool:
    if kind is Kind.COLLECTED:
        return stop.tasks.filter(shipment__claim_id=claim_id, is_pickup=True).exists()
    if kind is Kind.DELIVERED and stop.tasks.filter(shipment__claim_id=claim_id).exists():
        return stop.tasks.filter(shipment__claim_id=claim_id, is_pickup=False).exists() or (
            not stop.route.stops.filter(
                tasks__shipment__claim_id=claim_id, tasks__is_pickup=False
            ).exists()
        )
    return stop.route.stops.filter(tasks__shipment__claim_id=claim_id).exists()
