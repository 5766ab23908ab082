"""A photo that was chosen stays chosen while the form comes back, for whoever chose it."""

from datetime import datetime
from io import BytesIO
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from backend.accounts.models import User
from backend.common.ids import new_id
from backend.listings.models import Listing
from backend.organizations.models import Location
from tests.builders.listings import make_listing
from tests.builders.organizations import make_location, make_member, make_organization
from tests.web.pages.signed_in import body, client_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stepped_clock")]

RED, BLUE = (200, 0, 0), (0, 0, 200)


@pytest.fixture
def shop() -> Location:
    return make_location(make_organization(name="Bakery Corner"), name="Bakery Corner")


@pytest.fixture
def donor(shop: Location) -> Client:
    return client_of(make_member(shop.organization))


def photo(color: tuple[int, int, int] = RED) -> SimpleUploadedFile:
    written = BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "our back door"
    Image.new("RGB", (40, 30), color).save(written, "JPEG", exif=exif)
    return SimpleUploadedFile("bread.jpg", written.getvalue(), "image/jpeg")


def sent(shop: Location, **fields: Any) -> dict[str, Any]:
    chosen = {
        "location": str(shop.pk),
        "category": "bread",
        "amount": "3",
        "measure": "kg",
        "until": "2",
        "allows_self_collect": "on",
        "once": str(new_id()),
    }
    return chosen | fields


def kept_in(answer: Any) -> str:
    """The number in the form that came back; empty without a kept photo."""
    number = answer.context["kept_photo"]
    assert (f'value="{number}" id="id_kept_photo" checked' in body(answer)) == bool(number)
    return str(number)


def color_of(listing: Listing) -> str:
    with Image.open(listing.photo.path) as picture:
        red, _green, blue = picture.convert("RGB").getpixel((5, 5))  # type: ignore[misc]
    return "red" if red > blue else "blue"


def test_a_photo_survives_another_row_of_food_and_a_mistake(donor: Client, shop: Location) -> None:
    first = donor.post("/giving/post", sent(shop, photo=photo(), add_lot="1"))
    second = donor.post("/giving/post", sent(shop, kept_photo=kept_in(first), amount="0"))
    assert (first.status_code, second.status_code) == (200, 400)
    assert kept_in(second) == kept_in(first)
    assert not Listing.objects.exists()
    donor.post("/giving/post", sent(shop, kept_photo=kept_in(second)))
    assert color_of(Listing.objects.get()) == "red"


def test_a_photo_survives_a_form_that_was_refused(donor: Client, shop: Location) -> None:
    refused = donor.post("/giving/post", sent(shop, photo=photo(), amount="0"))
    assert refused.status_code == 400
    donor.post("/giving/post", sent(shop, kept_photo=kept_in(refused)))
    assert color_of(Listing.objects.get()) == "red"


def test_another_photo_takes_the_place_of_the_kept_one(donor: Client, shop: Location) -> None:
    number = kept_in(donor.post("/giving/post", sent(shop, photo=photo(), add_lot="1")))
    donor.post("/giving/post", sent(shop, kept_photo=number, photo=photo(BLUE)))
    assert color_of(Listing.objects.get()) == "blue"


def test_a_kept_photo_can_be_left_out(donor: Client, shop: Location) -> None:
    donor.post("/giving/post", sent(shop, photo=photo(), add_lot="1"))
    answer = donor.post("/giving/post", sent(shop), follow=True)
    assert not Listing.objects.get().photo
    assert "photo" not in " ".join(str(said) for said in answer.context["messages"])


def test_a_kept_photo_is_used_once(donor: Client, shop: Location) -> None:
    number = kept_in(donor.post("/giving/post", sent(shop, photo=photo(), add_lot="1")))
    donor.post("/giving/post", sent(shop, kept_photo=number))
    again = donor.post("/giving/post", sent(shop, kept_photo=number), follow=True)
    assert "Please choose it again" in body(again)
    assert sorted(bool(one.photo) for one in Listing.objects.all()) == [False, True]


def test_nobody_else_gets_a_kept_photo(donor: Client, shop: Location) -> None:
    number = kept_in(donor.post("/giving/post", sent(shop, photo=photo(), add_lot="1")))
    colleague = client_of(make_member(shop.organization))
    answer = colleague.post("/giving/post", sent(shop, kept_photo=number), follow=True)
    assert "Please choose it again" in body(answer)
    assert not Listing.objects.get().photo


@pytest.mark.parametrize("number", ["guessed", "", "é"])
def test_without_its_number_a_kept_photo_is_not_found(
    donor: Client, shop: Location, number: str
) -> None:
    donor.post("/giving/post", sent(shop, photo=photo(), add_lot="1"))
    donor.post("/giving/post", sent(shop, kept_photo=number))
    assert not Listing.objects.get().photo


def test_a_photo_that_is_gone_is_asked_for_again(donor: Client, shop: Location) -> None:
    number = kept_in(donor.post("/giving/post", sent(shop, photo=photo(), add_lot="1")))
    cache.clear()
    answer = donor.post("/giving/post", sent(shop, kept_photo=number, add_lot="1"))
    assert kept_in(answer) == ""
    assert "Please choose it again" in body(answer)


def test_what_is_no_picture_is_told_at_once_and_not_kept(donor: Client, shop: Location) -> None:
    upload = SimpleUploadedFile("bread.jpg", b"MZ this is a program", "image/jpeg")
    answer = donor.post("/giving/post", sent(shop, photo=upload, add_lot="1"))
    assert kept_in(answer) == ""
    assert "not a picture that we can read" in body(answer)


def test_a_kept_photo_says_nothing_about_where_it_was_taken(donor: Client, shop: Location) -> None:
    donor.post("/giving/post", sent(shop, photo=photo(), add_lot="1"))
    user = User.objects.get(pk=donor.session["_auth_user_id"])
    _number, data = cache.get(f"photo:{user.pk}")
    assert b"back door" not in data
    assert not Image.open(BytesIO(data)).getexif()


def test_a_changed_offer_keeps_its_new_photo_over_a_mistake(
    donor: Client, shop: Location, now: datetime
) -> None:
    listing = make_listing(shop, now=now)
    fields = {
        "title": "Rolls",
        "pickup_from_at": "2026-06-10T10:00",
        "pickup_until_at": "2026-06-10T18:00",
        "allows_self_collect": "on",
        "allows_courier": "on",
    }
    url = f"/giving/{listing.pk}/change"
    wrong = donor.post(url, fields | {"title": "", "photo": photo()})
    assert wrong.status_code == 400
    assert donor.post(url, fields | {"kept_photo": kept_in(wrong)}).status_code == 302
    listing.refresh_from_db()
    assert color_of(listing) == "red"
