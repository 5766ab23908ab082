"""One careful GET: named hosts only, no redirects, bounded in time and size."""

import json
import time
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

import requests
import urllib3

from backend.geo.domain.travel import ProviderFailed

LARGEST_ANSWER = 20_000_000
CHUNK = 65_536
OK = 200


def get_json(
    url: str,
    *,
    timeout_s: float,
    allowed_hosts: Iterable[str],
    headers: Mapping[str, str] | None = None,
) -> Any:
    """The JSON at an address. Raises ProviderFailed; waits no longer than twice `timeout_s`.

    The host (with its port, when the address has one) must be among `allowed_hosts`.
    """
    refuse_other_hosts(url, allowed_hosts)
    with requests.Session() as session:
        session.trust_env = False
        body = _body(session, url, timeout_s, headers or {})
    try:
        return json.loads(body)
    except ValueError as error:
        raise ProviderFailed("not_json") from error


def refuse_other_hosts(url: str, allowed_hosts: Iterable[str]) -> None:
    """Raises ProviderFailed unless the address is plain HTTP(S) to an allowed host."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or parts.netloc not in set(allowed_hosts):
        raise ProviderFailed("not_allowed")


def _body(
    session: requests.Session, url: str, timeout_s: float, headers: Mapping[str, str]
) -> bytes:
    deadline = time.monotonic() + timeout_s
    try:
        with session.get(
            url, headers=dict(headers), timeout=timeout_s, stream=True, allow_redirects=False
        ) as response:
            if response.status_code != OK:
                raise ProviderFailed(f"status_{response.status_code}")
            return _read(response.raw, deadline)
    except (requests.Timeout, urllib3.exceptions.TimeoutError) as error:
        raise ProviderFailed("timeout") from error
    except requests.ConnectionError as error:
        raise ProviderFailed("refused") from error
    except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
        raise ProviderFailed("unexpected") from error


def _read(raw: urllib3.response.BaseHTTPResponse, deadline: float) -> bytes:
    parts: list[bytes] = []
    size = 0
    while part := raw.read1(CHUNK, decode_content=True):
        parts.append(part)
        size += len(part)
        if size > LARGEST_ANSWER:
            raise ProviderFailed("too_large")
        if time.monotonic() > deadline:
            raise ProviderFailed("timeout")
    return b"".join(parts)
