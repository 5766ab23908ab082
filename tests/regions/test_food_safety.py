"""Until when food may be given, and what forbids offering it."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.regions.domain.food_safety import (
    FoodFacts,
    NoLimit,
    local_date,
    local_midnight,
    longest_out_of_cold_s,
    out_of_cold_breach,
    refusals,
    safe_until,
    temperature_breach,
)
from backend.regions.domain.pack import RegionPack
from backend.regions.packs import pack

TW = pack("tw")
NOON = datetime(2026, 6, 10, 4, tzinfo=UTC)
TODAY = date(2026, 6, 10)
#: Zones that change at midnight, twice, by half an hour, by a whole day, or never.
ZONES = [
    "Asia/Taipei", "Europe/Vaduz", "America/Sao_Paulo", "Asia/Beirut", "America/Havana",
    "Australia/Lord_Howe", "Pacific/Apia", "Atlantic/Azores", "Asia/Kathmandu", "UTC",
]  # fmt: skip


def _facts(
    group: str = "dairy",
    storage_class: str = "chilled",
    *,
    best_before: date | None = None,
    use_by: date | None = None,
    cooked_at: datetime | None = None,
) -> FoodFacts:
    return FoodFacts(
        category_group=group,
        storage_class=storage_class,
        offered_at=NOON,
        best_before_date=best_before,
        use_by_date=use_by,
        cooked_at=cooked_at,
    )


@pytest.mark.parametrize("field", ["best_before", "use_by"])
def test_either_date_ends_at_the_following_local_midnight(field: str) -> None:
    end = safe_until(_facts(**{field: TODAY}), TW.rules, TW.zone)  # type: ignore[arg-type]
    assert end.at == datetime(2026, 6, 10, 16, tzinfo=UTC)
    assert end.rule_id.startswith("validity_date")
    assert end.version == 1


def test_the_earlier_of_two_dates_binds() -> None:
    facts = _facts(best_before=TODAY, use_by=TODAY + timedelta(days=3))
    assert safe_until(facts, TW.rules, TW.zone).rule_id == "validity_date_best_before"


def test_hot_food_may_be_given_for_four_hours_from_cooking() -> None:
    facts = _facts("prepared", "hot", cooked_at=NOON)
    end = safe_until(facts, TW.rules, TW.zone)
    assert (end.at, end.rule_id) == (NOON + timedelta(hours=4), "hot_from_cooking")


def test_a_date_does_not_outlast_the_time_from_cooking() -> None:
    facts = _facts("prepared", "hot", cooked_at=NOON, use_by=TODAY + timedelta(days=2))
    assert safe_until(facts, TW.rules, TW.zone).rule_id == "hot_from_cooking"


def test_undated_bread_may_be_given_for_a_day_and_vegetables_for_five() -> None:
    bread = safe_until(_facts("bakery", "ambient"), TW.rules, TW.zone)
    greens = safe_until(_facts("fruit_veg", "ambient"), TW.rules, TW.zone)
    assert bread.at - NOON == timedelta(days=1)
    assert greens.at - NOON == timedelta(days=5)


def test_dated_food_keeps_its_date_whatever_undated_food_gets() -> None:
    facts = _facts("dry_goods", "ambient", best_before=TODAY + timedelta(days=300))
    assert safe_until(facts, TW.rules, TW.zone).at > NOON + timedelta(days=299)


def test_past_dates_are_refused_with_the_reason() -> None:
    yesterday = TODAY - timedelta(days=1)
    assert refusals(_facts(use_by=yesterday), TW.rules, TW.zone, NOON) == ["past_use_by"]
    assert refusals(_facts(best_before=yesterday), TW.rules, TW.zone, NOON) == ["past_best_before"]


def test_food_of_today_may_be_offered_until_the_last_second() -> None:
    facts = _facts(use_by=TODAY)
    midnight = datetime(2026, 6, 10, 16, tzinfo=UTC)
    assert refusals(facts, TW.rules, TW.zone, midnight - timedelta(seconds=1)) == []
    assert refusals(facts, TW.rules, TW.zone, midnight) == ["past_use_by"]


@pytest.mark.parametrize(
    ("facts", "codes"),
    [
        (_facts("prepared", "hot", use_by=TODAY), ["cooked_at_needed"]),
        (_facts("prepared", "chilled"), ["date_or_cooked_at_needed"]),
        (_facts("baby_food", "ambient"), ["date_needed"]),
        (_facts("prepared", "hot", cooked_at=NOON + timedelta(hours=1)), ["cooked_in_future"]),
        (_facts("prepared", "hot", cooked_at=NOON - timedelta(hours=4)), ["cooked_too_long_ago"]),
        (_facts(use_by=TODAY, best_before=TODAY + timedelta(days=1)), ["dates_contradict"]),
        (
            _facts("prepared", "chilled", use_by=TODAY - timedelta(days=1), cooked_at=NOON),
            ["dates_contradict", "past_use_by"],
        ),
        (_facts("prepared", "hot", cooked_at=NOON + timedelta(minutes=3)), []),
        (_facts("dairy", "chilled", use_by=TODAY), []),
    ],
)
def test_what_forbids_offering_has_stable_codes(facts: FoodFacts, codes: list[str]) -> None:
    assert refusals(facts, TW.rules, TW.zone, NOON) == codes


@pytest.mark.parametrize(
    ("storage_class", "temperature_dc", "breach"),
    [
        ("chilled", 70, None),
        ("chilled", 71, "too_warm"),
        ("frozen", -180, None),
        ("frozen", -179, "too_warm"),
        ("hot", 600, None),
        ("hot", 599, "too_cold"),
        ("ambient", 400, None),
    ],
)
def test_temperatures_are_right_up_to_the_limit(
    storage_class: str, temperature_dc: int, breach: str | None
) -> None:
    assert temperature_breach(storage_class, temperature_dc, TW.rules, on=TODAY) == breach


def test_food_may_be_out_of_the_cold_for_so_long_and_no_longer() -> None:
    assert longest_out_of_cold_s("chilled", TW.rules, on=TODAY) == 7_200
    assert out_of_cold_breach("chilled", 7_200, TW.rules, on=TODAY) is None
    assert out_of_cold_breach("chilled", 7_201, TW.rules, on=TODAY) == "out_of_cold_too_long"
    assert longest_out_of_cold_s("ambient", TW.rules, on=TODAY) is None
    assert out_of_cold_breach("ambient", 10**9, TW.rules, on=TODAY) is None


def test_another_region_lets_food_be_given_after_best_before(small_pack: RegionPack) -> None:
    yesterday = TODAY - timedelta(days=1)
    bread = _facts("bakery", "ambient", best_before=yesterday)
    assert refusals(bread, small_pack.rules, small_pack.zone, NOON) == []
    assert safe_until(bread, small_pack.rules, small_pack.zone).rule_id == "undated"
    expired = _facts("bakery", "ambient", use_by=yesterday)
    assert refusals(expired, small_pack.rules, small_pack.zone, NOON) == ["past_use_by"]
    assert temperature_breach("chilled", 60, small_pack.rules, on=TODAY) == "too_warm"
    assert temperature_breach("chilled", -11, small_pack.rules, on=TODAY) == "too_cold"


@pytest.mark.parametrize(
    ("offered_on", "ends", "version"),
    [
        (date(2025, 12, 31), datetime(2026, 1, 2, 23, tzinfo=UTC), 1),
        (date(2026, 1, 1), datetime(2026, 1, 6, 23, tzinfo=UTC), 2),
    ],
)
def test_the_rule_of_the_day_of_offering_decides(
    small_pack: RegionPack, offered_on: date, ends: datetime, version: int
) -> None:
    facts = FoodFacts(
        category_group="dairy",
        storage_class="chilled",
        offered_at=datetime.combine(offered_on, NOON.timetz()),
        best_before_date=date(2025, 12, 31),
    )
    end = safe_until(facts, small_pack.rules, small_pack.zone)
    assert (end.at, end.rule_id, end.version) == (ends, "best_before_dairy", version)


def test_food_from_before_all_rules_has_no_limit_and_says_so() -> None:
    facts = FoodFacts("dairy", "chilled", offered_at=datetime(1999, 1, 1, tzinfo=UTC))
    with pytest.raises(NoLimit, match="1999"):
        safe_until(facts, TW.rules, TW.zone)


@pytest.mark.parametrize(
    ("zone", "day", "instant"),
    [
        ("America/Sao_Paulo", date(2018, 11, 4), datetime(2018, 11, 4, 3, tzinfo=UTC)),
        ("America/Havana", date(2025, 11, 2), datetime(2025, 11, 2, 4, tzinfo=UTC)),
        ("Pacific/Apia", date(2011, 12, 30), datetime(2011, 12, 30, 10, tzinfo=UTC)),
        ("Asia/Taipei", date(2026, 6, 10), datetime(2026, 6, 9, 16, tzinfo=UTC)),
    ],
)
def test_a_day_begins_at_its_first_instant_even_when_clocks_jump(
    zone: str, day: date, instant: datetime
) -> None:
    assert local_midnight(day, ZoneInfo(zone)) == instant


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(ZONES), st.dates(date(2000, 1, 1), date(2040, 12, 31)))
def test_a_date_is_good_all_its_day_long_and_not_after(zone_name: str, day: date) -> None:
    zone = ZoneInfo(zone_name)
    begins, ends = local_midnight(day, zone), local_midnight(day + timedelta(days=1), zone)
    assert begins <= ends
    if begins < ends:
        assert local_date(begins, zone) == day
        assert local_date(ends - timedelta(seconds=1), zone) == day
    assert local_date(ends, zone) > day


@settings(max_examples=300, deadline=None)
@given(
    zone=st.sampled_from(ZONES),
    offered_at=st.integers(1_420_000_000, 2_200_000_000).map(
        lambda s: datetime.fromtimestamp(s, UTC)
    ),
    days=st.integers(-30, 300),
    group=st.sampled_from(sorted(TW.category_groups)),
    storage_class=st.sampled_from(sorted(TW.storage_classes)),
)
def test_no_fact_ever_makes_food_last_longer(
    zone: str, offered_at: datetime, days: int, group: str, storage_class: str
) -> None:
    """Adding a cooking time to a dated lot, or a second date, moves its end forward in no case."""
    where = ZoneInfo(zone)
    use_by = local_date(offered_at, where) + timedelta(days=days)

    def end(best_before: date | None = None, cooked_at: datetime | None = None) -> datetime:
        facts = FoodFacts(group, storage_class, offered_at, best_before, use_by, cooked_at)
        return safe_until(facts, TW.rules, where).at

    alone = end()
    assert end(best_before=use_by) <= alone
    assert end(cooked_at=offered_at) <= alone
    assert alone.tzinfo is UTC


def test_a_date_at_the_end_of_time_does_not_overflow() -> None:
    assert safe_until(_facts(use_by=date.max), TW.rules, TW.zone).at.year == 9999
