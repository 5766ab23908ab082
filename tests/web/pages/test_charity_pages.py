"""A charity receives what it was promised, and says what it needs."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from backend.accounts.models import User
from backend.claims.models import Claim, ClaimStatus, LotHold
from backend.common.ids import new_id
from backend.custody.models import HandOver
from backend.geo.domain.points import Point
from backend.listings.models import Listing
from backend.needs.models import Capacity, Request, RequestStatus, StandingConsent, StandingNeed
from backend.organizations.models import Organization, Programme
from tests.builders.claims import make_claim
from tests.builders.listings import make_listing, make_lot
from tests.builders.needs import make_consent, make_request
from tests.builders.organizations import (
    TAIPEI_COUNTY,
    make_location,
    make_member,
    make_organization,
    make_programme,
    make_staff,
)
from tests.web.pages.offers import offered
from tests.web.pages.signed_in import body, client_of, queries_of
from tests.web.pages.world import make_world

PAGES = ["/offers", "/board", "/coming", "/needs", "/needs/requests/new", "/needs/standing"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stepped_clock")]


@pytest.mark.parametrize("path", PAGES)
def test_a_charity_opens_its_pages(charity: User, path: str) -> None:
    assert client_of(charity).get(path).status_code == 200


@pytest.mark.parametrize("path", PAGES)
def test_others_are_led_elsewhere(path: str) -> None:
    donor = make_member(make_organization())
    assert client_of(donor).get(path)["Location"] == "/start"
    assert Client().get(path)["Location"].startswith("/accounts/login/")


def test_the_board_leaves_out_what_one_offers_oneself(
    charity: User, kitchen: Programme, now: datetime
) -> None:
    Organization.objects.filter(pk=kitchen.location.organization_id).update(is_donor=True)
    kitchen.location.refresh_from_db()
    make_listing(kitchen.location, now=now, title="Our own bread")
    make_listing(now=now, title="Bread of others")
    html = body(client_of(charity).get("/board"))
    assert "Bread of others" in html
    assert "Our own bread" not in html


@pytest.mark.parametrize(("farthest_m", "offered"), [(100, False), (50_000, True)])
def test_fetching_is_offered_only_as_far_as_one_goes(
    charity: User, kitchen: Programme, now: datetime, farthest_m: int, offered: bool
) -> None:
    Programme.objects.update(max_distance_m=farthest_m)
    shop = make_location(point=Point(121.5720, 25.0400))
    listing = make_listing(shop, now=now)
    html = body(client_of(charity).get(f"/board/{listing.pk}"))
    assert ('value="self_collect"' in html) is offered
    assert 'value="courier"' in html


def test_when_it_is_ready_is_one_sentence_in_chinese(
    charity: User, kitchen: Programme, now: datetime
) -> None:
    listing = make_listing(now=now)
    client = client_of(charity)
    html = body(client.get(f"/board/{listing.pk}", headers={"accept-language": "zh-Hant"}))
    assert "可取貨時間：" in html
    assert "</time>. " not in html


def test_a_claim_shows_the_door_and_never_the_donors_code(
    charity: User, kitchen: Programme, now: datetime
) -> None:
    shop = make_location(address="12 Baker Road", access_notes="Ring twice")
    claim = make_claim(make_lot(shop, now=now), now=now, programme=kitchen)
    html = body(client_of(charity).get(f"/coming/{claim.pk}"))
    assert "12 Baker Road" in html
    assert "Ring twice" in html
    assert claim.pickup_code not in html


def test_a_claim_of_others_does_not_exist(
    outsider: User, kitchen: Programme, now: datetime
) -> None:
    claim = make_claim(make_lot(now=now), now=now, programme=kitchen)
    client = client_of(outsider)
    assert client.get(f"/coming/{claim.pk}").status_code == 404
    assert client.get(f"/coming/{claim.pk}/receive").status_code == 404
    assert client.post(f"/coming/{claim.pk}/cancel").status_code == 404


def test_a_claim_is_given_back(charity: User, kitchen: Programme, now: datetime) -> None:
    claim = make_claim(make_lot(now=now), now=now, programme=kitchen)
    client_of(charity).post(f"/coming/{claim.pk}/cancel")
    claim.refresh_from_db()
    assert claim.status == ClaimStatus.CANCELLED


def received(claim: Claim, **fields: str) -> dict[str, str]:
    """What the form sends for the whole share, with the code of the donor."""
    line = claim.lines.get()
    mass = {f"mass_{line.pk}": "2"}
    return mass | {"client_id": str(new_id()), "code": claim.pickup_code} | fields


def test_own_collection_is_recorded_at_the_donors(
    charity: User, kitchen: Programme, now: datetime
) -> None:
    claim = make_claim(make_lot(now=now), now=now, programme=kitchen)
    answer = client_of(charity).post(f"/coming/{claim.pk}/receive", received(claim))
    assert answer["Location"] == f"/coming/{claim.pk}"
    claim.refresh_from_db()
    assert claim.status == ClaimStatus.SETTLED
    assert HandOver.objects.get().code_matched


def test_less_than_promised_needs_a_reason(
    charity: User, kitchen: Programme, now: datetime
) -> None:
    lot = make_lot(now=now)
    claim = make_claim(lot, now=now, programme=kitchen)
    mass = {f"mass_{claim.lines.get().pk}": "1.2"}
    path = f"/coming/{claim.pk}/receive"
    answer = client_of(charity).post(path, received(claim, **mass))
    assert answer.status_code == 400
    assert "Please say where the rest is." in body(answer)
    answer = client_of(charity).post(path, received(claim, remainder="left_behind", **mass))
    assert answer.status_code == 302
    lot.refresh_from_db()
    assert (lot.delivered_g, lot.available_g) == (1_200, 8_800)


def test_cold_food_is_measured(charity: User, kitchen: Programme, now: datetime) -> None:
    claim = make_claim(make_lot(now=now, category="milk"), now=now, programme=kitchen)
    line = claim.lines.get()
    path = f"/coming/{claim.pk}/receive"
    answer = client_of(charity).post(path, received(claim))
    assert answer.status_code == 400
    sent = received(claim, **{f"degrees_{line.pk}": "4.5"})
    assert client_of(charity).post(path, sent).status_code == 302
    assert HandOver.objects.get().lines.get().temperature_dc == 45


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"code": "000000"}, "That code is not right."),
        ({"code": ""}, "Type their code, or the name of who was there."),
    ],
)
def test_a_wrong_code_records_nothing(
    charity: User, kitchen: Programme, now: datetime, wrong: dict[str, str], said: str
) -> None:
    claim = make_claim(make_lot(now=now), now=now, programme=kitchen)
    Claim.objects.update(pickup_code="123456")
    answer = client_of(charity).post(f"/coming/{claim.pk}/receive", received(claim, **wrong))
    assert answer.status_code in {400, 409}
    assert said in body(answer)
    assert not HandOver.objects.exists()


def test_a_record_that_is_sent_twice_counts_once(
    charity: User, kitchen: Programme, now: datetime
) -> None:
    claim = make_claim(make_lot(now=now), now=now, programme=kitchen)
    client, sent = client_of(charity), received(claim)
    client.post(f"/coming/{claim.pk}/receive", sent)
    again = client.post(f"/coming/{claim.pk}/receive", sent)
    assert again.status_code == 302
    assert HandOver.objects.count() == 1


def test_what_a_driver_brings_shows_when_and_our_code(now: datetime) -> None:
    world = make_world(now=now)
    client = client_of(world.charity)
    html = body(client.get(f"/coming/{world.claim.pk}"))
    assert f"<span>{world.claim.delivery_code[:3]}</span>" in html
    assert client.get(f"/coming/{world.claim.pk}/receive").status_code == 302


def test_needs_room_and_consent_are_stated(charity: User, kitchen: Programme) -> None:
    client = client_of(charity)
    client.post(f"/programmes/{kitchen.pk}/needs", {"bakery": "12.5"})
    assert StandingNeed.objects.get().grams_per_week == 12_500
    client.post(f"/places/{kitchen.location_id}/capacity", {"ambient": "40", "chilled": "20"})
    room = dict(Capacity.objects.values_list("storage_class", "limit_g"))
    assert room == {"ambient": 40_000, "chilled": 20_000}
    sent = {"max_g_per_day": "30", "max_distance_m": "8", "category_groups": ["bakery"]}
    client.post(f"/programmes/{kitchen.pk}/consent", sent)
    consent = StandingConsent.objects.in_force().get()
    assert (consent.max_g_per_day, consent.max_distance_m) == (30_000, 8_000)
    client.post(f"/programmes/{kitchen.pk}/consent/withdraw")
    assert not StandingConsent.objects.in_force().exists()


def test_absurd_room_is_explained(charity: User, kitchen: Programme) -> None:
    path = f"/places/{kitchen.location_id}/capacity"
    answer = client_of(charity).post(path, {"ambient": "much"})
    assert answer.status_code == 400
    assert "Enter a number." in body(answer)
    assert Capacity.objects.filter(location=kitchen.location).count() == 4


def test_staff_do_not_consent(kitchen: Programme) -> None:
    staff = make_staff(kitchen.location.organization)
    sent = {"max_g_per_day": "30"}
    assert client_of(staff).post(f"/programmes/{kitchen.pk}/consent", sent).status_code == 403
    assert not StandingConsent.objects.exists()


def test_a_programme_is_added_and_the_consent_asked_for(charity: User, kitchen: Programme) -> None:
    sent: dict[str, Any] = {
        "name": "Pantry",
        "people_per_week": "80",
        "max_distance_m": "5",
        "diet_rules": ["vegetarian"],
        "categories_not_taken": ["ice_cream"],
    }
    path = f"/places/{kitchen.location_id}/programmes/new"
    answer = client_of(charity).post(path, sent)
    made = Programme.objects.get(name="Pantry")
    assert answer["Location"] == f"/programmes/{made.pk}/consent"
    assert (made.diet_rules, made.max_distance_m) == (["vegetarian"], 5_000)
    assert not made.collects_itself


def test_a_wish_is_posted_and_met(charity: User, kitchen: Programme) -> None:
    sent = {
        "programme": str(kitchen.pk),
        "category_group": "dairy",
        "mass_g": "10",
        "needed_until_at": "2026-06-12T12:00",
        "is_public": "on",
        "once": str(new_id()),
    }
    client = client_of(charity)
    assert client.post("/needs/requests/new", sent)["Location"] == "/needs"
    wish = Request.objects.get()
    assert "Open Table" in body(Client(headers={"accept-language": "en"}).get("/wanted"))
    client.post(f"/needs/requests/{wish.pk}/end", {"end": "met"})
    wish.refresh_from_db()
    assert wish.status == RequestStatus.MET


def test_a_wish_for_yesterday_is_refused(charity: User, kitchen: Programme) -> None:
    sent = {
        "programme": str(kitchen.pk),
        "category_group": "dairy",
        "mass_g": "10",
        "needed_until_at": "2026-06-09T12:00",
        "once": str(new_id()),
    }
    answer = client_of(charity).post("/needs/requests/new", sent)
    assert answer.status_code == 400
    assert not Request.objects.exists()


def test_a_private_wish_is_not_on_the_public_board(now: datetime) -> None:
    make_request(make_programme(name="Secret lunch"), now=now)
    assert "Nothing is asked for right now" in body(
        Client(headers={"accept-language": "en"}).get("/wanted")
    )


def test_where_one_stands_compares_only_among_several(charity: User, kitchen: Programme) -> None:
    assert "Too few charities here" in body(client_of(charity).get("/needs/standing"))
    for _ in range(5):
        make_programme()
    assert kitchen.location.county_code == TAIPEI_COUNTY
    assert "Nobody in your county" in body(client_of(charity).get("/needs/standing"))


def test_where_one_stands_says_what_was_kept(
    charity: User, kitchen: Programme, now: datetime
) -> None:
    assert "acceptance" not in body(client_of(charity).get("/needs/standing"))
    missed = make_claim(make_lot(now=now), now=now, programme=kitchen)
    Claim.objects.filter(pk=missed.pk).update(status=ClaimStatus.LAPSED, ended_at=now)
    page = body(client_of(charity).get("/needs/standing"))
    assert "0 of 1 acceptance kept in half a year." in page


def test_the_board_says_until_when_a_lot_is_for_others_and_when_it_is_ours(
    charity: User, kitchen: Programme, now: datetime
) -> None:
    lot = make_lot(now=now)
    hold = LotHold.objects.create(lot=lot, until_at=now + timedelta(minutes=30))
    for path in ("/board", f"/board/{lot.listing_id}?programme={kitchen.pk}"):
        page = body(client_of(charity).get(path))
        assert "Until 10:30 it is for those nearby who got least so far." in page
    hold.programmes.add(kitchen)
    assert "Until 10:30 it is for those who got least, like you." in body(
        client_of(charity).get("/board")
    )


def test_the_qr_code_leads_each_side_to_its_page(
    charity: User, outsider: User, kitchen: Programme, now: datetime
) -> None:
    shop = make_location()
    claim = make_claim(make_lot(shop, now=now), now=now, programme=kitchen)
    path = f"/h/{claim.public_id}?code=123456"
    answer = client_of(charity).get(path)
    assert answer["Location"] == f"/coming/{claim.pk}/receive?code=123456"
    donor = make_member(shop.organization)
    assert client_of(donor).get(path)["Location"] == f"/giving/{claim.listing_id}"
    assert client_of(outsider).get(path).status_code == 404


def test_lists_cost_the_same_however_long(charity: User, kitchen: Programme, now: datetime) -> None:
    def more() -> None:
        make_claim(make_lot(now=now), now=now, programme=kitchen)
        offered(make_lot(now=now), kitchen, now=now)

    more()
    few = [queries_of(charity, path) for path in ("/offers", "/board", "/coming")]
    for _ in range(3):
        more()
    assert Listing.objects.count() == 8
    assert [queries_of(charity, path) for path in ("/offers", "/board", "/coming")] == few


def test_consent_that_stands_is_shown(charity: User, kitchen: Programme, now: datetime) -> None:
    make_consent(kitchen, now=now)
    html = body(client_of(charity).get(f"/programmes/{kitchen.pk}/consent"))
    assert "We say yes for you since" in html
    assert 'value="100"' in html
