"""How long a courier has to answer, and what serving a shipment is worth."""

from datetime import datetime, timedelta

ANSWER_WITHIN = timedelta(minutes=15)
SHORTEST_ANSWER = timedelta(minutes=3)

#: One kilometre costs as much as 0.15 kg of food is worth, in milligrams per metre (DESIGN §4).
COST_MG_PER_M = 150
#: An hour of a volunteer's time weighs as much as 1.8 kg of food, in milligrams per second.
COST_MG_PER_S = 500
#: Sending one more courier out must bring at least a kilogram, in milligrams.
COST_MG_PER_ROUTE = 1_000_000
#: Keeping a promise is worth a long way by itself: as much as 30 kg of food, or 200 km.
PROMISE_MG = 30_000_000
MG_PER_G = 1_000


def answer_by(*, now: datetime, starts_at: datetime) -> datetime:
    """A quarter of an hour, or half the time until the route starts, but never under three minutes.

    After that the route goes to somebody else.
    """
    half = (starts_at - now) / 2
    return now + max(SHORTEST_ANSWER, min(ANSWER_WITHIN, half))


def prize_mg(*, mass_g: int, longest_life_left_s: float) -> int:
    """What serving a shipment is worth, in milligrams of food: the promise, and its mass.

    Mass counts up to half more if urgent: 0.5 for food at its end, falling to none at six hours.
    """
    hours_left = max(longest_life_left_s, 0) / 3_600
    urgency = max(0.0, 0.5 * (1 - hours_left / 6))
    return PROMISE_MG + round(mass_g * MG_PER_G * (1 + urgency))
