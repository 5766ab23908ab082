"""Loads a region pack from its folder, or says which file and row is wrong."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

from backend.regions.domain.load_places import (
    load_counties,
    load_county_map,
    load_outlines,
    load_townships,
    name_columns,
    names_of,
)
from backend.regions.domain.load_rules import load_rules
from backend.regions.domain.names import Names
from backend.regions.domain.pack import (
    STORAGE_CLASSES,
    Category,
    Currency,
    DrivingTimes,
    HandOverTimes,
    Holiday,
    ImpactFactor,
    Logistics,
    Profile,
    RegionPack,
    Spelling,
    Term,
)
from backend.regions.domain.pack_files import PackError, Row, by_code, read_object, read_table

REGION = "region.json"
STORAGE = "storage_classes.csv"
HOURS = 24
#: Ways of getting about that vehicles have; every pack says how fast they are.
PROFILES = ("foot", "bicycle", "scooter", "car", "van", "truck")
#: Figures that the product computes with; a pack may have more.
IMPACT_FACTORS = ("meal_g", "co2e_avoided")


def load(directory: Path) -> RegionPack:
    """The pack in that folder. Raises PackError when anything in it is missing or wrong."""
    region = read_object(directory, REGION)
    region.only(
        "code", "version", "country_code", "names", "languages", "time_zone", "currency",
        "outline_tolerance_m", "logistics", "spelling", "attributions",
    )  # fmt: skip
    if region.text("code") != directory.name:
        raise region.error(f"code is {region.raw('code')!r} in a folder called {directory.name!r}")
    languages = _languages(region)
    counties = load_counties(directory, languages)
    townships = load_townships(directory, languages, counties)
    groups = _terms(directory, "category_groups.csv", languages)
    return RegionPack(
        code=region.text("code"),
        version=region.text("version"),
        names=_names(region.inner("names"), languages),
        languages=languages,
        time_zone=_time_zone(region),
        country_code=region.text("country_code"),
        currency=_currency(region.inner("currency")),
        counties=counties,
        townships=townships,
        category_groups=groups,
        categories=_categories(directory, languages, groups),
        allergens=_terms(directory, "allergens.csv", languages),
        diets=_terms(directory, "diets.csv", languages),
        storage_classes=_storage_classes(directory, languages),
        packagings=_terms(directory, "packagings.csv", languages),
        rules=load_rules(directory, groups, STORAGE_CLASSES),
        impact_factors=_impact_factors(directory),
        logistics=_logistics(region.inner("logistics")),
        holidays=_holidays(directory, languages),
        spelling=_spelling(region.inner("spelling"), languages),
        outlines=load_outlines(
            directory,
            region.number("outline_tolerance_m", least=0, most=5_000),
            counties,
            townships,
        ),
        county_map=load_county_map(directory, counties),
        attributions=region.texts("attributions"),
    )


def _languages(region: Row) -> tuple[str, ...]:
    languages = region.texts("languages")
    if not languages or len(set(languages)) != len(languages):
        raise region.error("languages must name at least one language, none of them twice")
    if any(language != language.lower() for language in languages):
        raise region.error("languages must be written in lower case")
    return languages


def _names(row: Row, languages: Sequence[str]) -> Names:
    row.only(*languages)
    return Names({language: row.text(language) for language in languages})


def _time_zone(region: Row) -> str:
    name = region.text("time_zone")
    try:
        ZoneInfo(name)
    except (LookupError, ValueError, OSError) as error:
        raise region.error(f"time_zone {name!r} is unknown") from error
    return name


def _currency(row: Row) -> Currency:
    row.only("code", "exponent")
    code = row.text("code")
    if not (len(code) == 3 and code.isascii() and code.isupper()):  # noqa: PLR2004 - ISO 4217
        raise row.error(f"code must be three capital letters, not {code!r}")
    return Currency(code=code, exponent=row.whole("exponent", least=0, most=4))


def _terms(directory: Path, file: str, languages: Sequence[str]) -> dict[str, Term]:
    rows = read_table(directory, file, ["code", *name_columns(languages)])
    terms = by_code(rows, lambda row: Term(row.text("code"), names_of(row, languages)))
    if not terms:
        raise PackError(file, None, "has no rows")
    return terms


def _storage_classes(directory: Path, languages: Sequence[str]) -> dict[str, Term]:
    terms = _terms(directory, STORAGE, languages)
    if tuple(terms) != STORAGE_CLASSES:
        raise PackError(STORAGE, None, f"must have exactly {', '.join(STORAGE_CLASSES)}, in order")
    return terms


def _categories(
    directory: Path, languages: Sequence[str], groups: Mapping[str, Term]
) -> dict[str, Category]:
    file = "categories.csv"
    columns = ["code", "group", "storage_class", "typical_g_per_l", *name_columns(languages)]

    def category(row: Row) -> Category:
        return Category(
            code=row.text("code"),
            group=row.known("group", groups),
            names=names_of(row, languages),
            storage_class=row.known("storage_class", STORAGE_CLASSES),
            typical_g_per_l=row.whole("typical_g_per_l", least=1, most=5_000),
        )

    categories = by_code(read_table(directory, file, columns), category)
    for code in groups:
        if all(each.group != code for each in categories.values()):
            raise PackError(file, None, f"the group {code!r} has no category")
    return categories


def _impact_factors(directory: Path) -> dict[str, ImpactFactor]:
    file = "impact_factors.csv"
    columns = ["code", "value", "unit", "boundary", "source", "version"]

    def factor(row: Row) -> ImpactFactor:
        return ImpactFactor(
            code=row.text("code"),
            value=row.number("value", least=0, most=1e9),
            unit=row.text("unit"),
            boundary=row.text("boundary"),
            source=row.text("source"),
            version=row.text("version"),
        )

    factors = by_code(read_table(directory, file, columns), factor)
    for code in IMPACT_FACTORS:
        if code not in factors:
            raise PackError(file, None, f"the factor {code!r} is missing")
    return factors


def _holidays(directory: Path, languages: Sequence[str]) -> tuple[Holiday, ...]:
    found: list[Holiday] = []
    for row in read_table(directory, "holidays.csv", ["date", *name_columns(languages)]):
        holiday = Holiday(row.day("date"), names_of(row, languages))
        if found and holiday.day <= found[-1].day:
            raise row.error("days must be in order, each once")
        found.append(holiday)
    return tuple(found)


def _logistics(row: Row) -> Logistics:
    row.only("traffic_factor", "speed_by_hour", "profiles", "hand_over_times", "driving_times")
    profiles = {each.code: each for each in map(_profile, row.rows("profiles"))}
    for code in PROFILES:
        if code not in profiles:
            raise row.error(f"the profile {code!r} is missing")
    return Logistics(
        profiles=profiles,
        speed_by_hour=_speed_by_hour(row),
        traffic_factor=row.number("traffic_factor", least=0.5, most=5),
        hand_overs=_hand_over_times(row.inner("hand_over_times")),
        driving=_driving_times(row.inner("driving_times")),
    )


def _hand_over_times(row: Row) -> HandOverTimes:
    row.only("p50", "p90", "visits", "source")
    p50, p90 = _multiples(row)
    visits = row.number("visits", least=1, most=1_000)
    return HandOverTimes(p50, p90, visits=visits, source=row.text("source"))


def _driving_times(row: Row) -> DrivingTimes:
    row.only("p50", "p90", "shared", "source")
    p50, p90 = _multiples(row)
    shared = row.number("shared", least=0, most=1)
    return DrivingTimes(p50, p90, shared=shared, source=row.text("source"))


def _multiples(row: Row) -> tuple[float, float]:
    p50 = row.number("p50", least=0.1, most=10)
    return p50, row.number("p90", least=p50, most=20)


def _profile(row: Row) -> Profile:
    row.only("code", "detour", "speed_kmh", "leg_s", "in_traffic")
    return Profile(
        code=row.text("code"),
        detour=row.number("detour", least=1, most=10),
        speed_kmh=row.number("speed_kmh", least=1, most=200),
        leg_s=row.whole("leg_s", least=0, most=3_600),
        in_traffic=row.truth("in_traffic"),
    )


def _speed_by_hour(row: Row) -> tuple[float, ...]:
    values = row.raw("speed_by_hour")
    if not isinstance(values, list) or len(values) != HOURS:
        raise row.error(f"speed_by_hour must have {HOURS} numbers")
    hours = Row(row.file, f"{row.place}.speed_by_hour", {str(h): v for h, v in enumerate(values)})
    return tuple(hours.number(hour, least=0.1, most=5) for hour in hours.values)


def _spelling(row: Row, languages: Sequence[str]) -> Spelling:
    row.only("variants", "suffixes", "abbreviations", "country_names", "labels")
    variants = row.inner("variants")
    for character in variants.values:
        if len(character) != 1 or len(variants.text(character)) != 1:
            raise variants.error(f"{character!r} must map one character to one")
    labels = _names(row.inner("labels"), languages)
    for label in labels.by_language.values():
        if "{county}" not in label or "{township}" not in label:
            raise row.error("each of labels needs {county} and {township}")
    abbreviations = row.inner("abbreviations")
    return Spelling(
        variants={each: variants.text(each) for each in variants.values},
        suffixes=row.texts("suffixes"),
        abbreviations={each: abbreviations.text(each) for each in abbreviations.values},
        country_names=row.texts("country_names"),
        labels=labels,
    )
