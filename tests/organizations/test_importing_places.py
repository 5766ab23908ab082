"""Importing a county's list: whole files or nothing, and again without doubling."""

from datetime import datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from backend.common.actor import Actor, system
from backend.common.refusals import Invalid, NotAllowed
from backend.events.models import AuditEntry, Event
from backend.organizations.actions import import_chunk as chunks
from backend.organizations.actions.import_places import (
    ROW_MESSAGES,
    ImportReport,
    import_places,
)
from backend.organizations.actions.set_opening_hours import as_rows
from backend.organizations.models import Location, OpeningHours, Organization
from tests.builders.organizations import make_member, make_organization

HEADER = "place_id,role,category,label,lat,lon,county_code,town_code,source"
BAKERY = "bak1,donor,bakery,Bakery 1,25.0330,121.5434,63000,63000030,tpe_list"
BANK = "bank1,recipient+hub,food_bank,Food bank,25.0410,121.5650,63000,,tpe_list"
FAR = "far1,donor,restaurant,Harbour,22.6273,120.3014,64000,,tpe_list"


def csv(*rows: str, header: str = HEADER) -> bytes:
    return "\n".join([header, *rows, ""]).encode()


def imported(content: bytes, by: Actor, now: datetime, **options: object) -> ImportReport:
    return import_places(content=content, by=by, now=now, **options)  # type: ignore[arg-type]


def codes(report: ImportReport) -> list[tuple[int, str, str]]:
    return [(each.line, each.column, each.code) for each in report.objections]


def test_a_list_becomes_organizations_with_places_and_hours(
    coordinator: Actor, now: datetime
) -> None:
    report = imported(csv(BAKERY, BANK), coordinator, now)
    assert (report.rows, report.created, report.is_refused) == (2, 2, False)
    bank = Organization.objects.get(name="Food bank")
    assert (bank.is_recipient, bank.is_hub, bank.is_donor) == (True, True, False)
    assert bank.status == "applied"
    place = bank.locations.get()
    assert (place.source, place.source_ref, place.kind) == ("tpe_list", "bank1", "food_bank")
    assert place.county_code == "63000"
    assert place.address
    assert place.opening_hours.count() == 6
    assert Event.objects.filter(type="organization.registered").count() == 2
    assert Event.objects.filter(type="location.added").count() == 2
    assert Event.objects.count() == AuditEntry.objects.count()


def test_a_dry_run_reports_the_same_and_writes_nothing(coordinator: Actor, now: datetime) -> None:
    report = imported(csv(BAKERY, BANK), coordinator, now, dry_run=True)
    assert (report.created, report.dry_run) == (2, True)
    assert not Organization.objects.exists()
    assert not Event.objects.exists()


def test_the_same_list_again_changes_nothing(coordinator: Actor, now: datetime) -> None:
    imported(csv(BAKERY, BANK), coordinator, now)
    before = list(Location.objects.values()), Event.objects.count()
    report = imported(csv(BAKERY, BANK), coordinator, now)
    assert (report.created, report.updated, report.unchanged) == (0, 0, 2)
    assert (list(Location.objects.values()), Event.objects.count()) == before


def test_a_corrected_list_changes_only_what_differs(coordinator: Actor, now: datetime) -> None:
    imported(csv(BAKERY, BANK), coordinator, now)
    moved = BAKERY.replace("25.0330", "25.0340").replace("Bakery 1", "Bakery One")
    report = imported(csv(moved, BANK), coordinator, now)
    assert (report.updated, report.unchanged) == (1, 1)
    place = Location.objects.get(source_ref="bak1")
    assert (place.name, place.lat) == ("Bakery One", 25.034)
    assert place.organization.name == "Bakery One"
    assert sorted(Event.objects.get(type="location.changed").changed) == ["name", "point"]


def test_one_bad_row_at_the_end_leaves_nothing_written(coordinator: Actor, now: datetime) -> None:
    rows = [BAKERY.replace("bak1", f"bak{number}") for number in range(30)]
    report = imported(csv(*rows, BANK.replace("25.0410", "north")), coordinator, now)
    assert codes(report) == [(32, "lat", "not_a_number")]
    assert not Organization.objects.exists()


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        (BAKERY.replace("donor", "king"), "role", "unknown_role"),
        (BAKERY.replace("25.0330,121.5434", "121.5434,25.0330"), "lat", "not_on_earth"),
        (BAKERY.replace("25.0330", "nan"), "lat", "not_a_number"),
        (BAKERY.replace("25.0330", "35.681"), "lat", "outside_region"),
        (BAKERY.replace("25.0330", ""), "lat", "missing"),
        (BAKERY.replace("63000,63000030", "64000,"), "county_code", "other_county"),
        (BAKERY.replace("63000,63000030", "XX,"), "county_code", "unknown_code"),
        (BAKERY.replace("bak1", ""), "place_id", "missing"),
        (BAKERY.replace("Bakery 1", ""), "label", "missing"),
        (BAKERY.replace("Bakery 1", "B" * 121), "label", "too_long"),
        (BAKERY.replace("Bakery 1", "Bak\u202eery"), "label", "bad_characters"),
        (BAKERY + ",more", "", "wrong_width"),
    ],
)
def test_a_wrong_value_is_told_with_line_and_column(
    coordinator: Actor, now: datetime, row: str, column: str, code: str
) -> None:
    assert codes(imported(csv(BANK, row), coordinator, now)) == [(3, column, code)]


WITH_PHONE = HEADER + ",phone"


@pytest.mark.parametrize("phone", ["abc", "12345", "1" * 16, "02-2345-67ab", "無"])
def test_what_is_no_phone_number_is_told_by_row_and_nothing_is_written(
    phone: str, coordinator: Actor, now: datetime
) -> None:
    rows = (BAKERY + ",02-2345-6789", f"{BANK},{phone}")
    report = imported(csv(*rows, header=WITH_PHONE), coordinator, now)
    assert codes(report) == [(3, "phone", "not_a_phone")]
    assert not Organization.objects.exists()


@pytest.mark.parametrize(
    ("language", "says"), [("en", "not a phone number"), ("zh-hant", "不是電話號碼")]
)
def test_an_objection_to_a_phone_number_reads_in_both_languages(language: str, says: str) -> None:
    with translation.override(language):
        assert says in str(ROW_MESSAGES["not_a_phone"])


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("02-2345-6789", "02-2345-6789"),
        ("０９１２－３４５－６７８", "0912-345-678"),
        ("02-2345-6789 分機 12", "02-2345-6789#12"),
        ("", ""),
    ],
)
def test_a_phone_number_is_kept_as_forms_keep_it(
    written: str, kept: str, coordinator: Actor, now: datetime
) -> None:
    imported(csv(f"{BAKERY},{written}", header=WITH_PHONE), coordinator, now)
    place = Location.objects.get()
    assert (place.phone, place.organization.contact_phone) == (kept, kept)


def test_a_phone_number_that_is_too_long_is_told_once(coordinator: Actor, now: datetime) -> None:
    report = imported(csv(f"{BAKERY},{'1' * 31}", header=WITH_PHONE), coordinator, now)
    assert codes(report) == [(2, "phone", "too_long")]


def test_a_place_twice_in_the_file_is_refused(coordinator: Actor, now: datetime) -> None:
    report = imported(csv(BAKERY, BANK, BAKERY), coordinator, now)
    assert codes(report) == [(4, "place_id", "twice_in_file")]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"  \n ", "empty"),
        ("place_id,role,label,lat,lon\nx,donor,麵包店,25,121".encode("big5"), "bad_encoding"),
        (csv(BAKERY).decode().encode("utf-16"), "bad_encoding"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "bad_encoding"),
        (b"place_id,role,label,lat,lon\na\x00b", "not_csv"),
        (b'place_id,role,label,lat,lon\n"x"y,donor,L,25,121', "not_csv"),
        (csv(BAKERY).replace(b",", b";"), "not_csv"),
        (b"name,address\nx,y", "missing_columns"),
        (b"place_id,role,lat,lon\nx,donor,25,121", "missing_columns"),
        (csv(header=HEADER + ",boss"), "unknown_columns"),
        (csv(header=HEADER + ",label"), "unknown_columns"),
    ],
)
def test_what_is_no_list_of_places_is_refused_as_a_whole(
    coordinator: Actor, now: datetime, content: bytes, code: str
) -> None:
    with pytest.raises(Invalid) as refused:
        imported(content, coordinator, now)
    error = refused.value.fields["file"][0]
    assert error.code == code
    assert "%(" not in str(error.message)


def test_a_byte_order_mark_and_windows_lines_are_fine(coordinator: Actor, now: datetime) -> None:
    content = b"\xef\xbb\xbf" + csv(BAKERY).replace(b"\n", b"\r\n")
    assert imported(content, coordinator, now).created == 1


def test_a_coordinator_imports_into_their_own_counties_only(
    coordinator: Actor, outsider: Actor, now: datetime
) -> None:
    refused = imported(csv(BAKERY, FAR), coordinator, now)
    assert codes(refused) == [(3, "county_code", "not_your_county")]
    assert not Organization.objects.exists()
    narrowed = imported(csv(BAKERY, FAR), coordinator, now, counties=["63000"])
    assert (narrowed.created, narrowed.skipped) == (1, 1)
    for by, counties in ((outsider, ()), (coordinator, ("64000",))):
        with pytest.raises(NotAllowed):
            imported(csv(FAR), by, now, counties=counties)


def test_a_list_vouches_for_its_organizations_only_when_told(
    coordinator: Actor, now: datetime
) -> None:
    imported(csv(BAKERY), coordinator, now, verified=True)
    organization = Organization.objects.get()
    assert (organization.status, organization.decision_code) == ("verified", "imported")
    assert organization.may_act
    assert Event.objects.filter(type="organization.verified").count() == 1


def test_places_that_people_manage_are_left_alone(coordinator: Actor, now: datetime) -> None:
    imported(csv(BAKERY), coordinator, now)
    make_member(Organization.objects.get())
    report = imported(csv(BAKERY.replace("Bakery 1", "Other")), coordinator, now)
    assert (report.left_alone, report.updated) == (1, 0)
    assert Location.objects.get().name == "Bakery 1"


def test_a_chain_is_one_organization_with_several_places(coordinator: Actor, now: datetime) -> None:
    header = HEADER + ",legal_id"
    rows = [f"{BAKERY},12345678", f"{BAKERY.replace('bak1', 'bak2')},12345678"]
    imported(csv(*rows, header=header), coordinator, now)
    assert Organization.objects.get().locations.count() == 2
    assert imported(csv(*rows, header=header), coordinator, now).unchanged == 2


def test_a_list_adds_no_place_to_an_organization_with_managers(
    coordinator: Actor, now: datetime
) -> None:
    make_member(make_organization(legal_id="12345678"))
    report = imported(csv(f"{BAKERY},12345678", header=HEADER + ",legal_id"), coordinator, now)
    assert codes(report) == [(2, "legal_id", "has_managers")]


def test_an_import_that_breaks_off_is_finished_by_the_next_run(
    coordinator: Actor, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whole chunks stand; the one in which it broke left nothing half written."""
    rows = [BAKERY.replace("bak1", f"bak{number}") for number in range(8)]
    written = as_rows
    calls = iter(range(100))

    def break_off(location: Location, hours: object) -> list[OpeningHours]:
        if next(calls) == 6:
            raise RuntimeError("power cut")
        return written(location, hours)  # type: ignore[arg-type]

    monkeypatch.setattr(chunks, "as_rows", break_off)
    with pytest.raises(RuntimeError):
        imported(csv(*rows), coordinator, now)
    assert Organization.objects.count() == Location.objects.count() == chunks.PLACES_AT_ONCE
    monkeypatch.undo()
    report = imported(csv(*rows), coordinator, now)
    assert (report.created, report.unchanged) == (3, 5)


def test_a_chunk_writes_about_a_hundred_rows(now: datetime, db: None) -> None:
    rows = [BAKERY.replace("bak1", f"bak{number}") for number in range(chunks.PLACES_AT_ONCE)]
    imported(csv(*rows), system("test"), now, verified=True)
    from django.apps import apps  # noqa: PLC0415

    ours = [model for model in apps.get_models() if model.__module__.startswith("backend.")]
    assert sum(model._default_manager.count() for model in ours) <= 110


def test_the_command_says_what_it_did(now: datetime, db: None, tmp_path: Path) -> None:
    path, out = tmp_path / "places.csv", StringIO()
    path.write_bytes(csv(BAKERY, FAR))
    call_command("import_places", str(path), "--county", "63000", "--verified", stdout=out)
    assert "1 were created" in out.getvalue()
    assert "1 skipped" in out.getvalue()
    assert Organization.objects.get().status == "verified"


def test_the_command_names_line_and_column_and_fails(db: None, tmp_path: Path) -> None:
    path, out = tmp_path / "places.csv", StringIO()
    path.write_bytes(csv(BAKERY.replace("25.0330", "north")))
    with pytest.raises(CommandError):
        call_command("import_places", str(path), stdout=out)
    assert "line 2, lat" in out.getvalue()
    with pytest.raises(CommandError):
        call_command("import_places", str(tmp_path / "none.csv"))
