"""Registers a person who has just signed up, with the terms that they agreed to."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from backend.accounts.models import Consent, Purpose, User
from backend.common.actor import person
from backend.common.refusals import Refusal
from backend.events import audiences
from backend.events.record import record

#: The text that people agree to when they sign up; a new text gets a new version.
TERMS_VERSION = "2026-11"


class AddressTaken(Refusal):
    """There is an account with this address; callers that strangers reach must not tell."""

    code = "address_taken"
    message = _("There is already an account with this e-mail address.")


@transaction.atomic
def register_person(*, user: User, via: str, now: datetime) -> User:
    """Stores a new person, given unsaved and with the password set, and their consent to the terms.

    `via` says where they signed up ("api", "pages", "command"): our mails differ. Raises
    AddressTaken for a known address.
    """
    user.joined_at = now
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError as error:
        raise AddressTaken() from error
    Consent.objects.create(
        user=user, purpose=Purpose.TERMS, text_version=TERMS_VERSION, given_at=now
    )
    record(
        "person.registered",
        subject=user,
        by=person(user.pk),
        now=now,
        audiences=[audiences.person(user.pk)],
        payload={"via": via, "language": user.language, "terms_version": TERMS_VERSION},
        changed=["email", "name", "phone"],
    )
    return user
