"""A charity answers offers and takes food from the board."""

from datetime import datetime, timedelta

import pytest

from backend.accounts.models import User
from backend.claims.models import Claim, ClaimSource
from backend.common.ids import new_id
from backend.listings.models import Lot
from backend.needs.models import Capacity
from backend.organizations.models import Programme
from matching.actions.suggest_backup import suggest_backup
from matching.models import OfferStatus
from tests.builders.listings import make_listing, make_lot
from tests.builders.matching import BUILDER, make_share
from tests.builders.needs import make_taker
from tests.builders.organizations import make_location
from tests.web.pages.offers import offered
from tests.web.pages.signed_in import body, client_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stepped_clock")]


def test_an_offer_says_why(charity: User, kitchen: Programme, now: datetime) -> None:
    offer = offered(make_lot(now=now), kitchen, now=now)
    assert str(offer.pk) in body(client_of(charity).get("/offers"))
    html = body(client_of(charity).get(f"/offers/{offer.pk}"))
    for said in ("Little time left", "+1.5", "−300", "Another charity: 3.2 km farther."):
        assert said in html


def test_an_offer_of_others_does_not_exist(
    outsider: User, kitchen: Programme, now: datetime
) -> None:
    offer = offered(make_lot(now=now), kitchen, now=now)
    client = client_of(outsider)
    assert client.get(f"/offers/{offer.pk}").status_code == 404
    assert client.post(f"/offers/{offer.pk}/decline").status_code == 404
    assert str(offer.pk) not in body(client.get("/offers"))


def test_an_offer_is_taken_in_part(charity: User, kitchen: Programme, now: datetime) -> None:
    lot = make_lot(now=now)
    offer = offered(lot, kitchen, now=now)
    sent = {f"lot_{lot.pk}": "2.5", "once": str(new_id())}
    answer = client_of(charity).post(f"/offers/{offer.pk}", sent)
    claim = Claim.objects.get()
    assert answer["Location"] == f"/coming/{claim.pk}"
    assert claim.source == ClaimSource.OFFER
    assert claim.lines.get().mass_g == 2_500
    lot.refresh_from_db()
    assert (lot.held_g, lot.available_g) == (0, 7_500)


def test_whoever_is_next_in_line_sees_it_and_cannot_take_it_yet(
    charity: User, kitchen: Programme, now: datetime
) -> None:
    lot = make_lot(now=now)
    first = offered(lot, make_taker(), now=now)
    share = make_share((lot, 4_000), programme=kitchen, now=now)
    backup = suggest_backup(first=first, share=share, by=BUILDER, now=now)
    client = client_of(charity)
    assert "Next in line" in body(client.get("/offers"))
    html = body(client.get(f"/offers/{backup.pk}"))
    assert "You are next in line" in html
    assert "Take it" not in html
    answer = client.post(f"/offers/{backup.pk}", {f"lot_{lot.pk}": "4", "once": str(new_id())})
    assert answer.status_code in (400, 409)
    assert not Claim.objects.exists()


def test_more_than_was_offered_is_refused(charity: User, kitchen: Programme, now: datetime) -> None:
    lot = make_lot(now=now)
    offer = offered(lot, kitchen, now=now)
    sent = {f"lot_{lot.pk}": "9", "once": str(new_id())}
    answer = client_of(charity).post(f"/offers/{offer.pk}", sent)
    assert answer.status_code == 400
    assert "That is more than was offered." in body(answer)
    assert 'value="9"' in body(answer)


def test_an_offer_is_declined_with_a_reason(
    charity: User, kitchen: Programme, now: datetime
) -> None:
    offer = offered(make_lot(now=now), kitchen, now=now)
    client_of(charity).post(f"/offers/{offer.pk}/decline", {"reason": "no_time"})
    offer.refresh_from_db()
    assert (offer.status, offer.decline_reason) == (OfferStatus.DECLINED, "no_time")


def test_the_board_says_what_can_be_taken_or_why_not(
    charity: User, kitchen: Programme, now: datetime
) -> None:
    Capacity.objects.filter(location=kitchen.location, storage_class="chilled").delete()
    make_listing(now=now, title="Bread of today")
    make_lot(now=now, category="milk", declared_g=3_000)
    html = body(client_of(charity).get("/board"))
    assert "You can take 10\N{NO-BREAK SPACE}kg." in html
    assert "There is no storage for food kept this way." in html
    only = body(client_of(charity).get("/board?takeable=on&km=5&storage=chilled"))
    assert "Nothing like that now" in only


def test_the_board_does_not_tell_the_address(charity: User, now: datetime) -> None:
    shop = make_location(address="12 Baker Road")
    listing = make_listing(shop, now=now)
    client = client_of(charity)
    assert "12 Baker Road" not in body(client.get("/board"))
    assert "12 Baker Road" not in body(client.get(f"/board/{listing.pk}"))


def claimed(lot: Lot, **fields: str) -> dict[str, str]:
    sent = {f"lot_{lot.pk}": "2", "transport": "self_collect", "once": str(new_id())}
    return sent | fields


def test_food_is_claimed_by_hand_for_a_time(
    charity: User, kitchen: Programme, now: datetime
) -> None:
    lot = make_lot(now=now)
    sent = claimed(lot, booked_from_at="2026-06-10T11:00")
    answer = client_of(charity).post(f"/board/{lot.listing_id}", sent)
    claim = Claim.objects.get()
    assert answer["Location"] == f"/coming/{claim.pk}"
    assert (claim.source, claim.programme) == (ClaimSource.HAND, kitchen)
    assert claim.booked_from_at == now + timedelta(hours=1)
    assert claim.booked_until_at == now + timedelta(hours=1, minutes=30)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"mass": "11"}, "There is not that much left. Please see what there is now."),
        ({"mass": "0.3"}, "That is less than the smallest share."),
        ({"mass": "-1"}, "Ensure this value is greater than or equal to 0."),
        ({"booked_from_at": "2026-06-11T11:00"}, "Please choose a time within the pickup window"),
        ({"transport": "donor_delivers"}, "Select a valid choice."),
    ],
)
def test_a_claim_that_cannot_be_changes_nothing(
    charity: User, now: datetime, wrong: dict[str, str], said: str
) -> None:
    lot = make_lot(now=now)
    sent = claimed(lot)
    for name, value in wrong.items():
        sent[f"lot_{lot.pk}" if name == "mass" else name] = value
    answer = client_of(charity).post(f"/board/{lot.listing_id}", sent)
    assert answer.status_code in {400, 409}
    assert said in body(answer)
    assert not Claim.objects.exists()


def test_two_taps_claim_once(charity: User, now: datetime) -> None:
    lot = make_lot(now=now)
    client, sent = client_of(charity), claimed(lot)
    first = client.post(f"/board/{lot.listing_id}", sent)
    second = client.post(f"/board/{lot.listing_id}", sent)
    assert Claim.objects.count() == 1
    assert second["Location"] == first["Location"]
