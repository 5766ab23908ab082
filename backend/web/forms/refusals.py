"""Shows a refusal where the person can act on it: beside its fields, else above the form."""

from django.forms import BaseForm

from backend.common.refusals import Refusal


def show_refusal(form: BaseForm, refusal: Refusal) -> None:
    """Adds the refusal's messages to a bound form that was valid; unknown fields go above the form.

    Use it where a view calls an action: `except Refusal as refusal: show_refusal(form, refusal)`,
    then render the form again at `refusal.status`.
    """
    shown = False
    for name, errors in refusal.fields.items():
        for error in errors:
            form.add_error(name if name in form.fields else None, str(error.message))
            shown = True
    if not shown:
        form.add_error(None, refusal.detail)
