"""What a round over one road group is made from: the matching problem and the rows behind it."""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import F, QuerySet, Sum

from backend.claims.domain.facts import RecipientFacts
from backend.claims.models import ClaimLine, ClaimStatus
from backend.claims.selectors.facts import PROFILE, lot_facts, recipient_facts, with_hours
from backend.custody.selectors.hand_over_times import time_allowed, unhurried
from backend.listings.domain.lifecycle import ListingStatus
from backend.listings.models import Lot
from backend.needs.models import StandingNeed
from backend.needs.selectors import room_by_date
from backend.organizations.domain.hours import first_within
from backend.organizations.models import Programme
from backend.regions.domain.food_safety import local_date
from backend.regions.packs import pack
from matching.domain.codec import to_json
from matching.domain.problem import Asked, Demand, Incumbent, Problem, Supply, Travel
from matching.domain.weights import Weights
from matching.models import Offer, OfferStatus, Proposal
from matching.selectors.free_couriers import free_couriers
from matching.selectors.positions import positions_g
from matching.selectors.promised_trips import HOURS_AHEAD
from matching.selectors.receivers import receivers
from matching.selectors.reliability import chances_of

A_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class RoundInputs:
    """A problem with the rows that its ids name; `digest` tells two of them apart."""

    area: str
    problem: Problem
    lots: Mapping[str, Lot]
    programmes: Mapping[str, Programme]
    digest: str

    @property
    def is_idle(self) -> bool:
        return not self.lots


def areas_with_food(now: datetime) -> list[tuple[str, date]]:
    """Road groups in which something is on offer that nobody was promised, with the local days on
    which it can be had first: every day of a place has its own room, so each gets its own round.
    """
    rows = _open_lots(now).values_list("listing__road_group", "listing__pickup_from_at")
    return sorted({(area, _pickup_date(from_at, now)) for area, from_at in rows})


def first_day_with_food(area: str, now: datetime) -> date | None:
    """The first local day on which something on offer there can be had; None without food."""
    return min((day for each, day in areas_with_food(now) if each == area), default=None)


def round_inputs(
    area: str,
    *,
    now: datetime,
    weights: Weights,
    listing_ids: Collection[UUID] | None = None,
    pickup_date: date | None = None,
) -> RoundInputs:
    """Everything that a round of this road group depends on, read without locks.

    `listing_ids` narrows it to some listings: for food that cannot wait for the next round.
    `pickup_date` narrows it to food that can be had first on that local day.
    """
    lots = [
        lot
        for lot in _lots(area, now, listing_ids)
        if pickup_date in (None, _pickup_date(lot.listing.pickup_from_at, now))
    ]
    programmes = list(with_hours(receivers(location__road_group=area)))
    first_at = min((lot.listing.pickup_from_at for lot in lots), default=now)
    places = [*(lot.listing.location for lot in lots), *(one.location for one in programmes)]
    allowed_s = time_allowed(places, now=now)
    demands = _demands(programmes, now, max(now, first_at), allowed_s)
    problem = Problem(
        now=now,
        supplies=tuple(
            Supply(
                unhurried(
                    lot_facts(lot, lot.listing, left_g=lot.available_g, now=now),
                    allowed_s[lot.listing.location_id],
                )
            )
            for lot in lots
        ),
        demands=tuple(demands),
        couriers=tuple(free_couriers(area, now=now)),
        incumbents=tuple(_incumbents(lots, programmes)),
        asked=tuple(_asked(lots, programmes)),
        weights=weights,
        travel=_travel(),
    )
    return RoundInputs(
        area=area,
        problem=problem,
        lots={str(lot.pk): lot for lot in lots},
        programmes={str(programme.pk): programme for programme in programmes},
        digest=_digest(area, problem),
    )


def _pickup_date(from_at: datetime, now: datetime) -> date:
    return local_date(max(now, from_at), pack().zone)


def _open_lots(now: datetime) -> QuerySet[Lot]:
    return Lot.objects.filter(
        listing__status=ListingStatus.OPEN,
        listing__pickup_until_at__gt=now,
        safe_until_at__gt=now,
        available_g__gt=0,
    )


def _lots(area: str, now: datetime, listing_ids: Collection[UUID] | None) -> list[Lot]:
    lots = _open_lots(now).filter(listing__road_group=area)
    if listing_ids is not None:
        lots = lots.filter(listing__in=listing_ids)
    lots = lots.select_related("listing__location", "listing__organization")
    return list(lots.prefetch_related("listing__chosen_recipients").order_by("pk"))


def _demands(
    programmes: Sequence[Programme],
    now: datetime,
    begins_at: datetime,
    allowed_s: Mapping[UUID, int],
) -> list[Demand]:
    """What each programme can take of food that can be had from `begins_at` on."""
    until_at = begins_at + HOURS_AHEAD
    facts = {
        each.pk: recipient_facts(each, room_g={}, now=now, until_at=until_at) for each in programmes
    }
    days = {key: _receiving_day(each, begins_at) for key, each in facts.items()}
    places = {programme.location_id for programme in programmes}
    room = room_by_date(places, dates=set(days.values()))
    positions, chances = positions_g(programmes, now=now), chances_of(programmes, now=now)
    needs = _needs_left(programmes, now)
    return [
        Demand(
            recipient=replace(
                unhurried(facts[programme.pk], allowed_s[programme.location_id]),
                capacity_g=dict(room[programme.location_id, days[programme.pk]]),
                need_g=dict(needs.get(programme.pk, {})),
            ),
            county_code=programme.location.county_code,
            people=programme.people_per_week,
            received_g=positions[programme.pk],
            reliability=chances[programme.pk],
        )
        for programme in programmes
    ]


def _receiving_day(recipient: RecipientFacts, begins_at: datetime) -> date:
    """The local day whose room counts: the first on which the door is open."""
    opens_at = first_within(recipient.open_hours, begins_at)
    return local_date(opens_at or begins_at, pack().zone)


def _needs_left(programmes: Sequence[Programme], now: datetime) -> Mapping[UUID, Mapping[str, int]]:
    """Grams that each programme can still use this week, by group of food."""
    left: dict[UUID, dict[str, int]] = {}
    for need in StandingNeed.objects.filter(programme__in=programmes):
        left.setdefault(need.programme_id, {})[need.category_group] = need.grams_per_week
    groups = {code: category.group for code, category in pack().categories.items()}
    lines = ClaimLine.objects.filter(
        claim__programme__in=left, claim__reserved_at__gt=now - A_WEEK
    ).order_by()
    promised = lines.values_list("claim__programme_id", "lot__category").annotate(
        total=Sum(F("mass_g") - F("released_g"))
    )
    held = Proposal.objects.filter(
        offer__programme__in=left, offer__status=OfferStatus.OFFERED
    ).order_by()
    offered = held.values_list("offer__programme_id", "lot__category").annotate(total=Sum("held_g"))
    for programme_id, category, total_g in (*promised, *offered):
        own = left[programme_id]
        if (group := groups[category]) in own:
            own[group] = max(0, own[group] - total_g)
    return left


def _incumbents(lots: Sequence[Lot], programmes: Sequence[Programme]) -> list[Incumbent]:
    """Who is in waiting for a lot, by an earlier round."""
    waiting = Proposal.objects.filter(
        lot__in=lots, offer__programme__in=programmes, offer__status=OfferStatus.SUGGESTED
    )
    pairs = sorted(set(waiting.order_by().values_list("lot", "offer__programme")))
    return [Incumbent(str(lot), str(programme)) for lot, programme in pairs]


def _asked(lots: Sequence[Lot], programmes: Sequence[Programme]) -> list[Asked]:
    """Who had an offer of a lot, or a claim on it, and did not take it."""
    said_no = Offer.objects.filter(
        proposals__lot__in=lots,
        programme__in=programmes,
        status__in=(OfferStatus.DECLINED, OfferStatus.LAPSED),
    )
    gave_back = ClaimLine.objects.filter(
        lot__in=lots,
        claim__programme__in=programmes,
        claim__status__in=(ClaimStatus.CANCELLED, ClaimStatus.LAPSED),
    )
    pairs = {
        *said_no.order_by().values_list("proposals__lot", "programme"),
        *gave_back.order_by().values_list("lot", "claim__programme"),
    }
    known = {lot.pk for lot in lots}
    return [Asked(str(lot), str(taker)) for lot, taker in sorted(pairs) if lot in known]


def _travel() -> Travel:
    logistics = pack().logistics
    kind = logistics.profiles[PROFILE]
    return Travel(detour=kind.detour, speed_kmh=kind.speed_kmh, leg_s=kind.leg_s)


def _digest(area: str, problem: Problem) -> str:
    """Changes whenever a round could find a taker that it did not find before, for another reason
    than that time went on.
    """
    facts = to_json(problem)
    del facts["now"]
    for demand in facts["demands"]:
        del demand["received_g"], demand["reliability"], demand["recipient"]["open_hours"]
    for courier in facts["couriers"]:
        del courier["window"]
    text = json.dumps([area, facts], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
