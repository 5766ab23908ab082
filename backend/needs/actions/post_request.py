"""Asks for something particular, once."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from backend.common.actor import Actor
from backend.common.permissions import require
from backend.common.refusals import Invalid, Refusal
from backend.events import audiences
from backend.needs.actions.check_words import check_groups, check_mass
from backend.needs.actions.record_need import locked_programme, record_need
from backend.needs.models import Request

FARTHEST_AHEAD = timedelta(days=60)


class NotVerified(Refusal):
    """Only charities that somebody vouches for may ask in public."""

    code = "not_verified"
    message = _("This charity is not verified yet. It can ask for food once it is.")


@transaction.atomic
def post_request(
    *,
    programme_id: UUID,
    category_group: str,
    mass_g: int,
    needed_until_at: datetime,
    by: Actor,
    now: datetime,
    note: str = "",
    is_public: bool = False,
) -> Request:
    """Raises NotFound, NotAllowed, NotVerified, Invalid."""
    programme = locked_programme(programme_id)
    require(by, "needs.post_request", programme)
    if not programme.location.organization.may_act:
        raise NotVerified()
    check_groups("category_group", [category_group])
    check_mass("mass_g", mass_g)
    if not now < needed_until_at <= now + FARTHEST_AHEAD:
        message = _("Please choose a time within the next 60 days.")
        raise Invalid.field("needed_until_at", "time_out_of_range", message)
    request = Request.objects.create(
        programme=programme,
        category_group=category_group,
        mass_g=mass_g,
        note=note,
        is_public=is_public,
        needed_until_at=needed_until_at,
        created_at=now,
    )
    record_need(
        "request.posted",
        subject=request,
        location=programme.location,
        by=by,
        now=now,
        payload={
            "programme_id": str(programme.pk),
            "category_group": category_group,
            "mass_g": mass_g,
            "needed_until_at": needed_until_at.isoformat(),
        },
        also=[audiences.public()] if is_public else [],
    )
    return request
