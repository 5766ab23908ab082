"""What is written once stays: neither a row nor a queryset nor the back office changes it."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import models
from django.test import Client

from backend.common.append_only import AppendOnly
from backend.custody.models import HandOver, HandOverLine, HandOverStatus
from backend.events.relay import drain
from backend.listings.models import MassMovement
from matching.models import FairnessEntry
from tests.builders.accounts import make_user
from tests.builders.claims import make_claim
from tests.builders.custody import hand_over
from tests.builders.listings import make_lot

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stepped_clock")]

LEDGERS = [MassMovement, FairnessEntry, HandOver, HandOverLine]
BY_HAND: list[Callable[[models.Model], object]] = [
    lambda row: row.save(),
    lambda row: row.delete(),
    lambda row: type(row)._default_manager.filter(pk=row.pk).delete(),
    lambda row: type(row)._default_manager.all().delete(),
]


@pytest.fixture(autouse=True)
def _delivered(now: datetime) -> None:
    """One of each."""
    hand_over(make_claim(make_lot(now=now), 2_000, now=now), at=now)
    drain(now=now)


@pytest.mark.parametrize("model", LEDGERS)
@pytest.mark.parametrize("change", BY_HAND)
def test_a_row_is_neither_changed_nor_deleted(
    model: type[models.Model], change: Callable[[models.Model], object]
) -> None:
    rows = model._default_manager.count()
    with pytest.raises(AppendOnly):
        change(model._default_manager.all()[0])
    assert model._default_manager.count() == rows


@pytest.mark.parametrize(
    ("model", "column", "value"),
    [
        (MassMovement, "mass_g", 1),
        (FairnessEntry, "mass_g", 1),
        (HandOver, "kind", "disposed"),
        (HandOverLine, "mass_g", 1),
    ],
)
def test_no_queryset_changes_what_was_recorded(
    model: type[models.Model], column: str, value: object
) -> None:
    with pytest.raises(AppendOnly):
        model._default_manager.update(**{column: value})
    assert not model._default_manager.filter(**{column: value}).exists()


def test_what_follows_from_other_records_is_written_by_the_fold() -> None:
    assert HandOver.objects.update(status=HandOverStatus.UNMATCHED, breach_codes=["late"]) == 1


@pytest.mark.parametrize(
    ("model", "page"),
    [
        (MassMovement, "listings/massmovement"),
        (FairnessEntry, "matching/fairnessentry"),
        (HandOver, "custody/handover"),
    ],
)
def test_the_back_office_cannot_delete_them(model: type[models.Model], page: str) -> None:
    office = Client()
    office.force_login(make_user(is_staff=True, is_superuser=True))
    row = model._default_manager.all()[0]
    ticked = {"action": "delete_selected", "_selected_action": str(row.pk), "post": "yes"}
    assert office.post(f"/admin/{page}/{row.pk}/delete/", {"post": "yes"}).status_code == 403
    office.post(f"/admin/{page}/", ticked)
    assert model._default_manager.filter(pk=row.pk).exists()
