"""Counts attempts atomically in the shared cache: sign-ins, claims, requests per role."""

import hashlib
from typing import TYPE_CHECKING, Any

from django.core.cache import cache
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request
from rest_framework.settings import api_settings
from rest_framework.throttling import BaseThrottle

from backend.common.refusals import Refusal

if TYPE_CHECKING:
    # That module reads the settings that name this one.
    from rest_framework.views import APIView

SECONDS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}


class TooMany(Refusal):
    """A limit per time was reached; the client may try again after `retry_after_s`."""

    code = "too_many_requests"
    status = 429
    message = _("Too many requests. Please try again in %(retry_after_s)s seconds.")


def count(name: str, who: str, *, per_s: int) -> int:
    """Counts one more attempt of `who` and says the how manieth it is within `per_s` seconds.

    Atomic on every cache (add, then increment), so parallel attempts are counted one by one. The
    time begins with the first attempt.
    """
    place = f"limit:{name}:{hashlib.sha256(who.encode()).hexdigest()}"
    while True:
        if cache.add(place, 1, per_s):
            return 1
        try:
            return int(cache.incr(place))
        except ValueError:
            continue  # it ended between the two steps


def take(name: str, who: str, *, limit: int, per_s: int) -> None:
    """Counts one more attempt; raises TooMany when `who` had `limit` of them already."""
    if count(name, who, per_s=per_s) > limit:
        raise TooMany(retry_after_s=per_s)


def parse_rate(rate: str) -> tuple[int, int]:
    """A rate such as "600/min" as attempts and seconds."""
    attempts, period = rate.split("/")
    return int(attempts), SECONDS[period[0]]


class RoleThrottle(BaseThrottle):
    """Limits all requests: strangers by address, people and machines by who they are.

    The rates are DEFAULT_THROTTLE_RATES "anon", "user" and, for machines, "key" (or "user").
    """

    def __init__(self) -> None:
        self._per_s = 60

    def allow_request(self, request: Request, view: "APIView") -> bool:
        role, who = self._caller(request)
        rates: dict[str, Any] = api_settings.DEFAULT_THROTTLE_RATES
        rate = rates.get(role) or rates.get("user")
        if not rate:
            return True
        limit, self._per_s = parse_rate(rate)
        return count(f"api:{role}", who, per_s=self._per_s) <= limit

    def wait(self) -> float:
        return float(self._per_s)

    def _caller(self, request: Request) -> tuple[str, str]:
        if not request.user.is_authenticated:
            return "anon", str(self.get_ident(request))
        key = request.auth
        narrowed = key is not None and getattr(key, "narrowed_to", None) is not None
        return ("key", str(key.pk)) if narrowed else ("user", str(request.user.pk))
