"""The front page shows what moved, counted once, and what charities ask for in public."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from backend.common.clock import SteppedClock
from backend.common.ids import new_id
from backend.custody.actions.decide_incident import decide_incident
from backend.custody.domain.replay import Kind
from backend.custody.domain.submission import SubmittedLine
from backend.custody.models import Incident
from backend.events.models import Event, EventAudience
from backend.events.relay import drain
from backend.impact.selectors.figures import (
    counted_hand_overs,
    day_of_region,
    delivered,
    delivered_today,
)
from logistics.actions.hand_over_at_stop import hand_over_at_stop
from tests.builders.accounts import actor_of
from tests.builders.needs import make_request
from tests.builders.organizations import make_coordinator
from tests.web.pages.world import World, make_world, signed_in, under_way

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(stepped_clock: SteppedClock, now: datetime) -> World:
    return under_way(make_world(now=now))


def pass_on(world: World, *, kind: Kind, mass_g: int, refused_g: int = 0) -> None:
    stop = world.pickup if kind is Kind.COLLECTED else world.drop
    line = world.claim.lines.get()
    hand_over_at_stop(
        stop_id=stop.pk,
        client_id=new_id(),
        claim_id=world.claim.pk,
        kind=kind,
        lines=(SubmittedLine(line.pk, mass_g, refused_g, reason="damaged" if refused_g else ""),),
        at=world.now,
        by=actor_of(world.driver),
        now=world.now,
    )


def home() -> str:
    page = Client().get("/", headers={"accept-language": "en"})
    return page.content.decode().replace("\xa0", " ")


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "420 g per meal"), ("zh-Hant", "每餐 420 公克"), ("zh-Hant", "只用來幫助想像")],
)
def test_the_factors_are_said_in_the_readers_language(language: str, said: str) -> None:
    page = Client().get("/figures", headers={"accept-language": language}).content.decode()
    assert said in page
    assert ("g per meal" in page) is (language == "en")


def test_before_the_first_hand_over_nothing_is_boasted(stepped_clock: SteppedClock) -> None:
    assert "it is counted here" in home()


def test_what_was_only_collected_does_not_count(world: World, now: datetime) -> None:
    pass_on(world, kind=Kind.COLLECTED, mass_g=10_000)
    assert delivered_today(now=now).mass_g == 0


def test_what_was_accepted_counts_once_and_pictures_meals(world: World, now: datetime) -> None:
    pass_on(world, kind=Kind.COLLECTED, mass_g=10_000)
    pass_on(world, kind=Kind.DELIVERED, mass_g=8_400, refused_g=1_600)
    figures = delivered_today(now=now)
    assert (figures.mass_g, figures.meals, figures.co2e_g) == (8_400, 20, 21_000)
    assert figures.hand_overs == 1
    page = home()
    assert "8.4 kg" in page
    assert "about 20 meals" in page


def test_another_day_is_not_today(world: World, now: datetime) -> None:
    pass_on(world, kind=Kind.COLLECTED, mass_g=10_000)
    pass_on(world, kind=Kind.DELIVERED, mass_g=10_000)
    assert delivered_today(now=now + timedelta(days=1)).mass_g == 0
    assert delivered().mass_g == 10_000
    begins, ends = day_of_region(now.date())
    assert begins.isoformat() == "2026-06-10T00:00:00+08:00"
    assert ends - begins == timedelta(days=1)


def test_a_broken_rule_waits_for_the_decision(world: World, now: datetime) -> None:
    pass_on(world, kind=Kind.COLLECTED, mass_g=10_000)
    pass_on(world, kind=Kind.DELIVERED, mass_g=19_000)
    assert delivered_today(now=now).mass_g == 0
    coordinator = actor_of(make_coordinator())
    for incident in Incident.objects.all():
        decide_incident(
            incident_id=incident.pk, counts=True, note="Weighed again.", by=coordinator, now=now
        )
    assert delivered_today(now=now).mass_g == 19_000


def test_a_record_without_a_beginning_does_not_count(world: World, now: datetime) -> None:
    pass_on(world, kind=Kind.DELIVERED, mass_g=10_000)
    assert delivered().mass_g == 0


def test_every_figure_leads_to_its_hand_overs(world: World, now: datetime) -> None:
    pass_on(world, kind=Kind.COLLECTED, mass_g=10_000)
    pass_on(world, kind=Kind.DELIVERED, mass_g=10_000)
    coordinator = make_coordinator()
    assert counted_hand_overs(actor_of(coordinator), day=now.date()).count() == 1
    assert not counted_hand_overs(actor_of(make_coordinator("66000")), day=now.date()).exists()
    desk = signed_in(coordinator)
    page = desk.get(reverse("web:desk_counted", args=["2026-06-10"])).content.decode()
    assert "Open Table" in page
    assert desk.get(reverse("web:desk_counted", args=["yesterday"])).status_code == 404


def test_everybody_hears_that_the_figures_changed(world: World, now: datetime) -> None:
    pass_on(world, kind=Kind.COLLECTED, mass_g=10_000)
    pass_on(world, kind=Kind.DELIVERED, mass_g=10_000)
    drain(now=now)
    told = Event.objects.filter(type="figures.changed").latest("id")
    assert told.payload == {"delivered_today_g": 10_000, "meals_today": 24}
    assert EventAudience.objects.filter(event=told, audience="public").exists()


def test_the_need_board_shows_public_requests_only(
    stepped_clock: SteppedClock, now: datetime
) -> None:
    make_request(now=now, is_public=True, mass_g=40_000, note="For the elders")
    make_request(now=now, mass_g=7_000, note="Not for all eyes")
    page = home()
    assert "40 kg" in page
    assert "For the elders" in page
    assert "Not for all eyes" not in page


def test_the_factors_are_named_with_their_sources(stepped_clock: SteppedClock) -> None:
    page = Client().get("/figures", headers={"accept-language": "en"}).content.decode()
    assert "WRAP" in page
    assert "FAO" in page
