"""State machines of Hypothesis that use the database: each run starts from what was there."""

from typing import Any

from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test


def check_interleavings(machine: type[RuleBasedStateMachine], *, examples: int, steps: int) -> None:
    """Runs the machine; each of its runs is undone after its teardown."""

    class Isolated(machine):  # type: ignore[misc, valid-type]
        def __init__(self, *arguments: Any) -> None:
            super().__init__(*arguments)
            self._undone = transaction.atomic()
            self._undone.__enter__()

        def teardown(self) -> None:
            try:
                super().teardown()
            finally:
                transaction.set_rollback(True)
                self._undone.__exit__(None, None, None)

    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        Isolated,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
