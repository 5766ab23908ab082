"""Somebody applies to drive; a coordinator of their county approves."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from backend.accounts.selectors import person_id
from backend.common.actor import Actor
from backend.common.permissions import require
from backend.common.refusals import Refusal
from backend.couriers.actions.telling import tell
from backend.couriers.domain.lifecycle import CourierStatus, advance
from backend.couriers.models import Courier
from backend.geo.domain.points import Point
from backend.organizations.actions.place_in_region import place_in_region


class AlreadyCourier(Refusal):
    """The person drives or has applied already."""

    code = "already_courier"
    message = _("You are registered as a driver already.")


@transaction.atomic
def register_courier(
    *,
    home: Point,
    by: Actor,
    now: datetime,
    training_expires_date: date | None = None,
) -> Courier:
    """The acting person as courier, waiting for approval; one who had ended applies again.

    The home point is private: it sets county and road group and the usual start. Raises
    OutsideRegion, AlreadyCourier.
    """
    require(by, "couriers.register")
    user_id = person_id(by)
    courier = Courier.objects.select_for_update().filter(user_id=user_id).first()
    if courier is None:
        courier = Courier(user_id=user_id, created_at=now)
    elif courier.status != CourierStatus.ENDED:
        raise AlreadyCourier()
    else:
        courier.status = advance(CourierStatus(courier.status), CourierStatus.APPLIED)
        courier.version += 1
    courier.training_expires_date = training_expires_date
    place_in_region(courier, home)
    try:
        with transaction.atomic():
            courier.save()
    except IntegrityError as error:
        raise AlreadyCourier() from error
    tell(courier, "courier.registered", by=by, now=now, changed=["point"])
    return courier
