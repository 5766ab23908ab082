"""Addresses of the pages for those who serve people."""

from django.urls import path

from backend.web.views.charity import (
    board,
    coming,
    offers,
    receive,
    requests,
    settings,
    standing,
)

OFFER = "offers/<uuid:offer_id>"
CLAIM = "coming/<uuid:claim_id>"
PROGRAMME = "programmes/<uuid:programme_id>"
WISH = "needs/requests/<uuid:request_id>"

PATHS = [
    path("offers", offers.offers, name="charity_offers"),
    path(OFFER, offers.offer, name="charity_offer"),
    path(f"{OFFER}/decline", offers.decline, name="charity_decline"),
    path("board", board.board, name="board"),
    path("board/<uuid:listing_id>", board.listing, name="board_listing"),
    path("coming", coming.coming, name="charity_coming"),
    path(CLAIM, coming.claim, name="charity_claim"),
    path(f"{CLAIM}/receive", receive.receive, name="charity_receive"),
    path(f"{CLAIM}/cancel", coming.cancel, name="charity_claim_cancel"),
    path("needs", requests.needs, name="charity_needs"),
    path("needs/requests/new", requests.request_new, name="charity_request_new"),
    path(WISH, requests.request_one, name="charity_request"),
    path(f"{WISH}/end", requests.request_end, name="charity_request_end"),
    path("needs/standing", standing.standing, name="charity_standing"),
    path("wanted", requests.wanted, name="wanted"),
    path("places/<uuid:location_id>/programmes/new", settings.programme_new, name="programme_new"),
    path("places/<uuid:location_id>/capacity", settings.capacity, name="capacity"),
    path(PROGRAMME, settings.programme, name="programme"),
    path(f"{PROGRAMME}/end", settings.programme_close, name="programme_close"),
    path(f"{PROGRAMME}/needs", settings.needs, name="programme_needs"),
    path(f"{PROGRAMME}/consent", settings.consent, name="consent"),
    path(f"{PROGRAMME}/consent/withdraw", settings.consent_withdraw, name="consent_withdraw"),
]
