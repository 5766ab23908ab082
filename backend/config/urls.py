"""All URLs: an app with `api/urls.py` is served under /api/v1/, one with `urls.py` at the root."""

from django.apps import AppConfig, apps
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from django.utils.module_loading import module_has_submodule
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from backend.config.health import live, ready

handler400 = "backend.common.rest.problems.bad_request"
handler403 = "backend.common.rest.problems.permission_denied"
handler404 = "backend.common.rest.problems.page_not_found"
handler500 = "backend.common.rest.problems.server_error"

OUR_PACKAGES = ("backend.", "matching", "logistics", "notifications")


def _included(module: str) -> list[URLResolver]:
    """One include for each of our apps that has `module`, in the order of INSTALLED_APPS."""
    return [
        path("", include(f"{app.name}.{module}"))
        for app in apps.get_app_configs()
        if _has(app, module)
    ]


def _has(app: AppConfig, module: str) -> bool:
    ours = app.name.startswith(OUR_PACKAGES) and app.name != "backend.config"
    return ours and app.module is not None and module_has_submodule(app.module, module)


urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz/live", live, name="live"),
    path("healthz/ready", ready, name="ready"),
    path("admin/", admin.site.urls),
    path("accounts/", include("allauth.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("api/v1/schema", SpectacularAPIView.as_view(), name="schema"),
    path("api/v1/docs", SpectacularSwaggerSplitView.as_view(url_name="schema"), name="api_docs"),
    path("api/v1/", include(_included("api.urls"))),
    *_included("urls"),
]
