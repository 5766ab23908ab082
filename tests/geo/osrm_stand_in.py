"""A stand-in for an OSRM server: the table service over a tiny road network, and ways to fail."""

import heapq
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from math import inf
from typing import Any
from urllib.parse import parse_qs, urlsplit

from backend.geo.domain.points import Point, distance_m

#: Corners of a small town, in the demo region; the last two lie beyond a river without a bridge.
CORNERS = {
    "market": Point(121.5000, 25.0000),
    "school": Point(121.5100, 25.0000),
    "station": Point(121.5100, 25.0100),
    "harbour": Point(121.5000, 25.0100),
    "mill": Point(121.5300, 25.0000),
    "farm": Point(121.5300, 25.0100),
}
#: Streets: from, to, metres, seconds; the market's street to the harbour is one-way.
STREETS = [
    ("market", "school", 1200, 120),
    ("school", "market", 1200, 150),
    ("school", "station", 1300, 100),
    ("station", "school", 1300, 100),
    ("station", "harbour", 1100, 90),
    ("harbour", "station", 1100, 90),
    ("market", "harbour", 1150, 80),
    ("mill", "farm", 1400, 110),
    ("farm", "mill", 1400, 110),
]


def shortest(start: str) -> dict[str, tuple[int, int]]:
    """Seconds and metres of the quickest way to each corner that can be reached (Dijkstra)."""
    best: dict[str, tuple[int, int]] = {}
    queue = [(0, 0, start)]
    while queue:
        seconds, metres, here = heapq.heappop(queue)
        if here in best:
            continue
        best[here] = (seconds, metres)
        for a, b, length, duration in STREETS:
            if a == here and b not in best:
                heapq.heappush(queue, (seconds + duration, metres + length, b))
    return best


class StandIn(ThreadingHTTPServer):
    """Answers from the network; `mood` makes it misbehave, `asked` counts and `paths` records."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.mood = "good"
        self.paths: list[str] = []
        self.largest = 0
        self.released = threading.Event()

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.server_port}"

    @property
    def url(self) -> str:
        return f"http://{self.host}"

    def table(self, path: str) -> dict[str, Any]:
        parts = urlsplit(path)
        corners = [_nearest(pair) for pair in parts.path.rsplit("/", 1)[1].split(";")]
        self.largest = max(self.largest, len(corners))
        query = parse_qs(parts.query)
        rows, columns = (
            [corners[int(n)] for n in query[side][0].split(";")]
            for side in ("sources", "destinations")
        )
        ways = [[shortest(a).get(b, (None, None)) for b in columns] for a in rows]
        return {
            "code": "Ok",
            "durations": [[seconds for seconds, _ in row] for row in ways],
            "distances": [[metres for _, metres in row] for row in ways],
        }


class _Handler(BaseHTTPRequestHandler):
    server: StandIn

    def do_GET(self) -> None:
        self.server.paths.append(self.path)
        mood = self.server.mood
        if mood == "hang":
            self.server.released.wait(10)
        elif mood == "drip":
            self._drip()
        elif mood == "redirect":
            self._answer(302, b"", location="http://127.0.0.1:9/")
        elif mood.startswith("status "):
            self._answer(int(mood.removeprefix("status ")), b"{}")
        elif mood.startswith("body "):
            self._answer(200, mood.removeprefix("body ").encode())
        else:
            self._answer(200, json.dumps(self.server.table(self.path)).encode())

    def _answer(self, status: int, body: bytes, location: str = "") -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        if location:
            self.send_header("Location", location)
        self.end_headers()
        self.wfile.write(body)

    def _drip(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "100000")
        self.end_headers()
        try:
            while not self.server.released.is_set():
                self.wfile.write(b" ")
                time.sleep(0.05)
        except OSError:
            return

    def log_message(self, format: str, *args: Any) -> None:
        """Silent: tests read `paths`."""


def _nearest(pair: str) -> str:
    lon, lat = map(float, pair.split(","))
    best, found = inf, ""
    for name, point in CORNERS.items():
        away = distance_m(point, Point(lon, lat))
        if away < best:
            best, found = away, name
    return found


@contextmanager
def serving(server: ThreadingHTTPServer) -> Iterator[None]:
    """Serves in a thread within the block."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield
    finally:
        if isinstance(server, StandIn):
            server.released.set()
        server.shutdown()
        server.server_close()
        thread.join()
