"""Wakes the relay of this process when a transaction that recorded something has committed."""

import threading

_rung = threading.Event()


def ring() -> None:
    """Says that there is something to publish; costs next to nothing, safe from any thread."""
    _rung.set()


def wait(timeout_s: float) -> bool:
    """Sleeps until the bell rings or the time is over; whether it rang."""
    rang = _rung.wait(timeout_s)
    _rung.clear()
    return rang
