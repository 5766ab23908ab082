"""Who is told what, when, in which words, and that they saw it."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import translation

from backend.accounts.models import User
from backend.claims.actions.cancel_claim import cancel_claim
from backend.common.actor import Actor, ActorKind
from backend.common.clock import SteppedClock
from backend.couriers.actions.approve_courier import approve_courier
from backend.couriers.models import CourierStatus
from backend.custody.domain.replay import Kind as Passed
from backend.events.models import Event
from backend.events.relay import drain
from backend.organizations.actions.verify_organization import verify_organization
from backend.organizations.models.organization import OrganizationStatus
from matching.models import Offer, Proposal, Round, RoundTrigger
from notifications.actions.mark_seen import mark_seen
from notifications.actions.tell_people import tell_people
from notifications.domain.kinds import MESSAGES, Kind
from notifications.domain.warning import outlet_warning_at, recall_at
from notifications.media.in_app import text_of
from notifications.models import Notification
from notifications.selectors import inbox, unseen
from notifications.tasks import warn_of_lapsing_offers, warn_of_uncovered_listings
from tests.builders.accounts import actor_of, make_user
from tests.builders.couriers import make_courier
from tests.builders.listings import make_listing
from tests.builders.needs import make_taker
from tests.builders.organizations import (
    make_coordinator,
    make_location,
    make_member,
    make_organization,
    make_recipient,
)
from tests.web.pages.test_public_figures import pass_on
from tests.web.pages.world import make_world, under_way

pytestmark = pytest.mark.django_db


def kinds(user: User) -> list[str]:
    return list(inbox(actor_of(user)).order_by("id").values_list("kind", flat=True))


def texts(user: User) -> list[str]:
    return [text_of(each) for each in inbox(actor_of(user)).order_by("id")]


@pytest.fixture
def user(stepped_clock: SteppedClock) -> User:
    return make_user()


def tell(user: User, now: datetime, kind: Kind = Kind.COURIER_APPROVED) -> Notification:
    (told,) = tell_people(user_ids=[user.pk], kind=kind, cause_id=user.pk, facts={}, now=now)
    return told


def test_a_donation_is_followed_by_both_sides(stepped_clock: SteppedClock, now: datetime) -> None:
    world = make_world(now=now)
    drain(now=now)
    assert texts(world.donor) == ["Open Table takes 10 kg of Bread of today."]
    assert kinds(world.driver) == ["route_offered"]
    assert texts(world.driver)[0].startswith("A route for you at 10:15. Please answer by 10:")
    under_way(world)
    pass_on(world, kind=Passed.COLLECTED, mass_g=10_000)
    pass_on(world, kind=Passed.DELIVERED, mass_g=9_500)
    drain(now=now)
    assert kinds(world.donor) == ["claim_made", "collected", "delivered"]
    assert texts(world.donor)[-1] == "9.5 kg of Bread of today arrived at Open Table."
    assert kinds(world.charity) == ["collected"]


def test_nobody_is_told_what_they_did_themselves(
    stepped_clock: SteppedClock, now: datetime
) -> None:
    world = make_world(now=now)
    drain(now=now)
    by = actor_of(world.charity)
    cancel_claim(claim_id=world.claim.pk, reason="no_need", by=by, now=now)
    drain(now=now)
    assert "claim_cancelled" in kinds(world.donor)
    assert "claim_cancelled" not in kinds(world.charity)


def test_the_same_event_tells_once(user: User, now: datetime) -> None:
    tell(user, now)
    again = tell_people(
        user_ids=[user.pk], kind=Kind.COURIER_APPROVED, cause_id=user.pk, facts={}, now=now
    )
    assert again == []
    assert Event.objects.filter(type="notification.made").count() == 1


def test_organizations_and_drivers_hear_of_decisions(
    stepped_clock: SteppedClock, now: datetime
) -> None:
    coordinator = actor_of(make_coordinator())
    kitchen = make_organization(name="New Kitchen", status=OrganizationStatus.APPLIED)
    member = make_member(kitchen)
    applied = make_courier(status=CourierStatus.APPLIED)
    verify_organization(
        organization_id=kitchen.pk, reason="papers_checked", by=coordinator, now=now
    )
    approve_courier(courier_id=applied.pk, by=coordinator, now=now)
    drain(now=now)
    assert texts(member) == ["New Kitchen is verified. You can begin."]
    assert kinds(applied.user) == ["courier_approved"]


def test_an_open_offer_is_recalled_before_it_lapses(
    stepped_clock: SteppedClock, now: datetime
) -> None:
    recipient = make_recipient()
    member = make_member(recipient)
    programme = make_taker(make_location(recipient))
    listing = make_listing(now=now)
    round_ = Round.objects.create(
        area="main", trigger=RoundTrigger.SCHEDULE, seed=1, weights_version="1",
        digest="0" * 64, started_at=now,
    )  # fmt: skip
    offer = Offer.objects.create(
        round=round_, listing=listing, location=programme.location, programme=programme,
        transport="courier", status="offered", receive_date=now.date(), made_at=now,
        answer_by_at=now + timedelta(hours=1),
    )  # fmt: skip
    Proposal.objects.create(offer=offer, lot=listing.lots.get(), mass_g=4_000)
    assert warn_of_lapsing_offers() == 0
    stepped_clock.advance(timedelta(minutes=46))
    assert warn_of_lapsing_offers() == 1
    assert warn_of_lapsing_offers() == 0
    assert texts(member)[0].startswith("Still free until 11:00: 4 kg, Bread of today.")


def test_a_donor_hears_in_time_that_nobody_took_it(
    stepped_clock: SteppedClock, now: datetime
) -> None:
    donor = make_organization()
    member = make_member(donor)
    make_listing(make_location(donor), now=now)
    assert warn_of_uncovered_listings() == 0
    stepped_clock.advance(timedelta(hours=2, minutes=1))
    assert warn_of_uncovered_listings() == 1
    assert warn_of_uncovered_listings() == 0
    assert texts(member)[0].startswith("Nobody has taken 10 kg of Bread of today yet")


def test_warnings_leave_time_to_act(now: datetime) -> None:
    hour = timedelta(hours=1)
    assert outlet_warning_at(opened_at=now, ends_at=now + 10 * hour) == now + 8 * hour
    assert outlet_warning_at(opened_at=now, ends_at=now + hour) == now + hour / 2
    assert recall_at(made_at=now, answer_by_at=now + 2 * hour) == now + hour * 1.75
    assert recall_at(made_at=now, answer_by_at=now + hour / 12) == now + timedelta(minutes=3)


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_is_said_in_both_languages(user: User, now: datetime, kind: Kind) -> None:
    facts = {
        "offer_id": str(user.pk), "claim_id": str(user.pk), "listing_id": str(user.pk),
        "title": "T", "place": "P", "mass_g": 1_000,
        "time_at": now.isoformat(), "starts_at": now.isoformat(),
    }  # fmt: skip
    (told,) = tell_people(user_ids=[user.pk], kind=kind, cause_id=user.pk, facts=facts, now=now)
    said = {}
    for language in ("en", "zh-hant"):
        with translation.override(language):
            said[language] = text_of(told)
    assert said["en"] != said["zh-hant"]
    assert "%(" not in said["en"] + said["zh-hant"]
    assert MESSAGES[kind].icon


def test_seeing_is_ones_own_and_happens_once(user: User, now: datetime) -> None:
    told, other = tell(user, now), tell(make_user(), now)
    by = actor_of(user)
    assert mark_seen(ids=[told.pk, other.pk], by=by, now=now) == 1
    assert mark_seen(ids=None, by=by, now=now) == 0
    other.refresh_from_db()
    assert other.seen_at is None
    assert not unseen(by).exists()


def test_a_key_of_an_organization_has_no_inbox(user: User, now: datetime) -> None:
    tell(user, now)
    key = Actor(ActorKind.API_KEY, user_id=user.pk, organization_id=make_organization().pk)
    assert not inbox(key).exists()


def test_the_page_shows_follows_and_clears(user: User, now: datetime) -> None:
    told = tell(user, now)
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    page = client.get("/inbox").content.decode()
    assert "You can drive now." in page
    assert 'class="bell-count"' in page
    assert client.post(f"/inbox/{told.pk}")["Location"] == "/drive/shifts"
    assert 'class="bell-count"' not in client.get("/inbox").content.decode()
    stranger = Client()
    stranger.force_login(make_user())
    assert stranger.post(f"/inbox/{told.pk}").status_code == 404
    assert Client().get("/inbox").status_code == 302


def test_the_inbox_over_rest(user: User, now: datetime) -> None:
    told = tell(user, now)
    client = Client(headers={"accept-language": "en"})
    assert client.get("/api/v1/notifications").status_code == 401
    client.force_login(user)
    (only,) = client.get("/api/v1/notifications?unseen=true").json()["results"]
    assert only["id"] == str(told.pk)
    assert only["text"] == "You can drive now. Plan your first shift."
    sent = {"ids": [str(told.pk)]}
    answer = client.post("/api/v1/notifications/seen", sent, content_type="application/json")
    assert answer.json() == {"seen": 1}
    assert client.get("/api/v1/notifications?unseen=true").json()["results"] == []
    wrong = client.post(
        "/api/v1/notifications/seen", {"ids": ["x"]}, content_type="application/json"
    )
    assert wrong.status_code == 400
