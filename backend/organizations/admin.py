"""Organizations, places and people's roles in the back office; changes go through the actions."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from backend.accounts.admin import LookOnly, acting, say
from backend.common import clock
from backend.common.refusals import Refusal
from backend.organizations.actions.appoint_coordinator import appoint_coordinator
from backend.organizations.actions.end_coordinator import end_coordinator
from backend.organizations.actions.reinstate_organization import reinstate_organization
from backend.organizations.actions.reject_organization import reject_organization
from backend.organizations.actions.suspend_organization import suspend_organization
from backend.organizations.actions.verify_organization import verify_organization
from backend.organizations.models import (
    Agreement,
    Coordinator,
    HoursException,
    Invitation,
    Location,
    Membership,
    OpeningHours,
    Organization,
    Programme,
    VerificationDocument,
)
from backend.organizations.models.organization import DecisionReason
from backend.regions.packs import pack

if TYPE_CHECKING:
    TabularInline = admin.TabularInline[Any, Any]
    ModelForm = forms.ModelForm[Coordinator]
else:  # only the type stubs know them as generic
    TabularInline = admin.TabularInline
    ModelForm = forms.ModelForm


class DecisionForm(ActionForm):
    """Asks for the reason beside the choice of the action."""

    reason = forms.ChoiceField(choices=[("", "-"), *DecisionReason.choices], required=False)
    note = forms.CharField(max_length=300, required=False)


class LocationsInline(TabularInline):
    model = Location
    fields = readonly_fields = ("name", "address", "county_code", "township_code", "closed_at")
    can_delete = False
    extra = max_num = 0
    show_change_link = True


@admin.register(Organization)
class OrganizationAdmin(LookOnly):
    """Organizations; coordinators of the county decide here as they do on their pages."""

    list_display = ("name", "status", "county_code", "verified_until_date", "created_at")
    list_filter = (
        "status",
        "county_code",
        "is_donor",
        "is_recipient",
        "is_hub",
        "is_carrier",
        "is_authority",
    )
    search_fields = ("name", "legal_id")
    inlines = (LocationsInline,)
    action_form = DecisionForm
    actions = ["verify", "reject", "suspend", "reinstate"]

    @admin.action(description=_("Verify"))
    def verify(self, request: HttpRequest, rows: QuerySet[Organization]) -> None:
        _decide(verify_organization, request, rows)

    @admin.action(description=_("Reject"))
    def reject(self, request: HttpRequest, rows: QuerySet[Organization]) -> None:
        _decide(reject_organization, request, rows)

    @admin.action(description=_("Suspend"))
    def suspend(self, request: HttpRequest, rows: QuerySet[Organization]) -> None:
        _decide(suspend_organization, request, rows)

    @admin.action(description=_("Lift the suspension"))
    def reinstate(self, request: HttpRequest, rows: QuerySet[Organization]) -> None:
        _decide(reinstate_organization, request, rows)


def _decide(
    action: Callable[..., Organization], request: HttpRequest, rows: QuerySet[Organization]
) -> None:
    refused: Refusal | None
    for row in rows:
        refused = None
        try:
            action(
                organization_id=row.pk,
                reason=request.POST.get("reason", ""),
                note=request.POST.get("note", ""),
                by=acting(request),
                now=clock.now(),
            )
        except Refusal as refusal:
            refused = refusal
        say(request, row, refused)


class HoursInline(TabularInline):
    model = OpeningHours
    fields = readonly_fields = ("weekday", "opens_minute", "closes_minute")
    can_delete = False
    extra = max_num = 0


class HoursExceptionsInline(TabularInline):
    model = HoursException
    fields = readonly_fields = ("local_date", "opens_minute", "closes_minute")
    can_delete = False
    extra = max_num = 0


@admin.register(Location)
class LocationAdmin(LookOnly):
    """Places."""

    list_display = ("name", "organization", "kind", "county_code", "road_group", "closed_at")
    list_filter = ("county_code", "road_group", "kind", "source")
    list_select_related = ("organization",)
    search_fields = ("name", "address", "organization__name")
    inlines = (HoursInline, HoursExceptionsInline)


@admin.register(Programme)
class ProgrammeAdmin(LookOnly):
    """Programmes."""

    list_display = ("name", "location", "people_per_week", "closed_at")
    list_select_related = ("location",)
    search_fields = ("name", "location__name")


@admin.register(Membership)
class MembershipAdmin(LookOnly):
    """Who acts for whom."""

    list_display = ("user", "organization", "role", "since_at", "ended_at")
    list_filter = ("role",)
    list_select_related = ("user", "organization")
    search_fields = ("user__email", "organization__name")


@admin.register(Invitation)
class InvitationAdmin(LookOnly):
    """Invitations, without their secrets."""

    list_display = ("organization", "email", "role", "invited_at", "used_at", "withdrawn_at")
    list_select_related = ("organization",)
    exclude = ("token_digest",)


@admin.register(Agreement, VerificationDocument)
class PaperAdmin(LookOnly):
    """Agreements and papers, without the papers' content: opening one is noted elsewhere."""

    list_display = ("__str__", "organization")
    list_select_related = ("organization",)
    exclude = ("file",)


class AppointmentForm(ModelForm):
    """Whom to appoint, for which county."""

    county_code = forms.ChoiceField(label=_("County"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "county_code" in self.fields:
            field = self.fields["county_code"]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
            field.choices = [(code, str(each.names)) for code, each in pack().counties.items()]

    class Meta:
        model = Coordinator
        fields = ("user", "county_code")


@admin.register(Coordinator)
class CoordinatorAdmin(LookOnly):
    """Coordinators: appointed and ended here, by superusers."""

    form = AppointmentForm
    list_display = ("user", "county_code", "since_at", "ended_at")
    list_filter = ("county_code",)
    list_select_related = ("user",)
    autocomplete_fields = ("user",)
    actions = ["end"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(getattr(request.user, "is_superuser", False))

    def save_model(
        self, request: HttpRequest, obj: Coordinator, form: ModelForm, change: bool
    ) -> None:
        """Appoints; what is refused is told instead of stored."""
        try:
            made = appoint_coordinator(
                user_id=obj.user_id,
                county_code=obj.county_code,
                by=acting(request),
                now=clock.now(),
            )
        except Refusal as refusal:
            messages.error(request, refusal.detail)
        else:
            obj.pk = made.pk

    @admin.action(description=_("End the appointment"))
    def end(self, request: HttpRequest, rows: QuerySet[Coordinator]) -> None:
        refused: Refusal | None
        for row in rows:
            refused = None
            try:
                end_coordinator(coordinator_id=row.pk, by=acting(request), now=clock.now())
            except Refusal as refusal:
                refused = refusal
            say(request, row, refused)
