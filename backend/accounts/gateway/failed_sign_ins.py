"""Counts failed sign-ins per account and per address, atomically, in the shared cache.

Every attempt is counted before the password is looked at, so of any number of simultaneous wrong
ones at most MOST_FAILURES reach the hasher; a right one is taken back. The lock lasts LOCK_S real
seconds from the last counted failure and is not prolonged by attempts while it holds.
"""

from contextlib import suppress
from hashlib import blake2b

from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

from backend.common.refusals import Refusal

MOST_FAILURES = 5
LOCK_S = 15 * 60


class SignInLocked(Refusal):
    """Too many failures for this account or from this address."""

    code = "sign_in_locked"
    status = 429
    message = _("Too many failed attempts. Please wait 15 minutes and try again.")


def count_attempt(*, account: str, address: str) -> None:
    """Counts one attempt; raises SignInLocked when the account or the address has used them up."""
    for key in _keys(account, address):
        attempts = _increment(key)
        if attempts > MOST_FAILURES:
            raise SignInLocked()
        if attempts == MOST_FAILURES:
            cache.touch(key, LOCK_S)


def forgive_attempt(*, account: str, address: str) -> None:
    """Takes back one counted attempt after it turned out right; earlier failures stay counted."""
    for key in _keys(account, address):
        with suppress(ValueError):  # the count ran out meanwhile
            cache.decr(key)


def _increment(key: str) -> int:
    cache.add(key, 0, LOCK_S)
    try:
        return int(cache.incr(key))
    except ValueError:  # it ran out between the two commands
        cache.add(key, 0, LOCK_S)
        return int(cache.incr(key))


def _keys(account: str, address: str) -> tuple[str, str]:
    """Cache keys without anybody's address in them; the network address is asked first."""
    return _key("address", address), _key("account", account.strip().casefold())


def _key(kind: str, value: str) -> str:
    return f"failed-sign-ins:{kind}:{blake2b(value.encode(), digest_size=16).hexdigest()}"
