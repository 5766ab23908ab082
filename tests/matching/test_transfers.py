"""Food for another county: agreed by both, within a quota, on a leg that somebody arranged."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from backend.claims.actions.cancel_claim import cancel_claim
from backend.claims.actions.refuse_ineligible import NotEligible
from backend.claims.models import Claim, ClaimStatus, Transport
from backend.claims.tasks import lapse_due
from backend.common.actor import Actor
from backend.common.refusals import (
    IllegalTransition,
    Invalid,
    NotAllowed,
    NotFound,
    Refusal,
)
from backend.events.models import Event
from backend.events.relay import drain
from backend.listings.models import Lot
from backend.organizations.models import Programme
from matching.actions.accept_offer import accept_offer
from matching.actions.answer_agreement import answer_agreement
from matching.actions.arrange_transfer import arrange_transfer
from matching.actions.decline_offer import decline_offer
from matching.actions.propose_agreement import AlreadyAgreed, propose_agreement
from matching.actions.take_quota import QuotaUsed
from matching.domain.lifecycle import AgreementStatus
from matching.domain.transfers import Carriage
from matching.models import (
    FairnessEntry,
    Offer,
    OfferStatus,
    Transfer,
    TransferAgreement,
    TransferMode,
    TransferUse,
)
from matching.selectors.transfers import takers_elsewhere, transfers_of
from tests.builders.accounts import actor_of
from tests.builders.custody import hand_over
from tests.builders.listings import make_lot
from tests.builders.matching import BUILDER
from tests.builders.needs import make_taker
from tests.builders.organizations import (
    make_coordinator,
    make_location,
    make_member,
    make_recipient,
)
from tests.builders.racing import race
from tests.builders.rest import API, client_of
from tests.matching.balanced import assert_all_balanced

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stepped_clock")]

TAIPEI, PENGHU = "63000", "10016"
HOUR = timedelta(hours=1)


@pytest.fixture
def giving() -> Actor:
    return actor_of(make_coordinator(TAIPEI))


@pytest.fixture
def taking() -> Actor:
    return actor_of(make_coordinator(PENGHU))


@pytest.fixture
def island() -> Programme:
    place: dict[str, Any] = {"county_code": PENGHU, "township_code": "1001601"}
    return make_taker(make_location(make_recipient(), road_group="penghu", **place))


@pytest.fixture
def lot(now: datetime) -> Lot:
    return make_lot(now=now)


def proposed(by: Actor, now: datetime, **fields: Any) -> TransferAgreement:
    chosen: dict[str, Any] = {
        "from_county": TAIPEI,
        "to_county": PENGHU,
        "category_groups": [],
        "quota_g": 8_000,
        "until_date": None,
    }
    return propose_agreement(by=by, now=now, **(chosen | fields))


def answered(agreement: TransferAgreement, to: AgreementStatus, by: Actor, now: datetime) -> Any:
    return answer_agreement(agreement_id=agreement.pk, to=to, by=by, now=now)


@pytest.fixture
def agreement(giving: Actor, taking: Actor, now: datetime) -> TransferAgreement:
    found = answered(proposed(giving, now), AgreementStatus.ACTIVE, taking, now)
    assert isinstance(found, TransferAgreement)
    return found


@dataclass(frozen=True)
class Way:
    """A coordinator who sends bread under an agreement, five kilograms by ferry."""

    agreement: TransferAgreement
    lot: Lot
    island: Programme
    by: Actor
    now: datetime

    def send(self, **fields: Any) -> Transfer:
        chosen: dict[str, Any] = {
            "agreement_id": self.agreement.pk,
            "lot_id": self.lot.pk,
            "programme_id": self.island.pk,
            "mass_g": 5_000,
            "mode": TransferMode.FERRY,
            "waybill": "PH-0611",
            "carriage": self.leg(1, 5),
            "by": self.by,
        }
        return arrange_transfer(now=self.now, **(chosen | fields))

    def leg(self, leaves: int, arrives: int, **fields: bool) -> Carriage:
        return Carriage(self.now + leaves * HOUR, self.now + arrives * HOUR, **fields)


@pytest.fixture
def way(
    agreement: TransferAgreement, lot: Lot, island: Programme, giving: Actor, now: datetime
) -> Way:
    return Way(agreement, lot, island, giving, now)


def used_g() -> int:
    return TransferUse.objects.get().used_g


class TestAgreeing:
    def test_it_is_in_force_once_the_other_county_agrees(
        self, giving: Actor, taking: Actor, now: datetime
    ) -> None:
        agreement = proposed(giving, now)
        assert agreement.status == AgreementStatus.PROPOSED
        with pytest.raises(NotAllowed):
            answered(agreement, AgreementStatus.ACTIVE, giving, now)
        agreed = answered(agreement, AgreementStatus.ACTIVE, taking, now)
        assert agreed.status == AgreementStatus.ACTIVE
        types = list(Event.objects.order_by("pk").values_list("type", flat=True))
        assert types == ["agreement.proposed", "agreement.agreed"]

    def test_the_county_that_takes_may_ask_for_it(
        self, giving: Actor, taking: Actor, now: datetime
    ) -> None:
        agreement = proposed(taking, now)
        assert agreement.proposed_by_county == PENGHU
        assert answered(agreement, AgreementStatus.ACTIVE, giving, now).status == "active"

    def test_either_ends_it_and_another_may_follow(
        self, agreement: TransferAgreement, giving: Actor, now: datetime
    ) -> None:
        with pytest.raises(AlreadyAgreed):
            proposed(giving, now)
        answered(agreement, AgreementStatus.ENDED, giving, now)
        with pytest.raises(IllegalTransition):
            answered(agreement, AgreementStatus.ENDED, giving, now)
        assert proposed(giving, now, quota_g=1).pk != agreement.pk

    def test_whoever_watches_over_neither_does_not_see_it(
        self, agreement: TransferAgreement, now: datetime
    ) -> None:
        outsider = actor_of(make_coordinator("65000"))
        with pytest.raises(NotFound):
            answered(agreement, AgreementStatus.ENDED, outsider, now)
        with pytest.raises(NotAllowed):
            proposed(outsider, now)

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"to_county": TAIPEI}, "to_county"),
            ({"to_county": "00000"}, "to_county"),
            ({"category_groups": ["stones"]}, "category_groups"),
            ({"quota_g": 0}, "quota_g"),
        ],
    )
    def test_what_cannot_be_agreed_names_the_field(
        self, giving: Actor, now: datetime, wrong: dict[str, Any], field: str
    ) -> None:
        with pytest.raises(Invalid) as refused:
            proposed(giving, now, **wrong)
        assert list(refused.value.fields) == [field]


class TestSending:
    def test_it_asks_the_programme_and_holds_food_room_and_quota(
        self, way: Way, now: datetime
    ) -> None:
        transfer = way.send()
        offer = transfer.offer
        assert (offer.status, offer.transport) == (OfferStatus.OFFERED, Transport.CARRIER)
        assert (offer.round_id, offer.programme) == (None, way.island)
        assert now < offer.answer_by_at <= now + HOUR / 2
        way.lot.refresh_from_db()
        assert (way.lot.held_g, used_g()) == (5_000, 5_000)
        event = Event.objects.get(type="transfer.arranged")
        assert event.payload["mass_g"] == 5_000
        assert_all_balanced()

    def test_accepted_it_becomes_a_claim_that_waits_for_its_arrival(
        self, way: Way, now: datetime
    ) -> None:
        arrives_at = now + 10 * HOUR
        transfer = way.send(carriage=way.leg(1, 10))
        claim = accept_offer(offer_id=transfer.offer_id, by=BUILDER, now=now)
        assert (claim.transport, claim.county_code) == (Transport.CARRIER, PENGHU)
        assert claim.lapses_at >= arrives_at
        assert lapse_due(now=arrives_at) == 0
        hand_over(claim, at=arrives_at)
        drain(now=arrives_at)
        claim.refresh_from_db()
        assert claim.status == ClaimStatus.SETTLED
        assert FairnessEntry.objects.get().county_code == PENGHU
        assert used_g() == 5_000, "what was sent stays on the record"
        assert_all_balanced()

    def test_what_is_not_taken_frees_the_quota(self, way: Way, now: datetime) -> None:
        transfer = way.send()
        decline_offer(offer_id=transfer.offer_id, by=BUILDER, now=now)
        drain(now=now)
        transfer.refresh_from_db()
        assert (used_g(), transfer.counted_g) == (0, 0)
        assert Event.objects.filter(type="transfer.reduced").count() == 1

    def test_a_part_and_a_cancelled_claim_free_their_part(self, way: Way, now: datetime) -> None:
        transfer = way.send()
        claim = accept_offer(
            offer_id=transfer.offer_id, shares={way.lot.pk: 2_000}, by=BUILDER, now=now
        )
        drain(now=now)
        assert used_g() == 2_000
        cancel_claim(claim_id=claim.pk, reason="no_room", by=BUILDER, now=now)
        drain(now=now)
        assert used_g() == 0

    def test_no_more_than_the_quota_of_a_week(self, way: Way, now: datetime) -> None:
        with pytest.raises(QuotaUsed):
            way.send(mass_g=8_500)
        assert not TransferUse.objects.exists()
        way.send()
        with pytest.raises(QuotaUsed):
            way.send(lot_id=make_lot(now=now).pk)
        assert used_g() == 5_000

    def test_only_the_county_that_gives_sends(self, way: Way, taking: Actor) -> None:
        with pytest.raises(NotAllowed):
            way.send(by=taking)

    def test_what_was_not_agreed_or_is_over_does_not_go(self, way: Way, giving: Actor) -> None:
        answered(way.agreement, AgreementStatus.ENDED, giving, way.now)
        for agreement in (way.agreement, proposed(giving, way.now)):
            with pytest.raises(Invalid) as refused:
                way.send(agreement_id=agreement.pk)
            assert list(refused.value.fields) == ["agreement_id"]
        assert not Offer.objects.exists()

    @pytest.mark.parametrize(
        ("fields", "field"),
        [
            ({"waybill": "Mr Lin, 0912-345-678"}, "waybill"),
            ({"hours": (5, 1)}, "arrives_at"),
            ({"hours": (-1, 5)}, "departs_at"),
            ({"hours": (4, 9)}, "departs_at"),
        ],
    )
    def test_a_leg_that_cannot_be_names_the_field(
        self, way: Way, fields: dict[str, Any], field: str
    ) -> None:
        if "hours" in fields:
            fields = {"carriage": way.leg(*fields["hours"])}
        with pytest.raises(Invalid) as refused:
            way.send(**fields)
        assert list(refused.value.fields) == [field]

    def test_the_rules_of_food_hold_on_any_leg(self, way: Way, now: datetime) -> None:
        milk = make_lot(now=now, category="milk").pk
        with pytest.raises(NotEligible) as refused:
            way.send(lot_id=milk)
        assert refused.value.code == "unsafe_before_arrival"
        assert way.send(lot_id=milk, carriage=way.leg(1, 5, keeps_cold=True)).keeps_cold


def test_those_who_got_least_are_named_first_and_only_of_counties_that_agreed(
    agreement: TransferAgreement, lot: Lot, island: Programme, now: datetime
) -> None:
    place: dict[str, Any] = {"county_code": PENGHU, "road_group": "penghu"}
    richer = make_taker(make_location(make_recipient(), **place))
    make_taker(make_location(make_recipient(), **place), categories_not_taken=["bread"])
    make_taker(make_location(make_recipient(), county_code="65000"))
    FairnessEntry.objects.create(
        programme=richer, county_code=PENGHU, mass_g=9_000, at=now, cause_type="t", cause_id=uuid4()
    )
    assert [each.programme for each in takers_elsewhere(lot, now=now)] == [island, richer]


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
class TestRaces:
    def test_two_coordinators_share_one_quota(self, way: Way, now: datetime) -> None:
        lots = [make_lot(now=now) for _ in range(3)]
        results = race(*[lambda lot=lot: way.send(lot_id=lot.pk) for lot in lots])
        assert sum(isinstance(each, Transfer) for each in results) == 1, results
        assert all(isinstance(each, Transfer | Refusal) for each in results), results
        assert used_g() == 5_000
        assert_all_balanced()

    def test_agreeing_and_ending_race_for_one_answer(
        self, giving: Actor, taking: Actor, now: datetime
    ) -> None:
        agreement = proposed(giving, now)
        results = race(
            lambda: answered(agreement, AgreementStatus.ACTIVE, taking, now),
            lambda: answered(agreement, AgreementStatus.DECLINED, taking, now),
        )
        assert sum(isinstance(each, TransferAgreement) for each in results) == 1, results
        assert sum(isinstance(each, IllegalTransition) for each in results) == 1, results


class TestOverRest:
    def test_propose_agree_look_for_takers_send_and_read_the_record(
        self, lot: Lot, island: Programme, now: datetime
    ) -> None:
        giver, taker = client_of(make_coordinator(TAIPEI)), client_of(make_coordinator(PENGHU))
        wanted = {"from_county": TAIPEI, "to_county": PENGHU, "quota_g": 9_000}
        answer = giver.post(f"{API}/transfer-agreements", wanted, format="json")
        assert answer.status_code == 201, answer.json()
        agreement_id = answer.json()["id"]
        assert taker.post(f"{API}/transfer-agreements/{agreement_id}/agree").status_code == 200
        (taking,) = giver.get(f"{API}/transfers/takers?lot={lot.pk}").json()["results"]
        assert taking["programme_id"] == str(island.pk)
        transfer = {
            "agreement_id": agreement_id,
            "lot_id": str(lot.pk),
            "programme_id": taking["programme_id"],
            "mass_g": 3_000,
            "mode": "air",
            "departs_at": (now + HOUR).isoformat(),
            "arrives_at": (now + 3 * HOUR).isoformat(),
        }
        answer = giver.post(f"{API}/transfers", transfer, format="json")
        assert answer.status_code == 201, answer.json()
        for each in (giver, taker):
            (line,) = each.get(f"{API}/transfers").json()["results"]
            assert (line["mode"], line["counted_g"], line["offer_status"]) == (
                "air",
                3_000,
                "offered",
            )
        charity = client_of(make_member(island.location.organization))
        offer = charity.get(f"{API}/offers").json()["results"][0]
        assert (offer["transport"], offer["round_id"]) == ("carrier", None)

    def test_others_neither_see_nor_send(
        self, agreement: TransferAgreement, lot: Lot, island: Programme, now: datetime
    ) -> None:
        outsider = client_of(make_coordinator("65000"))
        assert outsider.get(f"{API}/transfer-agreements").json()["results"] == []
        answer = outsider.post(f"{API}/transfer-agreements/{agreement.pk}/end")
        assert answer.status_code == 404
        assert outsider.get(f"{API}/transfers/takers?lot={lot.pk}").status_code == 404
        assert not transfers_of(actor_of(make_coordinator("65000"))).exists()
        assert not Claim.objects.exists()
