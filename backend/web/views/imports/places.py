"""Bringing in a county's list of places: first a dry run, then the import."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from backend.common import clock
from backend.common.refusals import Invalid, NotAllowed, NotFound, Refusal
from backend.organizations.actions.import_places import (
    ROW_MESSAGES,
    ImportReport,
    import_places,
)
from backend.organizations.domain.places_file import COLUMNS, LARGEST_BYTES, NEEDED
from backend.organizations.selectors import counties_of
from backend.web import regional
from backend.web.acting import Audience, actor
from backend.web.forms.imports import ImportForm
from backend.web.forms.refusals import show_refusal
from backend.web.guards import for_audience

TEMPLATE = "web/imports/places.html"
SHOWN_OBJECTIONS = 200
#: Value of the button that imports rather than only looks.
IMPORT = "import"
#: Between looking at a file and importing it, nobody must choose it again.
KEPT_S = 1_800


@require_http_methods(["GET", "POST"])
@for_audience(Audience.COORDINATOR)
def places(request: HttpRequest) -> HttpResponse:
    """Every row is looked at before anything is written; with one that is wrong, nothing is."""
    is_kept = cache.has_key(_key(request, request.POST.get("token", "")))
    form = ImportForm(request.POST or None, request.FILES or None, is_kept=is_kept)
    report: ImportReport | None = None
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                report = _run(request, form)
                status = 400 if report.is_refused else 200
            except (NotFound, NotAllowed):
                raise
            except Refusal as refusal:
                show_refusal(form, refusal)
                status = refusal.status
    if report and not (report.dry_run or report.is_refused):
        messages.success(request, _said(report))
        return redirect("web:imports")
    return render(request, TEMPLATE, _context(request, form, report), status=status)


def _run(request: HttpRequest, form: ImportForm) -> ImportReport:
    by = actor(request)
    return import_places(
        content=_content(request, form),
        counties=counties_of(by),
        verified=form.cleaned_data["verified"],
        dry_run=request.POST.get("do") != IMPORT,
        by=by,
        now=clock.now(),
    )


def _content(request: HttpRequest, form: ImportForm) -> bytes:
    """The file as it was just sent, or the one that was looked at before; keeps it for a while."""
    upload, token = form.cleaned_data["file"], form.cleaned_data["token"]
    if upload is None:
        kept = cache.get(_key(request, token))
        if kept is None:  # It was there a moment ago.
            raise Invalid.field("file", "required", _("Please choose the file again."))
        return bytes(kept)
    content: bytes = upload.read(LARGEST_BYTES + 1)
    cache.set(_key(request, token), content, KEPT_S)
    return content


def _key(request: HttpRequest, token: UUID | str) -> str:
    return f"import:{request.user.pk}:{token}"


def _context(request: HttpRequest, form: ImportForm, report: ImportReport | None) -> dict[str, Any]:
    objections = report.objections[:SHOWN_OBJECTIONS] if report else ()
    return {
        "form": form,
        "report": report,
        "objections": [(each, ROW_MESSAGES[each.code]) for each in objections],
        "more": len(report.objections) - len(objections) if report else 0,
        "counties": [regional.county(code) for code in sorted(counties_of(actor(request)))],
        "needed": NEEDED,
        "columns": [name for name in COLUMNS if name not in NEEDED],
    }


def _said(report: ImportReport) -> str:
    facts = {
        "created": report.created,
        "updated": report.updated,
        "unchanged": report.unchanged,
    }
    return _("Imported: %(created)d new, %(updated)d changed, %(unchanged)d as before.") % facts
