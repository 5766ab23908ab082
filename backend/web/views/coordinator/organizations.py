"""Organizations of the coordinator's counties: who waits, their papers, decisions about them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.forms import Form
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from backend.common import clock
from backend.common.actor import Actor
from backend.common.found import found
from backend.common.permissions import may
from backend.common.refusals import NotFound
from backend.organizations.actions.read_document import read_document
from backend.organizations.actions.reinstate_organization import reinstate_organization
from backend.organizations.actions.reject_organization import reject_organization
from backend.organizations.actions.suspend_organization import suspend_organization
from backend.organizations.actions.verify_organization import verify_organization
from backend.organizations.models import Organization
from backend.organizations.models.organization import OrganizationStatus
from backend.organizations.selectors import counties_of, visible_documents, visible_organizations
from backend.regions.packs import pack
from backend.web import regional
from backend.web.acting import Audience, actor
from backend.web.components import Chip, Empty
from backend.web.form_pages import form_page
from backend.web.forms.deciding import (
    NoteForm,
    ReinstateForm,
    RejectForm,
    SuspendForm,
    VerifyForm,
)
from backend.web.guards import for_audience
from backend.web.views.coordinator import waiting

PAGE_SIZE = 25
S = OrganizationStatus
STATUS_CHIPS = {
    S.APPLIED: Chip(_("Waiting for you"), "now", "hourglass"),
    S.VERIFIED: Chip(_("Verified"), "good", "shield-check"),
    S.RECERTIFICATION_DUE: Chip(_("To be checked again"), "warning", "clock"),
    S.SUSPENDED: Chip(_("Suspended"), "bad", "ban"),
    S.REJECTED: Chip(_("Rejected"), "plain", "x"),
}


#: Applied, but not through with signing up: nothing to decide yet. No status of its own.
UNFINISHED = "unfinished"
UNFINISHED_CHIP = Chip(_("Still signing up"), "plain", "pencil")


@dataclass(frozen=True, slots=True)
class Decision:
    """One thing that can be decided: its words, its form, its action."""

    word: Promise
    title: Promise
    form: type[NoteForm]
    decide: Callable[..., Organization]
    is_grave: bool = False


DECISIONS = {
    "verify": Decision(_("Verify"), _("Verify it?"), VerifyForm, verify_organization),
    "reject": Decision(_("Reject"), _("Reject it?"), RejectForm, reject_organization, True),
    "suspend": Decision(_("Suspend"), _("Suspend it?"), SuspendForm, suspend_organization, True),
    "reinstate": Decision(
        _("Reinstate"), _("Reinstate it?"), ReinstateForm, reinstate_organization
    ),
}
#: What can be decided from where; the first is the one to do next.
POSSIBLE = {
    S.APPLIED: ("verify", "reject"),
    S.VERIFIED: ("suspend",),
    S.RECERTIFICATION_DUE: ("verify", "suspend"),
    S.SUSPENDED: ("reinstate",),
    S.REJECTED: (),
}


@for_audience(Audience.COORDINATOR)
@require_safe
def organizations(request: HttpRequest) -> HttpResponse:
    """Those that wait, or all of one status; with a search in their names."""
    viewer = actor(request)
    status = request.GET.get("status", S.APPLIED)
    words = request.GET.get("q", "").strip()[:100]
    rows = _of_status(watched(viewer), status)
    if words:
        rows = rows.filter(name__icontains=words)
    page = Paginator(rows.order_by("created_at", "pk"), PAGE_SIZE).get_page(request.GET.get("page"))
    shown = Organization.objects.filter(pk__in=[each.pk for each in page.object_list])
    begun = set(waiting.unfinished(shown).values_list("pk", flat=True))
    context = {
        "page": page,
        "rows": [(each, _chip(each, is_unfinished=each.pk in begun)) for each in page.object_list],
        "statuses": [
            *((code.value, chip.word) for code, chip in STATUS_CHIPS.items()),
            (UNFINISHED, UNFINISHED_CHIP.word),
        ],
        "status": status,
        "words": words,
        "empty": Empty(
            _("Nothing here"),
            _("Organizations of your county appear here as soon as they have signed up."),
            "building-2",
        ),
    }
    return render(request, "web/coordinator/organizations.html", context)


@for_audience(Audience.COORDINATOR)
@require_safe
def organization(request: HttpRequest, organization_id: UUID) -> HttpResponse:
    viewer = actor(request)
    chosen = found(watched(viewer), organization_id)
    possible = POSSIBLE[S(chosen.status)] if may(viewer, "organizations.decide", chosen) else ()
    places = chosen.locations.filter(closed_at__isnull=True)
    context = {
        "organization": chosen,
        "chip": _chip(chosen, is_unfinished=_is_unfinished(chosen)),
        "roles": _roles(chosen),
        "county": regional.county(chosen.county_code),
        "documents": visible_documents(viewer, chosen.pk),
        "places": [(each, regional.address(each.address, each.township_code)) for each in places],
        "decisions": [(name, DECISIONS[name]) for name in possible],
        "zone": pack().zone,
    }
    return render(request, "web/coordinator/organization.html", context)


@for_audience(Audience.COORDINATOR)
def decide(request: HttpRequest, organization_id: UUID, what: str) -> HttpResponse:
    """Asks for the reason first; the organization reads it."""
    viewer = actor(request)
    chosen = found(watched(viewer), organization_id)
    decision = DECISIONS.get(what)
    if decision is None:
        raise NotFound()
    form: Form = decision.form(request.POST or None)

    def act(typed: dict[str, Any]) -> HttpResponse:
        decision.decide(organization_id=chosen.pk, by=viewer, now=clock.now(), **typed)
        messages.success(request, _("Decided. They are told."))
        return redirect("web:desk_organization", chosen.pk)

    context = {"organization": chosen, "decision": decision}
    return form_page(request, "web/coordinator/decide.html", form, act=act, context=context)


@for_audience(Audience.COORDINATOR)
@require_safe
def document(request: HttpRequest, organization_id: UUID, document_id: UUID) -> FileResponse:
    """Downloads a paper; that it was read is noted."""
    paper = read_document(
        organization_id=organization_id,
        document_id=document_id,
        by=actor(request),
        now=clock.now(),
    )
    return FileResponse(paper.file.open("rb"), as_attachment=True, filename=paper.file_name)


def _of_status(rows: QuerySet[Organization], status: str) -> QuerySet[Organization]:
    if status == UNFINISHED:
        return waiting.unfinished(rows)
    if status == S.APPLIED:
        return waiting.finished(rows).filter(status=status)
    return rows.filter(status=status) if status in S.values else rows


def _is_unfinished(chosen: Organization) -> bool:
    return waiting.unfinished(Organization.objects.filter(pk=chosen.pk)).exists()


def _chip(chosen: Organization, *, is_unfinished: bool) -> Chip:
    return UNFINISHED_CHIP if is_unfinished else STATUS_CHIPS[S(chosen.status)]


def watched(viewer: Actor) -> QuerySet[Organization]:
    """Organizations of the counties that the viewer watches over."""
    return visible_organizations(viewer).filter(county_code__in=counties_of(viewer))


def _roles(chosen: Organization) -> list[Promise]:
    words = {
        "is_donor": _("gives food"),
        "is_recipient": _("receives food"),
        "is_hub": _("stores food for others"),
        "is_carrier": _("carries food"),
        "is_authority": _("is a public authority"),
    }
    return [word for name, word in words.items() if getattr(chosen, name)]
