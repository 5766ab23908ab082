"""Settings, URLs, servers and checks: the only place that wires the apps together."""

from backend.config.celery import app as celery_app

__all__ = ["celery_app"]
