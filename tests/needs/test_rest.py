"""Needs, consents, capacities and requests over REST."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from rest_framework.test import APIClient

from backend.organizations.models import Programme
from tests.builders.needs import make_capacity, make_consent, make_request
from tests.builders.organizations import (
    make_location,
    make_member,
    make_programme,
    make_recipient,
)
from tests.builders.rest import API, client_of, codes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stepped_clock")]


@pytest.fixture
def programme() -> Programme:
    return make_programme()


@pytest.fixture
def charity(programme: Programme) -> APIClient:
    return client_of(make_member(programme.location.organization))


@pytest.fixture
def outsider() -> APIClient:
    return client_of(make_member(make_recipient()))


def test_a_charity_states_what_it_needs(charity: APIClient, programme: Programme) -> None:
    need = {
        "programme_id": str(programme.pk),
        "category_group": "bakery",
        "grams_per_week": 9_000,
    }
    assert charity.post(f"{API}/standing-needs", need).json()["grams_per_week"] == 9_000
    listed = charity.get(f"{API}/standing-needs", {"programme": str(programme.pk)}).json()
    assert [each["category_group"] for each in listed["results"]] == ["bakery"]
    taken_back = charity.post(f"{API}/standing-needs", need | {"grams_per_week": 0})
    assert taken_back.status_code == 204


def test_consent_is_given_and_withdrawn(charity: APIClient, programme: Programme) -> None:
    wish = {"programme_id": str(programme.pk), "max_g_per_day": 50_000}
    given = charity.post(f"{API}/consents", wish)
    assert given.status_code == 201
    url = f"{API}/consents/{given.json()['id']}/withdraw"
    assert charity.post(url).json()["withdrawn_at"] is not None


def test_capacity_shows_what_is_left(charity: APIClient, programme: Programme) -> None:
    limit = {
        "location_id": str(programme.location_id),
        "storage_class": "chilled",
        "limit_g": 7_000,
    }
    assert charity.post(f"{API}/capacities", limit).json()["left_g"] == 7_000
    wrong = charity.post(f"{API}/capacities", limit | {"limit_g": -1})
    assert codes(wrong, "limit_g") == ["mass_too_small"]
    assert charity.post(f"{API}/capacities", limit | {"limit_g": 0}).status_code == 204


def test_a_request_is_posted_and_met(
    charity: APIClient, programme: Programme, now: datetime
) -> None:
    wish = {
        "programme_id": str(programme.pk),
        "category_group": "bakery",
        "mass_g": 4_000,
        "needed_until_at": (now + timedelta(days=1)).isoformat(),
        "is_public": True,
    }
    posted = charity.post(f"{API}/requests", wish)
    assert posted.status_code == 201, posted.json()
    board = client_of().get(f"{API}/need-board").json()["results"]
    assert [each["public_id"] for each in board] == [posted.json()["public_id"]]
    assert "address" not in str(board)
    url = f"{API}/requests/{posted.json()['id']}"
    assert charity.post(f"{url}/met").json()["status"] == "met"
    assert charity.post(f"{url}/withdraw").json()["code"] == "illegal_transition"
    assert client_of().get(f"{API}/need-board").json()["results"] == []


def test_what_is_not_ones_own_does_not_exist(
    outsider: APIClient, programme: Programme, now: datetime
) -> None:
    make_capacity(programme.location, chilled=1_000)
    consent = make_consent(programme, now=now)
    request = make_request(programme, now=now)
    of_programme: dict[str, Any] = {"programme_id": str(programme.pk)}
    calls = [
        outsider.post(
            f"{API}/standing-needs",
            of_programme | {"category_group": "bakery", "grams_per_week": 1},
        ),
        outsider.post(f"{API}/consents", of_programme | {"max_g_per_day": 1}),
        outsider.post(f"{API}/consents/{consent.pk}/withdraw"),
        outsider.post(
            f"{API}/capacities",
            {
                "location_id": str(programme.location_id),
                "storage_class": "chilled",
                "limit_g": 0,
            },
        ),
        outsider.get(f"{API}/requests/{request.pk}"),
        outsider.post(f"{API}/requests/{request.pk}/withdraw"),
        outsider.post(f"{API}/requests/{request.pk}/met"),
    ]
    assert [each.status_code for each in calls] == [404] * len(calls)
    for name in ("standing-needs", "consents", "capacities", "requests"):
        assert outsider.get(f"{API}/{name}").json()["results"] == []


@pytest.mark.parametrize("count", [1, 10])
def test_longer_lists_need_no_more_queries(
    count: int, now: datetime, django_assert_max_num_queries: Any
) -> None:
    organization = make_recipient()
    charity = client_of(make_member(organization))

    for _ in range(count):
        programme = make_programme(make_location(organization))
        make_capacity(programme.location, chilled=1_000)
        make_request(programme, now=now)
    for name, most in (("capacities", 9), ("requests", 8)):
        with django_assert_max_num_queries(most):
            answer = charity.get(f"{API}/{name}")
        assert len(answer.json()["results"]) == count
