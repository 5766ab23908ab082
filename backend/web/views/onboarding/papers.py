"""Papers that show who an organization is, and the terms it agrees to."""

from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from backend.common import clock
from backend.common.found import found
from backend.organizations.actions.add_document import add_document
from backend.organizations.actions.agree_terms import agree_terms
from backend.organizations.models import Organization
from backend.organizations.selectors import agreements_of, organizations_of, visible_documents
from backend.web.acting import actor
from backend.web.form_pages import form_page
from backend.web.forms.onboarding import PaperForm, TermsForm
from backend.web.terms import TERMS, VERSION


@require_http_methods(["GET", "POST"])
@login_required
def papers(request: HttpRequest, organization_id: UUID) -> HttpResponse:
    by = actor(request)
    mine = found(organizations_of(by), organization_id)
    form = PaperForm(request.POST or None, request.FILES or None)
    context = {"organization": mine, "documents": visible_documents(by, mine.pk)}
    return form_page(
        request,
        "web/onboarding/papers.html",
        form,
        act=partial(_add_paper, request, mine),
        context=context,
    )


def _add_paper(request: HttpRequest, mine: Organization, wanted: dict[str, Any]) -> HttpResponse:
    add_document(
        organization_id=mine.pk,
        kind=wanted["kind"],
        upload=wanted["file"],
        by=actor(request),
        now=clock.now(),
    )
    messages.success(request, _("Kept. The coordinators of your county can read it."))
    return redirect("web:organization", mine.pk)


@require_http_methods(["GET", "POST"])
@login_required
def terms(request: HttpRequest, organization_id: UUID) -> HttpResponse:
    by = actor(request)
    mine = found(organizations_of(by), organization_id)
    agreed = agreements_of(by, mine.pk).filter(terms=TERMS, terms_version=VERSION).first()
    return form_page(
        request,
        "web/onboarding/terms.html",
        TermsForm(request.POST or None),
        act=partial(_agree, request, mine),
        context={"organization": mine, "agreement": agreed, "version": VERSION},
    )


def _agree(request: HttpRequest, mine: Organization, wanted: dict[str, Any]) -> HttpResponse:
    agree_terms(
        organization_id=mine.pk,
        terms=TERMS,
        terms_version=VERSION,
        by=actor(request),
        now=clock.now(),
    )
    messages.success(request, _("Thank you. That is agreed."))
    return redirect("web:organization", mine.pk)
