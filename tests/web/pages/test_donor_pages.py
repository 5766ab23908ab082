"""A donor posts in one screen, sees who comes, changes and withdraws; others see nothing of it."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from backend.accounts.models import User
from backend.claims.models import Claim, ClaimStatus
from backend.common import clock
from backend.common.ids import new_id
from backend.custody.actions.record_hand_over import record_hand_over
from backend.custody.domain.replay import Kind
from backend.custody.domain.submission import Submission, SubmittedLine
from backend.listings.domain.lifecycle import ListingStatus
from backend.listings.models import Listing, ListingSchedule
from backend.organizations.models import Location
from tests.builders.accounts import make_user
from tests.builders.claims import BUILDER, make_claim
from tests.builders.listings import lot_draft, make_listing, make_lot
from tests.builders.organizations import (
    make_location,
    make_member,
    make_organization,
    make_recipient,
)
from tests.web.pages.signed_in import body, client_of, queries_of

PAGES = ["/giving", "/giving/post", "/giving/schedules", "/giving/receipts"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stepped_clock")]


@pytest.fixture
def shop() -> Location:
    return make_location(make_organization(name="Bakery Corner"), name="Bakery Corner")


@pytest.fixture
def donor(shop: Location) -> User:
    return make_member(shop.organization)


def posted(**fields: Any) -> dict[str, Any]:
    """What the form sends for 3 kg of bread, to be fetched within two hours."""
    chosen = {
        "category": "bread",
        "amount": "3",
        "measure": "kg",
        "storage_class": "",
        "until": "2",
        "allows_self_collect": "on",
        "allows_courier": "on",
        "once": str(new_id()),
    }
    return chosen | fields


def send(client: Client, shop: Location, **fields: Any) -> Any:
    return client.post("/giving/post", posted(location=str(shop.pk), **fields))


def handed_over(claim: Claim, now: datetime) -> None:
    lines = tuple(
        SubmittedLine(claim_line_id=line.pk, accepted_g=line.reserved_g)
        for line in claim.lines.all()
    )
    submission = Submission(
        client_id=new_id(), kind=Kind.DELIVERED, claim_id=claim.pk, at=now, lines=lines
    )
    record_hand_over(submission=submission, by=BUILDER, now=now)


@pytest.mark.parametrize(
    "path", ["/giving", "/giving/post", "/giving/schedules", "/giving/receipts"]
)
def test_a_donor_opens_their_pages(donor: User, path: str) -> None:
    assert client_of(donor).get(path).status_code == 200


@pytest.mark.parametrize(
    "path", ["/giving", "/giving/post", "/giving/schedules", "/giving/receipts"]
)
def test_others_are_led_elsewhere(path: str) -> None:
    charity = make_member(make_recipient())
    assert client_of(charity).get(path)["Location"] == "/start"
    assert Client().get(path)["Location"].startswith("/accounts/login/")


def test_food_is_posted_in_one_screen(donor: User, shop: Location) -> None:
    answer = send(client_of(donor), shop, description="Rolls")
    listing = Listing.objects.get()
    assert answer["Location"] == f"/giving/{listing.pk}"
    assert (listing.title, listing.status) == ("Rolls", ListingStatus.OPEN)
    assert listing.pickup_until_at == clock.now() + timedelta(hours=2)
    lot = listing.lots.get()
    assert (lot.declared_g, lot.storage_class) == (3_000, "ambient")


def test_pieces_are_counted_by_what_one_weighs(donor: User, shop: Location) -> None:
    send(client_of(donor), shop, measure="units", amount="20", unit_label="boxes", unit_g="350")
    lot = Listing.objects.get().lots.get()
    assert (lot.declared_g, lot.unit_count, lot.unit_label) == (7_000, 20, "boxes")


def test_a_form_that_is_sent_twice_posts_once(donor: User, shop: Location) -> None:
    client, once = client_of(donor), str(new_id())
    first = send(client, shop, once=once)
    second = send(client, shop, once=once)
    assert Listing.objects.count() == 1
    assert second["Location"] == first["Location"]


def test_what_the_region_refuses_is_said_beside_its_field(donor: User, shop: Location) -> None:
    answer = send(client_of(donor), shop, category="lunch_box_hot", description="Soup and rice")
    assert answer.status_code == 400
    html = body(answer)
    assert "Please say when it was cooked." in html
    assert 'value="Soup and rice"' in html
    assert not Listing.objects.exists()


def test_a_refused_form_can_be_sent_again(donor: User, shop: Location) -> None:
    client, once = client_of(donor), str(new_id())
    assert send(client, shop, once=once, use_by_date="2026-06-09").status_code == 400
    assert send(client, shop, once=once, use_by_date="2026-06-11").status_code == 302
    assert Listing.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"amount": "0"}, "Please say how much it weighs: more than nothing."),
        ({"amount": "90000"}, "More than 40 tonnes cannot be right."),
        ({"amount": "a lot"}, "Enter a number."),
        ({"category": "gold"}, "Select a valid choice."),
        ({"until": "other"}, "Please say until when."),
        (
            {"until": "other", "until_at": "2026-06-09T10:00"},
            "This time is already over.",
        ),
        ({"measure": "units", "amount": "2.5"}, "Please count whole pieces or portions."),
        ({"allows_self_collect": "", "allows_courier": ""}, "Please allow at least one way"),
        ({"use_by_date": "2026-06-09"}, "by law it cannot be given away"),
    ],
)
def test_bad_input_is_explained(
    donor: User, shop: Location, wrong: dict[str, str], said: str
) -> None:
    answer = send(client_of(donor), shop, **wrong)
    assert answer.status_code == 400
    assert said in body(answer)
    assert not Listing.objects.exists()


def test_no_units_are_refused_with_one_sentence(donor: User, shop: Location) -> None:
    answer = send(client_of(donor), shop, measure="units", amount="0")
    assert answer.context["form"].errors == {"amount": ["The number must be at least one."]}


def test_what_is_wrong_is_listed_at_the_top_with_links(donor: User, shop: Location) -> None:
    html = body(send(client_of(donor), shop, amount="a lot", category=""))
    top = html[: html.index("<legend")]
    assert 'href="#id_category_0"' in top
    assert 'href="#id_amount"' in top
    assert "How much: Enter a number." in top


def test_a_place_of_somebody_else_is_no_choice(donor: User, shop: Location) -> None:
    other = make_location()
    answer = client_of(donor).post("/giving/post", posted(location=str(other.pk)))
    assert answer.status_code == 400
    assert not Listing.objects.exists()


def test_the_last_one_is_repeated(donor: User, shop: Location, now: datetime) -> None:
    listing = make_listing(shop, now=now, lots=(lot_draft(description="Rolls"),))
    html = body(client_of(donor).get(f"/giving/post?again={listing.pk}"))
    assert 'value="Rolls"' in html
    assert 'value="10"' in html


def test_a_listing_shows_who_comes_and_the_code(donor: User, shop: Location, now: datetime) -> None:
    claim = make_claim(make_lot(shop, now=now), now=now)
    html = body(client_of(donor).get(f"/giving/{claim.listing_id}"))
    assert claim.organization.name in html
    assert f"<span>{claim.pickup_code[:3]}</span>" in html
    assert claim.delivery_code not in html


def test_a_listing_is_not_shown_to_another_donor(shop: Location, now: datetime) -> None:
    listing = make_listing(shop, now=now)
    other = client_of(make_member(make_organization()))
    for path in ("", "/change"):
        assert other.get(f"/giving/{listing.pk}{path}").status_code == 404
    assert other.post(f"/giving/{listing.pk}/withdraw").status_code == 404


def test_withdrawing_takes_it_off_the_board(donor: User, shop: Location, now: datetime) -> None:
    listing = make_listing(shop, now=now)
    client_of(donor).post(f"/giving/{listing.pk}/withdraw")
    listing.refresh_from_db()
    assert listing.closed_reason == "withdrawn"


def test_times_change_but_not_against_promises(donor: User, shop: Location, now: datetime) -> None:
    claim = make_claim(make_lot(shop, now=now), now=now)
    sent = {
        "title": "Bread",
        "pickup_from_at": "2026-06-10T10:00",
        "pickup_until_at": "2026-06-10T12:00",
        "allows_self_collect": "on",
        "allows_courier": "on",
    }
    path = f"/giving/{claim.listing_id}/change"
    answer = client_of(donor).post(path, sent)
    assert answer.status_code == 400
    assert "Somebody was promised a share" in body(answer)
    answer = client_of(donor).post(path, sent | {"pickup_until_at": "2026-06-10T18:00"})
    assert answer.status_code == 302
    assert Listing.objects.get().pickup_until_at == now + timedelta(hours=8)


def test_mass_is_corrected(donor: User, shop: Location, now: datetime) -> None:
    lot = make_lot(shop, now=now)
    answer = client_of(donor).post(f"/giving/lots/{lot.pk}/correct", {"free_g": "8.5"})
    assert answer.status_code == 302
    lot.refresh_from_db()
    assert (lot.available_g, lot.adjusted_g) == (8_500, -1_500)


def test_a_week_is_planned_a_day_left_out_and_it_ends(donor: User, shop: Location) -> None:
    client = client_of(donor)
    sent = posted(location=str(shop.pk), days=["MO", "TH"], opens="20:00", closes="21:00")
    sent |= {"starts_date": "2026-06-10", "use_by_in_days": "1"}
    answer = client.post("/giving/schedules/new", sent)
    schedule = ListingSchedule.objects.get()
    assert answer["Location"] == f"/giving/schedules/{schedule.pk}"
    assert schedule.rule == "FREQ=WEEKLY;BYDAY=MO,TH"
    assert (schedule.opens_minute, schedule.closes_minute) == (1_200, 1_260)
    client.post(f"/giving/schedules/{schedule.pk}/skip", {"local_date": "2026-06-11"})
    schedule.refresh_from_db()
    assert schedule.skipped_dates == ["2026-06-11"]
    client.post(f"/giving/schedules/{schedule.pk}/end")
    schedule.refresh_from_db()
    assert schedule.ended_at == clock.now()


def test_a_week_without_days_is_not_planned(donor: User, shop: Location) -> None:
    sent = posted(location=str(shop.pk), opens="20:00", closes="21:00", starts_date="2026-06-10")
    answer = client_of(donor).post("/giving/schedules/new", sent)
    assert answer.status_code == 400
    assert "This field is required." in body(answer)


def test_a_receipt_names_both_sides_and_the_mass(
    donor: User, shop: Location, now: datetime
) -> None:
    claim = make_claim(make_lot(shop, now=now), mass_g=2_000, now=now)
    handed_over(claim, now)
    claim.refresh_from_db()
    assert claim.status == ClaimStatus.SETTLED
    html = body(client_of(donor).get(f"/giving/receipts/{claim.public_id}"))
    assert claim.organization.name in html
    assert "2\N{NO-BREAK SPACE}kg" in html
    charity = make_member(claim.organization)
    assert client_of(charity).get(f"/giving/receipts/{claim.public_id}")["Location"] == "/start"


def test_an_unverified_donor_is_told_to_wait(now: datetime) -> None:
    shop = make_location(make_organization(status="applied"))
    donor = make_member(shop.organization)
    assert "waits for verification" in body(client_of(donor).get("/giving"))
    answer = send(client_of(donor), shop)
    assert answer.status_code == 409
    assert "This organization is not verified yet." in body(answer)


def test_the_home_page_costs_the_same_with_more_food(
    donor: User, shop: Location, now: datetime
) -> None:
    make_claim(make_lot(shop, now=now), now=now)
    few = queries_of(donor, "/giving")
    for _ in range(4):
        make_claim(make_lot(shop, now=now), now=now)
    assert queries_of(donor, "/giving") == few


def test_one_of_several_organizations_is_chosen(shop: Location) -> None:
    person = make_user()
    other = make_organization(name="Another Shop")
    make_member(shop.organization, user=person)
    make_member(other, user=person)
    client = client_of(person)
    client.post(f"/organizations/{shop.organization_id}/choose", {"next": "/giving"})
    assert "<span>Bakery Corner</span>" in body(client.get("/giving"))
    client.post(f"/organizations/{other.pk}/choose", {"next": "/giving"})
    assert "<span>Another Shop</span>" in body(client.get("/giving"))
