"""Who is in waiting for food that cannot wait: asked at once when the first does not take it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from backend.claims.domain.eligibility import find_trip
from backend.claims.domain.reasons import Reason
from backend.claims.domain.trips import Leg, Trip
from backend.geo.domain.points import distance_m
from matching.domain.explain import Alternative, Explanation, Why
from matching.domain.problem import Demand, Problem, Supply
from matching.domain.shares import LotShare, Share

#: Food with less life than this does not wait for the next scheduled round.
URGENT_LIFE: Final = timedelta(hours=3)
#: These would have been better, but something stood in the way that stands there still.
_BARRED: Final = frozenset({Why.FULL, Why.CARRIES_LESS, Why.FAILED_RULE})
SECOND: Final = 2


@dataclass(frozen=True, slots=True)
class Backup:
    """A share in waiting, and the share that it stands behind."""

    behind: Share
    share: Share


def backups_of(
    problem: Problem,
    shares: Sequence[Share],
    explanations: Sequence[Explanation],
    zone: ZoneInfo,
) -> Iterator[Backup]:
    """For each urgent share the best alternative for its heaviest lot, if there is one.

    Nobody stands behind two shares of one listing, or behind others while having a share of their
    own. Lots of the share that the alternative cannot take stay without a backup.
    """
    finder = _Finder(problem, explanations, zone)
    taken = {(share.listing_id, share.programme_id) for share in shares}
    for share in shares:
        if not finder.is_urgent(share):
            continue
        for programme_id in finder.candidates(share):
            if (share.listing_id, programme_id) in taken:
                continue
            behind = finder.share_for(programme_id, share)
            if behind is not None:
                taken.add((share.listing_id, programme_id))
                yield Backup(share, behind)
                break


class _Finder:
    """Looks up what a round knows of a lot, a programme and the way between them."""

    def __init__(
        self, problem: Problem, explanations: Sequence[Explanation], zone: ZoneInfo
    ) -> None:
        self._problem = problem
        self._zone = zone
        self._supplies = {supply.id: supply for supply in problem.supplies}
        self._demands = {demand.id: demand for demand in problem.demands}
        self._explained = {(each.lot_id, each.programme_id): each for each in explanations}
        self._edges = {(each.lot_id, each.programme_id): each for each in problem.edges or ()}

    def is_urgent(self, share: Share) -> bool:
        ends_at = min(self._supplies[str(part.lot_id)].ends_at for part in share.lots)
        return ends_at - self._problem.now < URGENT_LIFE

    def candidates(self, share: Share) -> list[UUID]:
        """Whoever could take the heaviest lot and gain by it, best first."""
        heaviest = max(share.lots, key=lambda part: part.mass_g)
        possible = self._possible(heaviest, share)
        ranked = sorted(possible.values(), key=lambda each: -each.score)
        return [UUID(each.programme_id) for each in ranked]

    def share_for(self, programme_id: UUID, first: Share) -> Share | None:
        """What the programme would be offered, all with one transport; None without a way."""
        demand = self._demands[str(programme_id)]
        parts, transport, receive_date = [], None, None
        for part in sorted(first.lots, key=lambda each: -each.mass_g):
            alternative = self._possible(part, first).get(str(programme_id))
            trip = self._trip(self._supplies[str(part.lot_id)], demand)
            if alternative is None or trip is None or transport not in (None, trip.transport):
                continue
            transport = trip.transport
            arrives_at = trip.hands_over_at or trip.reaches_at
            receive_date = arrives_at.astimezone(self._zone).date()
            parts.append(self._lot_share(part, first, alternative))
        if transport is None or receive_date is None:
            return None
        return Share(
            listing_id=first.listing_id,
            programme_id=programme_id,
            location_id=UUID(demand.recipient.location_id),
            transport=transport,
            lots=tuple(parts),
            answer_by_at=first.answer_by_at,
            receive_date=receive_date,
        )

    def _possible(self, part: LotShare, share: Share) -> Mapping[str, Alternative]:
        explained = self._explained.get((str(part.lot_id), str(share.programme_id)))
        alternatives = explained.alternatives if explained else ()
        return {
            each.programme_id: each
            for each in alternatives
            if each.terms and each.score > 0 and each.why not in _BARRED
        }

    def _trip(self, supply: Supply, demand: Demand) -> Trip | None:
        found = find_trip(
            supply.lot,
            demand.recipient,
            self._leg(supply, demand),
            now=self._problem.now,
            couriers=self._problem.couriers,
        )
        return None if isinstance(found, Reason) else found

    def _leg(self, supply: Supply, demand: Demand) -> Leg:
        travel = self._problem.travel
        edge = self._edges.get((supply.id, demand.id))
        if edge is not None:
            return Leg(edge.distance_m, edge.travel_s, travel.longest_m)
        straight_m = distance_m(supply.lot.point, demand.recipient.point)
        road_m = round(straight_m * travel.detour)
        return Leg(road_m, travel.travel_s(road_m), travel.longest_m)

    def _lot_share(self, part: LotShare, first: Share, alternative: Alternative) -> LotShare:
        """The same grams, with the terms of the second and the first as the one who lost."""
        winner = self._explained[str(part.lot_id), str(first.programme_id)]
        asked: dict[str, Any] = asdict(
            Alternative(winner.programme_id, winner.score, winner.terms, Why.ASKED_FIRST)
        )
        return LotShare(
            lot_id=part.lot_id,
            mass_g=part.mass_g,
            storage_class=part.storage_class,
            rank=SECOND,
            terms=dict(alternative.terms),
            reasons=[asked],
        )
