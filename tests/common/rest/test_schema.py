"""The description of the API: every operation says with which problems it may answer."""

from typing import Any

import pytest
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema

from tests.common.rest import urls


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    described: dict[str, Any] = SchemaGenerator(patterns=urls.urlpatterns).get_schema(public=True)
    return described


def test_the_schema_is_valid(schema: dict[str, Any]) -> None:
    validate_schema(schema)  # raises
    assert schema["openapi"].startswith("3.")


def test_every_change_says_how_it_may_be_refused(schema: dict[str, Any]) -> None:
    operation = schema["paths"]["/api/v1/crates"]["post"]
    assert set(operation["responses"]) >= {
        *("201", "400", "401", "403", "404", "406", "409", "412", "413", "415", "422", "429"),
        *("500", "503"),
    }
    content = operation["responses"]["409"]["content"]
    assert list(content) == ["application/problem+json"]
    assert content["application/problem+json"]["schema"]["$ref"].endswith("/Problem")


def test_reading_never_conflicts(schema: dict[str, Any]) -> None:
    responses = schema["paths"]["/api/v1/people"]["get"]["responses"]
    assert {"400", "401", "404", "429", "503"} <= set(responses)
    assert not {"409", "412", "422"} & set(responses)


def test_repeatable_requests_name_their_header(schema: dict[str, Any]) -> None:
    def headers(path: str) -> list[str]:
        parameters = schema["paths"][path]["post"].get("parameters", [])
        return [one["name"] for one in parameters if one["in"] == "header"]

    assert headers("/api/v1/crates") == ["Idempotency-Key"]
    assert headers("/api/v1/echo") == []
