"""What moved: kilograms, meals and CO2e, each traceable to the hand-overs that it adds up."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Count, QuerySet, Sum

from backend.common.actor import Actor
from backend.custody.models import HandOver, HandOverLine
from backend.custody.selectors import counted
from backend.organizations.selectors import counties_of
from backend.regions.packs import pack


@dataclass(frozen=True, slots=True)
class Figures:
    """Mass that reached people and what that stands for by the region's sourced factors.

    `meals` and `co2e_g` (grams of CO2 equivalent) are rounded to whole numbers.
    """

    mass_g: int
    hand_overs: int
    meals: int
    co2e_g: int


def delivered_today(*, now: datetime) -> Figures:
    """Since the last midnight of the region."""
    return delivered_on(now.astimezone(pack().zone).date())


def delivered_on(day: date) -> Figures:
    """On one local day of the region."""
    from_at, until_at = day_of_region(day)
    return delivered(from_at=from_at, until_at=until_at)


def delivered(*, from_at: datetime | None = None, until_at: datetime | None = None) -> Figures:
    """In [from_at, until_at), or ever."""
    lines = counted_lines(from_at=from_at, until_at=until_at)
    sums = lines.aggregate(
        mass_g=Sum("mass_g", default=0), hand_overs=Count("hand_over", distinct=True)
    )
    return _figures(sums["mass_g"], sums["hand_overs"])


def counted_lines(
    *, from_at: datetime | None = None, until_at: datetime | None = None
) -> QuerySet[HandOverLine]:
    """The lines that every figure adds up, of hand-overs in [from_at, until_at)."""
    lines = counted.counted_lines()
    if from_at is not None:
        lines = lines.filter(hand_over__at__gte=from_at)
    if until_at is not None:
        lines = lines.filter(hand_over__at__lt=until_at)
    return lines


def counted_hand_overs(viewer: Actor, *, day: date) -> QuerySet[HandOver]:
    """The hand-overs behind a day's figures, in the counties that the viewer watches over."""
    from_at, until_at = day_of_region(day)
    counted = counted_lines(from_at=from_at, until_at=until_at).values("hand_over_id")
    hand_overs = HandOver.objects.filter(pk__in=counted).select_related(
        "claim__listing__organization", "claim__organization", "to_location", "from_courier__user"
    )
    if viewer.is_system:
        return hand_overs
    return hand_overs.filter(county_code__in=counties_of(viewer))


def counted_mass_g(hand_over_ids: QuerySet[HandOver]) -> dict[UUID, int]:
    """Grams that each of these hand-overs adds to the figures."""
    rows = counted_lines().filter(hand_over_id__in=hand_over_ids.values("pk"))
    return dict(rows.values_list("hand_over_id").annotate(total_g=Sum("mass_g")))


def by_day(*, now: datetime, days: int) -> list[tuple[date, Figures]]:
    """The last `days` local days with today, the newest first."""
    today = now.astimezone(pack().zone).date()
    return [(day, delivered_on(day)) for day in (today - timedelta(days=n) for n in range(days))]


def meals(mass_g: int) -> int:
    """How many average meals that is."""
    return round(mass_g / pack().impact_factors["meal_g"].value)


def day_of_region(day: date) -> tuple[datetime, datetime]:
    """The instants between which a local day lies, also when clocks change."""
    zone = pack().zone
    begins = datetime.combine(day, time.min, zone)
    return begins, datetime.combine(day + timedelta(days=1), time.min, zone)


def _figures(mass_g: int, hand_overs: int) -> Figures:
    factor = pack().impact_factors["co2e_avoided"].value
    return Figures(mass_g, hand_overs, meals(mass_g), round(mass_g * factor))
