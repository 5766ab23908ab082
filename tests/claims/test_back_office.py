"""The back office shows listings, needs and claims, and changes them through the same actions."""

from datetime import datetime

import pytest
from django.test import Client

from backend.organizations.models import Coordinator
from tests.builders.accounts import LONG_AGO, make_user
from tests.builders.claims import make_claim
from tests.builders.listings import make_lot
from tests.builders.needs import make_consent, make_request, make_taker

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stepped_clock")]

LISTS = (
    *("listings/listing", "listings/lot", "listings/massmovement", "listings/listingschedule"),
    *("needs/standingneed", "needs/standingconsent", "needs/capacity", "needs/capacityuse"),
    *("needs/request", "claims/claim"),
)


def test_every_list_and_a_claim_can_be_looked_at_but_not_its_codes(
    client: Client, now: datetime
) -> None:
    client.force_login(make_user(is_staff=True, is_superuser=True))
    taker = make_taker()
    claim = make_claim(make_lot(now=now), now=now, programme=taker)
    make_consent(taker, now=now)
    make_request(taker, now=now)
    for path in LISTS:
        assert client.get(f"/admin/{path}/").status_code == 200, path
    page = client.get(f"/admin/claims/claim/{claim.pk}/change/").content.decode()
    assert claim.pickup_code not in page
    assert claim.delivery_code not in page


def test_the_back_office_cancels_only_what_its_person_may(client: Client, now: datetime) -> None:
    user = make_user(is_staff=True, is_superuser=True)
    client.force_login(user)
    claim = make_claim(make_lot(now=now), now=now)
    wish = {"action": "cancel", "_selected_action": [str(claim.pk)]}
    client.post("/admin/claims/claim/", wish)
    claim.refresh_from_db()
    assert claim.status == "reserved"
    Coordinator.objects.create(user=user, county_code=claim.county_code, since_at=LONG_AGO)
    client.post("/admin/claims/claim/", wish)
    claim.refresh_from_db()
    assert (claim.status, claim.end_reason) == ("cancelled", "back_office")
