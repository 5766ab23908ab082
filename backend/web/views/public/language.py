"""Changes the language, here and for what is sent to the person later."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import check_for_language
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from backend.accounts.models import User


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Sets the cookie, remembers the choice for a signed-in person, and goes back to `next`."""
    code = request.POST.get("language", "")
    known = code in dict(settings.LANGUAGES) and check_for_language(code)
    if known and isinstance(request.user, User):
        User.objects.filter(pk=request.user.pk).update(language=code)
    return set_language(request)
