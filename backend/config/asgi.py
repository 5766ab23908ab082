"""The ASGI application, for uvicorn: HTTP and the event sockets."""

import os

from channels.routing import ProtocolTypeRouter, URLRouter
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.config.settings")
http = get_asgi_application()

from backend.events.ws_urls import websocket_urlpatterns  # noqa: E402 - needs the apps loaded

#: The consumer checks origin and sign-in itself: machines send no Origin, and tickets come from
#: other sites.
application = ProtocolTypeRouter({"http": http, "websocket": URLRouter(websocket_urlpatterns)})
