"""Which claims a viewer may see."""

from django.db.models import Prefetch, Q, QuerySet

from backend.claims.models import Claim, ClaimLine
from backend.common.actor import Actor
from backend.organizations.selectors import counties_of, organizations_of


def visible_claims(viewer: Actor) -> QuerySet[Claim]:
    """Claims of and on food of the viewer's organizations, and of the counties it watches over."""
    claims = _whole()
    if viewer.is_system:
        return claims
    own = organizations_of(viewer).values("pk")
    counties = list(counties_of(viewer))
    return claims.filter(
        Q(organization__in=own)
        | Q(listing__organization__in=own)
        | Q(county_code__in=counties)
        | Q(listing__county_code__in=counties)
    )


def claims_received(viewer: Actor) -> QuerySet[Claim]:
    """Claims of the viewer's own charities: what is coming."""
    return _whole().filter(organization__in=organizations_of(viewer).values("pk"))


def claims_given(viewer: Actor) -> QuerySet[Claim]:
    """Claims on the viewer's own food: who fetches what."""
    return _whole().filter(listing__organization__in=organizations_of(viewer).values("pk"))


def _whole() -> QuerySet[Claim]:
    lines = ClaimLine.objects.select_related("lot").order_by("id")
    return Claim.objects.select_related(
        "listing__organization", "listing__location", "organization", "location", "programme"
    ).prefetch_related(Prefetch("lines", queryset=lines))
