"""What follows the news about people: the mails of a registration over the API."""

from backend.accounts import tasks
from backend.events.handlers import on
from backend.events.models import Event


@on("person.registered")
def ask_to_confirm_address(event: Event) -> None:
    """Sign-up pages send this mail themselves; twice is harmless, the link is the same."""
    if event.payload.get("via") == "api":
        tasks.send_address_confirmation.delay(user_id=str(event.subject_id))


@on("person.registration_repeated")
def tell_owner_of_repeated_registration(event: Event) -> None:
    """The owner hears what the one who tried is not told: there is an account already."""
    tasks.send_account_exists.delay(user_id=str(event.subject_id))
