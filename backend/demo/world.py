"""Makes the world: donors, charities and couriers around real township centres."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from uuid import UUID

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext, gettext_noop

from backend.accounts.actions.register_person import register_person
from backend.accounts.models import User
from backend.common.actor import Actor, person, system
from backend.common.ids import new_id
from backend.couriers.actions.add_vehicle import add_vehicle
from backend.couriers.actions.approve_courier import approve_courier
from backend.couriers.actions.plan_shift import plan_shift
from backend.couriers.actions.register_courier import register_courier
from backend.couriers.domain.shift_window import ShiftTimes
from backend.geo.domain.points import Point
from backend.needs.actions.give_consent import give_consent
from backend.needs.actions.set_capacity import set_capacity
from backend.needs.actions.set_standing_need import set_standing_need
from backend.organizations.actions.add_location import add_location
from backend.organizations.actions.add_programme import add_programme
from backend.organizations.actions.appoint_coordinator import appoint_coordinator
from backend.organizations.actions.register_organization import register_organization
from backend.organizations.actions.verify_organization import verify_organization
from backend.organizations.domain.hours import WeeklyHours
from backend.organizations.models import Location, Programme
from backend.regions.domain.pack import RegionPack, Township

WORLD = system("demo.world")
ADDRESSES = "foodrelay.example"
ALL_DAYS = range(7)
#: How far from its township's centre a place may lie, in degrees (about 1.5 km).
SPREAD_DEGREES = 0.012
DONOR_KINDS = ("bakery", "supermarket", "restaurant", "market", "canteen")
CHARITY_KINDS = ("pantry", "elders_kitchen", "shelter_kitchen", "after_school")
#: kind, load limit in grams, ambient, chilled, frozen and hot room in millilitres.
VEHICLES = (
    ("scooter", 30_000, 60_000, 25_000, 0, 20_000),
    ("car", 150_000, 350_000, 80_000, 40_000, 40_000),
    ("van", 500_000, 1_500_000, 400_000, 150_000, 100_000),
    ("van", 500_000, 1_500_000, 400_000, 150_000, 100_000),
)
WORDS = {
    "bakery": gettext_noop("bakery"),
    "supermarket": gettext_noop("supermarket"),
    "restaurant": gettext_noop("restaurant"),
    "market": gettext_noop("market stall"),
    "canteen": gettext_noop("canteen"),
    "pantry": gettext_noop("food pantry"),
    "elders_kitchen": gettext_noop("elders' kitchen"),
    "shelter_kitchen": gettext_noop("shelter kitchen"),
    "after_school": gettext_noop("after-school club"),
    "driver": gettext_noop("Driver"),
    "coordinator": gettext_noop("coordinator"),
    "programme": gettext_noop("Meals"),
}
#: How often a programme fetches food itself, agrees in advance, has a freezer, has a diet rule.
COLLECTS_ITSELF, CONSENTS, HAS_FREEZER, HAS_DIET_RULE = 0.7, 0.6, 0.7, 0.1
#: Grams that a place takes in a day per person served, by storage class.
ROOM_G = {"ambient": 1_200, "chilled": 600, "frozen": 280, "hot": 400}


@dataclass(frozen=True, slots=True)
class Size:
    """How many of each there are."""

    donors: int = 60
    charities: int = 40
    couriers: int = 25


@dataclass(frozen=True, slots=True)
class Donor:
    location: Location
    by: Actor


@dataclass(frozen=True, slots=True)
class Charity:
    programme: Programme
    location: Location
    by: Actor
    has_consent: bool


@dataclass(frozen=True, slots=True)
class Driver:
    courier_id: UUID
    by: Actor


@dataclass(slots=True)
class World:
    """Everybody in it, in the order in which they were made."""

    donors: list[Donor] = field(default_factory=list)
    charities: list[Charity] = field(default_factory=list)
    drivers: list[Driver] = field(default_factory=list)
    coordinators: dict[str, Actor] = field(default_factory=dict)


Told = Callable[[str], None]


class Maker:
    """Makes people and places through the product's own actions."""

    def __init__(self, region: RegionPack, rng: random.Random, *, now: datetime) -> None:
        self.region, self.rng, self.now = region, rng, now
        self.language = region.languages[0]
        with translation.override(self.language):
            self.words = {kind: gettext(word) for kind, word in WORDS.items()}
        self.world = World()
        self._numbers: dict[str, int] = {}

    def coordinator(self, county_code: str) -> Actor:
        """The county's coordinator, made when first asked for."""
        if county_code not in self.world.coordinators:
            county = self.region.counties[county_code].names.in_language(self.language)
            by = self.person(f"{county}{self.words['coordinator']}", f"county-{county_code}")
            appoint_coordinator(user_id=_id(by), county_code=county_code, by=WORLD, now=self.now)
            self.world.coordinators[county_code] = by
        return self.world.coordinators[county_code]

    def person(self, name: str, mailbox: str) -> Actor:
        user = User(
            id=new_id(),
            email=f"{mailbox}@{ADDRESSES}",
            name=name[:80],
            language=self.language if self.language in dict(settings.LANGUAGES) else "en",
        )
        user.set_unusable_password()
        return person(register_person(user=user, via="command", now=self.now).pk)

    def donor(self, township: Township, point: Point, kind: str) -> Donor:
        location, by = self._place(township, point, kind, "donor", (7, 22))
        donor = Donor(location, by)
        self.world.donors.append(donor)
        return donor

    def charity(self, township: Township, point: Point, kind: str) -> Charity:
        location, by = self._place(township, point, kind, "recipient", (8, 21))
        rng, now = self.rng, self.now
        people = rng.choice((40, 80, 120, 200, 350))
        programme = add_programme(
            location_id=location.pk,
            name=self.words["programme"],
            people_per_week=people,
            diet_rules=_diet_rules(rng, self.region),
            max_distance_m=rng.choice((3_000, 6_000, 10_000)),
            collects_itself=rng.random() < COLLECTS_ITSELF,
            by=by,
            now=now,
        )
        for storage_class, room_g in ROOM_G.items():
            if storage_class == "frozen" and rng.random() > HAS_FREEZER:
                continue
            set_capacity(
                location_id=location.pk,
                storage_class=storage_class,
                limit_g=people * room_g,
                by=by,
                now=now,
            )
        for group in rng.sample(list(self.region.category_groups), 4):
            set_standing_need(
                programme_id=programme.pk,
                category_group=group,
                grams_per_week=people * 500,
                by=by,
                now=now,
            )
        consents = rng.random() < CONSENTS
        if consents:
            give_consent(programme_id=programme.pk, max_g_per_day=people * 1_000, by=by, now=now)
        charity = Charity(programme, location, by, consents)
        self.world.charities.append(charity)
        return charity

    def driver(self, township: Township, point: Point) -> Driver:
        rng, now = self.rng, self.now
        number = self._number("driver")
        by = self.person(f"{self.words['driver']} {number}", f"driver-{number}")
        courier = register_courier(home=point, by=by, now=now)
        approve_courier(courier_id=courier.pk, by=self.coordinator(township.county_code), now=now)
        kind, max_mass_g, ambient, chilled, frozen, hot = rng.choice(VEHICLES)
        vehicle = add_vehicle(
            courier_id=courier.pk,
            kind=kind,
            max_mass_g=max_mass_g,
            ambient_ml=ambient,
            chilled_ml=chilled,
            frozen_ml=frozen,
            hot_ml=hot,
            by=by,
            now=now,
        )
        self.shifts(courier.pk, vehicle.pk, by)
        driver = Driver(courier.pk, by)
        self.world.drivers.append(driver)
        return driver

    def shifts(self, courier_id: UUID, vehicle_id: UUID, by: Actor) -> None:
        """One long or two short shifts in today's daylight and evening."""
        today = self.now.astimezone(self.region.zone).date()
        spans = self.rng.choice((((8, 13), (15, 21)), ((9, 17),), ((12, 21),), ((7, 12), (17, 22))))
        for opens, closes in spans:
            midnight = datetime.combine(today, time.min, tzinfo=self.region.zone)
            times = ShiftTimes(
                from_at=(midnight + timedelta(hours=opens)).astimezone(UTC),
                until_at=(midnight + timedelta(hours=closes)).astimezone(UTC),
            )
            if times.until_at > self.now + timedelta(hours=1):
                plan_shift(
                    courier_id=courier_id, vehicle_id=vehicle_id, times=times, by=by, now=self.now
                )

    def _place(
        self, township: Township, point: Point, kind: str, role: str, hours: tuple[int, int]
    ) -> tuple[Location, Actor]:
        number = self._number(kind)
        town = township.names.in_language(self.language)
        gap = " " if town.isascii() else ""
        name = f"{town}{gap}{self.words[kind]} {number}"
        by = self.person(name, f"{kind}-{number}")
        organization = register_organization(
            name=name, roles=(role,), county_code=township.county_code, by=by, now=self.now
        )
        verify_organization(
            organization_id=organization.pk,
            reason="papers_checked",
            by=self.coordinator(township.county_code),
            now=self.now,
        )
        location = add_location(
            organization_id=organization.pk,
            name=name,
            address=self.region.label(township, self.language),
            point=point,
            hours=[WeeklyHours(day, hours[0] * 60, hours[1] * 60) for day in ALL_DAYS],
            handling_s=self.rng.choice((180, 300, 420)),
            by=by,
            now=self.now,
        )
        return location, by

    def _number(self, kind: str) -> int:
        self._numbers[kind] = self._numbers.get(kind, 0) + 1
        return self._numbers[kind]

    def near(self, township: Township) -> Point:
        """A point near the township's centre that lies in the same road group."""
        for _ in range(20):
            lon, lat = township.point
            point = Point(
                lon + self.rng.uniform(-SPREAD_DEGREES, SPREAD_DEGREES),
                lat + self.rng.uniform(-SPREAD_DEGREES, SPREAD_DEGREES),
            )
            there = self.region.locate(point)
            if there is not None and there.road_group == township.road_group:
                return point
        return township.point


def _id(by: Actor) -> UUID:
    if by.user_id is None:
        raise ValueError("only a person has an id")
    return by.user_id


def _diet_rules(rng: random.Random, region: RegionPack) -> Sequence[str]:
    """Most programmes have no rule; a few have one."""
    return [rng.choice(list(region.diets))] if rng.random() < HAS_DIET_RULE else []


def chosen_townships(region: RegionPack) -> list[list[Township]]:
    """Five counties: the three largest, the most rural on the main roads, and an offshore one.

    Of each the townships of its largest road group; fewer where the region has fewer.
    """
    by_county: dict[str, list[Township]] = {}
    for township in region.townships.values():
        by_county.setdefault(township.county_code, []).append(township)
    counties = sorted(region.counties.values(), key=lambda county: -county.population)
    offshore = [c for c in counties if all(t.is_offshore for t in by_county[c.code])]
    inland = [c for c in counties if c not in offshore]
    rural = sorted(
        inland,
        key=lambda c: -sum(t.is_rural for t in by_county[c.code]) / len(by_county[c.code]),
    )
    chosen = [*inland[:3], *rural[:1], *offshore[:1]]
    codes = dict.fromkeys(county.code for county in chosen)
    return [_largest_group(by_county[code]) for code in codes]


def _largest_group(townships: Sequence[Township]) -> list[Township]:
    groups: dict[str, list[Township]] = {}
    for township in townships:
        groups.setdefault(township.road_group, []).append(township)
    return max(groups.values(), key=len)


def make_world(
    region: RegionPack, rng: random.Random, *, size: Size, now: datetime, told: Told
) -> World:
    """Spreads the people over the chosen counties, clustered in a few townships of each."""
    maker = Maker(region, rng, now=now)
    areas = [rng.sample(towns, min(4, len(towns))) for towns in chosen_townships(region)]
    for number in range(size.donors):
        township = rng.choice(areas[number % len(areas)])
        maker.donor(township, maker.near(township), DONOR_KINDS[number % len(DONOR_KINDS)])
        told("donors")
    for number in range(size.charities):
        township = rng.choice(areas[number % len(areas)])
        maker.charity(township, maker.near(township), CHARITY_KINDS[number % len(CHARITY_KINDS)])
        told("charities")
    for number in range(size.couriers):
        township = rng.choice(areas[number % len(areas)])
        maker.driver(township, maker.near(township))
        told("drivers")
    return maker.world
