"""What programmes made of what they accepted, and how likely they keep the next."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Coalesce

from backend.claims.domain.lifecycle import BEFORE_COLLECTION
from backend.claims.models import Claim, ClaimStatus, Transport
from backend.common.actor import Actor
from backend.custody.models import Attempt, AttemptReason
from backend.organizations.models import Programme
from backend.organizations.selectors import organizations_of
from matching.domain.reliability import (
    LOOKS_BACK,
    NOT_THE_CHARITY,
    TOO_LATE_TO_CANCEL,
    Record,
    county_mean,
    reliability,
)

#: What a driver says who found nobody at the recipient's door.
NOBODY_THERE = (AttemptReason.CLOSED, AttemptReason.NO_ACCESS)


@dataclass(frozen=True, slots=True)
class Reliability:
    """A programme's record, the chance that it keeps the next acceptance, and its county's mean."""

    record: Record
    chance: float
    mean: float


def chances_of(programmes: Collection[Programme], *, now: datetime) -> Mapping[UUID, float]:
    """The chance of each programme that it keeps what it accepts; its place comes with it."""
    counties = {each.location.county_code for each in programmes}
    records = _records(counties, now=now)
    means = {code: county_mean(records[code].values()) for code in counties}
    return {
        each.pk: reliability(
            records[each.location.county_code].get(each.pk, Record()),
            mean=means[each.location.county_code],
        )
        for each in programmes
    }


def reliability_of(viewer: Actor, programme: Programme, *, now: datetime) -> Reliability | None:
    """How a programme of the viewer's keeps what it accepts; None for anybody else's."""
    mine = organizations_of(viewer).filter(pk=programme.location.organization_id)
    if not (viewer.is_system or mine.exists()):
        return None
    county_code = programme.location.county_code
    records = _records({county_code}, now=now)[county_code]
    own, mean = records.get(programme.pk, Record()), county_mean(records.values())
    return Reliability(own, reliability(own, mean=mean), mean)


def _records(counties: Collection[str], *, now: datetime) -> Mapping[str, Mapping[UUID, Record]]:
    """The records of these counties' programmes that accepted something lately.

    The database counts: it is one row for each programme, however much it accepted. Nothing is
    stored, so what turns out to have been handed over after all counts as kept from then on.
    """
    ended = Q(ended_at__gt=now - LOOKS_BACK, ended_at__lte=now)
    claims = _with_times(Claim.objects.filter(county_code__in=counties))
    counted = (
        claims.filter(ended | _missed(now))
        .order_by()
        .values("county_code", "programme_id")
        .annotate(
            kept=Count("pk", filter=Q(status=ClaimStatus.SETTLED)),
            unkept=Count("pk", filter=_unkept() | _missed(now)),
        )
        .order_by("county_code", "programme_id")
    )
    found: defaultdict[str, dict[UUID, Record]] = defaultdict(dict)
    for row in counted:
        found[row["county_code"]][row["programme_id"]] = Record(row["kept"], row["unkept"])
    return found


def _with_times(claims: QuerySet[Claim]) -> QuerySet[Claim]:
    """With the instant at which somebody could have come for it first, and until when."""
    return claims.annotate(
        begins_at=Coalesce("booked_from_at", "listing__pickup_from_at"),
        over_at=Coalesce("booked_until_at", "listing__pickup_until_at"),
    )


def _missed(now: datetime) -> Q:
    """The time to come for it is over; the claim itself waits a little longer before it lapses."""
    return Q(status__in=BEFORE_COLLECTION, transport=Transport.SELF_COLLECT, over_at__lte=now)


def _unkept() -> Q:
    """Nobody came for it, it was given back too late, or nobody was there when it was brought."""
    nobody_came = Q(status=ClaimStatus.LAPSED, transport=Transport.SELF_COLLECT)
    too_late = Q(status=ClaimStatus.CANCELLED, ended_at__gt=F("begins_at") - TOO_LATE_TO_CANCEL)
    brought_in_vain = Q(
        status=ClaimStatus.FAILED,
        pk__in=Attempt.objects.filter(is_pickup=False, reason__in=NOBODY_THERE).values("claim"),
    )
    return nobody_came | (too_late & ~Q(end_reason__in=NOT_THE_CHARITY)) | brought_in_vain
