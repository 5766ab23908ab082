"""Rounds, offers and fairness in the back office: seen, never changed."""

from datetime import datetime

import pytest
from django.test import Client

from matching.models import FairnessEntry, Offer, Round
from tests.builders.accounts import make_user
from tests.builders.listings import make_lot
from tests.builders.matching import make_offer

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Client:
    client = Client()
    client.force_login(make_user(is_staff=True, is_superuser=True))
    return client


@pytest.mark.parametrize("model", [Round, Offer, FairnessEntry])
def test_rows_are_listed_and_nobody_adds_any(
    office: Client, model: type[Round | Offer | FairnessEntry], now: datetime
) -> None:
    make_offer((make_lot(now=now), 500), now=now)
    listed = f"/admin/matching/{model._meta.model_name}/"
    assert office.get(listed).status_code == 200
    assert office.get(f"{listed}add/").status_code == 403


def test_an_offer_can_be_looked_at_and_not_changed(office: Client, now: datetime) -> None:
    offer = make_offer((make_lot(now=now), 500), now=now)
    page = f"/admin/matching/offer/{offer.pk}/change/"
    assert office.get(page).status_code == 200
    assert office.post(page, {"transport": "courier"}).status_code == 403
    assert office.post(page.replace("change", "delete")).status_code == 403
