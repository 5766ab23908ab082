"""One simulated day: surplus is posted, rounds and plans run, people act, food moves."""

import random
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta

from backend.claims.tasks import lapse_due_claims
from backend.common.refusals import Refusal
from backend.demo.agenda import Agenda, Deed
from backend.demo.people import Free, People
from backend.demo.surplus import Surplus, surplus
from backend.demo.world import World
from backend.listings.actions.post_listing import post_listing
from backend.listings.tasks import close_due_listings
from backend.regions.domain.pack import RegionPack
from logistics.tasks import lapse_route_offers, plan_areas
from matching.tasks import lapse_offers, run_rounds

#: Local hours: when the day begins, when the last surplus is posted, when everybody is home.
BEGINS_H, LAST_POST_H, ENDS_H = 7, 20, 23
#: Surplus comes mostly after lunch and at the end of the day: weight per local hour.
BUSY = {8: 1, 9: 2, 10: 2, 11: 2, 12: 2, 13: 4, 14: 4, 15: 2, 16: 2, 17: 3, 18: 3, 19: 3}
ROUNDS_EVERY, PLANS_EVERY = timedelta(minutes=15), timedelta(minutes=5)
LOOK_EVERY, SWEEP_EVERY, BOARD_EVERY = (
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(minutes=45),
)


@dataclass(slots=True)
class Day:
    """The agenda of a day and the counts of what happened."""

    agenda: Agenda
    ends_at: datetime
    counts: Counter[str] = field(default_factory=Counter)


def local_instant(day: datetime, hour: int, region: RegionPack) -> datetime:
    """That hour of the region's local date, in UTC."""
    midnight = datetime.combine(day.astimezone(region.zone).date(), time.min, tzinfo=region.zone)
    return (midnight + timedelta(hours=hour)).astimezone(UTC)


def planned_surplus(
    world: World, region: RegionPack, rng: random.Random, *, listings: int, day: datetime
) -> list[Surplus]:
    """So many postings over the day, in the order of their time."""
    planned: list[Surplus] = []
    language = region.languages[0]
    while len(planned) < listings:
        hour = rng.choices(list(BUSY), weights=list(BUSY.values()))[0]
        at = local_instant(day, hour, region) + timedelta(seconds=rng.randrange(3_600))
        donor = rng.randrange(len(world.donors))
        found = surplus(rng, region, donor=donor, at=at, language=language)
        if found is not None:
            planned.append(found)
    return sorted(planned, key=lambda one: one.at)


def plan_day(
    world: World,
    region: RegionPack,
    rng: random.Random,
    *,
    postings: Iterable[Surplus],
    now: datetime,
    free: Free = lambda _: True,
) -> Day:
    """Puts on the agenda all that will happen; what people do about it is added as they see it."""
    day = Day(Agenda(), ends_at=local_instant(now, ENDS_H, region))

    def tell(word: str) -> None:
        day.counts[word] += 1

    people = People(world, rng, day.agenda, tell=tell, free=free)
    for posting in postings:
        day.agenda.at(max(now, posting.at), _post(world, posting, tell))
    deeds: tuple[tuple[timedelta, Deed], ...] = (
        (ROUNDS_EVERY, _start_rounds),
        (PLANS_EVERY, _start_plans),
        (SWEEP_EVERY, _sweep),
        (BOARD_EVERY, people.look_at_board),
        (LOOK_EVERY, people.look),
    )
    for step, deed in deeds:
        day.agenda.every(step, deed, start=now + step, end=day.ends_at)
    return day


def _post(
    world: World, posting: Surplus, tell: Callable[[str], None]
) -> Callable[[datetime], None]:
    def post(now: datetime) -> None:
        donor = world.donors[posting.donor]
        try:
            post_listing(location_id=donor.location.pk, draft=posting.draft, by=donor.by, now=now)
        except Refusal as refusal:
            tell(f"refused.{refusal.code}")
        else:
            tell("posted")

    return post


def _start_rounds(_: datetime) -> None:
    run_rounds()


def _start_plans(_: datetime) -> None:
    plan_areas()


def _sweep(_: datetime) -> None:
    lapse_offers()
    lapse_route_offers()
    lapse_due_claims()
    close_due_listings()
