"""Puts a picture on a listing."""

from datetime import datetime
from uuid import UUID, uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from backend.common.actor import Actor
from backend.common.permissions import require
from backend.common.refusals import IllegalTransition, Invalid
from backend.listings.actions.record_listing import record_listing
from backend.listings.actions.step_listing import locked_listing
from backend.listings.domain.lifecycle import ListingStatus
from backend.listings.domain.photo import UnusablePhoto, cleaned
from backend.listings.models import Listing

SENTENCES = {
    "file_too_large": _("This file is too large. At most 8 MB, please."),
    "not_a_picture": _("This is not a picture that we can read (JPEG, PNG or WebP)."),
    "too_many_pixels": _("This picture has too many pixels."),
}


def attach_photo(*, listing_id: UUID, upload: bytes, by: Actor, now: datetime) -> Listing:
    """Writes the picture anew without its metadata, under a random name, and shows that one.

    The file is written before the transaction, so a refusal leaves at most an unused file, which is
    removed again. Raises Invalid naming `photo`, NotFound, NotAllowed, IllegalTransition.
    """
    try:
        photo = cleaned(upload)
    except UnusablePhoto as error:
        raise Invalid.field("photo", error.code, SENTENCES[error.code]) from error
    name = default_storage.save(f"listings/{uuid4().hex}.jpg", ContentFile(photo.data))
    try:
        return _attach(listing_id=listing_id, name=name, by=by, now=now)
    except BaseException:
        default_storage.delete(name)
        raise


@transaction.atomic
def _attach(*, listing_id: UUID, name: str, by: Actor, now: datetime) -> Listing:
    listing = locked_listing(listing_id)
    require(by, "listings.change", listing)
    if listing.status == ListingStatus.CLOSED:
        raise IllegalTransition(listing.status, ListingStatus.OPEN)
    before = listing.photo.name
    Listing.objects.filter(pk=listing.pk).update(photo=name, version=F("version") + 1)
    if before:
        transaction.on_commit(lambda: default_storage.delete(before))
    listing.refresh_from_db(fields=["photo", "version"])
    record_listing("listing.changed", listing=listing, by=by, now=now, changed=["photo"])
    return listing
