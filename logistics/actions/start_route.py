"""A courier sets out."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from backend.common.actor import Actor
from backend.common.refusals import Refusal
from logistics.actions.change_route import change_route
from logistics.domain.lifecycle import RouteStatus
from logistics.models import Route
from logistics.permissions import own_route


class AlreadyDriving(Refusal):
    """A courier drives one route at a time."""

    code = "already_driving"
    message = _("You are on another route. Finish that one first.")


@transaction.atomic
def start_route(
    *, route_id: UUID, by: Actor, now: datetime, if_version: int | None = None
) -> Route:
    """The courier sets out. Raises NotFound, AlreadyDriving, IllegalTransition, Stale."""
    route = own_route(route_id, by)
    try:
        with transaction.atomic():
            return change_route(
                route=route,
                to=RouteStatus.UNDER_WAY,
                by=by,
                now=now,
                if_version=if_version,
                started_at=now,
            )
    except IntegrityError as error:
        raise AlreadyDriving() from error
