"""Organizations, papers and imports over REST: what is answered, and how repeats behave."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from rest_framework.test import APIClient

from backend.accounts.models import User
from backend.accounts.selectors import person_id
from backend.common.actor import Actor
from backend.events.models import AuditEntry
from backend.organizations.actions.invite_member import token_of
from backend.organizations.models import Invitation, Organization, VerificationDocument
from tests.builders.accounts import make_user
from tests.organizations.roles import Role

API = "/api/v1"
BAKERY = {"name": "Bakery", "roles": ["donor"], "county_code": "63000"}
LIST = b"place_id,role,label,lat,lon\nb1,donor,Bakery,25.0330,121.5434\n"
BROKEN = LIST + b"b2,donor,Bakery,north,121.5434\n"


def client(who: Actor | User) -> APIClient:
    made = APIClient()
    made.force_authenticate(User.objects.get(pk=person_id(who)) if isinstance(who, Actor) else who)
    return made


def picture(**options: object) -> bytes:
    content = BytesIO()
    Image.new("RGB", (40, 30), "orange").save(content, format="JPEG", **options)
    return content.getvalue()


def upload(role: Role, content: bytes, name: str = "paper.pdf", kind: str = "registration") -> int:
    path = f"{API}/organizations/{role.organization.pk}/documents"
    body = {"kind": kind, "file": SimpleUploadedFile(name, content)}
    return client(role.actor).post(path, body, format="multipart").status_code


def test_registering_twice_with_one_key_makes_one_organization(outsider: Actor) -> None:
    person = client(outsider)
    answers = [
        person.post(f"{API}/organizations", BAKERY, headers={"Idempotency-Key": "once"})
        for _time in range(2)
    ]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert Organization.objects.count() == 1
    other = person.post(
        f"{API}/organizations", BAKERY | {"name": "X"}, headers={"Idempotency-Key": "once"}
    )
    assert other.status_code == 422


def test_a_change_on_an_outdated_version_is_refused(donor: Role) -> None:
    manager, path = client(donor.actor), f"{API}/organizations/{donor.organization.pk}"
    seen = manager.get(path)["ETag"]
    first = manager.patch(path, {"name": "First"}, headers={"If-Match": seen})
    second = manager.patch(path, {"name": "Second"}, headers={"If-Match": seen})
    assert (first.status_code, second.status_code) == (200, 412)
    assert second.json()["code"] == "stale"
    assert manager.get(path).json()["name"] == "First"
    assert manager.get(path)["ETag"] == first["ETag"] != seen


def test_a_point_outside_the_region_is_told_with_its_code(donor: Role) -> None:
    body = {
        "organization_id": str(donor.organization.pk),
        "name": "Far",
        "address": "1 Road",
        "point": {"lon": 139.767, "lat": 35.681},
    }
    answer = client(donor.actor).post(f"{API}/locations", body)
    assert (answer.status_code, answer.json()["code"]) == (400, "outside_region")
    assert answer.json()["errors"]["point"][0]["message"]


def test_a_place_with_hours_is_added_and_read_back(donor: Role) -> None:
    body = {
        "organization_id": str(donor.organization.pk),
        "name": "Night market",
        "address": "1 Road",
        "point": {"lon": 121.5434, "lat": 25.0330},
        "hours": [{"weekday": 4, "opens_minute": 1080, "closes_minute": 1560}],
    }
    made = client(donor.actor).post(f"{API}/locations", body).json()
    assert made["opening_hours"] == body["hours"]
    assert made["point"] == body["point"]
    assert (made["county_code"], made["township_code"]) == ("63000", "63000030")
    read = client(donor.actor).get(f"{API}/locations/{made['id']}").json()
    assert read == made


def test_a_whole_invitation_over_rest(donor: Role) -> None:
    path = f"{API}/organizations/{donor.organization.pk}/invitations"
    made = client(donor.actor).post(path, {"email": "f@example.org", "role": "staff"})
    token = token_of(Invitation.objects.get())
    assert token not in made.content.decode()
    friend = client(make_user(email="f@example.org"))
    joined = friend.post(f"{API}/invitations/acceptances", {"token": token})
    assert joined.json()["organization_id"] == str(donor.organization.pk)
    assert len(friend.get(f"{API}/memberships").json()["results"]) == 1
    again = friend.post(f"{API}/invitations/acceptances", {"token": token})
    assert (again.status_code, again.json()["code"]) == (404, "invitation_not_valid")


def test_a_paper_is_kept_under_a_random_name_without_its_hidden_data(
    donor: Role, coordinator: Actor
) -> None:
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    assert upload(donor, picture(exif=exif), "../../etc/passwd.jpg") == 201
    document = VerificationDocument.objects.get()
    with document.file.open("rb") as file:
        stored = file.read()
    assert b"taken at home" not in stored
    stored_as = str(document.file.name)
    assert "passwd" not in stored_as
    assert stored_as.endswith(".jpg")
    assert document.file_name == "passwd.jpg"
    path = f"{API}/organizations/{donor.organization.pk}/documents/{document.pk}"
    answer = client(coordinator).get(path)
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Type"] == "application/octet-stream"
    assert b"".join(answer.streaming_content) == stored  # type: ignore[attr-defined]
    for close in answer._resource_closers:  # type: ignore[attr-defined]
        close()
    assert AuditEntry.objects.filter(action="document.read").count() == 1


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"GIF89a" + b"\0" * 40,
        b"<html><script>alert(1)</script>",
        b"%PDF-1.7 never ends",
        b"PK\x03\x04" + b"\0" * 100,
        picture()[:200],
        b"%PDF-" + b"0" * (5 * 1024 * 1024) + b"%%EOF",
    ],
)
def test_what_is_no_paper_is_refused_whatever_its_name(donor: Role, content: bytes) -> None:
    assert upload(donor, content) == 400
    assert not VerificationDocument.objects.exists()


def test_a_foreign_paper_does_not_exist(donor: Role, recipient: Role) -> None:
    assert upload(donor, b"%PDF-1.7\n%%EOF") == 201
    document = VerificationDocument.objects.get()
    for owner in (donor, recipient):
        path = f"{API}/organizations/{owner.organization.pk}/documents/{document.pk}"
        assert client(recipient.actor).get(path).status_code == 404
    assert not AuditEntry.objects.filter(action="document.read").exists()


def imported(who: Actor, content: bytes, **options: object) -> tuple[int, dict[str, object]]:
    body = {"file": SimpleUploadedFile("places.csv", content), **options}
    answer = client(who).post(
        f"{API}/imports/places", body, format="multipart", HTTP_ACCEPT_LANGUAGE="en"
    )
    return answer.status_code, answer.json()


def test_an_import_over_rest_reports_and_imports(coordinator: Actor) -> None:
    status, report = imported(coordinator, LIST, dry_run="true")
    assert (status, report["created"], report["dry_run"]) == (200, 1, True)
    assert not Organization.objects.exists()
    assert imported(coordinator, LIST, source="city")[1]["created"] == 1
    assert imported(coordinator, LIST, source="city")[1]["unchanged"] == 1


def test_a_broken_row_is_told_by_line_and_column(coordinator: Actor) -> None:
    status, report = imported(coordinator, BROKEN, dry_run="true")
    assert status == 200
    assert report["objections"] == [
        {
            "line": 3,
            "column": "lat",
            "code": "not_a_number",
            "message": "This is not a number in degrees, such as 25.0330.",
        }
    ]
    status, problem = imported(coordinator, BROKEN)
    assert (status, problem["code"]) == (400, "rows_refused")
    assert "3.lat" in problem["errors"]  # type: ignore[operator]
    assert not Organization.objects.exists()


def test_only_coordinators_import(donor: Role) -> None:
    assert imported(donor.actor, LIST)[0] == 403
    body = {"file": SimpleUploadedFile("p.csv", LIST)}
    assert APIClient().post(f"{API}/imports/places", body, format="multipart").status_code == 401
