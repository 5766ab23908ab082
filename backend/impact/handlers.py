"""When the public figures change."""

from backend.common import clock
from backend.custody.models import HandOver, Incident
from backend.events.handlers import on
from backend.events.models import Event
from backend.impact.actions.tell_figures import tell_figures


@on("custody.delivered")
def follow_delivery(event: Event) -> None:
    tell_figures(hand_over=HandOver.objects.get(pk=event.subject_id), now=clock.now())


@on("incident.opened", "incident.decided", "incident.resolved")
def follow_incident(event: Event) -> None:
    incident = Incident.objects.select_related("hand_over").get(pk=event.subject_id)
    tell_figures(hand_over=incident.hand_over, now=clock.now())
