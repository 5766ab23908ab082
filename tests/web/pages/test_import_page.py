"""A coordinator brings in a list of places: looked at first, then imported."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from backend.accounts.models import User
from backend.common.ids import new_id
from backend.organizations.models import Location
from tests.builders.organizations import make_coordinator, make_member, make_organization
from tests.web.pages.signed_in import body, client_of

HEADER = "place_id,role,lat,lon,name\n"
GOOD = f"{HEADER}a,donor,25.0330,121.5434,Corner Shop\nb,recipient,25.0300,121.5400,Open Table\n"
BAD = f"{HEADER}a,donor,25.0330,121.5434,Corner Shop\nb,baker,25.0300,121.5400,Open Table\n"
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stepped_clock")]


@pytest.fixture
def coordinator() -> User:
    return make_coordinator()


def sent(text: str, *, do: str = "look", token: str = "") -> dict[str, object]:
    file = SimpleUploadedFile("places.csv", text.encode())
    return {"file": file, "do": do, "token": token or str(new_id())}


def test_it_is_for_coordinators(coordinator: User) -> None:
    assert client_of(coordinator).get("/import").status_code == 200
    donor = make_member(make_organization())
    assert client_of(donor).get("/import")["Location"] == "/start"
    assert Client().get("/import")["Location"].startswith("/accounts/login/")


def test_looking_writes_nothing(coordinator: User) -> None:
    answer = client_of(coordinator).post("/import", sent(GOOD))
    assert answer.status_code == 200
    assert "This would happen" in body(answer)
    assert not Location.objects.exists()


def test_what_was_looked_at_is_imported_without_choosing_it_again(coordinator: User) -> None:
    client, token = client_of(coordinator), str(new_id())
    client.post("/import", sent(GOOD, token=token))
    answer = client.post("/import", {"do": "import", "token": token}, follow=True)
    assert "Imported: 2 new, 0 changed, 0 as before." in body(answer)
    assert Location.objects.count() == 2


def test_a_wrong_row_is_named_by_line_and_column(coordinator: User) -> None:
    answer = client_of(coordinator).post("/import", sent(BAD, do="import"))
    assert answer.status_code == 400
    html = body(answer)
    assert '<td class="number">3</td><td>role</td>' in html
    assert "Known roles are" in html
    assert not Location.objects.exists()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "The submitted file is empty."),
        ("name\nCorner Shop\n", "These columns are missing"),
    ],
)
def test_a_file_that_cannot_be_read_is_explained(coordinator: User, text: str, said: str) -> None:
    answer = client_of(coordinator).post("/import", sent(text))
    assert answer.status_code == 400
    assert said in body(answer)


def test_without_a_file_one_is_asked_for(coordinator: User) -> None:
    answer = client_of(coordinator).post("/import", {"do": "look", "token": str(new_id())})
    assert answer.status_code == 400
    assert "This field is required." in body(answer)
