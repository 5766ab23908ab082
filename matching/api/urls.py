"""Where offers and rounds are served, under /api/v1/."""

from django.urls import path

from matching.api import transfers, views

urlpatterns = [
    path("offers", views.Offers.as_view(), name="offers"),
    path("offers/<uuid:offer_id>", views.OneOffer.as_view(), name="offer"),
    path("offers/<uuid:offer_id>/accept", views.AcceptOffer.as_view(), name="offer_accept"),
    path("offers/<uuid:offer_id>/decline", views.DeclineOffer.as_view(), name="offer_decline"),
    path("programmes/<uuid:programme_id>/standing", views.OneStanding.as_view(), name="standing"),
    path("rounds", views.Rounds.as_view(), name="rounds"),
    path("rounds/what-if", views.WhatIf.as_view(), name="round_what_if"),
    path("rounds/<uuid:round_id>/commit", views.CommitWhatIf.as_view(), name="round_commit"),
    path("rounds/<uuid:round_id>", views.OneRound.as_view(), name="round"),
    path("transfer-agreements", transfers.Agreements.as_view(), name="agreements"),
    path(
        "transfer-agreements/<uuid:agreement_id>/agree",
        transfers.Agree.as_view(),
        name="agreement_agree",
    ),
    path(
        "transfer-agreements/<uuid:agreement_id>/decline",
        transfers.Decline.as_view(),
        name="agreement_decline",
    ),
    path(
        "transfer-agreements/<uuid:agreement_id>/end",
        transfers.End.as_view(),
        name="agreement_end",
    ),
    path("transfers", transfers.Transfers.as_view(), name="transfers"),
    path("transfers/takers", transfers.Takers.as_view(), name="transfer_takers"),
]
