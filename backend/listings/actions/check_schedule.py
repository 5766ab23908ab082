"""Refuses a recurring listing that could never be offered."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from backend.common.refusals import FieldError, Invalid
from backend.listings.actions.refuse_bad_offer import SENTENCES
from backend.listings.domain.checks import Problem, problems
from backend.listings.domain.recurrence import BadRule, checked
from backend.listings.domain.template import MINUTES_A_DAY, Template, local_instant, offer_on
from backend.regions.domain.pack import RegionPack

#: What depends on the day that it is offered is checked on that day.
_OF_ITS_DAY = {"window_over", "too_far_ahead", "cooked_in_future", "unsafe_before_pickup"}
_RULES = {
    "rule_not_understood": _("We cannot read this rule of repetition."),
    "rule_part_not_allowed": _("This rule of repetition uses a part that we do not keep."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SchedulePlan:
    """A recurring listing as stated; minutes count from local midnight, over two days at most."""

    title: str
    rule: str
    starts_date: date
    opens_minute: int
    closes_minute: int
    template: Template
    ends_date: date | None = None

    def columns(self) -> dict[str, Any]:
        return {
            "title": self.title,
            "rule": checked(self.rule),
            "starts_date": self.starts_date,
            "ends_date": self.ends_date,
            "opens_minute": self.opens_minute,
            "closes_minute": self.closes_minute,
            "template": self.template.as_json(),
        }


def check_schedule(plan: SchedulePlan, pack: RegionPack) -> None:
    """Raises Invalid: the rule, the window, and what is wrong with the offer of its first day."""
    found: dict[str, list[FieldError]] = {}
    try:
        checked(plan.rule)
    except BadRule as error:
        found["rule"] = [FieldError(error.code, _RULES[error.code])]
    if plan.ends_date is not None and plan.ends_date < plan.starts_date:
        found["ends_date"] = [FieldError("window_reversed", SENTENCES["window_reversed"])]
    if not 0 <= plan.opens_minute < min(plan.closes_minute, MINUTES_A_DAY):
        found["opens_minute"] = [FieldError("window_reversed", SENTENCES["window_reversed"])]
    elif plan.closes_minute > 2 * MINUTES_A_DAY:
        found["closes_minute"] = [FieldError("window_too_long", SENTENCES["window_too_long"])]
    else:
        for problem in _of_first_day(plan, pack):
            why = FieldError(problem.code, SENTENCES[problem.code])
            found.setdefault(_field(problem), []).append(why)
    if found:
        raise Invalid(fields=found)


def _of_first_day(plan: SchedulePlan, pack: RegionPack) -> list[Problem]:
    """What is wrong with the offer of the first day, looked at when it would be opened."""
    draft = offer_on(
        plan.starts_date,
        title=plan.title,
        template=plan.template,
        opens_minute=plan.opens_minute,
        closes_minute=plan.closes_minute,
        zone=pack.zone,
    )
    at = plan.template.cooked_by(plan.starts_date, pack.zone)
    at = (
        max(at, draft.pickup_from_at)
        if at
        else local_instant(plan.starts_date, plan.opens_minute, pack.zone)
    )
    return [each for each in problems(draft, pack, now=at) if each.code not in _OF_ITS_DAY]


def _field(problem: Problem) -> str:
    if not problem.field.startswith("lots"):
        return problem.field
    return f"template.{problem.field}".replace("use_by_date", "use_by_in_days").replace(
        "best_before_date", "best_before_in_days"
    )
