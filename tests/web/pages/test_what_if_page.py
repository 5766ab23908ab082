"""A coordinator tries a round in the browser."""

from datetime import datetime, timedelta

import pytest
from django.test import Client

from backend.common.clock import SteppedClock
from backend.common.ids import new_id
from backend.geo.domain.points import Point
from backend.organizations.models import Programme
from matching.models import Round, RoundStatus
from matching.tasks import solve_what_if
from tests.builders.listings import make_lot
from tests.builders.needs import make_taker
from tests.builders.organizations import (
    make_coordinator,
    make_location,
    make_member,
    make_recipient,
)
from tests.web.pages.signed_in import body
from tests.web.pages.world import signed_in

pytestmark = pytest.mark.django_db
PATH = "/desk/rounds/what-if"


@pytest.fixture
def desk(stepped_clock: SteppedClock) -> Client:
    return signed_in(make_coordinator())


@pytest.fixture
def near(stepped_clock: SteppedClock, now: datetime) -> Programme:
    make_lot(now=now, step_g=10_000)
    make_taker(make_location(make_recipient(name="Far Table"), point=Point(121.60, 25.05)))
    return make_taker(make_location(make_recipient(name="Near Table")))


def asked(desk: Client, **sent: str) -> Round:
    answer = desk.post(PATH, {"area": "main", "once": str(new_id())} | sent)
    assert answer.status_code == 302, body(answer)
    return Round.objects.get()


def test_it_is_asked_worked_out_compared_and_offered(desk: Client, near: Programme) -> None:
    trial = asked(desk, closed=str(near.location_id))
    page = f"/desk/rounds/{trial.pk}"
    assert "Both plans are being worked out" in body(desk.get(page))
    solve_what_if(round_id=str(trial.pk))
    html = body(desk.get(page))
    for said in ("As it would be", "Near Table", "Far Table", "Offer it like this", "Closed: "):
        assert said in html
    assert "What was offered" not in html
    desk.post(f"{page}/commit")
    trial.refresh_from_db()
    assert trial.status == RoundStatus.RUNNING


def test_room_and_weights_are_tried_and_usual_weights_are_no_change(
    desk: Client, near: Programme
) -> None:
    sent = {"place": str(near.location_id), "storage": "ambient", "room_g": "12.5", "km": "0.15"}
    changes = asked(desk, **sent, county_need="0.5").changes["changes"]
    assert changes["room"] == [
        {"location_id": str(near.location_id), "storage_class": "ambient", "room_g": 12_500}
    ]
    assert changes["weights"] == {"county_need": 0.5}


@pytest.mark.parametrize(
    ("sent", "is_open"), [({"km": "99"}, True), ({"room_g": "-1"}, False), ({}, False)]
)
def test_a_wrong_weight_is_not_folded_away(
    desk: Client, near: Programme, sent: dict[str, str], is_open: bool
) -> None:
    wrong = {"area": "nowhere", "once": str(new_id())} | sent
    html = body(desk.post(PATH, wrong))
    assert ('<details class="fold" open>' in html) is is_open


def test_an_old_trial_cannot_be_offered_any_more(
    desk: Client, near: Programme, now: datetime, stepped_clock: SteppedClock
) -> None:
    trial = asked(desk, closed=str(near.location_id))
    solve_what_if(round_id=str(trial.pk))
    stepped_clock.move_to(now + timedelta(minutes=31))
    page = f"/desk/rounds/{trial.pk}"
    assert "more than half an hour old" in body(desk.get(page))
    answer = desk.post(f"{page}/commit", follow=True)
    assert "more than half an hour old" in body(answer)


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({}, "Please change something first."),
        ({"km": "11"}, "less than or equal to 10"),
        ({"closed": "nowhere"}, "Select a valid choice"),
    ],
)
def test_what_cannot_be_tried_is_said_beside_the_field(
    desk: Client, near: Programme, sent: dict[str, str], said: str
) -> None:
    answer = desk.post(PATH, {"area": "main", "once": str(new_id())} | sent)
    assert answer.status_code == 400
    assert said in body(answer)
    assert not Round.objects.exists()


def test_room_needs_its_kilograms(desk: Client, near: Programme) -> None:
    sent = {"area": "main", "place": str(near.location_id), "storage": "ambient"}
    answer = desk.post(PATH, sent | {"once": str(new_id())})
    assert "Please say how much room there would be." in body(answer)


def test_it_is_the_desks_alone(near: Programme, stepped_clock: SteppedClock) -> None:
    outsider = signed_in(make_member(near.location.organization))
    assert outsider.get(PATH).status_code in (302, 403, 404)
