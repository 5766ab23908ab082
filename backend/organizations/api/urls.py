"""URLs of organizations, their people, places and programmes, and of imports."""

from datetime import date

from django.urls import path, register_converter

from backend.organizations.api.views import imports, organizations, people, places, programmes


class LocalDate:
    """A calendar date in a path: 2026-11-20."""

    regex = "[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)

    def to_url(self, value: date) -> str:
        return value.isoformat()


register_converter(LocalDate, "local_date")

ONE = "organizations/<uuid:organization_id>"
PLACE = "locations/<uuid:location_id>"
PROGRAMME = "programmes/<uuid:programme_id>"

urlpatterns = [
    path("organizations", organizations.Organizations.as_view(), name="organizations"),
    path(ONE, organizations.OrganizationItem.as_view(), name="organization"),
    path(f"{ONE}/decisions", organizations.Decisions.as_view(), name="decisions"),
    path(f"{ONE}/applications", organizations.Applications.as_view(), name="applications"),
    path(f"{ONE}/documents", organizations.Documents.as_view(), name="documents"),
    path(
        f"{ONE}/documents/<uuid:document_id>",
        organizations.DocumentItem.as_view(),
        name="document",
    ),
    path(f"{ONE}/agreements", organizations.Agreements.as_view(), name="agreements"),
    path(f"{ONE}/members", people.Members.as_view(), name="members"),
    path(f"{ONE}/members/<uuid:membership_id>", people.MemberItem.as_view(), name="member"),
    path(f"{ONE}/invitations", people.Invitations.as_view(), name="invitations"),
    path(
        f"{ONE}/invitations/<uuid:invitation_id>",
        people.InvitationItem.as_view(),
        name="invitation",
    ),
    path("invitations/acceptances", people.Acceptances.as_view(), name="acceptances"),
    path("memberships", people.Memberships.as_view(), name="memberships"),
    path("locations", places.Locations.as_view(), name="locations"),
    path(PLACE, places.LocationItem.as_view(), name="location"),
    path(f"{PLACE}/pin", places.Pin.as_view(), name="location_pin"),
    path(f"{PLACE}/closure", places.Closure.as_view(), name="location_closure"),
    path(f"{PLACE}/hours", places.Week.as_view(), name="location_hours"),
    path(f"{PLACE}/hours/<local_date:local_date>", places.Day.as_view(), name="location_day"),
    path("programmes", programmes.Programmes.as_view(), name="programmes"),
    path(PROGRAMME, programmes.ProgrammeItem.as_view(), name="programme"),
    path(f"{PROGRAMME}/closure", programmes.ProgrammeClosure.as_view(), name="programme_closure"),
    path("imports/places", imports.PlaceImports.as_view(), name="place_imports"),
]
