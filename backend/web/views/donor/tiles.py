"""The kinds of food as buttons: the usual ones first, all others by group."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.forms.boundfield import BoundField, BoundWidget
from django.utils.translation import gettext_lazy as _

from backend.regions.domain.pack import RegionPack
from backend.regions.packs import pack
from backend.web import regional
from backend.web.components import STORAGE_CLASSES, StorageClass, Text

#: So many buttons fit on a phone without scrolling far.
USUAL = 8
#: For who has never posted: one of the first of each of these groups.
COMMON_GROUPS = 8


@dataclass(frozen=True, slots=True)
class Tile:
    """A kind of food: its radio button, name, usual storage, and what the region asks of it."""

    option: BoundWidget
    name: str
    storage: StorageClass
    is_kept_cold_or_hot: bool
    asks: str


@dataclass(frozen=True, slots=True)
class TileGroup:
    name: Text
    tiles: tuple[Tile, ...]
    is_open: bool


def tiles(field: BoundField, used: Sequence[str]) -> list[TileGroup]:
    """The usual kinds open, then a folded group for each group of the region."""
    region = pack()
    options = {str(option.data["value"]): option for option in field}
    chosen = str(field.value() or "")
    shown = _usual(region, used, chosen)
    groups = [TileGroup(_("Often"), _of(region, options, shown), True)]
    for code, term in region.category_groups.items():
        rest = [
            each
            for each, category in region.categories.items()
            if category.group == code and each not in shown
        ]
        if rest:
            groups.append(TileGroup(regional.name_of(term), _of(region, options, rest), False))
    return groups


def _usual(region: RegionPack, used: Sequence[str], chosen: str) -> list[str]:
    """What this donor gives, filled up with the first kind of each group; the chosen one is in."""
    firsts: dict[str, str] = {}
    for code, category in region.categories.items():
        firsts.setdefault(category.group, code)
    common = [*used, *list(firsts.values())[:COMMON_GROUPS]]
    first = [chosen] if chosen in region.categories else []
    kept = list(dict.fromkeys([*first, *(code for code in common if code in region.categories)]))
    return kept[:USUAL]


def _of(
    region: RegionPack, options: dict[str, BoundWidget], codes: Iterable[str]
) -> tuple[Tile, ...]:
    return tuple(_tile(region, options[code], code) for code in codes)


def _tile(region: RegionPack, option: BoundWidget, code: str) -> Tile:
    category = region.categories[code]
    return Tile(
        option=option,
        name=regional.name_of(category),
        storage=STORAGE_CLASSES[category.storage_class],
        is_kept_cold_or_hot=category.storage_class != "ambient",
        asks=regional.asked_dates(code),
    )
