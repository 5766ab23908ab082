"""The warm process: answers, progress, and every way in which it can come to an end."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from backend.common.solver_process import (
    Order,
    SolverCancelled,
    SolverDied,
    SolverFailed,
    SolverOutOfMemory,
    SolverProcess,
    SolverTimedOut,
)

TARGETS = "tests.common.solver_targets"
WALL_S = 20.0


@pytest.fixture
def process() -> Iterator[SolverProcess]:
    host = SolverProcess()
    yield host
    host.close()


def ask(host: SolverProcess, name: str, request: Any = None, **changes: Any) -> Any:
    return host.call(f"{TARGETS}:{name}", request, **{"wall_s": WALL_S, **changes})


def when_begun(act: Callable[[int], None]) -> Callable[[Any], None]:
    """A progress listener that acts on the child once the call is under way."""
    return lambda progress: act(progress["begun"])


def test_a_call_answers_and_the_next_one_finds_the_process_warm(process: SolverProcess) -> None:
    assert ask(process, "echo", {"kg": [1, 2.5, None, "飯"]}) == {"kg": [1, 2.5, None, "飯"]}
    pid = process.pid
    assert ask(process, "echo", 2) == 2
    assert process.pid == pid


def test_megabytes_pass_both_ways(process: SolverProcess) -> None:
    large = list(range(600_000))
    assert ask(process, "echo", large) == large


def test_progress_arrives_before_the_answer(process: SolverProcess) -> None:
    told: list[Any] = []
    assert ask(process, "count", 3, on_progress=told.append) == 3
    assert told == [{"at": 0}, {"at": 1}, {"at": 2}]


def test_what_the_function_raises_is_told_and_the_process_lives_on(
    process: SolverProcess,
) -> None:
    with pytest.raises(SolverFailed) as caught:
        ask(process, "fail", "apples")
    assert (caught.value.kind, caught.value.text) == ("KeyError", "'apples'")
    pid = process.pid
    assert ask(process, "echo", 1) == 1
    assert process.pid == pid


def test_a_process_killed_in_the_middle_is_told_and_replaced(process: SolverProcess) -> None:
    kill = when_begun(lambda pid: os.kill(pid, signal.SIGKILL))
    with pytest.raises(SolverDied):
        ask(process, "sleep", 30, on_progress=kill)
    assert ask(process, "echo", 1) == 1


def test_a_process_killed_between_calls_is_not_noticed(process: SolverProcess) -> None:
    ask(process, "echo")
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    time.sleep(0.1)
    assert ask(process, "echo", 1) == 1


def test_a_process_that_ends_itself_is_told_and_replaced(process: SolverProcess) -> None:
    with pytest.raises(SolverDied, match="ended with 3"):
        ask(process, "crash")
    assert ask(process, "echo", 1) == 1


def test_the_wall_clock_kills_the_call_and_the_next_one_works(process: SolverProcess) -> None:
    process.start()
    began = time.monotonic()
    with pytest.raises(SolverTimedOut):
        ask(process, "sleep", 30, wall_s=0.3)
    assert time.monotonic() - began < 5
    assert ask(process, "echo", 1) == 1


def test_a_process_that_stopped_reading_cannot_hang_the_caller(process: SolverProcess) -> None:
    ask(process, "echo")
    assert process.pid is not None
    os.kill(process.pid, signal.SIGSTOP)
    with pytest.raises(SolverTimedOut):
        ask(process, "echo", list(range(600_000)), wall_s=0.5)
    assert ask(process, "echo", 1) == 1


def test_the_soft_limit_lets_the_function_end_by_itself(process: SolverProcess) -> None:
    assert ask(process, "until_late", soft_s=0.2) == "in time"


def test_cancel_ends_the_running_call_and_no_other(process: SolverProcess) -> None:
    process.cancel()
    assert ask(process, "echo", 1) == 1
    with pytest.raises(SolverCancelled):
        ask(process, "sleep", 30, on_progress=when_begun(lambda _: process.cancel()))
    assert ask(process, "echo", 2) == 2


def test_threads_take_turns_on_one_process(process: SolverProcess) -> None:
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda n: ask(process, "echo", n), range(20)))
    assert answers == list(range(20))


def test_cancel_comes_from_any_thread(process: SolverProcess) -> None:
    begun = threading.Event()

    def cancel_when_begun() -> None:
        begun.wait(WALL_S)
        process.cancel()

    other = threading.Thread(target=cancel_when_begun)
    other.start()
    with pytest.raises(SolverCancelled):
        ask(process, "sleep", 30, on_progress=lambda _: begun.set())
    other.join()


def test_the_process_is_replaced_after_its_share_of_calls() -> None:
    host = SolverProcess(recycle_after=2)
    pids = []
    for _ in range(4):
        ask(host, "echo")
        pids.append(host.pid)
    host.close()
    assert pids[0] == pids[1] != pids[2] == pids[3]


def test_a_process_that_has_grown_is_replaced_before_the_next_call() -> None:
    host = SolverProcess(recycle_above_mib=150)
    assert ask(host, "take_memory", 200) == 1
    assert ask(host, "take_memory", 1) == 1
    assert ask(host, "take_memory", 1) == 2
    host.close()


def test_more_memory_than_the_cap_is_refused_to_the_child_only() -> None:
    host = SolverProcess(memory_cap_mib=500)
    with pytest.raises(SolverOutOfMemory):
        ask(host, "take_memory", 900)
    assert ask(host, "echo", 1) == 1
    host.close()


def test_what_libraries_print_does_not_disturb_the_answer(process: SolverProcess) -> None:
    assert ask(process, "chatter") == "heard"


def test_the_child_knows_nothing_of_the_web_application(process: SolverProcess) -> None:
    loaded = set(ask(process, "modules"))
    assert loaded.isdisjoint({"django", "rest_framework", "celery", "channels", "backend"})


def test_a_target_that_cannot_be_imported_is_told() -> None:
    host = SolverProcess()
    with pytest.raises(SolverFailed) as caught:
        host.call("no.such.module:function", None, wall_s=WALL_S)
    assert caught.value.kind == "ModuleNotFoundError"
    host.close()


def test_a_closed_process_starts_again_when_it_is_needed(process: SolverProcess) -> None:
    ask(process, "echo")
    process.close()
    assert process.pid is None
    assert ask(process, "echo", 1) == 1


def test_who_watches_can_end_a_call_with_what_it_has(process: SolverProcess) -> None:
    begun = threading.Event()

    def finish_when_begun() -> Order:
        return Order.FINISH if begun.is_set() else Order.GO_ON

    told = ask(process, "until_late", watch=finish_when_begun, on_progress=lambda _: begun.set())
    assert told == "in time"
    pid = process.pid
    assert ask(process, "until_late", soft_s=0.2) == "in time"
    assert process.pid == pid


def test_who_watches_can_give_a_call_up(process: SolverProcess) -> None:
    begun = threading.Event()

    def cancel_when_begun() -> Order:
        return Order.CANCEL if begun.is_set() else Order.GO_ON

    with pytest.raises(SolverCancelled):
        ask(process, "sleep", 30, watch=cancel_when_begun, on_progress=lambda _: begun.set())
    assert ask(process, "echo", 1) == 1


def test_a_call_is_given_up_before_its_turn(process: SolverProcess) -> None:
    begun, over = threading.Event(), threading.Event()

    def first() -> None:
        with pytest.raises(SolverCancelled):
            ask(process, "sleep", 30, on_progress=lambda _: begun.set())
        over.set()

    running = threading.Thread(target=first)
    running.start()
    assert begun.wait(WALL_S)
    with pytest.raises(SolverCancelled, match="before its turn"):
        ask(process, "echo", watch=lambda: Order.CANCEL)
    assert not over.is_set()
    process.cancel()
    running.join()


def test_a_function_that_will_not_finish_is_killed(
    process: SolverProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backend.common.solver_pipe.FINISH_WITHIN_S", 0.2)
    with pytest.raises(SolverTimedOut):
        ask(process, "sleep", 30, watch=lambda: Order.FINISH)
    assert ask(process, "echo", 1) == 1


def test_the_first_call_does_not_wait_for_the_warm_up() -> None:
    host = SolverProcess(warm_up=[f"{TARGETS}:warm_up"])
    assert ask(host, "let_warm_up") == {"before": False, "after": True, "apart": True}
    host.close()


def test_a_warm_up_that_fails_does_not_end_the_process() -> None:
    host = SolverProcess(warm_up=[f"{TARGETS}:warm_up_in_vain"])
    assert ask(host, "echo", 1) == 1
    host.close()
