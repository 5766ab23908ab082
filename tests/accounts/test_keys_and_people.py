"""API keys, and what people change about themselves."""

from datetime import datetime, timedelta

import pytest
from rest_framework.test import APIClient

from backend.accounts.actions.change_language import change_language
from backend.accounts.actions.change_person import change_person
from backend.accounts.actions.deactivate_person import AlreadyInactive, deactivate_person
from backend.accounts.actions.issue_api_key import TooManyKeys, issue_api_key
from backend.accounts.actions.issue_sign_in_token import MOST_SIGN_INS, issue_sign_in_token
from backend.accounts.actions.reactivate_person import reactivate_person
from backend.accounts.actions.register_person import AddressTaken, register_person
from backend.accounts.models import ApiKey, User
from backend.common.actor import Actor
from backend.common.refusals import Invalid, NotAllowed
from backend.events.models import Event
from tests.builders.accounts import actor_of, make_user
from tests.builders.organizations import make_member, make_organization, make_staff

pytestmark = pytest.mark.django_db
YEAR = timedelta(days=365)


@pytest.fixture
def user() -> User:
    return make_user()


def client(token: str = "", *, user: User | None = None) -> APIClient:
    made = APIClient()
    if token:
        made.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    if user:
        made.force_authenticate(user)
    return made


def issue(user: User, now: datetime, *scopes: str) -> str:
    issued = issue_api_key(
        label="till", scopes=scopes or ["listings"], life=YEAR, by=actor_of(user), now=now
    )
    return issued.token


def test_an_address_is_registered_once_whatever_its_case(user: User, now: datetime) -> None:
    twin = User(email=user.email.upper())
    twin.set_unusable_password()
    with pytest.raises(AddressTaken):
        register_person(user=twin, via="command", now=now)
    assert User.objects.count() == 1


def test_a_key_is_shown_once_and_listed_without_its_secret(user: User) -> None:
    wanted = {"label": "till", "scopes": ["listings", "claims"]}
    made = client(user=user).post("/api/v1/api-keys", wanted)
    assert made.status_code == 201
    assert made["Cache-Control"] == "no-store"
    token, key = made.json()["token"], made.json()["key"]
    listed = client(user=user).get("/api/v1/api-keys").json()["results"]
    assert listed == [key]
    assert token not in str(listed)
    assert key["scopes"] == ["claims", "listings"]
    event = Event.objects.get(type="api_key.issued")
    assert token not in str(event.payload)


def test_a_machine_learns_nothing_personal_and_changes_nothing_outside_its_scopes(
    user: User, now: datetime
) -> None:
    machine = client(issue(user, now))
    assert machine.get("/api/v1/me").json() == {
        "id": str(user.pk),
        "scopes": ["listings"],
        "organization_id": None,
    }
    assert machine.patch("/api/v1/me", {"name": "X"}).status_code == 403
    wanted = {"label": "more", "scopes": ["claims"]}
    assert machine.post("/api/v1/api-keys", wanted).status_code == 403
    body = {"name": "Shop", "roles": ["donor"], "county_code": "63000"}
    assert machine.post("/api/v1/organizations", body).status_code == 403
    assert machine.get("/api/v1/api-keys").json()["results"] == []
    assert machine.post("/api/v1/me/deactivation").status_code == 403


def test_a_revoked_key_is_refused_at_the_next_request(user: User, now: datetime) -> None:
    machine = client(issue(user, now))
    key = ApiKey.objects.get()
    assert client(user=make_user()).delete(f"/api/v1/api-keys/{key.public_id}").status_code == 404
    assert machine.get("/api/v1/me").status_code == 200
    assert client(user=user).delete(f"/api/v1/api-keys/{key.public_id}").status_code == 204
    assert machine.get("/api/v1/me").status_code == 401


def test_a_key_is_bound_only_to_an_organization_that_one_manages(user: User, now: datetime) -> None:
    managed, worked_for = make_organization(), make_organization()
    make_member(managed, user=user)
    make_staff(worked_for, user=user)
    posts = [
        client(user=user).post(
            "/api/v1/api-keys",
            {"label": "till", "scopes": ["listings"], "organization_id": str(organization.pk)},
        )
        for organization in (managed, worked_for, make_organization())
    ]
    assert [post.status_code for post in posts] == [201, 404, 404]


@pytest.mark.parametrize(
    ("scopes", "life"),
    [([], YEAR), (["accounts"], YEAR), (["listings"], timedelta(0)), (["listings"], 2 * YEAR)],
)
def test_a_key_without_scope_or_sense_is_refused(
    user: User, now: datetime, scopes: list[str], life: timedelta
) -> None:
    with pytest.raises(Invalid):
        issue_api_key(label="x", scopes=scopes, life=life, by=actor_of(user), now=now)


def test_keys_and_sign_ins_are_limited(user: User, now: datetime) -> None:
    for _number in range(20):
        issue(user, now)
    with pytest.raises(TooManyKeys):
        issue(user, now)
    first = issue_sign_in_token(user=user, now=now).token
    for _number in range(MOST_SIGN_INS):
        issue_sign_in_token(user=user, now=now)
    assert ApiKey.objects.filter(kind="sign_in").count() == MOST_SIGN_INS
    assert client(first).get("/api/v1/me").status_code == 401


def test_people_change_themselves_and_nobody_else(user: User, now: datetime) -> None:
    person = client(user=user)
    changed = person.patch("/api/v1/me", {"name": "Ah-Mei", "language": "en"})
    assert (changed.json()["name"], changed.json()["language"]) == ("Ah-Mei", "en")
    event = Event.objects.filter(type="person.changed").first()
    assert event is not None
    assert "Ah-Mei" not in str(event.payload)
    with pytest.raises(NotAllowed):
        change_person(user_id=user.pk, changes={"name": "X"}, by=actor_of(make_user()), now=now)
    with pytest.raises(Invalid):
        change_language(user_id=user.pk, language="tlh", by=actor_of(user), now=now)


@pytest.mark.parametrize(
    "field", ["id", "email", "is_staff", "is_superuser", "is_active", "password", "joined_at"]
)
def test_no_other_field_can_be_assigned(user: User, field: str) -> None:
    response = client(user=user).patch("/api/v1/me", {field: True})
    assert response.status_code == 400
    assert response.json()["errors"][field][0]["code"] == "unknown_field"


def test_leaving_ends_every_key_and_only_the_back_office_lets_one_back(
    user: User, now: datetime
) -> None:
    machine = client(issue(user, now))
    assert client(user=user).post("/api/v1/me/deactivation").status_code == 204
    assert machine.get("/api/v1/me").status_code == 401
    own: Actor = actor_of(user)
    with pytest.raises(AlreadyInactive):
        deactivate_person(user_id=user.pk, reason="left", by=own, now=now)
    with pytest.raises(NotAllowed):
        reactivate_person(user_id=user.pk, reason="back", by=own, now=now)
    boss = actor_of(make_user(is_staff=True))
    assert reactivate_person(user_id=user.pk, reason="back", by=boss, now=now).is_active
