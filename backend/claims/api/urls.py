"""Where the board and claims are served, under /api/v1/."""

from django.urls import path

from backend.claims.api import views

urlpatterns = [
    path("board", views.Board.as_view(), name="board_api"),
    path("claims", views.Claims.as_view(), name="claims"),
    path("claims/<uuid:claim_id>", views.OneClaim.as_view(), name="claim"),
    path("claims/<uuid:claim_id>/cancel", views.CancelClaim.as_view(), name="claim_cancel"),
]
