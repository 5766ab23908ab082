"""A problem as the kernel's tables."""

from collections.abc import Hashable, Iterable, Sequence
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any, Final

import numpy as np

from backend.claims.domain.eligibility import (
    STANDING_RULES,
    StandingRule,
    a_share_fits,
    recipient_is_another,
)
from backend.claims.domain.facts import (
    COURIER,
    DONOR_DELIVERS,
    SELF_COLLECT,
    STORAGE_CLASSES,
    CourierFacts,
)
from backend.claims.domain.reasons import Reason
from backend.geo.domain.points import Point
from matching.domain.kernel import columns as c
from matching.domain.kernel.arrays import Codes, Floats, Ints, World
from matching.domain.problem import Problem

#: In the order of the bits of `L_TRANSPORTS`; a carrier is nobody's choice in a round.
TRANSPORTS: Final = (SELF_COLLECT, COURIER, DONOR_DELIVERS)
_MICROSECOND: Final = timedelta(microseconds=1)
_CHECKS: Final = [rule.check for rule in STANDING_RULES]
_ANOTHER: Final = _CHECKS.index(recipient_is_another)
_FITS: Final = _CHECKS.index(a_share_fits)
#: The two rules that the kernel computes part the others into three tables.
_TABLES: Final = (
    STANDING_RULES[:_ANOTHER],
    STANDING_RULES[_ANOTHER + 1 : _FITS],
    STANDING_RULES[_FITS + 1 :],
)


class Tables:
    """Everything that decides which pairs are possible; rows in the order of the problem."""

    def __init__(self, problem: Problem, code_of: dict[str, int]) -> None:
        self.storages = {name: index for index, name in enumerate(STORAGE_CLASSES)}
        lots = [supply.lot for supply in problem.supplies]
        recipients = [demand.recipient for demand in problem.demands]
        self.roads = _numbers(
            [each.road_group for each in lots]
            + [each.road_group for each in recipients]
            + [each.road_group for each in problem.couriers]
        )
        organizations = _numbers(
            [each.organization_id for each in lots] + [each.organization_id for each in recipients]
        )
        self.groups = _numbers(lot.category_group for lot in lots)
        self.listings = _numbers(lot.listing_id for lot in lots)
        self.counties = _numbers(sorted({demand.county_code for demand in problem.demands}))
        self.stores = _numbers(
            (recipient.location_id, storage)
            for recipient in recipients
            for storage in recipient.capacity_g
        )
        self._problem, self._code_of = problem, code_of
        self.lots = self._lots(organizations)
        self.homes, self.hours = self._homes(organizations)
        self.couriers = in_order(problem.couriers)
        self.world = self._world()

    def _us(self, at: datetime) -> int:
        return (at - self._problem.now) // _MICROSECOND

    def _lots(self, organizations: dict[Hashable, int]) -> Ints:
        rows = []
        for supply in self._problem.supplies:
            lot = supply.lot
            transports = sum(
                1 << bit for bit, name in enumerate(TRANSPORTS) if name in lot.transports
            )
            rows.append(
                (
                    lot.left_g,
                    lot.step_g,
                    supply.splits,
                    lot.volume_ml,
                    self.storages[lot.storage_class],
                    self.groups[lot.category_group],
                    self._us(lot.pickup_from_at),
                    self._us(lot.pickup_until_at),
                    self._us(lot.safe_until_at),
                    lot.handling_s * c.SECOND_US,
                    -1 if lot.max_out_of_cold_s is None else lot.max_out_of_cold_s,
                    transports,
                    self.roads[lot.road_group],
                    self.listings[lot.listing_id],
                    organizations[lot.organization_id],
                    0,
                    0,
                    0,
                )
            )
        return np.array(rows, dtype=np.int64).reshape(-1, c.L_COLUMNS)

    def _homes(self, organizations: dict[Hashable, int]) -> tuple[Ints, Ints]:
        rows, hours = [], list[tuple[int, int]]()
        for demand in self._problem.demands:
            facts = demand.recipient
            begin = len(hours)
            hours += [(self._us(since), self._us(until)) for since, until in facts.open_hours]
            rows.append(
                (
                    self.counties[demand.county_code],
                    organizations[facts.organization_id],
                    facts.collects_itself,
                    c.ENDLESS if facts.max_distance_m is None else facts.max_distance_m,
                    facts.handling_s * c.SECOND_US,
                    begin,
                    len(hours),
                    0,
                    0,
                    0,
                    *(facts.capacity_g.get(storage, -1) for storage in STORAGE_CLASSES),
                    *(
                        self.stores.get((facts.location_id, storage), -1)
                        for storage in STORAGE_CLASSES
                    ),
                )
            )
        table = np.array(rows, dtype=np.int64).reshape(-1, c.D_COLUMNS)
        return table, np.array(hours, dtype=np.int64).reshape(-1, 2)

    def _reach(self) -> Floats:
        """How far a programme fetches at most, as a chord; a metre more for rounding."""
        metres = self.homes[:, c.D_LONGEST].astype(np.float64) + 1
        reach: Floats = metres / self._problem.travel.detour / c.EARTH_RADIUS_M
        return reach

    def _shifts(self) -> tuple[Ints, Floats]:
        rows = [
            (
                self.roads[each.road_group],
                self._us(each.window.from_at),
                self._us(each.window.until_at),
                each.mass_g,
                each.start is not None,
                *(each.volume_ml.get(storage, 0) for storage in STORAGE_CLASSES),
            )
            for each in self.couriers
        ]
        speeds = np.array([each.metres_per_s for each in self.couriers])
        garages = globe((each.start or Point(0, 0) for each in self.couriers), speeds)
        return np.array(rows, dtype=np.int64).reshape(-1, c.C_COLUMNS), garages

    def _world(self) -> World:
        kinds = [self._table(rules) for rules in _TABLES]
        for number, (_, lot_kinds, home_kinds) in enumerate(kinds):
            self.lots[:, c.L_FIRST + number] = lot_kinds
            self.homes[:, c.D_FIRST + number] = home_kinds
        given, given_starts = self._given()
        shifts, garages = self._shifts()
        return World(
            lots=self.lots,
            homes=self.homes,
            hours=self.hours,
            at=globe(supply.lot.point for supply in self._problem.supplies),
            to=globe((each.recipient.point for each in self._problem.demands), self._reach()),
            travel=self._travel(),
            given=given,
            given_starts=given_starts,
            first=kinds[0][0],
            second=kinds[1][0],
            third=kinds[2][0],
            codes=self._codes(),
            asked=self._asked(),
            shifts=shifts,
            garages=garages,
            crew=np.zeros((len(self.couriers) + 1, c.R_COLUMNS), dtype=np.int64),
        )

    def _travel(self) -> Floats:
        travel = self._problem.travel
        figures = (travel.detour, 3.6 / travel.speed_kmh, travel.leg_s, travel.longest_m)
        return np.array([*figures, self._problem.edges is not None], dtype=np.float64)

    def _codes(self) -> Codes:
        reasons = (
            *("no_way_known", "asked_before", Reason.SAME_ORGANIZATION, Reason.OVER_CAPACITY),
            *(Reason.TRANSPORT_NOT_ALLOWED, Reason.TOO_FAR, Reason.WINDOW_OVER),
            *(Reason.UNSAFE_BEFORE_ARRIVAL, Reason.CLOSED_UNTIL_DEADLINE),
            Reason.NO_COURIER_ON_SHIFT,
        )
        return np.array([self._code_of[reason] for reason in reasons], dtype=np.uint8)

    def _given(self) -> tuple[Ints, Ints]:
        """Given ways as (programme, metres, seconds), by lot, and where each lot's begin."""
        supplies, demands = self._indexes()
        edges = sorted(
            (supplies[edge.lot_id], demands[edge.programme_id], edge.distance_m, edge.travel_s)
            for edge in self._problem.edges or ()
        )
        table = np.array(edges, dtype=np.int64).reshape(-1, 4)
        starts = np.searchsorted(table[:, 0], np.arange(len(self.lots) + 1))
        return np.ascontiguousarray(table[:, 1:]), starts.astype(np.int64)

    def _asked(self) -> Ints:
        """Rows of one table: where each lot's begin and end, and in the third column whom."""
        supplies, demands = self._indexes()
        pairs_ = sorted(
            (supplies[each.lot_id], demands[each.programme_id]) for each in self._problem.asked
        )
        table = np.zeros((max(len(self.lots), len(pairs_)), 3), dtype=np.int64)
        rows = np.array(pairs_, dtype=np.int64).reshape(-1, 2)
        lots = np.arange(len(self.lots))
        table[: len(lots), 0] = np.searchsorted(rows[:, 0], lots)
        table[: len(lots), 1] = np.searchsorted(rows[:, 0], lots, side="right")
        table[: len(rows), 2] = rows[:, 1]
        return table

    def _indexes(self) -> tuple[dict[str, int], dict[str, int]]:
        supplies = {supply.id: index for index, supply in enumerate(self._problem.supplies)}
        demands = {demand.id: index for index, demand in enumerate(self._problem.demands)}
        return supplies, demands

    def _table(self, rules: Sequence[StandingRule]) -> tuple[Codes, Ints, Ints]:
        """One table of first failing reasons for several rules, and each thing's row or column."""
        lots = [supply.lot for supply in self._problem.supplies]
        recipients = [demand.recipient for demand in self._problem.demands]
        of_lots = np.zeros((len(lots), len(rules)), dtype=np.int64)
        of_homes = np.zeros((len(recipients), len(rules)), dtype=np.int64)
        answers = []
        for number, rule in enumerate(rules):
            answer, of_lots[:, number], of_homes[:, number] = self._ask(rule, lots, recipients)
            answers.append(answer)
        lot_samples, lot_kind = _combined(of_lots)
        home_samples, home_kind = _combined(of_homes)
        table = np.zeros((len(lot_samples) or 1, len(home_samples) or 1), dtype=np.uint8)
        for number, answer in enumerate(answers):
            if answer.size:
                rows, cells = of_lots[lot_samples, number], of_homes[home_samples, number]
                found = answer[np.ix_(rows, cells)]
                np.copyto(table, found, where=(table == 0) & (found > 0))
        return table, lot_kind, home_kind

    def _ask(
        self, rule: StandingRule, lots: Sequence[Any], recipients: Sequence[Any]
    ) -> tuple[Codes, Ints, Ints]:
        """The rule's answers, asked once for each kind of pair; kinds that are told alike merge."""
        lot_kind, lot_samples = _kinds(lots, rule.lot_fields)
        home_kind, home_samples = _kinds(recipients, rule.recipient_fields)
        now = self._problem.now
        answers = np.array(
            [
                [
                    self._code_of.get(rule.check(lots[a], recipients[b], now) or "", 0)
                    for b in home_samples
                ]
                for a in lot_samples
            ],
            dtype=np.uint8,
        ).reshape(len(lot_samples), len(home_samples))
        rows, alike = _alike(answers)
        cells, same = _alike(answers[rows].T)
        answers = np.ascontiguousarray(answers[np.ix_(rows, cells)])
        return answers, alike[lot_kind], same[home_kind]


def in_order(couriers: Iterable[CourierFacts]) -> list[CourierFacts]:
    """Shifts as a round asks them; the first of equals carries."""
    return sorted(couriers, key=lambda each: (each.road_group, each.window, -each.mass_g))


def globe(points: Iterable[Point], value: Floats | None = None) -> Floats:
    """Points on a globe with the radius 1, and a figure of their own."""
    degrees = np.array(list(points), dtype=np.float64).reshape(-1, 2)
    lon, lat = np.radians(degrees).T
    figures = np.zeros(len(degrees)) if value is None else value
    return np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat), figures], 1)


def _numbers(keys: Iterable[Hashable]) -> dict[Any, int]:
    return {key: number for number, key in enumerate(dict.fromkeys(keys))}


def _alike(rows: Codes) -> tuple[list[int], Ints]:
    """The first of each kind of row, and the kind of every row."""
    kinds: dict[bytes, int] = {}
    first: list[int] = []
    of_each = np.zeros(len(rows), dtype=np.int64)
    for number, row in enumerate(rows):
        of_each[number] = kind = kinds.setdefault(row.tobytes(), len(kinds))
        if kind == len(first):
            first.append(number)
    return first, of_each


def _combined(kinds: Ints) -> tuple[Ints, Ints]:
    """One kind for the several of each row: the first row of each, and the kind of every row."""
    keys = np.zeros(len(kinds), dtype=np.int64)
    for column in kinds.T:
        keys = np.unique(keys * (column.max(initial=0) + 1) + column, return_inverse=True)[1]
    _, first = np.unique(keys, return_index=True)
    return first.astype(np.int64), keys.reshape(-1).astype(np.int64)


def _kinds(things: Sequence[object], names: tuple[str, ...]) -> tuple[Ints, list[int]]:
    """The kind of each thing, told apart by the named facts, and a sample of each kind."""
    if not names:
        return np.zeros(len(things), dtype=np.int64), [0] if things else []
    keys = list(map(attrgetter(*names), things))
    samples = list({key: number for number, key in reversed(list(enumerate(keys)))}.values())
    samples.sort()
    kinds = {keys[sample]: kind for kind, sample in enumerate(samples)}
    return np.array([kinds[key] for key in keys], dtype=np.int64), samples
