"""Makes those who move the same food wait for each other, in one order."""

from collections.abc import Set
from contextlib import suppress
from uuid import UUID

from django.db import transaction

from backend.claims.models import Claim, ClaimLine
from backend.listings.models import Lot


class _NotAllHeld(Exception):
    """Others have to be held as well: what is held is let go of, and all are taken in order."""


def lock_claim(claim_id: UUID) -> Claim | None:
    """The claim, held until the transaction ends; None when there is none.

    Locks are taken in one order everywhere: claims by key, then lots by key. When food of the claim
    went back to its lots, a record may take it from whoever was promised it since: their claims are
    held with it, and the lots, so that nobody else is promised any of it meanwhile.
    """
    wanted = {claim_id}
    while True:
        with suppress(_NotAllHeld), transaction.atomic():
            held = _hold(wanted)
            others = _promised_since(claim_id)
            if not others <= wanted:
                wanted |= others
                raise _NotAllHeld
            return held.get(claim_id)


def _hold(claim_ids: Set[UUID]) -> dict[UUID, Claim]:
    claims = Claim.objects.select_related("listing__organization", "organization", "location")
    wanted = claims.select_for_update(of=("self",)).filter(pk__in=claim_ids).order_by("pk")
    return {claim.pk: claim for claim in wanted}


def _promised_since(claim_id: UUID) -> set[UUID]:
    """The claims that its food may have to be taken from; with any given back, holds its lots."""
    given_back = ClaimLine.objects.filter(claim=claim_id, released_g__gt=0)
    if not given_back.exists():
        return set()
    own = Lot.objects.filter(claim_lines__claim=claim_id).order_by("pk")
    list(own.select_for_update(of=("self",)).values_list("pk", flat=True))
    reserved = ClaimLine.objects.filter(lot__in=given_back.values("lot_id"), reserved_g__gt=0)
    return set(reserved.values_list("claim_id", flat=True)) - {claim_id}
