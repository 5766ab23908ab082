"""Addresses of the pages for those who give."""

from django.urls import path

from backend.web.views.donor import brought, home, listing, post, receipts, schedules

ONE = "giving/<uuid:listing_id>"
SCHEDULE = "giving/schedules/<uuid:schedule_id>"

PATHS = [
    path("giving", home.home, name="donor_home"),
    path("giving/post", post.post, name="donor_post"),
    path("giving/receipts", receipts.receipts, name="donor_receipts"),
    path("giving/receipts/<uuid:public_id>", receipts.receipt, name="donor_receipt"),
    path("giving/schedules", schedules.schedules, name="donor_schedules"),
    path("giving/schedules/new", schedules.schedule_new, name="donor_schedule_new"),
    path(SCHEDULE, schedules.schedule, name="donor_schedule"),
    path(f"{SCHEDULE}/change", schedules.schedule_change, name="donor_schedule_change"),
    path(f"{SCHEDULE}/skip", schedules.schedule_skip, name="donor_schedule_skip"),
    path(f"{SCHEDULE}/end", schedules.schedule_end, name="donor_schedule_end"),
    path(ONE, listing.listing, name="donor_listing"),
    path(f"{ONE}/change", listing.change, name="donor_change"),
    path(f"{ONE}/withdraw", listing.withdraw, name="donor_withdraw"),
    path(f"{ONE}/open", listing.put_up, name="donor_open"),
    path("giving/claims/<uuid:claim_id>/brought", brought.brought, name="donor_brought"),
    path("giving/lots/<uuid:lot_id>/correct", listing.correct, name="donor_correct"),
]
