"""Listings over REST: who may do and see what, and what clients are told."""

from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from rest_framework.test import APIClient

from backend.common.clock import SteppedClock
from backend.listings.actions.draft_listing import draft_listing
from backend.listings.models import Listing, ListingSchedule
from backend.organizations.models import Location
from tests.builders.accounts import make_user
from tests.builders.listings import BUILDER, listing_draft, make_listing
from tests.builders.organizations import (
    make_coordinator,
    make_location,
    make_member,
    make_organization,
    make_recipient,
)
from tests.builders.rest import API, client_of, codes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stepped_clock")]


@pytest.fixture
def shop() -> Location:
    return make_location()


@pytest.fixture
def donor(shop: Location) -> APIClient:
    return client_of(make_member(shop.organization))


@pytest.fixture
def recipient() -> APIClient:
    return client_of(make_member(make_recipient()))


@pytest.fixture
def outsider() -> APIClient:
    return client_of(make_member(make_organization()))


def offer(shop: Location, now: datetime, **fields: Any) -> dict[str, Any]:
    chosen: dict[str, Any] = {
        "location_id": str(shop.pk),
        "title": "Bread of today",
        "pickup_from_at": now.isoformat(),
        "pickup_until_at": (now + timedelta(hours=4)).isoformat(),
        "lots": [{"category": "bread", "declared_g": 10_000, "use_by_date": "2026-06-11"}],
    }
    return chosen | fields


def picture(size: tuple[int, int] = (40, 30), **saving: Any) -> bytes:
    written = BytesIO()
    Image.new("RGB", size, "orange").save(written, "JPEG", **saving)
    return written.getvalue()


def test_a_donor_posts_reads_and_changes_a_listing(
    donor: APIClient, shop: Location, now: datetime
) -> None:
    posted = donor.post(f"{API}/listings", offer(shop, now))
    assert posted.status_code == 201, posted.json()
    body = posted.json()
    assert (body["status"], body["lots"][0]["available_g"]) == ("open", 10_000)
    assert body["address"] == "1 Example Road"
    tag = posted.headers["ETag"]
    changed = donor.patch(
        f"{API}/listings/{body['id']}", {"note": "Back door"}, headers={"If-Match": tag}
    )
    assert (changed.status_code, changed.json()["note"]) == (200, "Back door")
    stale = donor.patch(
        f"{API}/listings/{body['id']}", {"note": "Front door"}, headers={"If-Match": tag}
    )
    assert (stale.status_code, stale.json()["code"]) == (412, "stale")


def test_the_same_key_posts_once(donor: APIClient, shop: Location, now: datetime) -> None:
    answers = [
        donor.post(
            f"{API}/listings", offer(shop, now), headers={"Idempotency-Key": "tonight"}
        ).json()["id"]
        for _ in range(2)
    ]
    assert answers[0] == answers[1]
    assert Listing.objects.count() == 1


def test_a_bad_lot_is_named_by_its_place_in_the_input(
    donor: APIClient, shop: Location, now: datetime
) -> None:
    lots = [{"category": "bread", "declared_g": 0, "use_by_date": "2026-06-09"}]
    answer = donor.post(f"{API}/listings", offer(shop, now, lots=lots))
    assert answer.status_code == 400
    assert codes(answer, "lots.0.declared_g") == ["mass_too_small"]


def test_unknown_fields_are_refused(donor: APIClient, shop: Location, now: datetime) -> None:
    for wrong in ({"status": "closed"}, {"organization_id": str(shop.organization_id)}):
        assert donor.post(f"{API}/listings", offer(shop, now, **wrong)).status_code == 400
    lot = {"category": "bread", "declared_g": 1, "available_g": 99}
    assert donor.post(f"{API}/listings", offer(shop, now, lots=[lot])).status_code == 400
    assert not Listing.objects.exists()


def test_somebody_elses_place_does_not_exist(
    outsider: APIClient, shop: Location, now: datetime
) -> None:
    assert outsider.post(f"{API}/listings", offer(shop, now)).status_code == 404


def test_strangers_are_asked_to_sign_in(shop: Location, now: datetime) -> None:
    stranger = client_of()
    assert stranger.get(f"{API}/listings").status_code == 401
    assert stranger.post(f"{API}/listings", offer(shop, now)).status_code == 401


def test_a_draft_is_kept_then_opened(donor: APIClient, shop: Location, now: datetime) -> None:
    kept = donor.post(f"{API}/listings", offer(shop, now, open=False)).json()
    assert (kept["status"], kept["lots"], len(kept["draft_lots"])) == ("draft", [], 1)
    opened = donor.post(f"{API}/listings/{kept['id']}/open")
    assert (opened.status_code, opened.json()["status"]) == (200, "open")
    again = donor.post(f"{API}/listings/{kept['id']}/open")
    assert (again.status_code, again.json()["code"]) == (409, "illegal_transition")


def test_another_donor_sees_nothing_of_it_and_changes_nothing(
    outsider: APIClient, shop: Location, now: datetime
) -> None:
    listing = make_listing(shop, now=now)
    lot = listing.lots.get()
    base = f"{API}/listings/{listing.pk}"
    calls = [
        outsider.get(base),
        outsider.patch(base, {"title": "Mine"}),
        outsider.post(f"{base}/open"),
        outsider.post(f"{base}/repeat", {}),
        outsider.post(f"{base}/withdraw", {}),
        outsider.get(f"{base}/photo"),
        outsider.get(f"{API}/lots/{lot.pk}"),
        outsider.get(f"{API}/lots/{lot.pk}/movements"),
        outsider.post(f"{API}/lots/{lot.pk}/corrections", {"change_g": -1}),
    ]
    assert [each.status_code for each in calls] == [404] * len(calls)
    assert outsider.get(f"{API}/listings").json()["results"] == []


def test_a_recipient_sees_the_area_but_not_the_address_and_may_not_touch_it(
    recipient: APIClient, shop: Location, now: datetime
) -> None:
    listing = make_listing(shop, now=now)
    seen = recipient.get(f"{API}/listings/{listing.pk}")
    body = seen.json()
    assert seen.status_code == 200
    assert set(body) & {"address", "point", "location_id", "organization_id"} == set()
    assert (body["area"]["lon"], body["area"]["lat"]) != (shop.lon, shop.lat)
    assert "delivered_g" not in body["lots"][0]
    assert recipient.post(f"{API}/listings/{listing.pk}/withdraw", {}).status_code == 403
    assert recipient.patch(f"{API}/listings/{listing.pk}", {"title": "Mine"}).status_code == 403


def test_a_draft_is_its_donors_alone(recipient: APIClient, shop: Location, now: datetime) -> None:
    draft = draft_listing(location_id=shop.pk, draft=listing_draft(now=now), by=BUILDER, now=now)
    coordinator = client_of(make_coordinator())
    for reader in (recipient, coordinator):
        assert reader.get(f"{API}/listings/{draft.pk}").status_code == 404


def test_a_coordinator_sees_and_stops_listings_of_its_county_only(
    shop: Location, now: datetime
) -> None:
    listing = make_listing(shop, now=now)
    here, elsewhere = client_of(make_coordinator()), client_of(make_coordinator("64000"))
    assert here.get(f"{API}/listings/{listing.pk}").json()["address"] == "1 Example Road"
    assert here.patch(f"{API}/listings/{listing.pk}", {"title": "Mine"}).status_code == 403
    assert elsewhere.get(f"{API}/listings/{listing.pk}").status_code == 404
    stopped = here.post(f"{API}/listings/{listing.pk}/withdraw", {"reason": "spoiled"})
    assert stopped.json()["closed_reason"] == "withdrawn"


def test_lists_are_filtered_and_refuse_what_they_do_not_know(
    donor: APIClient, shop: Location, now: datetime
) -> None:
    make_listing(shop, now=now)
    donor.post(f"{API}/listings", offer(shop, now, open=False))
    drafts = donor.get(f"{API}/listings", {"status": "draft"}).json()["results"]
    assert [each["status"] for each in drafts] == ["draft"]
    assert donor.get(f"{API}/listings", {"ordering": "pickup_code"}).status_code == 400
    assert donor.get(f"{API}/listings", {"page_size": 101}).status_code == 400


@pytest.mark.parametrize("count", [1, 10])
def test_a_longer_list_needs_no_more_queries(
    donor: APIClient,
    shop: Location,
    now: datetime,
    count: int,
    django_assert_max_num_queries: Any,
) -> None:
    for _ in range(count):
        make_listing(shop, now=now)
    with django_assert_max_num_queries(9):
        answer = donor.get(f"{API}/listings")
    assert len(answer.json()["results"]) == count


def test_a_lot_is_corrected_and_its_ledger_says_so(
    donor: APIClient, shop: Location, now: datetime
) -> None:
    lot = make_listing(shop, now=now).lots.get()
    corrected = donor.post(f"{API}/lots/{lot.pk}/corrections", {"change_g": -4_000})
    assert (corrected.status_code, corrected.json()["available_g"]) == (201, 6_000)
    too_much = donor.post(f"{API}/lots/{lot.pk}/corrections", {"change_g": -7_000})
    assert (too_much.status_code, too_much.json()["code"]) == (409, "already_promised")
    ledger = donor.get(f"{API}/lots/{lot.pk}/movements").json()["results"]
    assert [(each["from_bucket"], each["to_bucket"], each["mass_g"]) for each in ledger] == [
        ("available", "source", 4_000),
        ("source", "available", 10_000),
    ]


def test_a_photo_is_rewritten_without_where_it_was_taken(
    donor: APIClient, recipient: APIClient, shop: Location, now: datetime
) -> None:
    listing = make_listing(shop, now=now)
    exif = Image.Exif()
    exif[0x010E] = "our back door"
    upload = SimpleUploadedFile("../../evil.php", picture(exif=exif), "text/html")
    put = donor.put(f"{API}/listings/{listing.pk}/photo", {"photo": upload}, format="multipart")
    assert (put.status_code, put.json()["has_photo"]) == (200, True)
    listing.refresh_from_db()
    assert "evil" not in listing.photo.name
    seen = recipient.get(f"{API}/listings/{listing.pk}/photo")
    data = b"".join(seen.streaming_content)
    assert seen["Content-Type"] == "image/jpeg"
    assert b"back door" not in data
    assert not Image.open(BytesIO(data)).getexif()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"<script>alert(1)</script>", "not_a_picture"),
        (b"GIF89a" + b"\0" * 100, "not_a_picture"),
        (picture()[:200], "not_a_picture"),
        (b"\xff" * (8 * 1024 * 1024 + 1), "file_too_large"),
    ],
    ids=["script", "gif", "cut off", "too large"],
)
def test_what_is_no_picture_is_refused(
    donor: APIClient, shop: Location, now: datetime, data: bytes, code: str
) -> None:
    listing = make_listing(shop, now=now)
    upload = SimpleUploadedFile("cake.jpg", data, "image/jpeg")
    answer = donor.put(f"{API}/listings/{listing.pk}/photo", {"photo": upload}, format="multipart")
    assert answer.status_code == 400
    assert codes(answer, "photo") == [code]
    listing.refresh_from_db()
    assert not listing.photo


def schedule(shop: Location, **fields: Any) -> dict[str, Any]:
    chosen: dict[str, Any] = {
        "location_id": str(shop.pk),
        "title": "Bread every evening",
        "rule": "FREQ=WEEKLY;BYDAY=MO,WE,FR",
        "starts_date": "2026-06-10",
        "opens_minute": 1_200,
        "closes_minute": 1_320,
        "template": {"lots": [{"category": "bread", "declared_g": 8_000, "use_by_in_days": 1}]},
    }
    return chosen | fields


def test_a_recurring_listing_is_made_changed_and_ended(
    donor: APIClient, outsider: APIClient, shop: Location
) -> None:
    made = donor.post(f"{API}/schedules", schedule(shop))
    assert made.status_code == 201, made.json()
    url = f"{API}/schedules/{made.json()['id']}"
    assert outsider.get(url).status_code == 404
    plan = {name: value for name, value in schedule(shop).items() if name != "location_id"}
    later = donor.put(url, plan | {"closes_minute": 1_380, "from_date": "2026-06-20"})
    assert later.status_code == 200, later.json()
    assert later.json()["id"] != made.json()["id"]
    assert (later.json()["starts_date"], later.json()["closes_minute"]) == ("2026-06-20", 1_380)
    assert donor.get(url).json()["ends_date"] == "2026-06-19"
    skipped = donor.post(f"{url}/skipped-dates", {"local_date": "2026-06-12"})
    assert skipped.json()["skipped_dates"] == ["2026-06-12"]
    assert donor.post(f"{url}/end").json()["ended_at"] is not None
    assert donor.post(f"{url}/end").json()["code"] == "schedule_ended"


@pytest.mark.parametrize(
    ("fields", "field", "code"),
    [
        ({"rule": "FREQ=HOURLY"}, "rule", "rule_not_understood"),
        ({"rule": "FREQ=DAILY;COUNT=3"}, "rule", "rule_part_not_allowed"),
        ({"closes_minute": 1_100}, "opens_minute", "window_reversed"),
        (
            {"template": {"lots": [{"category": "gold", "declared_g": 1}]}},
            "template.lots.0.category",
            "unknown_category",
        ),
    ],
    ids=["hourly", "count", "reversed", "unknown category"],
)
def test_a_rule_that_could_never_open_is_refused(
    donor: APIClient, shop: Location, fields: dict[str, Any], field: str, code: str
) -> None:
    answer = donor.post(f"{API}/schedules", schedule(shop, **fields))
    assert answer.status_code == 400
    assert code in codes(answer, field)
    assert not ListingSchedule.objects.exists()


def test_a_person_without_any_organization_keeps_nothing(stepped_clock: SteppedClock) -> None:
    nobody = client_of(make_user())
    assert nobody.get(f"{API}/listings").json()["results"] == []
    assert nobody.get(f"{API}/schedules").json()["results"] == []
