"""Who may open a page: signed-in people, those of an audience, and what each may find there."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect

from backend.web.acting import Audience, audiences

View = Callable[..., HttpResponseBase]


def for_audience(audience: Audience) -> Callable[[View], View]:
    """For people of the audience; strangers sign in first, others choose what they want to do."""

    def guarded(view: View) -> View:
        @login_required
        @wraps(view)
        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if audience not in audiences(request.user):
                return redirect("web:start")
            return view(request, *args, **kwargs)

        return inner

    return guarded
