"""The command that appoints coordinators."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from backend.organizations.models import Coordinator
from tests.builders.accounts import make_user

pytestmark = pytest.mark.django_db


def test_a_person_is_appointed_for_counties_and_again_without_harm() -> None:
    make_user(email="kate@example.org")
    for _time in range(2):
        call_command("appoint_coordinator", "KATE@example.org", "63000", "64000", stdout=StringIO())
    counties = Coordinator.objects.values_list("county_code", flat=True)
    assert sorted(counties) == ["63000", "64000"]


def test_unknown_people_and_counties_are_refused() -> None:
    make_user(email="kate@example.org")
    with pytest.raises(CommandError):
        call_command("appoint_coordinator", "nobody@example.org", "63000")
    with pytest.raises(CommandError):
        call_command("appoint_coordinator", "kate@example.org", "nowhere")
    assert not Coordinator.objects.exists()
