"""English sentences for the codes of an explanation; callers pass them through gettext."""

from collections.abc import Mapping
from typing import Final

from backend.claims.domain.reasons import SENTENCES, Reason
from backend.common.translatable import gettext_noop
from matching.domain.explain import Alternative, Why
from matching.domain.feasibility import SOFT_SENTENCES, Soft
from matching.domain.shortages import Short

#: What each term of a score stands for.
TERM_LABELS: Final[dict[str, str]] = {
    "food": gettext_noop("food that is eaten"),
    "urgency": gettext_noop("little time left"),
    "recipient_need": gettext_noop("what the programme got so far"),
    "county_need": gettext_noop("what the county got so far"),
    "preference": gettext_noop("the programme asked for it"),
    "distance": gettext_noop("the way"),
    "stickiness": gettext_noop("suggested before"),
    "no_show": gettext_noop("chance that nobody comes"),
}

#: Why a runner-up lost; the names are keys of its facts.
WHY_SENTENCES: Final[dict[Why, str]] = {
    Why.FARTHER: gettext_noop("%(km).1f km farther."),
    Why.BETTER_SUPPLIED: gettext_noop(
        "Already at %(percent).0f %% of its fair share, against %(winner_percent).0f %%."
    ),
    Why.COUNTY_BETTER_SUPPLIED: gettext_noop(
        "Its county is at %(percent).0f %% of its fair share, against %(winner_percent).0f %%."
    ),
    Why.NOT_ASKED_FOR: gettext_noop("It did not ask for this kind of food, or has enough of it."),
    Why.NOT_SUGGESTED_BEFORE: gettext_noop("The other one was suggested before."),
    Why.LESS_RELIABLE: gettext_noop(
        "It keeps %(percent).0f %% of what it accepts, against %(winner_percent).0f %%."
    ),
    Why.FULL: gettext_noop("Full: room for %(room_kg).1f of %(needs_kg).1f kg (%(storage)s)."),
    Why.CARRIES_LESS: gettext_noop(
        "Only %(carries_kg).1f of %(needs_kg).1f kg can be brought there in one trip."
    ),
    Why.EQUAL: gettext_noop("Just as good; one had to be chosen."),
    Why.SEARCH_ENDED: gettext_noop("A little better; the search ended before it was tried."),
    Why.ASKED_FIRST: gettext_noop("It was asked first."),
}

#: What is short where nobody drives; the names are those of a place, a time and an amount.
SHORT_SENTENCES: Final[dict[Short, str]] = {
    Short.HOURS: gettext_noop(
        "Drivers' hours are short in %(county)s, %(from)s to %(until)s: %(minutes)d minutes more"
        " of one driver would do."
    ),
    Short.BOXES: gettext_noop(
        "Boxes that keep it are short in %(county)s, %(from)s to %(until)s: no vehicle on shift"
        " has one for it (%(storage)s)."
    ),
    Short.ROOM: gettext_noop(
        "Large vehicles are short in %(county)s, %(from)s to %(until)s: none on shift has the room."
    ),
}


def sentence_of(alternative: Alternative) -> tuple[str, Mapping[str, float | str]]:
    """The msgid for a runner-up and what fills its places."""
    if alternative.why == Why.FAILED_RULE:
        return reason_sentence(str(alternative.facts["reason"])), {}
    return WHY_SENTENCES[Why(alternative.why)], alternative.facts


def reason_sentence(code: str) -> str:
    """The msgid for the reason why a pair is impossible or a lot stays."""
    if code in set(Soft):
        return SOFT_SENTENCES[Soft(code)]
    return SENTENCES[Reason(code)]
