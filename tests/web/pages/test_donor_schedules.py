"""What is posted by itself every week is changed from a day on, with all its foods."""

from datetime import date, datetime
from typing import Any

import pytest

from backend.accounts.models import User
from backend.common.ids import new_id
from backend.listings.actions.check_schedule import SchedulePlan
from backend.listings.actions.create_schedule import create_schedule
from backend.listings.actions.open_scheduled import open_scheduled
from backend.listings.domain.draft import LotDraft
from backend.listings.domain.template import Template, UsualLot
from backend.listings.models import ListingSchedule
from backend.organizations.models import Location
from tests.builders.claims import BUILDER
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
def weekly(shop: Location, now: datetime) -> ListingSchedule:
    """Bread with a barcode and milk, Mondays and Thursdays from 20:00 to 21:00."""
    bread = LotDraft(category="bread", declared_g=3_000, gtin="4006381333931")
    milk = LotDraft(category="milk", declared_g=2_000)
    plan = SchedulePlan(
        title="Evening round",
        rule="FREQ=WEEKLY;BYDAY=MO,TH",
        starts_date=date(2026, 6, 8),
        opens_minute=1_200,
        closes_minute=1_260,
        template=Template(
            lots=(
                UsualLot(lot=bread, best_before_in_days=1),
                UsualLot(lot=milk, use_by_in_days=2),
            ),
            note="Ring twice",
        ),
    )
    return create_schedule(location_id=shop.pk, plan=plan, by=BUILDER, now=now)


def filled(form: Any, **fields: Any) -> dict[str, Any]:
    """What the shown form sends when nothing but the given fields is touched."""
    rows = {"lot": [row.number for row in form.rows if row.number]}
    values = {name: form[name].value() for name in form.fields}
    kept = {name: value for name, value in values.items() if value not in (None, False, "")}
    return kept | rows | fields


def test_the_form_shows_what_is_usual(donor: User, weekly: ListingSchedule) -> None:
    form = client_of(donor).get(f"/giving/schedules/{weekly.pk}/change").context["form"]
    assert form["days"].value() == ["MO", "TH"]
    assert form["opens"].value().isoformat() == "20:00:00"
    assert form["starts_date"].value() == date(2026, 6, 10)
    assert (form["lot1_category"].value(), form["lot1_use_by_in_days"].value()) == ("milk", 2)


def test_what_is_not_touched_stays(donor: User, weekly: ListingSchedule) -> None:
    client, path = client_of(donor), f"/giving/schedules/{weekly.pk}/change"
    client.post(path, filled(client.get(path).context["form"], days=["FR"]))
    changed = ListingSchedule.objects.latest("created_at", "starts_date")
    assert (changed.title, changed.rule) == ("Evening round", "FREQ=WEEKLY;BYDAY=FR")
    before, after = (Template.from_json(each.template) for each in (weekly, changed))
    assert after == before


def test_a_change_holds_from_its_day_on(donor: User, weekly: ListingSchedule) -> None:
    client, path = client_of(donor), f"/giving/schedules/{weekly.pk}/change"
    sent = filled(client.get(path).context["form"], starts_date="2026-06-20", amount="5")
    answer = client.post(path, sent)
    weekly.refresh_from_db()
    assert weekly.ends_date == date(2026, 6, 19)
    following = ListingSchedule.objects.exclude(pk=weekly.pk).get()
    assert answer["Location"] == f"/giving/schedules/{following.pk}"
    assert following.starts_date == date(2026, 6, 20)
    bread = Template.from_json(following.template).lots[0].lot
    assert (bread.declared_g, bread.gtin) == (5_000, "4006381333931")


def test_what_is_on_the_board_stays(donor: User, weekly: ListingSchedule, now: datetime) -> None:
    listing = open_scheduled(
        schedule_id=weekly.pk, local_date=date(2026, 6, 11), by=BUILDER, now=now
    )
    assert listing is not None
    client, path = client_of(donor), f"/giving/schedules/{weekly.pk}/change"
    client.post(path, filled(client.get(path).context["form"], amount="5"))
    listing.refresh_from_db()
    assert [lot.declared_g for lot in listing.lots.order_by("id")] == [3_000, 2_000]


def test_what_cannot_be_offered_is_said_in_its_row(donor: User, weekly: ListingSchedule) -> None:
    client, path = client_of(donor), f"/giving/schedules/{weekly.pk}/change"
    sent = filled(client.get(path).context["form"], lot1_category="lunch_box_hot")
    answer = client.post(path, sent)
    assert answer.status_code == 400
    assert answer.context["form"].errors == {"lot1_cooked": ["Please say when it was cooked."]}


def test_several_foods_are_posted_every_week(donor: User, shop: Location) -> None:
    client = client_of(donor)
    form = client.get("/giving/schedules/new").context["form"]
    milk = {"lot1_category": "milk", "lot1_amount": "2", "lot1_measure": "kg"}
    sent = filled(form, category="bread", amount="3", days=["MO"], opens="20:00", closes="21:00")
    sent |= milk | {"lot": ["1"], "lot1_use_by_in_days": "1", "once": str(new_id())}
    client.post("/giving/schedules/new", sent)
    made = ListingSchedule.objects.get()
    lots = Template.from_json(made.template).lots
    assert [each.lot.category for each in lots] == ["bread", "milk"]
    assert made.title == "Bread, Fresh milk"


def test_a_rule_of_another_program_asks_for_its_days(donor: User, weekly: ListingSchedule) -> None:
    ListingSchedule.objects.update(rule="FREQ=DAILY;INTERVAL=2")
    client, path = client_of(donor), f"/giving/schedules/{weekly.pk}/change"
    form = client.get(path).context["form"]
    assert form["days"].value() == []
    assert "days" in client.post(path, filled(form)).context["form"].errors


def test_another_donors_schedule_does_not_exist(weekly: ListingSchedule) -> None:
    other = make_location()
    client = client_of(make_member(other.organization))
    assert client.get(f"/giving/schedules/{weekly.pk}/change").status_code == 404


def test_the_page_of_a_schedule_leads_to_its_change(donor: User, weekly: ListingSchedule) -> None:
    html = body(client_of(donor).get(f"/giving/schedules/{weekly.pk}"))
    assert f"/giving/schedules/{weekly.pk}/change" in html
