"""Positions: gap-free, in the order in which readers could see, whatever commits when."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from backend.accounts.models import User
from backend.events.models import Event, EventAudience, RelayLease
from backend.events.publish import Hold, LeaseLost, outstanding, publish_batch
from backend.events.relay import drain, run_forever
from tests.builders.accounts import make_user
from tests.conftest import MORNING
from tests.events.happenings import happen

#: The real relay waits when nothing is outstanding; without it SQLite's writer is never free.
PAUSE_S = 0.005


def in_threads(*work: Callable[[], None]) -> None:
    """Runs all at once, each with a connection of its own; raises the first that failed."""
    failures: list[BaseException] = []

    def guarded(one: Callable[[], None]) -> None:
        try:
            one()
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=guarded, args=(one,)) for one in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


def positions() -> list[int | None]:
    return list(Event.objects.order_by("position").values_list("position", flat=True))


@pytest.mark.django_db
def test_events_get_positions_in_their_order_and_audiences_the_same(user: User) -> None:
    events = [happen(subject=user) for _ in range(250)]
    assert drain(now=MORNING).published == 250
    published = list(Event.objects.order_by("position").values_list("id", "position"))
    assert published == [(event.pk, place) for place, event in enumerate(events, start=1)]
    rows = EventAudience.objects.order_by("position").values_list("event_id", "position")
    assert list(rows) == published
    assert RelayLease.objects.get().position == 250


@pytest.mark.django_db
def test_a_quiet_log_is_published_without_writing(
    user: User, django_assert_max_num_queries: Callable[..., object]
) -> None:
    happen(subject=user)
    drain(now=MORNING)
    with django_assert_max_num_queries(3):  # type: ignore[attr-defined]
        assert drain(now=MORNING).published == 0


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_positions_have_no_gap_under_concurrent_writers_and_relays() -> None:
    user = make_user()
    done = threading.Event()

    def write() -> None:
        for number in range(25):
            with transaction.atomic():
                happen(subject=user)
                if number % 5 == 4:
                    transaction.set_rollback(True)

    relays = [
        threading.Thread(target=in_threads, args=(lambda: _publish_until(done),)) for _ in range(2)
    ]
    for thread in relays:
        thread.start()
    try:
        in_threads(*[write] * 4)
    finally:
        done.set()
        for thread in relays:
            thread.join()
    drain(now=MORNING)
    assert positions() == list(range(1, 4 * 20 + 1))


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_an_event_that_commits_later_never_appears_below_what_was_read() -> None:
    """The older id commits after the younger was published: it goes behind, not in between."""
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writer: a younger id cannot commit first")
    user = make_user()
    wrote, go_on = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            happen("crate.opened", subject=user)
            wrote.set()
            assert go_on.wait(10)

    thread = threading.Thread(target=in_threads, args=(slow,))
    thread.start()
    assert wrote.wait(10)
    happen("crate.closed", subject=user)
    publish_batch(now=MORNING)
    go_on.set()
    thread.join()
    publish_batch(now=MORNING)
    told = Event.objects.order_by("position").values_list("type", flat=True)
    assert list(told) == ["crate.closed", "crate.opened"]


@pytest.mark.django_db(transaction=True)
def test_a_relay_that_lost_its_lease_gives_no_more_positions() -> None:
    user = make_user()
    drain(now=MORNING)
    RelayLease.objects.update(holder="new", fence=2)
    happen(subject=user)
    with pytest.raises(LeaseLost):
        publish_batch(now=MORNING, hold=Hold("old", 1))
    assert positions() == [None]


@pytest.mark.django_db(transaction=True)
def test_a_crash_while_publishing_leaves_everything_to_the_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    happen(subject=make_user())
    with monkeypatch.context() as broken:
        broken.setattr("backend.events.publish._chain", _crash)
        with pytest.raises(SystemError):
            publish_batch(now=MORNING)
    assert positions() == [None]
    assert drain(now=MORNING).published == 1
    assert positions() == [1]


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_two_running_relays_publish_each_event_once_and_stop_when_told() -> None:
    user = make_user()
    stop = threading.Event()
    relays = [threading.Thread(target=run_forever, args=(stop,)) for _ in range(2)]
    for relay in relays:
        relay.start()
    try:
        for _ in range(20):
            happen(subject=user)
        _eventually(lambda: Event.objects.filter(position=20).exists())
    finally:
        stop.set()
        for relay in relays:
            relay.join(5)
    assert not any(relay.is_alive() for relay in relays)
    assert positions() == list(range(1, 21))
    assert RelayLease.objects.get().expires_at is None


def _publish_until(done: threading.Event) -> None:
    while not done.wait(PAUSE_S):
        if outstanding():
            publish_batch(now=MORNING)


def _crash(*_: object) -> None:
    raise SystemError


def _eventually(true: Callable[[], bool]) -> None:
    pause = threading.Event()
    for _ in range(500):
        if true():
            return
        pause.wait(0.01)
    raise AssertionError("did not happen within 5 s")
