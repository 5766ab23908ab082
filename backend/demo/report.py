"""What a simulated day came to: mass, ways, solver times, verdicts of checkers and invariants."""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db.models import Max, Sum

from backend.claims.models import ClaimLine, Transport
from backend.impact.selectors.invariants import check_all
from backend.listings.domain.ledger import CACHED
from backend.listings.models import Listing, Lot
from logistics.models import Plan, Route
from matching.models import Round

KG = 1_000
ON_THE_ROAD = ("finished", "under_way")


@dataclass(frozen=True, slots=True)
class Report:
    """Masses in grams; `share_of_feasible` is delivered over what had a recipient and a way.

    `kg_per_km` is the drivers' figure: kilograms delivered on routes over the kilometres of those
    routes. What a charity fetched or a donor brought is not in it, nor are their ways.
    `fingerprint` is the same for two days that went alike.
    """

    region: str
    seed: int
    listings: int
    offered_g: int
    feasible_g: int
    matched_g: int
    delivered_g: int
    share_of_feasible: float
    by_bucket_g: Mapping[str, int]
    weighed_more_or_less_g: int
    unmatched_reasons: Mapping[str, int]
    driven_m: int
    kg_per_km: float | None
    routes: int
    rounds: int
    plans: int
    matching_ms: Mapping[str, int]
    routing_ms: Mapping[str, int]
    checker_violations: int
    invariants: Mapping[str, list[str]]
    counts: Mapping[str, int] = field(default_factory=dict)
    seconds: float = 0.0

    @property
    def is_sound(self) -> bool:
        """Every checker agreed and every invariant holds."""
        return not self.checker_violations and not any(self.invariants.values())

    @property
    def fingerprint(self) -> str:
        """A digest of everything but the times that solving took."""
        timed = ("matching_ms", "routing_ms", "seconds")
        facts = {key: value for key, value in asdict(self).items() if key not in timed}
        return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()[:16]

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"sound": self.is_sound, "fingerprint": self.fingerprint}


def report(
    *, region: str, seed: int, feasible_g: int, counts: Mapping[str, int], seconds: float
) -> Report:
    """Reads the day's figures from the stored rows."""
    sums = Lot.objects.aggregate(
        declared=Sum("declared_g", default=0),
        adjusted=Sum("adjusted_g", default=0),
        **{bucket.value: Sum(f"{bucket}_g", default=0) for bucket in CACHED},
    )
    lines = ClaimLine.objects.exclude(claim__status__in=("cancelled", "lapsed"))
    driven_m = _sum(Route.objects.filter(status__in=ON_THE_ROAD), "distance_m")
    carried = ClaimLine.objects.filter(claim__transport=Transport.COURIER)
    carried_g = _sum(carried, "delivered_g")
    return Report(
        region=region,
        seed=seed,
        listings=Listing.objects.count(),
        offered_g=sums["declared"],
        feasible_g=feasible_g,
        matched_g=_sum(lines, "mass_g") - _sum(lines, "released_g"),
        delivered_g=sums["delivered"],
        share_of_feasible=round(sums["delivered"] / feasible_g, 4) if feasible_g else 0.0,
        by_bucket_g={bucket.value: sums[bucket.value] for bucket in CACHED},
        weighed_more_or_less_g=sums["adjusted"],
        unmatched_reasons=_reasons(),
        driven_m=driven_m,
        kg_per_km=round(carried_g / driven_m, 3) if driven_m else None,
        routes=Route.objects.filter(status__in=ON_THE_ROAD).count(),
        rounds=Round.objects.count(),
        plans=Plan.objects.count(),
        matching_ms=_times(Round),
        routing_ms=_times(Plan),
        checker_violations=_violations(),
        invariants={verdict.name: list(verdict.breaches) for verdict in check_all()},
        counts=dict(sorted(counts.items())),
        seconds=round(seconds, 1),
    )


def _sum(rows: Any, column: str) -> int:
    return int(rows.aggregate(total=Sum(column, default=0))["total"])


def _times(model: type[Round] | type[Plan]) -> dict[str, int]:
    found = model.objects.aggregate(total=Sum("solve_ms", default=0), longest=Max("solve_ms"))
    return {"total": found["total"], "longest": found["longest"] or 0}


def _violations() -> int:
    rounds = Round.objects.exclude(checker_violations=[]).count()
    return rounds + Plan.objects.exclude(checker_violations=[]).count()


def _reasons() -> dict[str, int]:
    """Why what expired had no taker: grams by the last reason that a round gave for the lot."""
    last: dict[str, str] = {}
    for unassigned in Round.objects.order_by("started_at", "pk").values_list(
        "unassigned", flat=True
    ):
        last.update({lot_id: facts["reason"] for lot_id, facts in unassigned.items()})
    lost: Counter[str] = Counter()
    for lot in Lot.objects.filter(expired_g__gt=0):
        lost[last.get(str(lot.pk), "not_looked_at")] += lot.expired_g
    return dict(sorted(lost.items()))
