"""Appoints a person to watch over a county."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from backend.accounts.models import User
from backend.common.actor import Actor
from backend.common.permissions import require
from backend.common.refusals import NotFound, Refusal
from backend.events import audiences
from backend.events.record import record
from backend.organizations.actions.register_organization import refuse_unknown_county
from backend.organizations.models import Coordinator


class AlreadyCoordinator(Refusal):
    """The person watches over this county already."""

    code = "already_coordinator"
    message = _("This person is a coordinator of this county already.")


@transaction.atomic
def appoint_coordinator(
    *, user_id: UUID, county_code: str, by: Actor, now: datetime
) -> Coordinator:
    """By the back office or a command. Raises AlreadyCoordinator, NotFound, Invalid."""
    require(by, "organizations.appoint_coordinators")
    refuse_unknown_county(county_code)
    if not User.objects.filter(pk=user_id, is_active=True).exists():
        raise NotFound()
    coordinator = Coordinator(user_id=user_id, county_code=county_code, since_at=now)
    try:
        with transaction.atomic():
            coordinator.save(force_insert=True)
    except IntegrityError as error:
        raise AlreadyCoordinator() from error
    tell_county(coordinator, "coordinator.appointed", by=by, now=now)
    return coordinator


def tell_county(coordinator: Coordinator, type_: str, *, by: Actor, now: datetime) -> None:
    """Records what happened to an appointment, for the county and the person."""
    record(
        type_,
        subject=coordinator,
        by=by,
        now=now,
        audiences=[
            audiences.county(coordinator.county_code),
            audiences.person(coordinator.user_id),
        ],
        payload={
            "county_code": coordinator.county_code,
            "user_id": str(coordinator.user_id),
        },
    )
