"""How the REST interface behaves by default: who may ask, how often, and how it is described."""

from typing import Any

#: What lists of words are called in the description, so that clients made from it keep their names
#: when another field takes the same words.
WORD_LISTS = {
    "AbandonReason": "logistics.models.AbandonReason",
    "AttemptReason": "backend.custody.models.AttemptReason",
    "Audience": "backend.listings.models.listing.Audience",
    "BreachCode": "backend.custody.domain.breaches.CODES",
    "ClaimCancelReason": "backend.claims.api.serializers.CANCEL_REASONS",
    "ClaimSource": "backend.claims.models.ClaimSource",
    "ClaimStatus": "backend.claims.models.ClaimStatus",
    "CorrectionReason": "backend.listings.api.serializers.CORRECTION_REASONS",
    "CourierEndReason": "backend.couriers.actions.end_courier.REASONS",
    "CourierStatus": "backend.couriers.models.CourierStatus",
    "DeclineReason": "matching.models.DeclineReason",
    "DocumentKind": "backend.organizations.models.organization.DocumentKind",
    "HandOverKind": "backend.custody.models.HandOverKind",
    "HandOverStatus": "backend.custody.models.HandOverStatus",
    "IncidentStatus": "backend.custody.models.IncidentStatus",
    "LineOutcome": "backend.custody.models.LineOutcome",
    "ListingStatus": "backend.listings.api.serializers.STATUSES",
    "MembershipRole": "backend.organizations.models.people.MembershipRole",
    "OfferStatus": "matching.models.OfferStatus",
    "OrganizationDecisionReason": "backend.organizations.models.organization.DecisionReason",
    "OrganizationRole": "backend.organizations.actions.register_organization.ROLES",
    "OrganizationStatus": "backend.organizations.models.organization.OrganizationStatus",
    "PlanStatus": "logistics.models.PlanStatus",
    "RefusalReason": "backend.custody.domain.submission.REFUSAL_REASONS",
    "Remainder": "backend.custody.models.Remainder",
    "RequestStatus": "backend.needs.models.RequestStatus",
    "RoundStatus": "matching.models.RoundStatus",
    "RoundTrigger": "matching.models.RoundTrigger",
    "RouteDeclineReason": "logistics.actions.decline_route_offer.REASONS",
    "RouteOfferStatus": "logistics.models.RouteOfferStatus",
    "RouteStatus": "logistics.models.RouteStatus",
    "ShiftCancelReason": "backend.couriers.actions.cancel_shift.REASONS",
    "ShiftStatus": "backend.couriers.models.ShiftStatus",
    "ShipmentKind": "logistics.models.ShipmentKind",
    "ShipmentStatus": "logistics.models.ShipmentStatus",
    "ShortageKind": "matching.api.output.SHORTAGE_KINDS",
    "StopStatus": "logistics.models.StopStatus",
    "StorageClass": "backend.common.choices.StorageClass",
    "Transport": "backend.claims.models.Transport",
    "VehicleKind": "backend.couriers.models.VehicleKind",
    "WithdrawReason": "backend.listings.api.serializers.WITHDRAW_REASONS",
}

#: OpenAPI description and the pages that show it, from files of our own.
SPECTACULAR = {
    "TITLE": "FoodRelay",
    "DESCRIPTION": "Surplus food from those who have it to those who need it.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": WORD_LISTS,
    "ENUM_SUFFIX": "",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
}


def rest_settings(*, rate_anonymous: str, rate_person: str) -> dict[str, Any]:
    """REST_FRAMEWORK; the rates, such as "60/min", are for strangers and for people and keys."""
    return {
        "DEFAULT_AUTHENTICATION_CLASSES": [
            "backend.common.rest.authentication.KeyAuthentication",
            "backend.common.rest.authentication.CookieAuthentication",
        ],
        "DEFAULT_PERMISSION_CLASSES": ["backend.common.rest.permissions.SignedIn"],
        "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
        "DEFAULT_PARSER_CLASSES": ["backend.common.rest.parsers.StrictJSONParser"],
        "DEFAULT_FILTER_BACKENDS": ["backend.common.rest.filters.StrictFilters"],
        "DEFAULT_SCHEMA_CLASS": "backend.common.rest.schema.ApiSchema",
        "DEFAULT_PAGINATION_CLASS": "backend.common.rest.pagination.CursorPages",
        "DEFAULT_THROTTLE_CLASSES": ["backend.common.rest.limits.RoleThrottle"],
        "DEFAULT_THROTTLE_RATES": {"anon": rate_anonymous, "user": rate_person},
        "EXCEPTION_HANDLER": "backend.common.rest.problems.exception_handler",
        "TEST_REQUEST_DEFAULT_FORMAT": "json",
    }
