"""Offers and rounds over REST: who may see and answer what, and what clients are told."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from rest_framework.test import APIClient

from backend.claims.models import Claim
from backend.common.clock import SteppedClock
from backend.listings.models import Lot
from backend.organizations.models import Programme
from matching.actions.decline_offer import decline_offer
from matching.models import Offer, OfferStatus
from matching.tasks import solve_round
from tests.builders.listings import make_lot
from tests.builders.matching import ANSWER_WITHIN, BUILDER, make_offer, make_round, run_round
from tests.builders.needs import make_taker
from tests.builders.organizations import (
    make_coordinator,
    make_location,
    make_member,
    make_recipient,
)
from tests.builders.rest import API, client_of, codes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stepped_clock")]

Capture = Callable[..., AbstractContextManager[list[Callable[[], Any]]]]
ELSEWHERE = "10002"


@pytest.fixture
def lot(now: datetime) -> Lot:
    return make_lot(make_location(address="9 Secret Lane"), now=now)


@pytest.fixture
def taker() -> Programme:
    return make_taker()


@pytest.fixture
def offer(lot: Lot, taker: Programme, now: datetime) -> Offer:
    return make_offer((lot, 4_000), programme=taker, now=now)


@pytest.fixture
def charity(taker: Programme) -> APIClient:
    return client_of(make_member(taker.location.organization))


@pytest.fixture
def coordinator() -> APIClient:
    return client_of(make_coordinator())


@pytest.fixture
def outsider() -> APIClient:
    return client_of(make_member(make_recipient()))


def url(offer: Offer, verb: str = "") -> str:
    return f"{API}/offers/{offer.pk}{verb and '/'}{verb}"


def test_a_charity_reads_its_offers_without_the_exact_place(
    charity: APIClient, offer: Offer, taker: Programme
) -> None:
    (listed,) = charity.get(f"{API}/offers", {"status": "offered"}).json()["results"]
    assert (listed["id"], listed["programme_id"]) == (str(offer.pk), str(taker.pk))
    assert (listed["lines"][0]["mass_g"], listed["lines"][0]["held_g"]) == (4_000, 4_000)
    answer = charity.get(url(offer))
    assert "Secret" not in answer.content.decode()
    assert answer["ETag"] == '"1"'
    assert (answer.json()["claim_id"], answer.json()["explanation"][0]["mass_g"]) == (None, 4_000)


def test_lists_are_filtered_and_their_cost_does_not_grow(
    charity: APIClient,
    taker: Programme,
    now: datetime,
    django_assert_num_queries: Callable[[int], AbstractContextManager[object]],
) -> None:
    offers = [make_offer((make_lot(now=now), 500), programme=taker, now=now) for _ in range(6)]
    decline_offer(offer_id=offers[0].pk, by=BUILDER, now=now)
    by_listing = charity.get(f"{API}/offers", {"listing": str(offers[1].listing_id)}).json()
    assert [each["id"] for each in by_listing["results"]] == [str(offers[1].pk)]
    declined = charity.get(f"{API}/offers", {"status": "declined"}).json()["results"]
    assert [each["id"] for each in declined] == [str(offers[0].pk)]
    assert charity.get(f"{API}/offers", {"answered_by_id": "x"}).status_code == 400
    with django_assert_num_queries(4):
        charity.get(f"{API}/offers", {"page_size": "2"})
    with django_assert_num_queries(4):
        charity.get(f"{API}/offers")


def test_accepting_makes_a_claim(charity: APIClient, offer: Offer) -> None:
    answer = charity.post(url(offer, "accept"))
    assert (answer.status_code, answer.json()["status"]) == (200, "accepted")
    claim = Claim.objects.get()
    assert answer.json()["claim_id"] == str(claim.pk)
    assert (answer.json()["lines"][0]["accepted_g"], answer["ETag"]) == (4_000, '"2"')
    again = charity.post(url(offer, "accept"))
    assert (again.status_code, again.json()["code"]) == (409, "offer_over")


def test_a_part_can_be_accepted(charity: APIClient, offer: Offer, lot: Lot) -> None:
    line = {"lot_id": str(lot.pk), "mass_g": 1_500}
    answer = charity.post(url(offer, "accept"), {"lines": [line]}, format="json")
    assert answer.json()["lines"][0]["accepted_g"] == 1_500
    lot.refresh_from_db()
    assert (lot.available_g, lot.reserved_g) == (8_500, 1_500)


@pytest.mark.parametrize(
    ("mass_g", "code"), [(5_000, "above_offered"), (1_700, "not_step_multiple"), (0, "nothing")]
)
def test_a_part_that_cannot_be_is_named(
    charity: APIClient, offer: Offer, lot: Lot, mass_g: int, code: str
) -> None:
    line = {"lot_id": str(lot.pk), "mass_g": mass_g}
    answer = charity.post(url(offer, "accept"), {"lines": [line]}, format="json")
    assert (answer.status_code, codes(answer, "lines")) == (400, [code])


def test_malformed_answers_are_refused(charity: APIClient, offer: Offer, lot: Lot) -> None:
    line = {"lot_id": str(lot.pk), "mass_g": 500}
    bodies: tuple[dict[str, Any], ...] = (
        {"lines": [line, line]},
        {"lines": []},
        {"lines": [{"mass_g": 1}]},
        {"all": 1},
    )
    for body in bodies:
        answer = charity.post(url(offer, "accept"), body, format="json")
        assert answer.status_code == 400, body
    answer = charity.post(url(offer, "decline"), {"reason": "taste"})
    assert (answer.status_code, codes(answer, "reason")) == (400, ["invalid_choice"])
    assert Offer.objects.get().status == OfferStatus.OFFERED


def test_declining_with_a_reason(charity: APIClient, offer: Offer) -> None:
    answer = charity.post(url(offer, "decline"), {"reason": "too_much"})
    assert (answer.status_code, answer.json()["status"]) == (200, "declined")
    assert answer.json()["decline_reason"] == "too_much"


def test_a_late_answer_is_told_so(
    charity: APIClient, offer: Offer, stepped_clock: SteppedClock, now: datetime
) -> None:
    stepped_clock.move_to(now + ANSWER_WITHIN)
    answer = charity.post(url(offer, "accept"))
    assert (answer.status_code, answer.json()["code"]) == (409, "offer_over")


def test_the_version_that_was_read_is_compared(charity: APIClient, offer: Offer) -> None:
    for verb in ("accept", "decline"):
        stale = charity.post(url(offer, verb), headers={"If-Match": '"9"'})
        assert (stale.status_code, stale.json()["code"]) == (412, "stale")
    assert charity.post(url(offer, "accept"), headers={"If-Match": '"1"'}).status_code == 200


def test_the_same_request_twice_is_carried_out_once(charity: APIClient, offer: Offer) -> None:
    headers = {"Idempotency-Key": "from-the-page-1"}
    first = charity.post(url(offer, "accept"), headers=headers)
    second = charity.post(url(offer, "accept"), headers=headers)
    assert first.json() == second.json()
    assert second["Idempotency-Replayed"] == "true"
    assert Claim.objects.count() == 1


def test_for_strangers_there_is_no_such_offer(outsider: APIClient, offer: Offer) -> None:
    assert outsider.get(f"{API}/offers").json()["results"] == []
    assert outsider.get(url(offer)).status_code == 404
    assert outsider.post(url(offer, "accept")).status_code == 404
    assert outsider.post(url(offer, "decline")).status_code == 404
    assert client_of().get(url(offer)).status_code == 401
    assert outsider.get(f"{API}/offers/{uuid4()}").status_code == 404


def test_a_donor_does_not_read_offers_of_its_food(offer: Offer, lot: Lot) -> None:
    donor = client_of(make_member(lot.listing.organization))
    assert donor.get(url(offer)).status_code == 404


def test_coordinators_watch_but_do_not_answer(coordinator: APIClient, offer: Offer) -> None:
    assert coordinator.get(url(offer)).status_code == 200
    answer = coordinator.post(url(offer, "accept"))
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")
    elsewhere = client_of(make_coordinator(ELSEWHERE))
    assert elsewhere.get(url(offer)).status_code == 404


class TestRounds:
    def test_coordinators_read_rounds_and_what_stayed(
        self, coordinator: APIClient, lot: Lot
    ) -> None:
        make_taker(room_g=3_000)
        round_ = run_round()
        assert round_ is not None
        (listed,) = coordinator.get(f"{API}/rounds", {"area": "main"}).json()["results"]
        assert (listed["id"], listed["status"], listed["seed"]) == (str(round_.pk), "applied", 0)
        assert listed["objective_kg"] <= listed["bound_kg"]
        assert 0 <= listed["gap"] < 1
        in_english = {"Accept-Language": "en"}
        detail = coordinator.get(f"{API}/rounds/{round_.pk}", headers=in_english).json()
        assert len(detail["offers"]) == 1
        (left,) = detail["left_over"]
        assert (left["lot_id"], left["mass_g"]) == (str(lot.pk), 7_000)
        assert (left["reason"], left["message"]) == (
            "full_by_this_plan",
            "All that could take it are full.",
        )
        assert left["short"] is None
        assert "inputs" not in str(detail)

    @pytest.mark.parametrize(
        ("language", "said"),
        [
            ("en", "Drivers' hours are short in Taipei City, 10 Jun 10:00 to 14:00:"),
            ("zh-Hant", "臺北市 6月10日 10:00 到 14:00 司機志工的時間不夠"),
        ],
    )
    def test_where_nobody_drives_it_says_what_is_short(
        self, coordinator: APIClient, lot: Lot, now: datetime, language: str, said: str
    ) -> None:
        make_taker(collects_itself=False)
        round_ = run_round()
        assert round_ is not None
        answer = coordinator.get(f"{API}/rounds/{round_.pk}", headers={"Accept-Language": language})
        (left,) = answer.json()["left_over"]
        assert left["reason"] == "no_courier_on_shift"
        assert left["message"].startswith(said)
        assert (left["county_code"], left["storage_class"]) == ("63000", "ambient")
        assert left["short"]["of"] == "hours"
        assert left["short"]["needs_s"] > 0
        assert left["short"]["from_at"] == "2026-06-10T10:00:00+08:00"
        assert left["short"]["until_at"] == "2026-06-10T14:00:00+08:00"

    def test_of_other_counties_only_the_figures_are_told(self, lot: Lot) -> None:
        """A round over a road group is seen from all its counties; the food of others is not."""
        make_taker(room_g=3_000)
        round_ = run_round()
        assert round_ is not None
        neighbour = client_of(make_coordinator(ELSEWHERE))
        detail = neighbour.get(f"{API}/rounds/{round_.pk}").json()
        assert detail["round"]["proposals_made"] == 1
        assert (detail["offers"], detail["left_over"]) == ([], [])

    def test_others_see_none(self, charity: APIClient, now: datetime) -> None:
        round_ = make_round(now=now)
        assert charity.get(f"{API}/rounds").json()["results"] == []
        assert charity.get(f"{API}/rounds/{round_.pk}").status_code == 404
        island = client_of(make_coordinator("10016"))
        assert island.get(f"{API}/rounds/{round_.pk}").status_code == 404

    def test_a_coordinator_runs_one_now(
        self,
        coordinator: APIClient,
        monkeypatch: pytest.MonkeyPatch,
        django_capture_on_commit_callbacks: Capture,
    ) -> None:
        begun: list[dict[str, Any]] = []
        monkeypatch.setattr(solve_round, "delay", lambda **wanted: begun.append(wanted))
        with django_capture_on_commit_callbacks(execute=True):
            answer = coordinator.post(f"{API}/rounds", {"area": "main"})
        assert (answer.status_code, answer.json()) == (202, {"area": "main"})
        assert (begun[0]["area"], begun[0]["trigger"]) == ("main", "hand")
        assert begun[0]["asked_by_id"]

    def test_only_where_they_coordinate(self, charity: APIClient, coordinator: APIClient) -> None:
        assert charity.post(f"{API}/rounds", {"area": "main"}).status_code == 403
        assert coordinator.post(f"{API}/rounds", {"area": "penghu"}).status_code == 403
        nowhere = coordinator.post(f"{API}/rounds", {"area": "atlantis"})
        assert (nowhere.status_code, codes(nowhere, "area")) == (400, ["unknown_area"])
