"""Handlers: an effect exactly once, retried, given up, and never in each other's way."""

from datetime import timedelta

import pytest

from backend.accounts.models import User
from backend.common import clock, correlation
from backend.events import handlers, handling
from backend.events.models import Event, HandlerReceipt
from backend.events.publish import publish_batch
from backend.events.relay import drain
from tests.builders.accounts import make_user
from tests.conftest import MORNING
from tests.events.conftest import Register
from tests.events.happenings import happen
from tests.events.test_positions import in_threads


class Bug(Exception):
    """What a broken handler raises."""


def broken(_event: Event) -> None:
    raise Bug


@pytest.mark.django_db
def test_a_handler_hears_its_types_once_with_their_cause(user: User, register: Register) -> None:
    heard: list[object] = []

    def listen(event: Event) -> None:
        heard.append((event.pk, event.position, correlation.current(), clock.now()))
        assert correlation.current_cause() == event.pk

    register("listen", listen)
    event = happen(subject=user)
    happen("crate.closed", subject=user)
    assert drain(now=MORNING).handled == 1
    assert drain(now=MORNING).handled == 0
    assert heard == [(event.pk, 1, event.correlation_id, MORNING)]


@pytest.mark.django_db
def test_what_handlers_record_is_published_and_handled_in_the_same_drain(
    user: User, register: Register
) -> None:
    register("answer", lambda _: happen("crate.closed", subject=user), "crate.opened")
    closed: list[Event] = []
    register("end", closed.append, "crate.closed")
    first = happen(subject=user)
    assert drain(now=MORNING).published == 2
    assert [one.causation_id for one in closed] == [first.pk]
    assert closed[0].correlation_id == first.correlation_id


@pytest.mark.django_db
def test_a_failing_handler_leaves_no_trace_of_its_work_and_stops_nobody(
    user: User, register: Register
) -> None:
    heard: list[Event] = []

    def half_done(_event: Event) -> None:
        make_user(email="half@example.org")
        raise Bug

    register("half_done", half_done)
    register("whole", heard.append)
    happen(subject=user)
    happen(subject=user)
    drain(now=MORNING, swallow=True)
    assert [event.position for event in heard] == [1, 2]
    assert not User.objects.filter(email="half@example.org").exists()
    failed = HandlerReceipt.objects.filter(handler__endswith="half_done")
    assert {(one.attempts, one.last_error_code, one.handled_at) for one in failed} == {
        (1, "Bug", None)
    }


@pytest.mark.django_db
def test_a_drain_raises_what_a_handler_raised(user: User, register: Register) -> None:
    register("broken", broken)
    happen(subject=user)
    with pytest.raises(Bug):
        drain(now=MORNING)
    assert HandlerReceipt.objects.get().handled_at is None


@pytest.mark.django_db
def test_a_failed_handler_is_tried_again_ever_later_and_then_given_up(
    user: User, register: Register
) -> None:
    register("broken", broken)
    happen(subject=user)
    now, waits = MORNING, []
    drain(now=now, swallow=True)
    while (receipt := HandlerReceipt.objects.get()).dead_lettered_at is None:
        waits.append((receipt.next_attempt_at - now).total_seconds())
        drain(now=receipt.next_attempt_at - timedelta(seconds=1), swallow=True)
        assert HandlerReceipt.objects.get().attempts == receipt.attempts
        now = receipt.next_attempt_at
        drain(now=now, swallow=True)
    assert waits == [2, 4, 8, 16, 32, 64, 128, 256, 512]
    assert receipt.attempts == handling.MAX_ATTEMPTS
    assert drain(now=now + timedelta(days=1)).handled == 0


@pytest.mark.django_db
def test_dead_letters_can_be_tried_again_once_the_bug_is_mended(
    user: User, register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    register("broken", broken)
    happen(subject=user)
    drain(now=MORNING, swallow=True)
    HandlerReceipt.objects.update(dead_lettered_at=MORNING, attempts=10)
    mended: list[Event] = []
    name = next(iter(handlers._by_name))
    monkeypatch.setitem(handlers._by_name, name, mended.append)
    assert handling.retry_dead_letters(now=MORNING) == 1
    drain(now=MORNING)
    assert len(mended) == 1


@pytest.mark.django_db
def test_a_handler_that_is_gone_is_noted_by_name(
    user: User, register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    register("broken", broken)
    happen(subject=user)
    monkeypatch.setattr(handlers, "_by_name", {})
    drain(now=MORNING, swallow=True)
    assert HandlerReceipt.objects.get().last_error_code == "NoSuchHandler"


def test_two_handlers_of_one_name_are_refused(register: Register) -> None:
    register("same", lambda _: None)
    with pytest.raises(handlers.DuplicateHandler):
        register("same", lambda _: None)


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_a_handler_has_its_effect_once_however_many_relays_run_it(register: Register) -> None:
    register("count", lambda event: make_user(email=f"{event.pk}@example.org"))
    subject = make_user()
    for _ in range(20):
        happen(subject=subject)
    publish_batch(now=MORNING)
    in_threads(*[lambda: handling.handle_batch(now=MORNING)] * 4)
    while handling.handle_batch(now=MORNING + timedelta(hours=1)):
        pass
    assert User.objects.count() == 21
    assert not HandlerReceipt.objects.filter(handled_at__isnull=True).exists()


def drain_positions_only() -> None:
    from backend.events.publish import publish_batch  # noqa: PLC0415

    publish_batch(now=MORNING)
