"""Why food may not go from a lot to a recipient: stable codes and the English sentence for each."""

from enum import StrEnum
from typing import Final

from backend.common.translatable import gettext_noop


class Reason(StrEnum):
    """A hard rule that fails; the code is part of the API."""

    NOT_OPEN = "not_open"
    NOTHING_LEFT = "nothing_left"
    WINDOW_OVER = "window_over"
    NOT_VERIFIED = "not_verified"
    SAME_ORGANIZATION = "same_organization"
    AUDIENCE_EXCLUDED = "audience_excluded"
    CATEGORY_NOT_TAKEN = "category_not_taken"
    ALLERGEN_EXCLUDED = "allergen_excluded"
    DIET_RULE = "diet_rule"
    NO_COLD_STORAGE = "no_cold_storage"
    OVER_CAPACITY = "over_capacity"
    OTHER_ROAD_GROUP = "other_road_group"
    TRANSPORT_NOT_ALLOWED = "transport_not_allowed"
    TOO_FAR = "too_far"
    NO_COURIER_ON_SHIFT = "no_courier_on_shift"
    UNSAFE_BEFORE_ARRIVAL = "unsafe_before_arrival"
    CLOSED_UNTIL_DEADLINE = "closed_until_deadline"
    BELOW_STEP = "below_step"
    ABOVE_LEFT = "above_left"
    NOT_STEP_MULTIPLE = "not_step_multiple"
    HELD_FOR_OTHERS = "held_for_others"


#: What people are told. Callers pass it through gettext in the reader's language.
SENTENCES: Final[dict[Reason, str]] = {
    Reason.NOT_OPEN: gettext_noop("This listing is not open."),
    Reason.NOTHING_LEFT: gettext_noop("Nothing is left of it."),
    Reason.WINDOW_OVER: gettext_noop("It can no longer be fetched in time."),
    Reason.NOT_VERIFIED: gettext_noop("The charity is not verified."),
    Reason.SAME_ORGANIZATION: gettext_noop("The donor and the charity are the same organization."),
    Reason.AUDIENCE_EXCLUDED: gettext_noop("The donor offers this to other charities only."),
    Reason.CATEGORY_NOT_TAKEN: gettext_noop("The programme does not take this kind of food."),
    Reason.ALLERGEN_EXCLUDED: gettext_noop(
        "It contains an allergen that the programme does not take."
    ),
    Reason.DIET_RULE: gettext_noop("It is not known to suit the programme's diet rules."),
    Reason.NO_COLD_STORAGE: gettext_noop("There is no storage for food kept this way."),
    Reason.OVER_CAPACITY: gettext_noop("There is no room left for food kept this way."),
    Reason.OTHER_ROAD_GROUP: gettext_noop("No road leads there."),
    Reason.TRANSPORT_NOT_ALLOWED: gettext_noop("It may not be moved this way."),
    Reason.TOO_FAR: gettext_noop("It is too far away."),
    Reason.NO_COURIER_ON_SHIFT: gettext_noop("No driver on shift can carry it in time."),
    Reason.UNSAFE_BEFORE_ARRIVAL: gettext_noop("It would no longer be safe on arrival."),
    Reason.CLOSED_UNTIL_DEADLINE: gettext_noop(
        "The place stays closed until the food is no longer safe."
    ),
    Reason.BELOW_STEP: gettext_noop("That is less than the smallest share."),
    Reason.ABOVE_LEFT: gettext_noop("That is more than what is left."),
    Reason.NOT_STEP_MULTIPLE: gettext_noop("That is not a whole number of shares."),
    Reason.HELD_FOR_OTHERS: gettext_noop(
        "At first it is for those nearby who got least so far. After that it is free for everybody."
    ),
}
