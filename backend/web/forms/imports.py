"""The form with which a list of places is brought in."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from backend.common.ids import new_id


class ImportForm(forms.Form):
    """A CSV file, and whether the coordinator vouches for who is in it."""

    file = forms.FileField(
        label=_("CSV file"),
        help_text=_("In UTF-8, with commas and a header. At most 10 MB."),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )
    token = forms.UUIDField(widget=forms.HiddenInput, initial=new_id)
    verified = forms.BooleanField(
        label=_("I vouch for everybody on this list"),
        required=False,
        help_text=_("New organizations can then take part at once, without papers."),
    )

    def __init__(self, *args: Any, is_kept: bool = False, **kwargs: Any) -> None:
        """`is_kept`: the file was sent before and need not be chosen again."""
        super().__init__(*args, **kwargs)
        self.fields["file"].required = not is_kept
