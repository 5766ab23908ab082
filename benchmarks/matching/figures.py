"""How good a plan is, worked out from problem and shares alone: nothing of the engine is asked."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from datetime import timedelta

from matching.domain.fairness import gini
from matching.domain.problem import Problem
from matching.domain.solution import Assignment

URGENT = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares are of 1. Gini and what follows are of all that people have had when the plan is done,
    as plans make up for what was given before. `worst_county` and `tenth` are kilograms per person
    of the county that had least, of those to which a fair share could be brought, and of whom a
    tenth of the people had less than, over the mean of all.
    """

    rescued: float
    urgent_lots: float
    km_per_100_kg: float
    gini: float
    worst_county: float
    tenth: float
    rural_to_urban: float


def figures_of(
    problem: Problem,
    plan: Sequence[Assignment],
    rural: Collection[str],
    reached: Collection[str],
) -> Figures:
    """Of one plan."""
    lots = {supply.id: supply.lot for supply in problem.supplies}
    offered_g = sum(lot.left_g for lot in lots.values())
    taken_g: Counter[str] = Counter()
    given_g: Counter[str] = Counter()
    metres: dict[tuple[str, str], int] = {}
    for share in plan:
        taken_g[share.lot_id] += share.mass_g
        given_g[share.programme_id] += share.mass_g
        metres[lots[share.lot_id].listing_id, share.programme_id] = share.distance_m
    urgent = [s.id for s in problem.supplies if s.ends_at - problem.now < URGENT]
    total_g = sum(taken_g.values())
    return Figures(
        rescued=total_g / offered_g if offered_g else 0.0,
        urgent_lots=sum(taken_g[each] > 0 for each in urgent) / len(urgent) if urgent else 0.0,
        km_per_100_kg=sum(metres.values()) / total_g * 100 if total_g else 0.0,
        **shared_out(problem, given_g, rural, reached),
    )


def shared_out(
    problem: Problem, given_g: Counter[str], rural: Collection[str], reached: Collection[str]
) -> dict[str, float]:
    """How evenly people have had grams, with those of before; only the worst county is one of those
    `reached`.
    """
    people = {demand.id: demand.people for demand in problem.demands}
    had_g = {demand.id: demand.received_g + given_g[demand.id] for demand in problem.demands}
    heads = float(sum(people.values())) or 1.0
    mean = sum(had_g.values()) / heads or 1.0
    counties: Counter[str] = Counter()
    county_people: Counter[str] = Counter()
    for demand in problem.demands:
        counties[demand.county_code] += had_g[demand.id]
        county_people[demand.county_code] += demand.people
    per_head = {each: had_g[each] / people[each] for each in people}
    return {
        "gini": gini(list(per_head.values()), [float(people[each]) for each in per_head]),
        "worst_county": min((counties[c] / county_people[c] for c in reached), default=0.0) / mean,
        "tenth": _tenth(per_head, people) / mean,
        "rural_to_urban": _rural_to_urban(had_g, people, rural),
    }


def _tenth(per_head: dict[str, float], people: dict[str, int]) -> float:
    """What the person has of whom a tenth of all have less."""
    wanted, passed = sum(people.values()) / 10, 0
    for each in sorted(per_head, key=per_head.__getitem__):
        passed += people[each]
        if passed >= wanted:
            return per_head[each]
    return 0.0


def _rural_to_urban(had_g: dict[str, int], people: dict[str, int], rural: Collection[str]) -> float:
    def mean(ids: list[str]) -> float:
        heads = sum(people[each] for each in ids)
        return sum(had_g[each] for each in ids) / heads if heads else 0.0

    urban = mean([each for each in people if each not in rural])
    return mean([each for each in people if each in rural]) / urban if urban else 0.0


def mean_of(several: Sequence[Figures]) -> Figures:
    """The mean of each figure."""
    names = [each.name for each in fields(Figures)]
    return Figures(**{n: sum(getattr(f, n) for f in several) / len(several) for n in names})
