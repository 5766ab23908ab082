"""What follows the news about organizations: the mail of an invitation."""

from backend.events.handlers import on
from backend.events.models import Event
from backend.organizations import tasks


@on("membership.invited")
def send_invitation(event: Event) -> None:
    """Twice is harmless: the link is the same, and the task sends it once."""
    tasks.send_invitation.delay(invitation_id=str(event.subject_id))
