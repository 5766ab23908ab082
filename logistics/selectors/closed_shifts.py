"""Shifts in which a courier is asked for nothing more, though they are not over."""

from django.db.models import Count, Q

from logistics.models import AbandonReason, Route, RouteOffer, RouteOfferStatus, RouteStatus

#: A courier who let this many offers of one shift lapse is not asked again in it.
SILENT_AFTER = 2
#: Who gave a route up for one of these drives nothing more in that shift.
NO_MORE_IN_THE_SHIFT = (AbandonReason.VEHICLE, AbandonReason.HEALTH)


def is_closed() -> Q:
    """Of a shift: its courier did not answer, broke down or fell ill."""
    lapsed = RouteOffer.objects.filter(status=RouteOfferStatus.LAPSED).order_by()
    counted = lapsed.values("route__shift_id").annotate(lapsed=Count("id"))
    silent = counted.filter(lapsed__gte=SILENT_AFTER).values("route__shift_id")
    given_up = Route.objects.filter(
        status=RouteStatus.ABANDONED, given_up_for__in=NO_MORE_IN_THE_SHIFT
    )
    return Q(pk__in=silent) | Q(pk__in=given_up.values("shift_id"))
