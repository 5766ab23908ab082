"""From a round's answer to what is offered: shares by listing and programme, with their reasons."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from matching.domain.explain import Explanation
from matching.domain.ladder import answer_window
from matching.domain.problem import Problem, Supply
from matching.domain.shares import LotShare, Share
from matching.domain.solution import Assignment, Solution


def shares_of(
    problem: Problem, solution: Solution, explanations: Sequence[Explanation], zone: ZoneInfo
) -> Iterator[Share]:
    """One share for each listing, programme and transport; largest first.

    Shares that leave nobody time to answer are left out.
    """
    supplies = {supply.id: supply for supply in problem.supplies}
    demands = {demand.id: demand for demand in problem.demands}
    reasons = {(each.lot_id, each.programme_id): each for each in explanations}
    groups: dict[tuple[str, str, str], list[Assignment]] = {}
    for assignment in solution.assignments:
        listing_id = supplies[assignment.lot_id].lot.listing_id
        key = (listing_id, assignment.programme_id, assignment.transport)
        groups.setdefault(key, []).append(assignment)
    ordered = sorted(groups.items(), key=lambda item: (-_mass_g(item[1]), item[0]))
    for (listing_id, programme_id, transport), parts in ordered:
        window = min(_window(problem, supplies[part.lot_id], part) for part in parts)
        if not window:
            continue
        yield Share(
            listing_id=UUID(listing_id),
            programme_id=UUID(programme_id),
            location_id=UUID(demands[programme_id].recipient.location_id),
            transport=transport,
            lots=tuple(_lot_share(part, supplies, reasons) for part in parts),
            answer_by_at=problem.now + window,
            receive_date=max(part.hands_over_at for part in parts).astimezone(zone).date(),
        )


def _mass_g(parts: Sequence[Assignment]) -> int:
    return sum(part.mass_g for part in parts)


def _window(problem: Problem, supply: Supply, part: Assignment) -> timedelta:
    """The trip must begin within the pickup window and end before the food does."""
    lot = supply.lot
    arrives_safe_at = lot.safe_until_at - timedelta(seconds=part.travel_s)
    latest_start_at = min(lot.pickup_until_at, arrives_safe_at)
    return answer_window(now=problem.now, latest_start_at=latest_start_at)


def _lot_share(
    part: Assignment,
    supplies: Mapping[str, Supply],
    reasons: Mapping[tuple[str, str], Explanation],
) -> LotShare:
    explanation = reasons.get((part.lot_id, part.programme_id))
    return LotShare(
        lot_id=UUID(part.lot_id),
        mass_g=part.mass_g,
        storage_class=supplies[part.lot_id].lot.storage_class,
        terms=dict(explanation.terms) if explanation else {},
        reasons=[asdict(each) for each in explanation.alternatives] if explanation else [],
    )
