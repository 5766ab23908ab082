"""A coordinator sees what needs them, decides, and runs the solvers; nobody else may look."""

from datetime import datetime, timedelta
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from backend.common.clock import SteppedClock
from backend.couriers.models import Courier, CourierStatus
from backend.custody.models import HandOver, Incident, IncidentStatus
from backend.events.models import AuditEntry
from backend.organizations.actions.add_document import add_document
from backend.organizations.models import Organization
from backend.organizations.models.organization import OrganizationStatus
from logistics.models import RouteStatus, Shipment
from matching.models import Round, RoundStatus, RoundTrigger
from tests.builders.accounts import make_user
from tests.builders.couriers import make_courier
from tests.builders.listings import make_listing
from tests.builders.organizations import make_coordinator, make_organization
from tests.web.pages.world import BUILDER, World, accepted, make_world, signed_in, under_way

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(stepped_clock: SteppedClock) -> Client:
    return signed_in(make_coordinator())


@pytest.fixture
def world(stepped_clock: SteppedClock, now: datetime) -> World:
    return make_world(now=now)


def text(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200, response.content.decode()[:2000]
    return response.content.decode().replace("\xa0", " ")


def test_a_quiet_desk_says_so(desk: Client) -> None:
    page = text(desk, "/desk")
    assert "Taipei" in page
    assert "Something does not run" in page


def test_what_nobody_drives_is_shown_with_the_reason(desk: Client, world: World) -> None:
    Shipment.objects.update(status="waiting", unassigned_reason="no_vehicle_with_skill")
    page = text(desk, "/desk")
    assert "Nobody drives it" in page
    assert "No vehicle on shift has the box that it needs" in page


def test_food_without_a_taker_is_shown_with_the_rounds_reason(desk: Client, now: datetime) -> None:
    listing = make_listing(now=now, pickup_until_at=now + timedelta(hours=1))
    lot = listing.lots.get()
    Round.objects.create(
        area="main", trigger=RoundTrigger.SCHEDULE, status=RoundStatus.APPLIED, seed=1,
        weights_version="1", digest="0" * 64, started_at=now,
        unassigned={str(lot.pk): {"mass_g": 10_000, "reason": "over_capacity"}},
    )  # fmt: skip
    page = text(desk, "/desk")
    assert "Nobody has taken it yet" in page
    assert "There is no room left for food kept this way." in page


@pytest.mark.parametrize(
    ("of", "said"),
    [
        ("hours", "10 Jun 10:00 to 13:00: 42 minutes more of one driver would do."),
        ("boxes", "no vehicle on shift has one for it (room temperature)"),
        ("room", "none on shift has the room"),
    ],
)
def test_what_is_short_where_nobody_drives_is_said(
    desk: Client, now: datetime, of: str, said: str
) -> None:
    """On the desk while it spoils, and on the page of the round."""
    listing = make_listing(now=now, pickup_until_at=now + timedelta(hours=1))
    short = {
        "of": of,
        "needs_s": 42 * 60 - 1,
        "from_at": now.isoformat(),
        "until_at": (now + timedelta(hours=3)).isoformat(),
    }
    facts = {"mass_g": 10_000, "reason": "no_courier_on_shift", "short": short}
    round_ = Round.objects.create(
        area="main", trigger=RoundTrigger.SCHEDULE, status=RoundStatus.APPLIED, seed=1,
        weights_version="1", digest="0" * 64, started_at=now,
        unassigned={str(listing.lots.get().pk): facts},
    )  # fmt: skip
    for url in ("/desk", reverse("web:desk_round", args=[round_.pk])):
        page = unescape(text(desk, url))
        assert "short in Taipei City" in page
        assert said in page


def test_a_late_route_is_shown_and_can_be_taken_off(
    desk: Client, world: World, stepped_clock: SteppedClock
) -> None:
    accepted(world)
    stepped_clock.advance(timedelta(minutes=40))
    assert "Late on the road" in text(desk, "/desk")
    url = reverse("web:desk_route", args=[world.offer.route_id])
    assert "Bakery Corner" in text(desk, url)
    desk.post(reverse("web:desk_take_off", args=[world.offer.route_id]))
    assert world.route.status == RouteStatus.ABANDONED


def test_an_incident_is_decided_with_a_note(desk: Client, world: World, now: datetime) -> None:
    under_way(world)
    phone = signed_in(world.driver)
    url = reverse("web:driver_stop", args=[world.offer.route_id, world.pickup.pk])
    form = phone.get(url).context["form"]
    data = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    key = world.claim.lines.get().pk.hex
    phone.post(url, data | {f"mass-{key}": "19", "signer_name": "Mei"})
    incident = Incident.objects.get()
    assert "Much more than was promised" in text(desk, "/desk")
    page = reverse("web:desk_incident", args=[incident.pk])
    refused = desk.post(page, {"counts": "no"})
    assert refused.status_code == 400
    assert "note" in refused.context["form"].errors
    desk.post(page, {"counts": "no", "note": "Typed twice."})
    incident.refresh_from_db()
    assert incident.status == IncidentStatus.EXCLUDED
    again = desk.post(page, {"counts": "yes", "note": "No."})
    assert again.status_code == 409


def test_records_without_a_beginning_are_shown(desk: Client, world: World) -> None:
    under_way(world)
    phone = signed_in(world.driver)
    url = reverse("web:driver_stop", args=[world.offer.route_id, world.drop.pk])
    form = phone.get(url).context["form"]
    data = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    phone.post(url, data | {"signer_name": "Mei"})
    assert HandOver.objects.get().status == "unmatched"
    assert "A record is missing" in text(desk, "/desk")


def test_an_organization_is_verified_after_reading_its_papers(desk: Client, now: datetime) -> None:
    waiting = make_organization(name="New Kitchen", status=OrganizationStatus.APPLIED)
    paper = add_document(
        organization_id=waiting.pk,
        kind="registration",
        upload=SimpleUploadedFile("permit.pdf", b"%PDF-1.7\n%%EOF"),
        by=BUILDER,
        now=now,
    )
    url = reverse("web:desk_organization", args=[waiting.pk])
    assert "permit.pdf" in text(desk, url)
    read = desk.get(reverse("web:desk_document", args=[waiting.pk, paper.pk]))
    assert read["Content-Disposition"].startswith("attachment")
    assert b"".join(read.streaming_content).startswith(b"%PDF")
    assert AuditEntry.objects.filter(action="document.read").exists()
    verify = reverse("web:desk_decide", args=[waiting.pk, "verify"])
    late = desk.post(verify, {"reason": "papers_checked", "until_date": "2020-01-01"})
    assert "until_date" in late.context["form"].errors
    desk.post(verify, {"reason": "papers_checked", "note": "Seen."})
    waiting.refresh_from_db()
    assert waiting.status == OrganizationStatus.VERIFIED


@pytest.mark.parametrize(
    ("here", "what", "reason", "there"),
    [
        ("applied", "reject", "papers_missing", "rejected"),
        ("verified", "suspend", "food_safety", "suspended"),
        ("suspended", "reinstate", "cleared_up", "verified"),
    ],
)
def test_other_decisions(desk: Client, here: str, what: str, reason: str, there: str) -> None:
    chosen = make_organization(status=here)
    desk.post(reverse("web:desk_decide", args=[chosen.pk, what]), {"reason": reason})
    assert Organization.objects.get(pk=chosen.pk).status == there


def test_a_step_that_is_not_possible_any_more_is_refused(desk: Client) -> None:
    chosen = make_organization(status="rejected")
    url = reverse("web:desk_decide", args=[chosen.pk, "suspend"])
    assert desk.post(url, {"reason": "misuse"}).status_code == 409
    assert desk.get(reverse("web:desk_decide", args=[chosen.pk, "crown"])).status_code == 404


def test_a_driver_is_approved_and_the_look_is_noted(desk: Client) -> None:
    applied = make_courier(status=CourierStatus.APPLIED)
    assert desk.get("/desk/drivers").status_code == 200
    page = text(desk, reverse("web:desk_driver", args=[applied.pk]))
    assert str(applied.lat) not in page
    assert AuditEntry.objects.filter(action="courier.read").exists()
    desk.post(reverse("web:desk_approve", args=[applied.pk]))
    assert Courier.objects.get().status == CourierStatus.ACTIVE
    desk.post(reverse("web:desk_driver", args=[applied.pk]), {"reason": "misuse"})
    assert Courier.objects.get().status == CourierStatus.ENDED


def test_rounds_and_plans_are_asked_for(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    for task in ("solve_round", "solve_area"):
        monkeypatch.setattr(
            f"backend.web.views.coordinator.rounds.{task}.delay",
            lambda **given: asked.append(given),
        )
    desk.post("/desk/rounds/run", {"area": "main"})
    desk.post("/desk/plans/run", {"area": "main"})
    asked_by = asked[0].pop("asked_by_id")
    assert asked_by == desk.session["_auth_user_id"]
    assert asked == [{"area": "main", "trigger": "hand"}, {"area": "main", "again": True}]
    assert desk.post("/desk/plans/run", {"area": "penghu"}).status_code == 404
    assert len(asked) == 2


def test_a_round_and_a_plan_are_read(desk: Client, world: World, now: datetime) -> None:
    listing = make_listing(now=now)
    lot = listing.lots.get()
    round_ = Round.objects.create(
        area="main", trigger=RoundTrigger.URGENT, status=RoundStatus.APPLIED, seed=1,
        weights_version="1", digest="0" * 64, started_at=now, objective_mg=90, bound_mg=100,
        unassigned={str(lot.pk): {"mass_g": 10_000, "reason": "too_far"}},
    )  # fmt: skip
    assert "food with a short life" in text(desk, "/desk/rounds")
    page = text(desk, reverse("web:desk_round", args=[round_.pk]))
    assert "at most 10.0 % from the best" in page
    assert "It is too far away." in page
    assert "1 route" in text(desk, "/desk/plans")
    plan = world.route.plan
    assert plan is not None
    assert "6 km" in text(desk, reverse("web:desk_plan", args=[plan.pk]))


def test_the_map_has_a_list_of_everything(desk: Client, world: World, now: datetime) -> None:
    under_way(world)
    make_listing(now=now, title="Soup for many")
    page = text(desk, "/desk/map")
    assert "Soup for many" in page
    assert "Next stop: Bakery Corner" in page
    assert page.count("Open Table") >= 2


def test_other_counties_do_not_exist(world: World) -> None:
    far = signed_in(make_coordinator("66000"))
    organization = world.listing.organization
    urls = [
        reverse("web:desk_organization", args=[organization.pk]),
        reverse("web:desk_route", args=[world.offer.route_id]),
        reverse("web:desk_driver", args=[world.courier.pk]),
    ]
    assert [far.get(url).status_code for url in urls] == [404, 404, 404]
    decide = reverse("web:desk_decide", args=[organization.pk, "suspend"])
    assert far.post(decide, {"reason": "misuse"}).status_code == 404
    assert "Open Table" not in text(far, "/desk/map")


def test_the_desk_is_for_coordinators(stepped_clock: SteppedClock) -> None:
    urls = ["/desk", "/desk/map", "/desk/organizations", "/desk/drivers", "/desk/rounds"]
    for url in urls:
        assert Client().get(url)["Location"].startswith("/accounts/login/")
        assert signed_in(make_user()).get(url)["Location"] == reverse("web:start")


def test_lists_cost_the_same_however_long_they_are(desk: Client, now: datetime) -> None:
    for url in ("/desk", "/desk/organizations", "/desk/drivers", "/desk/map"):
        desk.get(url)
        counts = set()
        for _ in range(2):
            make_organization(status=OrganizationStatus.APPLIED)
            make_courier(status=CourierStatus.APPLIED)
            make_listing(now=now, pickup_until_at=now + timedelta(hours=1))
            with CaptureQueriesContext(connection) as caught:
                desk.get(url)
            counts.add(len(caught))
        assert len(counts) == 1, url
