"""Listings and lots over REST."""

from datetime import datetime
from uuid import UUID

from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.common import clock
from backend.common.actor import Actor
from backend.common.found import found
from backend.common.refusals import NotFound
from backend.common.rest import IdempotentPost, actor, etag, paged, require_match
from backend.common.rest.serializers import PageQuery, parse_query
from backend.listings.actions.attach_photo import attach_photo
from backend.listings.actions.change_listing import change_listing
from backend.listings.actions.correct_lot import correct_lot
from backend.listings.actions.draft_listing import draft_listing
from backend.listings.actions.open_listing import open_listing
from backend.listings.actions.post_listing import post_listing
from backend.listings.actions.repeat_listing import repeat_listing
from backend.listings.actions.withdraw_listing import withdraw_listing
from backend.listings.api.output import (
    ListingPage,
    ListingView,
    LotView,
    MovementPage,
    MovementView,
    OfferedListingView,
)
from backend.listings.api.serializers import (
    CorrectionInput,
    ListingChange,
    ListingInput,
    ListingsQuery,
    PhotoInput,
    RepeatInput,
    WithdrawInput,
    listing_changes,
    listing_draft,
)
from backend.listings.domain.photo import LARGEST_UPLOAD_B
from backend.listings.models import Listing
from backend.listings.selectors import kept_listings, kept_lots, offered_listings
from backend.organizations.selectors import visible_locations


def in_full(viewer: Actor, listing: Listing, *, status: int = 200) -> Response:
    """The listing as its keeper sees it, freshly read."""
    shown = found(kept_listings(viewer), listing.pk)
    return Response(ListingView(shown).data, status=status, headers={"ETag": etag(shown)})


class Listings(IdempotentPost, APIView):
    """The listings that one keeps."""

    @extend_schema(operation_id="list_listings", parameters=[ListingsQuery], responses=ListingPage)
    def get(self, request: Request) -> Response:
        """Of one's own organizations and of the counties one coordinates, newest first."""
        wanted = parse_query(ListingsQuery, request.query_params)
        listings = kept_listings(actor(request))
        columns = {"status": "status", "location": "location_id", "county": "county_code"}
        listings = listings.filter(
            **{column: wanted[name] for name, column in columns.items() if name in wanted}
        )
        pages, rows = paged(request, listings, self)
        return pages.get_paginated_response(ListingView(rows, many=True).data)

    @extend_schema(operation_id="post_listing", request=ListingInput, responses={201: ListingView})
    def post(self, request: Request) -> Response:
        """Offers surplus: drafted and opened in one go, or only drafted with `open: false`."""
        wanted, by, now = ListingInput.parse(request.data), actor(request), clock.now()
        place = found(visible_locations(by), wanted.location_id)
        write = post_listing if wanted.open else draft_listing
        listing = write(location_id=place.pk, draft=listing_draft(wanted), by=by, now=now)
        return in_full(by, listing, status=201)


class OneListing(APIView):
    """One listing, in full for its keepers, coarsely for those who may take of it."""

    @extend_schema(
        operation_id="get_listing",
        responses=PolymorphicProxySerializer(
            component_name="SeenListing",
            serializers=[ListingView, OfferedListingView],
            resource_type_field_name=None,
        ),
    )
    def get(self, request: Request, listing_id: UUID) -> Response:
        """With the address for donor and coordinators; with the area for recipients."""
        by, now = actor(request), clock.now()
        if kept_listings(by).filter(pk=listing_id).exists():
            return in_full(by, found(kept_listings(by), listing_id))
        offered = found(offered_listings(by, now=now), listing_id)
        return Response(OfferedListingView(offered).data, headers={"ETag": etag(offered)})

    @extend_schema(operation_id="change_listing", request=ListingChange, responses=ListingView)
    def patch(self, request: Request, listing_id: UUID) -> Response:
        """A draft freely, an open listing as far as promises allow; `If-Match` is honoured."""
        wanted, by, now = ListingChange.parse(request.data), actor(request), clock.now()
        listing = seen(by, listing_id, now)
        changed = change_listing(
            listing_id=listing.pk,
            by=by,
            now=now,
            if_version=require_match(request, listing),
            **listing_changes(wanted),
        )
        return in_full(by, changed)


def seen(viewer: Actor, listing_id: UUID, now: datetime) -> Listing:
    """A listing that the viewer knows of; whether it may change it is the action's to say."""
    kept = kept_listings(viewer).filter(pk=listing_id).first()
    return kept or found(offered_listings(viewer, now=now), listing_id)


class OpenListing(IdempotentPost, APIView):
    @extend_schema(operation_id="open_listing", request=None, responses=ListingView)
    def post(self, request: Request, listing_id: UUID) -> Response:
        """Offers a draft."""
        by, now = actor(request), clock.now()
        listing = seen(by, listing_id, now)
        version = require_match(request, listing)
        opened = open_listing(listing_id=listing.pk, by=by, now=now, if_version=version)
        return in_full(by, opened)


class RepeatListing(IdempotentPost, APIView):
    @extend_schema(operation_id="repeat_listing", request=RepeatInput, responses={201: ListingView})
    def post(self, request: Request, listing_id: UUID) -> Response:
        """A draft with the same food; look at its dates, then open it."""
        wanted, by, now = RepeatInput.parse(request.data), actor(request), clock.now()
        listing = seen(by, listing_id, now)
        again = repeat_listing(listing_id=listing.pk, by=by, now=now, **wanted)
        return in_full(by, again, status=201)


class WithdrawListing(IdempotentPost, APIView):
    @extend_schema(operation_id="withdraw_listing", request=WithdrawInput, responses=ListingView)
    def post(self, request: Request, listing_id: UUID) -> Response:
        """Takes the listing back; what was promised is cancelled, what was collected goes on."""
        wanted, by, now = WithdrawInput.parse(request.data), actor(request), clock.now()
        listing = seen(by, listing_id, now)
        withdrawn = withdraw_listing(
            listing_id=listing.pk,
            reason=wanted.reason,
            by=by,
            now=now,
            if_version=require_match(request, listing),
        )
        return in_full(by, withdrawn)


class AnyPicture(BaseRenderer):
    """Lets clients ask for a picture; problems are JSON all the same."""

    media_type = "image/jpeg"
    format = "jpeg"

    def render(self, data: object, *_: object, **__: object) -> bytes:
        return JSONRenderer().render(data)


class ListingPhoto(APIView):
    """The picture of a listing, rewritten by us: without place, camera or anything hidden."""

    parser_classes = [MultiPartParser]
    renderer_classes = [JSONRenderer, AnyPicture]

    @extend_schema(
        operation_id="get_listing_photo", responses={(200, "image/jpeg"): OpenApiTypes.BINARY}
    )
    def get(self, request: Request, listing_id: UUID) -> FileResponse:
        """The picture as JPEG."""
        listing = seen(actor(request), listing_id, clock.now())
        if not listing.photo:
            raise NotFound()
        answer = FileResponse(listing.photo.open("rb"), content_type="image/jpeg")
        answer["Content-Disposition"] = 'inline; filename="listing.jpg"'
        return answer

    @extend_schema(
        operation_id="put_listing_photo",
        request={"multipart/form-data": PhotoInput},
        responses=ListingView,
    )
    def put(self, request: Request, listing_id: UUID) -> Response:
        """Replaces the picture."""
        wanted, by, now = PhotoInput.parse(request.data), actor(request), clock.now()
        listing = seen(by, listing_id, now)
        # One byte more than is allowed is enough to see that it is too much.
        upload = wanted.photo.read(LARGEST_UPLOAD_B + 1)
        return in_full(by, attach_photo(listing_id=listing.pk, upload=upload, by=by, now=now))


class OneLot(APIView):
    @extend_schema(operation_id="get_lot", responses=LotView)
    def get(self, request: Request, lot_id: UUID) -> Response:
        """A lot with where its grams are, for the keepers of its listing."""
        lot = found(kept_lots(actor(request)), lot_id)
        return Response(LotView(lot).data, headers={"ETag": etag(lot)})


class LotMovements(APIView):
    @extend_schema(operation_id="list_movements", parameters=[PageQuery], responses=MovementPage)
    def get(self, request: Request, lot_id: UUID) -> Response:
        """Every gram's way, newest first; who holds it is not told."""
        parse_query(PageQuery, request.query_params)
        lot = found(kept_lots(actor(request)), lot_id)
        pages, rows = paged(request, lot.movements.all(), self)
        return pages.get_paginated_response(MovementView(rows, many=True).data)


class LotCorrections(IdempotentPost, APIView):
    @extend_schema(operation_id="correct_lot", request=CorrectionInput, responses={201: LotView})
    def post(self, request: Request, lot_id: UUID) -> Response:
        """There is more or less than declared; only what is free can be corrected away."""
        wanted, by = CorrectionInput.parse(request.data), actor(request)
        lot = found(kept_lots(by), lot_id)
        correct_lot(
            lot_id=lot.pk, change_g=wanted.change_g, reason=wanted.reason, by=by, now=clock.now()
        )
        shown = found(kept_lots(by), lot_id)
        return Response(LotView(shown).data, status=201, headers={"ETag": etag(shown)})
