"""Made-up requests to every operation of the REST interface are answered as it says it answers."""

import os
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.checks import (
    content_type_conformance,
    not_a_server_error,
    response_schema_conformance,
    status_code_conformance,
)

from tests.fuzz.populated import World, populate

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
ROLES = ("stranger", "donor", "charity", "driver", "coordinator", "machine")
#: Made-up requests of an operation, half of them against its description.
EXAMPLES = 200 if os.environ.get("HYPOTHESIS_PROFILE") == "full" else 4
Operation = schemathesis.APIOperation


def operations() -> list[Any]:
    description = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    schema = schemathesis.openapi.from_dict(description)
    schema.app = get_wsgi_application()
    return [found.ok() for found in schema.get_all_operations()]


@pytest.fixture
def _kept_connection() -> Iterator[None]:
    """Requests happen inside the test's transaction, so they must not close its connection."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture
def world(db: None, _kept_connection: None, stepped_clock: object, now: datetime) -> World:
    return populate(now)


def test_every_operation_answers_as_described(world: World, subtests: pytest.Subtests) -> None:
    calls = 0
    for operation in operations():
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            with subtests.test(f"{operation.label} {mode.value}"):
                calls += ask(operation, mode, world)
    assert calls > len(operations()) * EXAMPLES


def ask(operation: Any, mode: GenerationMode, world: World) -> int:
    calls = 0

    @settings(
        max_examples=EXAMPLES,
        phases=[Phase.explicit, Phase.generate],
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(
        case=operation.as_strategy(mode),
        role=st.sampled_from(ROLES),
        place=st.integers(0, 20),
    )
    def call(case: Case, role: str, place: int) -> None:
        nonlocal calls
        calls += 1
        with transaction.atomic():
            point_to_what_exists(case, world.known, place)
            response = case.call(headers=dict(world.headers[role]))
            transaction.set_rollback(True)
        case.validate_response(response, checks=CHECKS)

    call()
    return calls


def point_to_what_exists(case: Case, known: Mapping[str, list[UUID]], place: int) -> None:
    """Puts ids of rows where the request names some; made-up ones would only find nothing."""
    case.path_parameters = pointed(case.path_parameters, known, place)
    case.body = pointed(case.body, known, place)


def pointed(value: Any, known: Mapping[str, list[UUID]], place: int) -> Any:
    if isinstance(value, list):
        return [pointed(each, known, place) for each in value]
    if not isinstance(value, dict):
        return value
    return {
        name: str(known[name][place % len(known[name])])
        if known.get(name) and isinstance(each, str)
        else pointed(each, known, place)
        for name, each in value.items()
    }
