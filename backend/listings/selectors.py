"""Which listings a viewer may see, and listings turned back into what was stated."""

from datetime import datetime
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet
from h3 import cell_to_latlng

from backend.common.actor import Actor
from backend.geo.domain.points import Point, cover
from backend.listings.domain.draft import ListingDraft, LotDraft
from backend.listings.domain.lifecycle import ListingStatus
from backend.listings.models import Audience, Listing, ListingSchedule, Lot
from backend.organizations.models import Organization
from backend.organizations.selectors import counties_of, organizations_of


def kept_listings(viewer: Actor) -> QuerySet[Listing]:
    """Listings in full: those of the viewer's organizations and of the counties it coordinates."""
    listings = _whole(Listing.objects.all())
    if viewer.is_system:
        return listings
    own = Q(organization__in=organizations_of(viewer).values("pk"))
    watched = Q(county_code__in=list(counties_of(viewer))) & ~Q(status=ListingStatus.DRAFT)
    return listings.filter(own | watched)


def offered_listings(viewer: Actor, *, now: datetime) -> QuerySet[Listing]:
    """Open listings that the viewer's recipients are meant by; shown without the exact address."""
    listings = _whole(Listing.objects.open(now=now))
    if viewer.is_system:
        return listings
    recipients = receiving_organizations(viewer).values("pk")
    meant = Q(audience=Audience.RECIPIENTS) | Q(chosen_recipients__in=recipients)
    return listings.filter(meant).distinct() if recipients.exists() else listings.none()


def receiving_organizations(viewer: Actor) -> QuerySet[Organization]:
    """The viewer's charities that may receive food now."""
    own = organizations_of(viewer).values("pk")
    return Organization.objects.acting().recipients().filter(pk__in=own)


def public_listings(*, now: datetime) -> QuerySet[Listing]:
    """Open listings as strangers may count them: for any verified charity, coarse places only."""
    return _whole(Listing.objects.open(now=now).filter(audience=Audience.RECIPIENTS))


def area_point(listing: Listing, *, coarse: bool) -> Point:
    """About where it is: the middle of its cell, some 200 m wide, or 1.4 km for strangers."""
    lat, lon = cell_to_latlng(listing.h3_7 if coarse else listing.h3_9)
    return Point(lon, lat)


def within(listings: QuerySet[Listing], point: Point, radius_m: float) -> QuerySet[Listing]:
    """Listings in the ring of cells around the point; the exact distance is the caller's to check.

    Raises ValueError for a radius that no ring covers.
    """
    column, cells = cover(point, radius_m)
    return listings.filter(**{f"{column}__in": cells})


def kept_lots(viewer: Actor) -> QuerySet[Lot]:
    """Lots of the listings that the viewer sees in full."""
    listings = kept_listings(viewer).order_by().values("pk")
    return Lot.objects.filter(listing__in=listings).select_related("listing")


def kept_schedules(viewer: Actor) -> QuerySet[ListingSchedule]:
    """Recurring listings of the viewer's organizations."""
    schedules = ListingSchedule.objects.select_related("location", "organization")
    if viewer.is_system:
        return schedules
    return schedules.filter(organization__in=organizations_of(viewer).values("pk"))


def draft_of(listing: Listing) -> ListingDraft:
    """The listing as it was stated: of a draft what it keeps, of an opened one what became lots."""
    if listing.status == ListingStatus.DRAFT:
        lots = tuple(LotDraft.from_json(each) for each in listing.draft_lots)
    else:
        lots = tuple(_stated(lot) for lot in listing.lots.all())
    return ListingDraft(
        title=listing.title,
        note=listing.note,
        pickup_from_at=listing.pickup_from_at,
        pickup_until_at=listing.pickup_until_at,
        allows_self_collect=listing.allows_self_collect,
        allows_courier=listing.allows_courier,
        donor_delivers=listing.donor_delivers,
        audience=listing.audience,
        chosen_recipient_ids=_chosen(listing),
        source=listing.source,
        lots=lots,
    )


def _chosen(listing: Listing) -> tuple[UUID, ...]:
    return tuple(sorted(each.pk for each in listing.chosen_recipients.all()))


def _stated(lot: Lot) -> LotDraft:
    return LotDraft(
        category=lot.category,
        declared_g=lot.declared_g,
        description=lot.description,
        volume_ml=lot.volume_ml,
        unit_label=lot.unit_label,
        unit_count=lot.unit_count,
        packaging=lot.packaging,
        storage_class=lot.storage_class,
        best_before_date=lot.best_before_date,
        use_by_date=lot.use_by_date,
        cooked_at=lot.cooked_at,
        allergens=tuple(lot.allergens),
        diet_flags=tuple(lot.diet_flags),
        batch=lot.batch,
        gtin=lot.gtin,
        step_g=lot.step_g,
    )


def _whole(listings: QuerySet[Listing]) -> QuerySet[Listing]:
    """With all that a ticket shows, in a constant number of queries."""
    return listings.select_related("organization", "location").prefetch_related(
        Prefetch("lots", queryset=Lot.objects.order_by("id")), "chosen_recipients"
    )
