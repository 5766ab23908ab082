"""Adds a paper that shows who an organization is; coordinators read it before they verify."""

from datetime import datetime
from typing import Protocol
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from backend.common.actor import Actor
from backend.common.ids import new_public_id
from backend.common.permissions import require
from backend.common.refusals import Invalid, Refusal
from backend.events.record import record
from backend.organizations.actions.rows import hearing, locked
from backend.organizations.domain.papers import (
    LARGEST_BYTES,
    BadPaper,
    Paper,
    examined,
    plain_name,
)
from backend.organizations.models import Organization, VerificationDocument
from backend.organizations.models.organization import DocumentKind

MOST_DOCUMENTS = 20
MESSAGES = {
    "empty": _("This file is empty."),
    "too_large": _("This file is too large: please stay below 5 MB and 40 megapixels."),
    "unknown_type": _("Please upload a PDF, JPEG or PNG file."),
}


class TooManyDocuments(Refusal):
    """The organization has as many papers as are kept."""

    code = "too_many_documents"
    message = _("There are %(limit)s papers already.")


class Upload(Protocol):
    """A file as a request or a command brings it."""

    name: str | None

    def read(self, num_bytes: int = ..., /) -> bytes: ...


def add_document(
    *, organization_id: UUID, kind: str, upload: Upload, by: Actor, now: datetime
) -> VerificationDocument:
    """Keeps a PDF, JPEG or PNG under a random name; its own name is only shown.

    The content is examined before the transaction. Raises Invalid for anything else
    (`unknown_type`, `too_large`, `empty`, `unknown_kind`) and TooManyDocuments.
    """
    if kind not in DocumentKind.values:
        raise Invalid.field("kind", "unknown_kind", _("Please say what this paper is."))
    try:
        paper = examined(upload.read(LARGEST_BYTES + 1))
    except BadPaper as bad:
        raise Invalid.field("file", bad.code, MESSAGES[bad.code]) from bad
    return _stored(organization_id, kind, paper, name=plain_name(upload.name or ""), by=by, now=now)


@transaction.atomic
def _stored(
    organization_id: UUID, kind: str, paper: Paper, *, name: str, by: Actor, now: datetime
) -> VerificationDocument:
    organization = locked(Organization, organization_id)
    require(by, "organizations.change", organization)
    if organization.documents.count() >= MOST_DOCUMENTS:
        raise TooManyDocuments(limit=MOST_DOCUMENTS)
    document = VerificationDocument(
        organization=organization,
        kind=kind,
        file_name=name,
        uploaded_by_id=by.user_id,
        uploaded_at=now,
    )
    stored_as = f"{new_public_id()}.{paper.extension}"
    document.file.save(stored_as, ContentFile(paper.content), save=False)
    try:
        document.save(force_insert=True)
        record(
            "document.added",
            subject=document,
            by=by,
            now=now,
            audiences=hearing(organization),
            payload={"organization_id": str(organization_id), "kind": kind},
        )
    except Exception:
        default_storage.delete(str(document.file.name))
        raise
    return document
