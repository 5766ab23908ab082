"""What sign-up asks beside e-mail and password: a name and a language."""

from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from backend.accounts.models import User
from backend.common import clock


class SignupForm(forms.Form):
    """Comes before the fields of the sign-in library, which calls `signup` with the new person."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=80,
        help_text=_("As the people you hand food to should call you."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    language = forms.ChoiceField(
        label=_("Language"), choices=settings.LANGUAGES, initial=get_language
    )
    field_order = ("name", "email", "password1", "language")

    def signup(self, request: HttpRequest, user: User) -> None:
        user.name = self.cleaned_data["name"]
        user.language = self.cleaned_data["language"]
        user.joined_at = clock.now()
        user.save(update_fields=["name", "language", "joined_at"])
