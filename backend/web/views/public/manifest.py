"""The web app manifest, with which the pages can be installed on a home screen."""

from django.http import HttpRequest, JsonResponse
from django.templatetags.static import static
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe


@require_safe
def manifest(request: HttpRequest) -> JsonResponse:
    document = {
        "id": "/",
        "name": gettext("FoodRelay"),
        "short_name": gettext("FoodRelay"),
        "description": gettext("Surplus food, handed on while it is good."),
        "lang": get_language(),
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#fbf7ef",
        "theme_color": "#fbf7ef",
        "icons": [
            {"src": static("web/img/favicon.svg"), "sizes": "any", "type": "image/svg+xml"},
            *(_icon(size, purpose) for size in (192, 512) for purpose in ("any", "maskable")),
        ],
    }
    return JsonResponse(document, content_type="application/manifest+json")


def _icon(size: int, purpose: str) -> dict[str, str]:
    return {
        "src": static(f"web/img/icon-{size}.png"),
        "sizes": f"{size}x{size}",
        "type": "image/png",
        "purpose": purpose,
    }
