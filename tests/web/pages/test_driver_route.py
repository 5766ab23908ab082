"""A driver goes through a route on the pages: from the offer to the last hand-over."""

from datetime import datetime
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from backend.common.clock import SteppedClock
from backend.custody.models import Attempt, HandOver, HandOverLine
from logistics.models import RouteOffer, RouteStatus
from tests.builders.accounts import make_user
from tests.builders.couriers import make_courier
from tests.web.pages.world import World, make_world, signed_in, under_way

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(stepped_clock: SteppedClock, now: datetime) -> World:
    return make_world(now=now)


@pytest.fixture
def phone(world: World) -> Client:
    return signed_in(world.driver)


def text(client: Client, url: str, status: int = 200) -> str:
    response = client.get(url)
    assert response.status_code == status, response.content.decode()[:2000]
    return response.content.decode().replace("\xa0", " ")


def route_url(world: World, name: str = "driver_route", *more: object) -> str:
    return reverse(f"web:{name}", args=[world.offer.route_id, *more])


def hand_over_data(client: Client, url: str, **changes: object) -> dict[str, object]:
    """What the form sends when nobody changes its masses, signed by name."""
    form = client.get(url).context["form"]
    data = {name: form[name].value() for name in form.fields}
    return {k: v for k, v in data.items() if v is not None} | {"signer_name": "Mei"} | changes


def test_an_offer_shows_areas_but_no_address(world: World, phone: Client) -> None:
    home = text(phone, "/drive")
    assert "10 kg" in home
    page = text(phone, reverse("web:driver_offer", args=[world.offer.pk]))
    assert "Taipei" in page
    assert "12 Baker Road" not in page
    assert "Bakery Corner" not in page


def test_yes_leads_to_the_route_with_its_addresses(world: World, phone: Client) -> None:
    answer = phone.post(reverse("web:driver_accept", args=[world.offer.pk]), follow=True)
    assert "12 Baker Road" in answer.content.decode()
    assert world.route.status == RouteStatus.ACCEPTED
    again = phone.post(reverse("web:driver_accept", args=[world.offer.pk]))
    assert again["Location"] == route_url(world)


def test_no_needs_no_reason(world: World, phone: Client) -> None:
    phone.post(reverse("web:driver_offer", args=[world.offer.pk]), {"reason": ""})
    assert RouteOffer.objects.get().status == "declined"
    assert world.route.status == RouteStatus.DECLINED


def test_the_whole_route_is_driven_stop_by_stop(world: World, phone: Client) -> None:
    under_way(world)
    page = text(phone, route_url(world))
    assert "Ring at the side door." in page
    assert "geo:25.033,121.5434" in page
    assert 'href="tel:02 2345 6789"' in page
    for stop in (world.pickup, world.drop):
        phone.post(route_url(world, "driver_arrive", stop.pk))
        url = route_url(world, "driver_stop", stop.pk)
        answer = phone.post(url, hand_over_data(phone, url))
        assert answer["Location"] == route_url(world)
    assert world.route.status == RouteStatus.FINISHED
    assert [line.mass_g for line in HandOverLine.objects.order_by("id")] == [10_000, 10_000]
    assert "Done. Thank you." in text(phone, route_url(world))
    assert "10 kg" in text(phone, "/drive/history")


def test_a_form_that_is_sent_twice_is_one_fact(world: World, phone: Client) -> None:
    under_way(world)
    url = route_url(world, "driver_stop", world.pickup.pk)
    data = hand_over_data(phone, url)
    assert phone.post(url, data).status_code == 302
    assert phone.post(url, data).status_code == 302
    assert HandOver.objects.count() == 1


def test_the_donors_code_is_checked(world: World, phone: Client) -> None:
    under_way(world)
    url = route_url(world, "driver_stop", world.pickup.pk)
    wrong = "000000" if world.claim.pickup_code != "000000" else "111111"
    refused = phone.post(url, hand_over_data(phone, url, code=wrong))
    assert refused.status_code == 409
    assert "code" in refused.context["form"].errors
    code = world.claim.pickup_code
    typed = hand_over_data(phone, url, code=f"{code[:3]} {code[3:]}", signer_name="")
    assert phone.post(url, typed).status_code == 302
    assert HandOver.objects.get().code_matched


def test_less_than_expected_asks_about_the_rest(world: World, phone: Client) -> None:
    under_way(world)
    url = route_url(world, "driver_stop", world.pickup.pk)
    key = world.claim.lines.get().pk.hex
    short = hand_over_data(phone, url, **{f"mass-{key}": "8"})
    refused = phone.post(url, short)
    assert refused.status_code == 400
    assert f"rest-{key}" in refused.context["form"].errors
    assert 'value="8"' in refused.content.decode()
    phone.post(url, short | {f"rest-{key}": "left_behind"})
    line = world.claim.lines.get()
    assert (line.on_board_g, line.released_g) == (8_000, 2_000)


def test_what_is_refused_is_brought_back(world: World, phone: Client) -> None:
    under_way(world)
    key = world.claim.lines.get().pk.hex
    pickup = route_url(world, "driver_stop", world.pickup.pk)
    phone.post(pickup, hand_over_data(phone, pickup))
    drop = route_url(world, "driver_stop", world.drop.pk)
    part = {f"mass-{key}": "7", f"refused-{key}": "3"}
    assert phone.post(drop, hand_over_data(phone, drop, **part)).status_code == 400
    phone.post(drop, hand_over_data(phone, drop, **part, **{f"refusal-{key}": "damaged"}))
    assert "has to be brought back" in text(phone, route_url(world))
    back = route_url(world, "driver_give_back", world.claim.pk)
    data = {"client_id": str(uuid4()), "what": "returned"}
    assert phone.post(back, data).status_code == 400
    phone.post(back, data | {"signer_name": "Mei"})
    line = world.claim.lines.get()
    assert (line.delivered_g, line.returned_g) == (7_000, 3_000)
    assert world.route.status == RouteStatus.FINISHED


def test_nothing_to_fetch_is_recorded_with_a_reason(world: World, phone: Client) -> None:
    under_way(world)
    url = route_url(world, "driver_fail", world.pickup.pk)
    assert phone.post(url, {"client_id": str(uuid4())}).status_code == 400
    phone.post(url, {"client_id": str(uuid4()), "reason": "closed"})
    assert Attempt.objects.get().reason == "closed"
    assert world.route.status == RouteStatus.FINISHED


def test_a_route_can_be_given_up_with_a_reason(world: World, phone: Client) -> None:
    under_way(world)
    phone.post(route_url(world, "driver_abandon"), {"reason": "vehicle"})
    assert world.route.status == RouteStatus.ABANDONED


def test_with_food_on_board_it_cannot(world: World, phone: Client) -> None:
    under_way(world)
    pickup = route_url(world, "driver_stop", world.pickup.pk)
    phone.post(pickup, hand_over_data(phone, pickup))
    refused = phone.post(route_url(world, "driver_abandon"), {"reason": "vehicle"})
    assert refused.status_code == 409
    assert "still food on board" in refused.content.decode()


def test_somebody_elses_route_does_not_exist(world: World, stepped_clock: SteppedClock) -> None:
    under_way(world)
    other = signed_in(make_courier().user)
    urls = [
        route_url(world),
        route_url(world, "driver_stop", world.pickup.pk),
        route_url(world, "driver_cargo"),
        reverse("web:driver_offer", args=[world.offer.pk]),
    ]
    assert [other.get(url).status_code for url in urls] == [404] * 4
    data = {"client_id": str(uuid4()), "claim": str(world.claim.pk)}
    assert other.post(urls[1], data).status_code == 404
    assert not HandOver.objects.exists()


def test_strangers_sign_in_and_others_do_not_drive(world: World) -> None:
    assert "/accounts/login/" in Client().get("/drive")["Location"]
    passer_by = signed_in(make_user())
    assert passer_by.get("/drive")["Location"] == "/drive/apply"
    assert passer_by.get(route_url(world)).status_code == 302
