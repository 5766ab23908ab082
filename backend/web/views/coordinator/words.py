"""What the desk calls things: reasons of plans, rules that hand-overs broke, recurring work."""

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

#: Why a plan left a shipment out, by the code of the plan.
UNPLANNED: dict[str, Promise] = {
    "": _("No plan has looked at it yet"),
    "no_vehicle_with_skill": _("No vehicle on shift has the box that it needs"),
    "too_large_for_every_vehicle": _("Too large for every vehicle on shift"),
    "unreachable": _("No road leads there from any shift"),
    "windows_impossible": _("Nobody can be there in time"),
    "shift_too_short": _("No shift is long enough"),
    "no_room_left": _("All vehicles are full"),
    "not_worth_the_way": _("Too far for so little food"),
}
#: Rules that a recorded hand-over can break, by their code.
BREACHES: dict[str, Promise] = {
    "after_safe_until": _("Handed over after it was safe"),
    "too_warm": _("Too warm"),
    "too_cold": _("Too cold"),
    "out_too_long": _("Out of the cold for too long"),
    "no_live_claim": _("The claim had ended before"),
    "from_the_future": _("Recorded with a time in the future"),
    "much_more_than_promised": _("Much more than was promised"),
    "nothing_to_hand_over": _("Nobody had collected it before"),
    "time_order": _("The times contradict each other"),
    "more_than_held": _("More was handed over than was left"),
}
#: Recurring work that a coordinator should hear of when it stops.
SWEEPS: dict[str, Promise] = {
    "start matching rounds": _("Rounds of matching"),
    "plan routes": _("Planning of routes"),
    "lapse offers": _("Offers that run out"),
    "lapse route offers": _("Route offers that run out"),
    "lapse claims": _("Claims that run out"),
    "close listings": _("Listings that run out"),
    "expire shipments": _("Shipments that run out"),
}


def said(words: dict[str, Promise], code: str) -> str:
    """The words for a code; a code without words stands for itself."""
    return str(words[code]) if code in words else code or gettext("unknown")
