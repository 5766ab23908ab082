"""Reads a claim for a change and moves it along its life cycle."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import F

from backend.claims.domain.lifecycle import ClaimStatus, advance
from backend.claims.models import Claim
from backend.common.refusals import NotFound, Stale


def locked_claim(claim_id: UUID, *, if_version: int | None = None) -> Claim:
    """The claim with its listing and place, locked. Raises NotFound, or Stale when the caller had
    read another version.
    """
    claims = Claim.objects.select_for_update(of=("self",)).select_related(
        "listing__organization", "organization", "location"
    )
    claim = claims.filter(pk=claim_id).first()
    if claim is None:
        raise NotFound()
    if if_version is not None and claim.version != if_version:
        raise Stale()
    return claim


def hold_claims(claim_ids: Iterable[UUID]) -> dict[UUID, Claim]:
    """These claims, locked in the order of their keys, as all who hold several do."""
    claims = Claim.objects.select_for_update().filter(pk__in=set(claim_ids)).order_by("pk")
    return {claim.pk: claim for claim in claims}


def step_claim(claim: Claim, there: ClaimStatus, **changes: Any) -> None:
    """Moves the claim by a command; raises IllegalTransition when its life has no such step."""
    set_status(claim, advance(ClaimStatus(claim.status), there), **changes)


def touch_claim(claim: Claim) -> None:
    """Makes of it another version: what its lines say changed. The caller holds its row, or has
    changed one of its lines.
    """
    Claim.objects.filter(pk=claim.pk).update(version=F("version") + 1)
    claim.refresh_from_db(fields=["version"])


def set_status(claim: Claim, there: ClaimStatus, **changes: Any) -> None:
    """Moves the claim wherever facts say that it is; raises Stale when it is not where it was."""
    unmoved = Claim.objects.filter(pk=claim.pk, status=claim.status)
    if not unmoved.update(status=there, version=F("version") + 1, **changes):
        raise Stale()
    claim.refresh_from_db(fields=["status", "version", *changes])
