"""The page of the demonstration's accounts; there is none outside a demonstration."""

from django.conf import settings
from django.urls import URLPattern, path

from backend.demo import views

app_name = "demo"
urlpatterns: list[URLPattern] = (
    [
        path("demo", views.accounts, name="accounts"),
        path("demo/sign-in", views.sign_in, name="sign_in"),
    ]
    if settings.DEMO
    else []
)
