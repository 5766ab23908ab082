"""Where listings, lots and recurring listings are served, under /api/v1/."""

from django.urls import path

from backend.listings.api import schedules, views

urlpatterns = [
    path("listings", views.Listings.as_view(), name="listings"),
    path("listings/<uuid:listing_id>", views.OneListing.as_view(), name="listing"),
    path("listings/<uuid:listing_id>/open", views.OpenListing.as_view(), name="listing_open"),
    path("listings/<uuid:listing_id>/repeat", views.RepeatListing.as_view(), name="listing_repeat"),
    path(
        "listings/<uuid:listing_id>/withdraw",
        views.WithdrawListing.as_view(),
        name="listing_withdraw",
    ),
    path("listings/<uuid:listing_id>/photo", views.ListingPhoto.as_view(), name="listing_photo"),
    path("lots/<uuid:lot_id>", views.OneLot.as_view(), name="lot"),
    path("lots/<uuid:lot_id>/movements", views.LotMovements.as_view(), name="lot_movements"),
    path("lots/<uuid:lot_id>/corrections", views.LotCorrections.as_view(), name="lot_corrections"),
    path("schedules", schedules.Schedules.as_view(), name="schedules"),
    path("schedules/<uuid:schedule_id>", schedules.OneSchedule.as_view(), name="schedule"),
    path(
        "schedules/<uuid:schedule_id>/skipped-dates",
        schedules.SkippedDates.as_view(),
        name="schedule_skipped_dates",
    ),
    path("schedules/<uuid:schedule_id>/end", schedules.EndSchedule.as_view(), name="schedule_end"),
]
