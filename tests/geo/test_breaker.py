"""When a failing server is left alone and when it is tried again."""

from backend.geo.domain.breaker import Breaker


class Ticks:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def _broken(ticks: Ticks) -> Breaker:
    breaker = Breaker(failures=2, rest_s=30, clock=ticks)
    breaker.failed()
    breaker.failed()
    return breaker


def test_a_single_failure_does_not_stop_calls() -> None:
    breaker = Breaker(failures=2, rest_s=30)
    breaker.failed()
    assert breaker.may_call()


def test_calls_stop_after_failures_in_a_row() -> None:
    assert not _broken(Ticks()).may_call()


def test_a_success_in_between_starts_the_count_anew() -> None:
    breaker = Breaker(failures=2, rest_s=30)
    breaker.failed()
    breaker.succeeded()
    breaker.failed()
    assert breaker.may_call()


def test_after_the_rest_one_call_is_tried() -> None:
    ticks = Ticks()
    breaker = _broken(ticks)
    ticks.now += 30
    assert breaker.may_call()
    assert not breaker.may_call()


def test_a_trial_that_succeeds_lets_all_calls_through() -> None:
    ticks = Ticks()
    breaker = _broken(ticks)
    ticks.now += 30
    assert breaker.may_call()
    breaker.succeeded()
    assert breaker.may_call()
    assert breaker.may_call()


def test_a_trial_that_fails_starts_another_rest() -> None:
    ticks = Ticks()
    breaker = _broken(ticks)
    ticks.now += 30
    assert breaker.may_call()
    breaker.failed()
    ticks.now += 29
    assert not breaker.may_call()
