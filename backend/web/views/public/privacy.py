"""The privacy notice: which data, why, who sees it, how long, and a person's rights."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    context = {"contact": settings.CONTACT_EMAIL}
    return render(request, "web/public/privacy.html", context)
