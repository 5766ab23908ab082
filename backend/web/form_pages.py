"""The one way in which a page's form or button runs an action and says what was refused."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render

from backend.common.refusals import FieldError, NotAllowed, NotFound, Refusal
from backend.web import once
from backend.web.components import Text
from backend.web.forms.refusals import show_refusal

Act = Callable[[dict[str, Any]], HttpResponse]
#: What a page shows beside its form; a callable is asked after a refusal, so that it is fresh.
Context = Mapping[str, Any] | Callable[[], Mapping[str, Any]]
#: Name of the hidden token that keeps a form from doing its work twice.
ONCE = "once"


def form_page(
    request: HttpRequest,
    template: str,
    form: BaseForm,
    *,
    act: Act,
    context: Context | None = None,
    names: Mapping[str, str] | None = None,
) -> HttpResponse:
    """Shows the form; when it was sent and is sound, `act` does the work and says where to go next.

    What is refused is shown beside its fields and nothing typed is lost. `names` says which field
    of the form stands for which of the action's. NotFound and NotAllowed go on to their pages.
    """
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                return _act_once(request, form, act)
            except (NotFound, NotAllowed):
                raise
            except Refusal as refusal:
                _rename(refusal, names or {})
                show_refusal(form, refusal)
                status = refusal.status
    beside = context() if callable(context) else context or {}
    return render(request, template, {"form": form, **beside}, status=status)


def press(request: HttpRequest, act: Callable[[], object], *, done: Text) -> bool:
    """Does what a button stands for, and tells the next page that it is done or why it is not.

    NotFound and NotAllowed go on to their pages.
    """
    try:
        act()
    except (NotFound, NotAllowed):
        raise
    except Refusal as refusal:
        messages.error(request, _reason(refusal))
        return False
    messages.success(request, str(done))
    return True


def _reason(refusal: Refusal) -> str:
    """What to say where no fields are shown: what is wrong with each, or else the whole."""
    said = {str(each.message) for errors in refusal.fields.values() for each in errors}
    return " ".join(sorted(said)) or str(refusal.detail)


def _act_once(request: HttpRequest, form: BaseForm, act: Act) -> HttpResponse:
    token = form.cleaned_data.get(ONCE)
    if token is None:
        return act(form.cleaned_data)
    if not once.begin(request, token):
        return redirect(once.outcome(request, token) or request.path)
    try:
        answer = act(form.cleaned_data)
    except Exception:
        once.undo(request, token)
        raise
    if isinstance(answer, HttpResponseRedirect):
        once.finish(request, token, answer.url)
    return answer


def _rename(refusal: Refusal, names: Mapping[str, str]) -> None:
    fields: dict[str, list[FieldError]] = {}
    for name, errors in refusal.fields.items():
        fields.setdefault(names.get(name, name), []).extend(errors)
    refusal.fields = dict(fields)
