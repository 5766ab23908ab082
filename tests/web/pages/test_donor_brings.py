"""A donor who brings the food records the hand-over at the charity's door."""

from datetime import datetime

import pytest

from backend.accounts.models import User
from backend.claims.models import Claim, ClaimStatus, Transport
from backend.common.ids import new_id
from backend.custody.models import HandOver
from backend.organizations.models import Location
from tests.builders.claims import make_claim
from tests.builders.listings import make_listing
from tests.builders.organizations import make_location, make_member, make_organization
from tests.web.pages.signed_in import body, client_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stepped_clock")]


@pytest.fixture
def shop() -> Location:
    return make_location(make_organization(name="Bakery Corner"), name="Bakery Corner")


@pytest.fixture
def donor(shop: Location) -> User:
    return make_member(shop.organization)


@pytest.fixture
def claim(shop: Location, now: datetime) -> Claim:
    """2 kg of bread that the donor brings."""
    listing = make_listing(shop, now=now, donor_delivers=True)
    return make_claim(listing.lots.get(), now=now, transport=Transport.DONOR_DELIVERS)


def sent(claim: Claim, **fields: str) -> dict[str, str]:
    mass = {f"mass_{claim.lines.get().pk}": "2"}
    return mass | {"client_id": str(new_id()), "code": claim.delivery_code} | fields


def test_it_is_recorded_with_the_charitys_code(donor: User, claim: Claim) -> None:
    client = client_of(donor)
    path = f"/giving/claims/{claim.pk}/brought"
    assert path in body(client.get(f"/giving/{claim.listing_id}"))
    assert claim.organization.name in body(client.get(path))
    assert client.post(path, sent(claim))["Location"] == f"/giving/{claim.listing_id}"
    claim.refresh_from_db()
    assert claim.status == ClaimStatus.SETTLED
    assert HandOver.objects.get().code_matched
    assert path not in body(client.get(f"/giving/{claim.listing_id}"))


@pytest.mark.parametrize(
    ("fields", "field", "said"),
    [
        ({"code": "000000"}, None, "That code is not right."),
        ({"code": ""}, "code", ""),
        ({"refused": "0.5"}, "refusal", ""),
        ({"mass": "1"}, "remainder", "Please say where the rest is."),
    ],
)
def test_what_is_missing_is_asked_for(
    donor: User, claim: Claim, fields: dict[str, str], field: str | None, said: str
) -> None:
    line = claim.lines.get().pk
    named = {f"{n}_{line}" if n in ("mass", "refused") else n: v for n, v in fields.items()}
    answer = client_of(donor).post(f"/giving/claims/{claim.pk}/brought", sent(claim, **named))
    assert answer.status_code >= 400
    assert said in body(answer)
    assert field is None or field in answer.context["form"].errors
    assert not HandOver.objects.exists()


def test_a_name_does_where_the_code_cannot_be_shown(donor: User, claim: Claim) -> None:
    path = f"/giving/claims/{claim.pk}/brought"
    client_of(donor).post(path, sent(claim, code="", signer_name="Mei"))
    assert HandOver.objects.get().evidence.signer_name == "Mei"


def test_what_stayed_with_the_donor_is_free_again(donor: User, claim: Claim) -> None:
    mass = {f"mass_{claim.lines.get().pk}": "1.5"}
    path = f"/giving/claims/{claim.pk}/brought"
    client_of(donor).post(path, sent(claim, remainder="left_behind", **mass))
    lot = claim.listing.lots.get()
    assert (lot.delivered_g, lot.available_g) == (1_500, 8_500)


def test_what_is_brought_already_leads_back(donor: User, claim: Claim) -> None:
    client, path = client_of(donor), f"/giving/claims/{claim.pk}/brought"
    client.post(path, sent(claim))
    assert client.get(path)["Location"] == f"/giving/{claim.listing_id}"


def test_others_do_not_record_it(claim: Claim) -> None:
    path = f"/giving/claims/{claim.pk}/brought"
    other = client_of(make_member(make_organization()))
    assert other.post(path, sent(claim)).status_code == 404
    assert not HandOver.objects.exists()


def test_what_is_fetched_is_not_brought(donor: User, shop: Location, now: datetime) -> None:
    fetched = make_claim(make_listing(shop, now=now).lots.get(), now=now)
    assert client_of(donor).get(f"/giving/claims/{fetched.pk}/brought").status_code == 404


def test_the_charitys_code_is_not_told_to_the_donor(donor: User, claim: Claim) -> None:
    client = client_of(donor)
    for path in (f"/giving/{claim.listing_id}", f"/giving/claims/{claim.pk}/brought"):
        assert claim.delivery_code not in body(client.get(path))
