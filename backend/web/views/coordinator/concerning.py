"""How much of a round or a plan lies in the counties that a coordinator watches over."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from backend.common.actor import Actor
from backend.listings.models import Lot
from backend.organizations.selectors import counties_of
from logistics.models import Plan, PlanStatus
from logistics.selectors.visible import visible_plans
from matching.models import Round, RoundStatus, RoundTrigger
from matching.selectors.offers import visible_offers
from matching.selectors.rounds import rounds_of

#: So many of the latest rounds are looked through for those that concern somebody.
LATEST = 100


def lots_here(viewer: Actor, rounds: Sequence[Round]) -> dict[UUID, int]:
    """Of each round the lots that were offered in the viewer's counties or stayed there."""
    found: defaultdict[UUID, set[str]] = defaultdict(set)
    offered = visible_offers(viewer).filter(round__in=rounds).order_by()
    for round_id, lot_id in offered.values_list("round_id", "proposals__lot_id"):
        found[round_id].add(str(lot_id))
    left = {lot for each in rounds for lot in each.unassigned}
    here = _of_counties(viewer, rounds) if left else set()
    for each in rounds:
        found[each.pk] |= here & each.unassigned.keys()
    return {round_id: len(lots) for round_id, lots in found.items()}


def _of_counties(viewer: Actor, rounds: Sequence[Round]) -> set[str]:
    """Lots of the viewer's counties that may have been in one of the rounds."""
    since = min(each.started_at for each in rounds)
    lots = Lot.objects.filter(
        listing__county_code__in=counties_of(viewer), listing__pickup_until_at__gte=since
    )
    return {str(pk) for pk in lots.values_list("pk", flat=True)}


def concerning_rounds(viewer: Actor) -> tuple[list[Round], int]:
    """Of the latest rounds those that concern the viewer, and how many of them do not.

    One that runs, failed or was asked for by hand always does.
    """
    latest = list(rounds_of(viewer)[:LATEST])
    here = lots_here(viewer, latest)
    chosen = [each for each in latest if here.get(each.pk) or _is_for_everybody(each)]
    return chosen, len(latest) - len(chosen)


def _is_for_everybody(each: Round) -> bool:
    return each.status != RoundStatus.APPLIED or each.trigger == RoundTrigger.HAND


def counted_plans(viewer: Actor) -> QuerySet[Plan]:
    """The viewer's plans, the latest first, each with the number of its `routes_here`."""
    here = Count("routes", filter=Q(routes__county_code__in=counties_of(viewer)))
    plans = visible_plans(viewer).defer("inputs").annotate(routes_here=here)
    return plans.order_by("-started_at", "pk")


def concerning_plans(viewer: Actor) -> tuple[QuerySet[Plan], int]:
    """Plans with routes of the viewer's counties or without a result, and how many have none."""
    plans = counted_plans(viewer)
    chosen = plans.filter(Q(routes_here__gt=0) | ~Q(status=PlanStatus.APPLIED))
    return chosen, plans.count() - chosen.count()
