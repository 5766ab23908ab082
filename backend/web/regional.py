"""The region's words and days, in the language of whoever reads the page."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Protocol

from django.utils.translation import get_language, gettext, ngettext

from backend.regions.domain.food_safety import local_date
from backend.regions.domain.food_safety_rules import NeededFact
from backend.regions.domain.names import Names
from backend.regions.packs import pack
from backend.web import wording

MEAL_FACTOR = "meal_g"


class Named(Protocol):
    """Whatever of the region has a name."""

    @property
    def names(self) -> Names: ...


def name_of(thing: Named) -> str:
    return thing.names.in_language(get_language() or "")


def words(codes: Iterable[str], known: Mapping[str, Named]) -> str:
    """The names of codes, joined as the language joins; a code that has gone stands for itself."""
    named = [name_of(known[code]) if code in known else code for code in codes]
    return gettext(", ").join(named)


def choices(known: Mapping[str, Named]) -> list[tuple[str, str]]:
    """Codes with their names, for a form."""
    return [(code, name_of(thing)) for code, thing in known.items()]


def category(code: str) -> str:
    return words([code], pack().categories)


def group(code: str) -> str:
    return words([code], pack().category_groups)


def county(code: str) -> str:
    return words([code], pack().counties)


def township(code: str) -> str:
    """The township with its county, as addresses begin."""
    known = pack().townships
    return pack().label(known[code], get_language() or "") if code in known else ""


def asked_dates(category_code: str) -> str:
    """What the region wants to know of a kind of food: "cooked", "date", both or nothing."""
    region = pack()
    known = region.categories[category_code]
    needs = region.rules.needs
    facts = {each.fact for each in needs if each.scope.covers(known.group, known.storage_class)}
    words = set()
    if facts & {NeededFact.COOKED_AT, NeededFact.A_DATE_OR_COOKED_AT}:
        words.add("cooked")
    if facts & {NeededFact.A_DATE, NeededFact.A_DATE_OR_COOKED_AT}:
        words.add("date")
    return " ".join(sorted(words))


def address(written: str, township_code: str) -> str:
    """An address as it was written, with its county and township only where it lacks them."""
    town = pack().townships.get(township_code)
    if town is None or any(name in written for name in town.names.by_language.values()):
        return written
    return gettext("%(area)s %(address)s") % {"area": township(township_code), "address": written}


def meals(mass_g: int) -> str:
    """What a mass is for people: "about 30 meals"; empty below one."""
    count = round(mass_g / pack().impact_factors[MEAL_FACTOR].value)
    if count < 1:
        return ""
    return ngettext("about %(count)d meal", "about %(count)d meals", count) % {"count": count}


def today(now: datetime) -> date:
    return local_date(now, pack().zone)


def day(on_date: date, now: datetime) -> str:
    return wording.day(on_date, today(now))
