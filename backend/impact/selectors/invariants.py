"""The rules that must hold at every instant, evaluated on the stored rows.

Each check yields one sentence for every breach that it finds, naming the row; none means it holds.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Max, Min, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from backend.claims.models import LINE_BUCKETS, LIVE, Claim, ClaimLine
from backend.claims.selectors.status import status_by_lines
from backend.custody.domain import breaches
from backend.custody.models import HandOver, HandOverLine, HandOverStatus, LineOutcome
from backend.custody.selectors.counted import counted_lines
from backend.custody.selectors.positions import line_position
from backend.events.audit_chain import verify
from backend.events.models import AuditEntry, Event, EventAudience, HandlerReceipt
from backend.events.record import DONE
from backend.listings.domain.ledger import CACHED, Bucket
from backend.listings.models import Lot, MassMovement
from backend.needs.models import CapacityUse
from logistics.domain.lifecycle import OPEN_STOPS
from logistics.models import (
    COMMITTED,
    Commitment,
    Route,
    RouteStatus,
    ShipmentStatus,
    StopTask,
)
from matching.models import FairnessEntry, OfferStatus, Proposal

Check = Callable[[], Iterator[str]]
#: Rows read at once.
CHUNK = 2_000
#: Shipments that nobody drives any more.
ENDED_UNDRIVEN = (ShipmentStatus.CANCELLED, ShipmentStatus.FAILED)


@dataclass(frozen=True, slots=True)
class Verdict:
    """One invariant: its name and the breaches found."""

    name: str
    breaches: tuple[str, ...]

    @property
    def holds(self) -> bool:
        return not self.breaches


def check_all() -> list[Verdict]:
    """Evaluates every invariant; reads the whole database, so not for a request."""
    return [Verdict(check.__name__, tuple(check())) for check in CHECKS]


def lots_balance() -> Iterator[str]:
    """The movements of a lot give its cached sums, and none is negative."""
    sums = _sums_by_bucket("lot_id")
    for lot in Lot.objects.iterator():
        own: Mapping[str, int] = sums.get(lot.pk, {})
        for bucket in CACHED:
            cached_g, posted_g = getattr(lot, f"{bucket}_g"), own.get(bucket, 0)
            if cached_g != posted_g or cached_g < 0:
                yield f"lot {lot.pk}: {bucket} is {cached_g} g, its movements say {posted_g} g"
        opened_g = -own.get(Bucket.SOURCE, 0)
        if opened_g != lot.declared_g + lot.adjusted_g:
            yield f"lot {lot.pk}: {opened_g} g came from outside, not declared plus adjusted"


def _sums_by_bucket(key: str) -> Mapping[UUID, Mapping[str, int]]:
    """Net grams by lot and bucket."""
    sums: dict[UUID, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for side, sign in (("to_bucket", 1), ("from_bucket", -1)):
        rows = MassMovement.objects.order_by().values_list(key, side).annotate(total=Sum("mass_g"))
        for lot_id, bucket, total_g in rows:
            sums[lot_id][bucket] += sign * total_g
    return sums


def claim_lines_match_their_lots() -> Iterator[str]:
    """Per lot, the lines' grams are the lot's, bucket by bucket; offers hold what is held."""
    names = [name for name in LINE_BUCKETS if name != "released"]
    lines = ClaimLine.objects.order_by().values("lot_id")
    by_lot = {
        row["lot_id"]: row for row in lines.annotate(**{name: Sum(f"{name}_g") for name in names})
    }
    held = dict(
        Proposal.objects.filter(offer__status=OfferStatus.OFFERED)
        .order_by()
        .values_list("lot_id")
        .annotate(total=Sum("held_g"))
    )
    for lot in Lot.objects.iterator():
        own: Mapping[str, Any] = by_lot.get(lot.pk, {})
        for name in names:
            if own.get(name, 0) != getattr(lot, f"{name}_g"):
                yield f"lot {lot.pk}: claim lines have {own.get(name, 0)} g {name}"
        if held.get(lot.pk, 0) != lot.held_g:
            yield f"lot {lot.pk}: offers hold {held.get(lot.pk, 0)} g, the ledger {lot.held_g} g"


def custody_is_unbroken() -> Iterator[str]:
    """Replaying the hand-overs of a line gives where its ledger says the grams are."""
    lines = ClaimLine.objects.filter(hand_over_lines__isnull=False).distinct()
    for line in lines:
        position = line_position(line)
        for name in LINE_BUCKETS:
            derived_g, posted_g = getattr(position, f"{name}_g"), getattr(line, f"{name}_g")
            if derived_g != posted_g:
                yield f"claim line {line.pk}: hand-overs say {derived_g} g {name}, not {posted_g} g"


def unsafe_hand_overs_are_flagged() -> Iterator[str]:
    """Food passed on after it was safe, to a driver or to people, has an incident."""
    late_by_device = Q(hand_over__at__gte=F("lot__safe_until_at"))
    passed = HandOverLine.objects.filter(
        late_by_device | Q(hand_over__clock_offset_s__lt=0),
        hand_over__kind__in=breaches.PASSED_ON,
        outcome=LineOutcome.ACCEPTED,
        mass_g__gt=0,
    ).exclude(hand_over__incidents__code=breaches.AFTER_SAFE_UNTIL)
    rows = passed.values_list(
        "hand_over_id", "hand_over__at", "hand_over__clock_offset_s", "lot__safe_until_at"
    )
    for hand_over_id, at, clock_offset_s, safe_until_at in rows.iterator(chunk_size=CHUNK):
        if breaches.judged_at(at, clock_offset_s=clock_offset_s) >= safe_until_at:
            yield f"hand-over {hand_over_id}: after safe_until_at and not flagged"


def plans_are_safe() -> Iterator[str]:
    """No committed route plans a delivery at or after the food's end."""
    drops = StopTask.objects.filter(
        is_pickup=False,
        stop__route__status__in=COMMITTED,
        stop__service_from_at__gte=F("shipment__deliver_until_at"),
    )
    for task in drops.exclude(shipment__status__in=ENDED_UNDRIVEN):
        yield f"stop {task.stop_id}: shipment {task.shipment_id} planned after its end"


def shipments_have_one_route() -> Iterator[str]:
    """A planned or loaded shipment is on exactly the committed route that holds it."""
    busy = (ShipmentStatus.PLANNED, ShipmentStatus.ON_BOARD)
    for held in Commitment.objects.exclude(shipment__status__in=busy):
        yield f"shipment {held.shipment_id}: committed though it is not on the road"
    for held in Commitment.objects.exclude(route__status__in=COMMITTED):
        yield f"route {held.route_id}: holds a shipment though it is over"
    tasks = StopTask.objects.filter(
        stop__route__status__in=COMMITTED,
        shipment__status__in=busy,
        stop__status__in=OPEN_STOPS,
    )
    for task in tasks.exclude(shipment__commitment__route=F("stop__route")):
        yield f"shipment {task.shipment_id}: on a route that does not hold it"
    driving = Route.objects.filter(status=RouteStatus.UNDER_WAY).values("courier")
    for row in driving.annotate(routes=Count("id")).filter(routes__gt=1):
        yield f"courier {row['courier']}: drives {row['routes']} routes at once"


def capacity_is_what_is_promised() -> Iterator[str]:
    """The use of a place's capacity is what comes, came, or is offered to it for that day."""
    promised: Counter[tuple[UUID, str, date]] = Counter()
    coming_or_here = F("reserved_g") + F("on_board_g") + F("in_stock_g") + F("delivered_g")
    lines = ClaimLine.objects.order_by().values_list(
        "claim__location_id", "lot__storage_class", "claim__receive_date"
    )
    for place, storage_class, day, total_g in lines.annotate(total=Sum(coming_or_here)):
        promised[place, storage_class, day] += total_g
    offered = Proposal.objects.filter(offer__status=OfferStatus.OFFERED).order_by()
    held = offered.values_list(
        "offer__location_id", "lot__storage_class", "offer__receive_date"
    ).annotate(total=Sum("held_g"))
    for place, storage_class, day, total_g in held:
        promised[place, storage_class, day] += total_g
    used = {
        (use.location_id, use.storage_class, use.local_date): use.used_g
        for use in CapacityUse.objects.all()
    }
    for key in sorted(promised.keys() | used.keys(), key=str):
        if promised[key] != used.get(key, 0):
            yield f"capacity {key}: {used.get(key, 0)} g used, {promised[key]} g promised"


def ended_claims_hold_nothing() -> Iterator[str]:
    """A claim that has ended has nothing reserved or on board."""
    open_lines = ClaimLine.objects.filter(Q(reserved_g__gt=0) | Q(on_board_g__gt=0))
    for line in open_lines.exclude(claim__status__in=LIVE):
        yield f"claim {line.claim_id}: ended with grams reserved or on board"


def claims_are_where_their_grams_are() -> Iterator[str]:
    """The status of a claim is the one that its lines give."""
    claims = Claim.objects.select_related("location").prefetch_related("lines")
    for claim in claims.iterator(chunk_size=CHUNK):
        derived = status_by_lines(claim)
        if derived != claim.status:
            yield f"claim {claim.pk}: {claim.status}, its lines say {derived}"


def fairness_is_what_figures_count() -> Iterator[str]:
    """The fairness record has of each hand-over what the figures count of it.

    Not of claims of which events are still to be heard: it follows after those.
    """
    noted = FairnessEntry.objects.filter(cause_type=HandOver._meta.label_lower).order_by()
    noted_g = Counter(dict(noted.values_list("cause_id").annotate(total=Sum("mass_g"))))
    lines = counted_lines().exclude(hand_over__claim__in=_claims_with_news()).order_by()
    counted_g = Counter(dict(lines.values_list("hand_over_id").annotate(total=Sum("mass_g"))))
    unheard = HandOver.objects.filter(claim__in=_claims_with_news())
    settled = (noted_g.keys() | counted_g.keys()) - set(unheard.values_list("pk", flat=True))
    for key in sorted(settled):
        if noted_g[key] != counted_g[key]:
            yield f"hand-over {key}: {counted_g[key]} g count, {noted_g[key]} g noted as fairness"


def _claims_with_news() -> QuerySet[HandOver, UUID | None]:
    """Claims of which something of custody was recorded that not every handler has heard."""
    outstanding = Q(position__isnull=True) | Q(
        receipts__isnull=False,
        receipts__handled_at__isnull=True,
        receipts__dead_lettered_at__isnull=True,
    )
    of_custody = Q(type__startswith="custody.") | Q(type__startswith="incident.")
    subjects = Event.objects.filter(of_custody, outstanding).values("subject_id")
    told_of = Q(pk__in=subjects) | Q(incidents__in=subjects)
    return HandOver.objects.filter(told_of, claim__isnull=False).values_list("claim", flat=True)


def the_log_is_complete() -> Iterator[str]:
    """Each event has its audit entry; positions are gap-free; audiences carry them."""
    published = Event.objects.filter(position__isnull=False)
    ends = published.aggregate(first=Min("position"), last=Max("position"), count=Count("id"))
    if ends["count"] and (ends["first"], ends["last"]) != (1, ends["count"]):
        yield f"positions {ends['first']}..{ends['last']} of {ends['count']} events have gaps"
    for row in _events_without_audit():
        what, count = f"{row['type']} of {row['subject_id']}", row["events"]
        yield f"{what}: {count} events, {row['noted']} audit entries"
    astray = EventAudience.objects.exclude(position=F("event__position"))
    for audience in astray.filter(event__position__isnull=False)[:10]:
        yield f"audience {audience.pk}: not at its event's position"


def _events_without_audit() -> Sequence[dict[str, Any]]:
    """What was done to one thing in one go more often than the audit log says; at most ten."""
    entries = AuditEntry.objects.filter(
        outcome=DONE,
        action=OuterRef("type"),
        subject_id=OuterRef("subject_id"),
        correlation_id=OuterRef("correlation_id"),
    )
    noted = entries.order_by().values("action").annotate(entries=Count("pk")).values("entries")
    events = Event.objects.order_by().values("type", "subject_id", "correlation_id")
    counted = events.annotate(events=Count("pk"), noted=Coalesce(Subquery(noted), 0))
    return [dict(row) for row in counted.filter(events__gt=F("noted"))[:10]]


def every_event_was_handled() -> Iterator[str]:
    """No handler gave an event up."""
    for receipt in HandlerReceipt.objects.filter(dead_lettered_at__isnull=False)[:10]:
        yield f"event {receipt.event_id}: given up by {receipt.handler}"


def the_audit_chain_holds() -> Iterator[str]:
    """Each audit entry's hash covers it and the one before."""
    broken = verify().broken
    if broken is not None:
        yield f"audit entry {broken.sequence} ({broken.entry_id}): {broken.why}"


def nothing_waits_unnoticed() -> Iterator[str]:
    """Records that wait for an earlier one are flagged for a person."""
    waiting = HandOver.objects.filter(status=HandOverStatus.UNMATCHED)
    for hand_over in waiting.exclude(incidents__code=breaches.NOTHING_TO_HAND_OVER):
        yield f"hand-over {hand_over.pk}: unmatched and not flagged"


CHECKS: tuple[Check, ...] = (
    lots_balance,
    claim_lines_match_their_lots,
    custody_is_unbroken,
    unsafe_hand_overs_are_flagged,
    plans_are_safe,
    shipments_have_one_route,
    capacity_is_what_is_promised,
    ended_claims_hold_nothing,
    claims_are_where_their_grams_are,
    fairness_is_what_figures_count,
    the_log_is_complete,
    every_event_was_handled,
    the_audit_chain_holds,
    nothing_waits_unnoticed,
)
