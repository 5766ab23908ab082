"""Ends the warm solver process after the tests that used it."""

from collections.abc import Iterator

import pytest

from matching.solver_process import matching_process


@pytest.fixture(scope="session", autouse=True)
def _solver_ends_with_the_tests() -> Iterator[None]:
    yield
    matching_process().close()
