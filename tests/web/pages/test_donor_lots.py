"""Several foods in one offer, with and without scripts; repeated whole; for chosen charities."""

from datetime import datetime
from typing import Any

import pytest

from backend.accounts.models import User
from backend.common.ids import new_id
from backend.listings.models import Audience, Listing, Lot
from backend.organizations.models import Location
from tests.builders.claims import make_claim
from tests.builders.listings import lot_draft, make_listing, make_lot
from tests.builders.needs import make_taker
from tests.builders.organizations import make_location, make_member, make_organization
from tests.web.pages.signed_in import body, client_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stepped_clock")]


@pytest.fixture
def shop() -> Location:
    return make_location(make_organization(name="Bakery Corner"), name="Bakery Corner")


@pytest.fixture
def donor(shop: Location) -> User:
    return make_member(shop.organization)


def sent(shop: Location, **fields: Any) -> dict[str, Any]:
    """3 kg of bread and 12 cartons of milk of half a kilogram."""
    chosen = {
        "location": str(shop.pk),
        "category": "bread",
        "amount": "3",
        "measure": "kg",
        "until": "2",
        "allows_self_collect": "on",
        "once": str(new_id()),
        "lot": ["1"],
        "lot1_category": "milk",
        "lot1_amount": "12",
        "lot1_measure": "units",
        "lot1_unit_g": "500",
        "lot1_unit_label": "cartons",
        "lot1_use_by_date": "2026-06-12",
    }
    return chosen | fields


def masses(listing: Listing) -> list[tuple[str, int]]:
    return list(listing.lots.order_by("id").values_list("category", "declared_g"))


def test_two_foods_are_one_offer(donor: User, shop: Location) -> None:
    answer = client_of(donor).post("/giving/post", sent(shop))
    listing = Listing.objects.get()
    assert answer["Location"] == f"/giving/{listing.pk}"
    assert masses(listing) == [("bread", 3_000), ("milk", 6_000)]
    milk = listing.lots.get(category="milk")
    assert (milk.unit_count, milk.unit_label, str(milk.use_by_date)) == (
        12,
        "cartons",
        "2026-06-12",
    )
    assert listing.title == "Bread, Fresh milk"


def test_a_row_that_was_added_in_vain_is_left_out(donor: User, shop: Location) -> None:
    empty = {f"lot1_{name}": "" for name in ("category", "amount", "description", "unit_label")}
    client_of(donor).post("/giving/post", sent(shop, **empty))
    assert masses(Listing.objects.get()) == [("bread", 3_000)]


@pytest.mark.parametrize(
    ("wrong", "field", "said"),
    [
        ({"lot1_amount": ""}, "lot1_amount", "This field is required."),
        ({"lot1_category": ""}, "lot1_category", "This field is required."),
        ({"lot1_amount": "0"}, "lot1_amount", "The number must be at least one."),
        ({"lot1_use_by_date": "2026-06-09"}, "lot1_use_by_date", "by law it cannot be given away"),
        ({"lot1_category": "lunch_box_hot"}, "lot1_cooked_at", "Please say when it was cooked."),
    ],
)
def test_what_is_wrong_with_a_food_is_said_in_its_row(
    donor: User, shop: Location, wrong: dict[str, str], field: str, said: str
) -> None:
    answer = client_of(donor).post("/giving/post", sent(shop, **wrong))
    assert answer.status_code == 400
    (error,) = answer.context["form"].errors[field]
    assert said in error
    assert f'href="#id_{field}"' in body(answer)
    assert not Listing.objects.exists()


def test_a_row_is_added_without_scripts_and_nothing_is_lost(donor: User, shop: Location) -> None:
    answer = client_of(donor).post("/giving/post", sent(shop, amount="", add_lot="1"))
    form = answer.context["form"]
    assert answer.status_code == 200
    assert [row.number for row in form.rows] == ["", "1", "2"]
    assert not form.errors
    html = body(answer)
    assert 'value="cartons"' in html
    assert 'name="lot2_amount"' in html
    assert form["lot2_measure"].value() == "kg"
    assert not Listing.objects.exists()


def test_a_row_is_taken_away_without_scripts(donor: User, shop: Location) -> None:
    answer = client_of(donor).post("/giving/post", sent(shop, drop_lot="1"))
    assert [row.number for row in answer.context["form"].rows] == [""]
    assert not Listing.objects.exists()


@pytest.mark.parametrize("numbers", [["x"], ["-1"], ["999999"], ["1", "1"]])
def test_mangled_numbers_of_rows_harm_nothing(
    donor: User, shop: Location, numbers: list[str]
) -> None:
    answer = client_of(donor).post("/giving/post", sent(shop, lot=numbers))
    assert answer.status_code == 302
    assert Lot.objects.count() == (2 if "1" in numbers else 1)


def test_all_foods_are_repeated(donor: User, shop: Location, now: datetime) -> None:
    lots = (lot_draft(description="Rolls"), lot_draft(description="Cakes", declared_g=2_500))
    listing = make_listing(shop, now=now, lots=lots)
    answer = client_of(donor).get(f"/giving/post?again={listing.pk}")
    form = answer.context["form"]
    assert form["description"].value() == "Rolls"
    assert form["lot1_description"].value() == "Cakes"
    assert form["lot1_amount"].value() == "2.5"


def test_an_offer_is_for_chosen_charities_that_took_food_before(
    donor: User, shop: Location, now: datetime
) -> None:
    known = make_claim(make_lot(shop, now=now), now=now).organization
    stranger = make_taker().location.organization
    client = client_of(donor)
    html = body(client.get("/giving/post"))
    assert known.name in html
    assert stranger.name not in html
    client.post("/giving/post", sent(shop, charities=[str(known.pk)]))
    listing = Listing.objects.get(audience=Audience.CHOSEN)
    assert list(listing.chosen_recipients.all()) == [known]
    assert f"Only for: {known.name}" in body(client.get(f"/giving/{listing.pk}"))
    again = client.get(f"/giving/post?again={listing.pk}").context["form"]
    assert again["charities"].value() == [str(known.pk)]


def test_a_charity_that_never_took_food_cannot_be_chosen(
    donor: User, shop: Location, now: datetime
) -> None:
    make_claim(make_lot(shop, now=now), now=now)
    stranger = make_taker().location.organization
    answer = client_of(donor).post("/giving/post", sent(shop, charities=[str(stranger.pk)]))
    assert answer.status_code == 400
    assert "charities" in answer.context["form"].errors


def test_an_offer_is_opened_to_all_again(donor: User, shop: Location, now: datetime) -> None:
    known = make_claim(make_lot(shop, now=now), now=now).organization
    client = client_of(donor)
    client.post("/giving/post", sent(shop, charities=[str(known.pk)]))
    listing = Listing.objects.get(audience=Audience.CHOSEN)
    path = f"/giving/{listing.pk}/change"
    form = client.get(path).context["form"]
    assert form["charities"].value() == [str(known.pk)]
    changed = {
        "title": "Bread",
        "pickup_from_at": "2026-06-10T10:00",
        "pickup_until_at": "2026-06-10T13:00",
        "allows_self_collect": "on",
    }
    assert client.post(path, changed).status_code == 302
    listing.refresh_from_db()
    assert listing.audience == Audience.RECIPIENTS
    assert not listing.chosen_recipients.exists()
