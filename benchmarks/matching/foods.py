"""Which foods are offered, how often, how long they last and whom they suit."""

from dataclasses import dataclass
from typing import Final

#: What most programmes that have a diet rule ask for, and how often.
DIET_RULES: Final = (("vegetarian", 0.06), ("no_pork", 0.06), ("halal", 0.02), ("vegan", 0.01))
ALLERGENS: Final = (("peanut", 0.04), ("egg", 0.03), ("crustaceans", 0.05))
DAY: Final = 24


@dataclass(frozen=True, slots=True)
class Food:
    """A category of the region pack: its share of lots, hours of life, how it is handed over.

    `out_of_cold_s` is the longest time outside its temperature, None when it does not matter.
    """

    category: str
    share: float
    least_h: float
    most_h: float
    diets: frozenset[str] = frozenset()
    allergens: frozenset[str] = frozenset()
    out_of_cold_s: int | None = None


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_PLANT: Final = _words("vegan vegetarian no_pork halal")
_MILK: Final = _words("vegetarian no_pork halal")
_COLD_S: Final = 3_600

FOODS: Final = (
    Food("lunch_box_hot", 9, 2, 4, _words(""), _words("egg gluten soy"), 7_200),
    Food("hot_dishes", 4, 2, 4, _words("no_pork"), _words("soy"), 7_200),
    Food("soup", 2, 2, 4, _words("no_pork"), _words("crustaceans"), 7_200),
    Food("bread", 14, 8, 30, _MILK, _words("gluten milk egg")),
    Food("steamed_buns", 4, 6, 20, _words(""), _words("gluten")),
    Food("rice_balls_sandwiches", 9, 4, 12, _words(""), _words("egg gluten"), _COLD_S),
    Food("chilled_meals", 6, 10, 48, _words("no_pork"), _words("soy"), _COLD_S),
    Food("salad", 2, 8, 30, _PLANT, frozenset(), _COLD_S),
    Food("milk", 5, 24, 6 * DAY, _MILK, _words("milk"), _COLD_S),
    Food("tofu", 3, 24, 5 * DAY, _PLANT, _words("soy"), _COLD_S),
    Food("fresh_meat", 3, 12, 2 * DAY, _words(""), frozenset(), 1_800),
    Food("leafy_vegetables", 9, 12, 2 * DAY, _PLANT),
    Food("other_vegetables", 8, 24, 6 * DAY, _PLANT),
    Food("fruit", 7, 24, 7 * DAY, _PLANT),
    Food("eggs", 2, 5 * DAY, 20 * DAY, _MILK, _words("egg")),
    Food("frozen_meals", 4, 10 * DAY, 120 * DAY, _words("no_pork"), _words("gluten"), 1_200),
    Food("rice", 3, 30 * DAY, 300 * DAY, _PLANT),
    Food("noodles", 2, 30 * DAY, 300 * DAY, _PLANT, _words("gluten")),
    Food("tinned_food", 3, 60 * DAY, 400 * DAY, _words("no_pork")),
    Food("soft_drinks", 2, 30 * DAY, 200 * DAY, _PLANT),
)
