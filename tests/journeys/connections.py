"""How journeys reach the product with `requests`: inside this process, or as a proxy does."""

from collections.abc import Callable, Iterable
from http.client import HTTPMessage
from io import BytesIO
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import BaseAdapter, HTTPAdapter
from urllib3 import HTTPResponse

Application = Callable[..., Iterable[bytes]]


class InProcess(BaseAdapter):
    """Hands requests to a WSGI application, as its server would."""

    def __init__(self, application: Application) -> None:
        super().__init__()
        self._application = application

    def send(  # type: ignore[override]
        self, request: requests.PreparedRequest, **_: Any
    ) -> requests.Response:
        told: dict[str, Any] = {}

        def start_response(
            status: str, headers: list[tuple[str, str]], _problem: Any = None
        ) -> None:
            told.update(status=status, headers=headers)

        chunks = self._application(_environment(request), start_response)
        try:
            content = b"".join(chunks)
        finally:
            getattr(chunks, "close", lambda: None)()
        return _response(request, told["status"], told["headers"], content)

    def close(self) -> None:
        """There is no connection to close."""


def _environment(request: requests.PreparedRequest) -> dict[str, Any]:
    parts = urlsplit(request.url or "")
    body = request.body or b""
    content = body.encode() if isinstance(body, str) else bytes(body)
    environment = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": requests.utils.unquote(parts.path),
        "QUERY_STRING": parts.query,
        "SERVER_NAME": parts.hostname,
        "SERVER_PORT": str(parts.port or 80),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_LENGTH": str(len(content)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": parts.scheme,
        "wsgi.input": BytesIO(content),
        "wsgi.errors": BytesIO(),
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in request.headers.items():
        own = name.upper().replace("-", "_")
        environment[own if own == "CONTENT_TYPE" else f"HTTP_{own}"] = value
    return environment | {"HTTP_HOST": parts.netloc}


def _response(
    request: requests.PreparedRequest,
    status: str,
    headers: list[tuple[str, str]],
    content: bytes,
) -> requests.Response:
    message = HTTPMessage()
    for name, value in headers:
        message.add_header(name, value)
    raw = HTTPResponse(BytesIO(content), headers=headers, preload_content=False)
    # From where the session takes its cookies.
    told = SimpleNamespace(msg=message, isclosed=lambda: True, close=lambda: None)
    raw._original_response = told  # type: ignore[assignment]
    response = requests.Response()
    response.status_code = int(status.split(maxsplit=1)[0])
    response.headers.update(dict(headers))
    response.raw, response.request, response.url = raw, request, request.url or ""
    return response


class Behind(HTTPAdapter):
    """Sends what people ask of the public address to a process on this machine, over plain HTTP
    and with the headers of the proxy in between.
    """

    def __init__(self, port: int) -> None:
        super().__init__()
        self._port = port

    def send(  # type: ignore[override]
        self, request: requests.PreparedRequest, **options: Any
    ) -> requests.Response:
        parts = urlsplit(request.url or "")
        passed_on = request.copy()
        passed_on.url = parts._replace(scheme="http", netloc=f"127.0.0.1:{self._port}").geturl()
        passed_on.headers["Host"] = parts.netloc
        passed_on.headers["X-Forwarded-Proto"] = parts.scheme
        return super().send(passed_on, **options)
