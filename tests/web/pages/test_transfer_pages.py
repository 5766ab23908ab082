"""Two coordinators agree, one sends, a charity is asked; all in the browser."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from backend.common.clock import SteppedClock
from backend.listings.models import Lot
from backend.organizations.models import Programme
from backend.web.views.coordinator.transfers import PAGE_SIZE
from matching.domain.lifecycle import AgreementStatus
from matching.models import OfferStatus, Transfer, TransferAgreement
from tests.builders.listings import lot_draft, make_listing, make_lot
from tests.builders.needs import make_taker
from tests.builders.organizations import (
    make_coordinator,
    make_location,
    make_member,
    make_recipient,
)
from tests.web.pages.signed_in import body, queries_of
from tests.web.pages.world import signed_in

pytestmark = pytest.mark.django_db

TAIPEI, PENGHU = "63000", "10016"


@pytest.fixture
def giver(stepped_clock: SteppedClock) -> Client:
    return signed_in(make_coordinator(TAIPEI))


@pytest.fixture
def taker(stepped_clock: SteppedClock) -> Client:
    return signed_in(make_coordinator(PENGHU))


@pytest.fixture
def island(stepped_clock: SteppedClock) -> Programme:
    place: dict[str, Any] = {"county_code": PENGHU, "road_group": "penghu"}
    return make_taker(make_location(make_recipient(name="Island Table"), **place))


@pytest.fixture
def lot(stepped_clock: SteppedClock, now: datetime) -> Lot:
    return make_lot(now=now)


def propose(client: Client, **fields: str) -> Any:
    chosen = {"way": "give", "own": TAIPEI, "other": PENGHU, "quota_g": "20"}
    return client.post("/desk/transfers/propose", chosen | fields)


def test_from_proposal_to_the_record(
    giver: Client, taker: Client, island: Programme, lot: Lot
) -> None:
    assert propose(giver).status_code == 302
    agreement = TransferAgreement.objects.get()
    assert "Waits for an answer" in body(giver.get("/desk/transfers"))
    assert "No county that agreed" in body(giver.get(f"/desk/transfers/send/{lot.pk}"))
    taker.post(f"/desk/transfers/{agreement.pk}/agree")
    assert "20 kg of 20 kg left this week" in body(giver.get("/desk/transfers")).replace(
        "\xa0", " "
    )
    page = body(giver.get(f"/desk/transfers/send/{lot.pk}"))
    assert "Island Table" in page
    sent = {
        "taker": str(island.pk),
        "mass_g": "4",
        "mode": "ferry",
        "departs_at": "2026-06-10T11:00",
        "arrives_at": "2026-06-10T18:00",
        "waybill": "PH-7",
    }
    answer = giver.post(f"/desk/transfers/send/{lot.pk}", sent)
    assert answer.status_code == 302, body(answer)
    transfer = Transfer.objects.get()
    assert (transfer.counted_g, transfer.offer.status) == (4_000, OfferStatus.OFFERED)
    for each in (giver, taker):
        assert "PH-7" in body(each.get("/desk/transfers"))
    charity = signed_in(make_member(island.location.organization))
    assert "A carrier brings it" in body(charity.get(f"/offers/{transfer.offer_id}"))


def test_a_leg_that_cannot_be_is_said_beside_its_field(
    giver: Client, taker: Client, island: Programme, lot: Lot
) -> None:
    propose(giver)
    taker.post(f"/desk/transfers/{TransferAgreement.objects.get().pk}/agree")
    sent = {
        "taker": str(island.pk),
        "mass_g": "4",
        "mode": "ferry",
        "departs_at": "2026-06-10T11:00",
        "arrives_at": "2026-06-10T10:30",
    }
    answer = giver.post(f"/desk/transfers/send/{lot.pk}", sent)
    assert answer.status_code in (400, 422)
    assert "It must arrive after it leaves." in body(answer)
    assert 'value="2026-06-10T10:30"' in body(answer)
    assert not Transfer.objects.exists()


def test_the_same_county_and_a_second_proposal_are_refused(giver: Client) -> None:
    assert "Please choose another county." in body(propose(giver, other=TAIPEI))
    propose(giver)
    again = propose(giver)
    assert "There is such an agreement already." in body(again)
    assert TransferAgreement.objects.count() == 1


def test_one_does_not_agree_for_the_other_side(giver: Client) -> None:
    propose(giver)
    agreement = TransferAgreement.objects.get()
    assert giver.post(f"/desk/transfers/{agreement.pk}/agree").status_code == 403
    giver.post(f"/desk/transfers/{agreement.pk}/end")
    agreement.refresh_from_db()
    assert agreement.status == "ended"


def test_food_of_other_counties_is_not_there_to_be_sent(taker: Client, lot: Lot) -> None:
    assert taker.get(f"/desk/transfers/send/{lot.pk}").status_code == 404


def agreed(now: datetime, to_county: str = PENGHU) -> TransferAgreement:
    return TransferAgreement.objects.create(
        from_county=TAIPEI, to_county=to_county, quota_g=20_000, status=AgreementStatus.ACTIVE,
        proposed_by_county=TAIPEI, proposed_at=now,
    )  # fmt: skip


def test_the_page_leads_to_the_food_that_can_be_sent(
    giver: Client, taker: Client, island: Programme, lot: Lot, now: datetime
) -> None:
    link = f"/desk/transfers/send/{lot.pk}"
    page = body(giver.get("/desk/transfers"))
    assert "Nothing can be sent now." in page
    assert link not in page
    agreed(now)
    page = body(giver.get("/desk/transfers"))
    assert link in page
    assert "Nothing can be sent now." not in page
    assert "Somebody can take it in Penghu County" in page
    assert link not in body(taker.get("/desk/transfers"))


def test_whom_to_ask_is_short_enough_for_a_phone(
    giver: Client, island: Programme, lot: Lot, now: datetime
) -> None:
    """Counties are headings, and what got least so far comes before the name."""
    agreed(now)
    page = body(giver.get(f"/desk/transfers/send/{lot.pk}")).replace("\xa0", " ")
    assert '<optgroup label="Penghu County">' in page
    assert f'<option value="{island.pk}">0 g · Island Table</option>' in page


@pytest.mark.usefixtures("island")
@pytest.mark.parametrize(("quota_g", "proposed"), [(20_000, "10"), (5_300, "5")])
def test_no_more_is_proposed_than_the_quota_lets_go_in_whole_portions(
    giver: Client, lot: Lot, now: datetime, quota_g: int, proposed: str
) -> None:
    agreed(now)
    TransferAgreement.objects.update(quota_g=quota_g)
    page = body(giver.get(f"/desk/transfers/send/{lot.pk}"))
    field = re.search(r'<input[^>]*name="mass_g"[^>]*>', page)
    assert field is not None
    assert f'value="{proposed}"' in field[0]


def test_food_that_nobody_there_takes_is_not_listed(
    giver: Client, island: Programme, lot: Lot, now: datetime
) -> None:
    agreed(now)
    Programme.objects.update(categories_not_taken=["bread"])
    assert "Nothing can be sent now." in body(giver.get("/desk/transfers"))


def test_much_food_comes_in_pages_the_most_urgent_first(
    giver: Client, island: Programme, lot: Lot, now: datetime
) -> None:
    agreed(now)
    make_listing(
        now=now,
        pickup_until_at=now + timedelta(hours=3),
        lots=(lot_draft(),) * PAGE_SIZE,
    )
    link = f"/desk/transfers/send/{lot.pk}"
    first = body(giver.get("/desk/transfers"))
    assert first.count("/desk/transfers/send/") == PAGE_SIZE
    assert link not in first
    assert "?lots=2" in first
    assert link in body(giver.get("/desk/transfers?lots=2"))


def test_the_page_costs_the_same_however_much_there_is(
    stepped_clock: SteppedClock, island: Programme, lot: Lot, now: datetime
) -> None:
    coordinator = make_coordinator(TAIPEI)
    agreed(now)
    few = queries_of(coordinator, "/desk/transfers")
    for county in ("65000", "66000", "67000"):
        agreed(now, county)
        make_lot(now=now)
    assert queries_of(coordinator, "/desk/transfers") == few
