"""The feed over REST: the same frames as over the socket, for the same people."""

from uuid import UUID, uuid4

import pytest
from channels.db import database_sync_to_async
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from backend.accounts.models import User
from backend.events import audiences, reading, tickets
from backend.events.relay import drain
from tests.builders.accounts import make_user
from tests.conftest import MORNING
from tests.events.happenings import happen
from tests.events.sockets import key_of, open_socket, publish

pytestmark = pytest.mark.urls("backend.events.api.urls")
Grants = dict[UUID, set[str]]


@pytest.fixture
def reader(user: User) -> APIClient:
    client = APIClient()
    client.force_authenticate(user)
    return client


@pytest.mark.django_db(transaction=True)
async def test_the_feed_equals_what_the_socket_tells(grants: Grants) -> None:
    user = await database_sync_to_async(make_user)()
    own = audiences.organization(uuid4())
    grants[user.pk] = {own}
    for to in ([own], [audiences.public()], [audiences.county("1")], [own, audiences.public()]):
        await publish(subject=user, to=to, crates=3)
    socket = await open_socket(user, after=0)
    told = [frame for frame in await socket.told_until("live") if "." in frame["type"]]
    await socket.end()

    def over_rest() -> object:
        client = Client()
        client.force_login(user)
        return client.get("/events?after=0").json()

    feed = await database_sync_to_async(over_rest)()
    assert feed["events"] == told  # type: ignore[index]
    assert [frame["position"] for frame in told] == [1, 2, 4]


def test_pages_follow_each_other_without_gap_or_repetition(reader: APIClient, user: User) -> None:
    for _ in range(5):
        happen(subject=user)
    drain(now=MORNING)
    after, pages = 0, []
    while True:
        page = reader.get("/events", {"after": after, "page_size": 2}).json()
        pages.append([(one["previous"], one["position"]) for one in page["events"]])
        after = page["position"]
        if not page["more"]:
            break
    assert pages == [[(0, 1), (1, 2)], [(2, 3), (3, 4)], [(4, 5)]]


def test_without_a_position_the_feed_says_where_it_ends(reader: APIClient, user: User) -> None:
    happen(subject=user)
    drain(now=MORNING)
    answer = reader.get("/events").json()
    assert (answer["position"], answer["events"], answer["more"]) == (1, [], False)


def test_a_position_covers_what_the_reader_is_not_entitled_to(
    reader: APIClient, user: User
) -> None:
    happen(subject=user, to=[audiences.county("63000")])
    drain(now=MORNING)
    answer = reader.get("/events", {"after": 0}).json()
    assert (answer["position"], answer["events"]) == (1, [])


@pytest.mark.parametrize("query", [{"after": 7}, {"after": 0, "epoch": str(uuid4())}])
def test_what_cannot_be_recovered_is_gone(
    reader: APIClient, user: User, query: dict[str, object]
) -> None:
    happen(subject=user)
    drain(now=MORNING)
    answer = reader.get("/events", query)
    assert (answer.status_code, answer.json()["code"]) == (410, "cannot_recover")


@pytest.mark.parametrize(
    "query",
    [{"after": -1}, {"after": "x"}, {"epoch": "x"}, {"page_size": reading.PAGE + 1}, {"feed": "a"}],
)
def test_malformed_queries_are_refused_by_field(
    reader: APIClient, query: dict[str, object]
) -> None:
    answer = reader.get("/events", query)
    assert answer.status_code == 400
    assert set(answer.json()["errors"]) == set(query)


@pytest.mark.django_db
def test_strangers_read_the_public_feed_only() -> None:
    user = make_user()
    happen(subject=user, to=[audiences.person(user.pk)])
    happen(subject=user, to=[audiences.public()])
    drain(now=MORNING)
    client = APIClient()
    assert client.get("/events", {"after": 0}).status_code == 401
    events = client.get("/events", {"after": 0, "feed": "public"}).json()["events"]
    assert [one["position"] for one in events] == [2]


def test_a_key_of_one_organization_reads_only_that_ones(user: User, grants: Grants) -> None:
    own, other = uuid4(), uuid4()
    grants[user.pk] = {audiences.organization(own), audiences.organization(other)}
    for organization in (own, other):
        happen(subject=user, to=[audiences.organization(organization)])
    drain(now=MORNING)
    _, token = key_of(user, organization_id=own)
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    assert [one["position"] for one in client.get("/events?after=0").json()["events"]] == [1]


def test_a_ticket_stands_for_who_asked_and_is_narrowed_like_their_key(user: User) -> None:
    organization = uuid4()
    key, token = key_of(user, organization_id=organization)
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    answer = client.post("/socket-tickets")
    assert (answer.status_code, answer.json()["expires_in_s"]) == (201, 30)
    assert answer["Cache-Control"] == "no-store"
    bearer = tickets.redeem(answer.json()["ticket"])
    assert bearer == tickets.Bearer(user.pk, organization, key_digest=key.digest)
    assert tickets.redeem(answer.json()["ticket"]) is None


@pytest.mark.django_db
def test_strangers_get_no_ticket() -> None:
    assert APIClient().post("/socket-tickets").status_code == 401


def test_queries_do_not_grow_with_the_feed(reader: APIClient, user: User) -> None:
    counts = []
    for events in (1, 20):
        for _ in range(events):
            happen(subject=user)
        drain(now=MORNING)
        with CaptureQueriesContext(connection) as queries:
            reader.get("/events?after=0")
        counts.append(len(queries))
    assert counts[0] == counts[1]
