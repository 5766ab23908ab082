"""Opens a verification document for somebody, and notes that they read it."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from backend.common.actor import Actor
from backend.common.permissions import require
from backend.common.refusals import NotFound
from backend.events.record import audit
from backend.organizations.models import VerificationDocument
from backend.organizations.selectors import visible_documents


@transaction.atomic
def read_document(
    *, organization_id: UUID, document_id: UUID, by: Actor, now: datetime
) -> VerificationDocument:
    """The document, for members and deciding coordinators; NotFound for others."""
    document = visible_documents(by, organization_id).filter(pk=document_id).first()
    if document is None:
        raise NotFound()
    require(by, "organizations.see", document.organization)
    audit("document.read", subject=document, by=by, now=now)
    return document
