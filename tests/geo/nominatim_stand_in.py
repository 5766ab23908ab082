"""A stand-in for a Nominatim server: a few addresses, and ways to fail."""

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

HOUSE = {
    "display_name": "1 Library Road, Da'an District, Taipei City",
    "lat": "25.02650",
    "lon": "121.54360",
    "place_rank": 30,
}
STREET = HOUSE | {"display_name": "Library Road", "place_rank": 26, "lat": "25.02700"}
ABROAD = {"display_name": "Library Road, Paris", "lat": "48.85", "lon": "2.35", "place_rank": 30}


class NominatimStandIn(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.status = 200
        self.raw: bytes | None = None
        self.results: list[dict[str, Any]] = [HOUSE, STREET]
        self.queries: list[dict[str, list[str]]] = []
        self.agents: list[str | None] = []

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: NominatimStandIn

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        self.server.queries.append(parse_qs(parts.query))
        self.server.agents.append(self.headers.get("User-Agent"))
        is_search = parts.path.endswith("/search")
        answer: Any = self.server.results if is_search else self.server.results[0]
        body = self.server.raw if self.server.raw is not None else json.dumps(answer).encode()
        self.send_response(self.server.status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Silent: tests read `queries`."""
