"""What every template finds: the instant, words for scripts, navigation, the event feed."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from backend.common import clock
from backend.common.models import DemoClock
from backend.web import acting, navigation, wording
from backend.web.middleware import LIVE_HEADER
from backend.web.templatetags.foodrelay import SPRITE
from notifications.selectors import unseen


def page(request: HttpRequest) -> dict[str, Any]:
    """The parts of the base template; what needs the database is asked only when it is shown."""
    return {
        "now": SimpleLazyObject(clock.now),
        "clock_rate": SimpleLazyObject(_rate),
        "words": wording.browser_words,
        "sprite": SimpleLazyObject(lambda: static(SPRITE)),
        "nav_links": SimpleLazyObject(lambda: _nav(request)),
        "unseen_messages": SimpleLazyObject(lambda: _unseen(request)),
        "feed_start": getattr(request, "feed_start", None),
        "other_language": _other_language(),
        "is_live_fetch": LIVE_HEADER in request.headers,
        "is_demo": settings.DEMO,
    }


def _nav(request: HttpRequest) -> tuple[navigation.NavLink, ...]:
    return navigation.links(acting.audiences(request.user), request.path)


def _unseen(request: HttpRequest) -> int:
    """How many messages wait; a visitor has none."""
    if not request.user.is_authenticated:
        return 0
    return unseen(acting.actor(request)).count()


def _rate() -> float:
    """How many seconds the page's clock moves in a second: more than one in a demonstration."""
    row = DemoClock.objects.first() if settings.DEMO else None
    return float(row.rate) if row else 1.0


def _other_language() -> tuple[str, str]:
    """Code and own name of the language that the switch offers."""
    active = get_language()
    return next((code, str(name)) for code, name in settings.LANGUAGES if code != active)
