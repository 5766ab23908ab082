"""docker-compose.yml and the image keep to what production promises."""

import re
from typing import Any

import pytest

from tests.journeys.processes import LASTING, ROOT, services

OURS = [*LASTING, "migrate"]
COMPOSE = (ROOT / "docker-compose.yml").read_text()


@pytest.mark.parametrize("name", OURS)
def test_our_processes_have_no_rights_and_no_writable_root(name: str) -> None:
    service: dict[str, Any] = services()[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert not service.get("ports"), "only the proxy is reached from outside"


@pytest.mark.parametrize("name", OURS)
def test_secrets_come_from_files(name: str) -> None:
    environment = services()[name]["environment"]
    assert environment["SECRET_KEY_FILE"] == "/run/secrets/secret_key"
    assert environment["DATABASE_URL_FILE"] == "/run/secrets/database_url"
    assert not {"SECRET_KEY", "DATABASE_URL", "EMAIL_URL"} & environment.keys()


def test_there_is_no_default_password_and_no_default_host() -> None:
    assert not re.search(r"PASSWORD\s*[:=]\s*\S", COMPOSE)
    assert not re.search(r"\$\{[A-Z_]*(PASSWORD|SECRET|KEY)[A-Z_]*:-", COMPOSE)
    assert "${SITE:-" not in COMPOSE


@pytest.mark.parametrize(
    "name", ["api", "live", "worker", "worker-notify", "solver", "postgres", "redis"]
)
def test_what_can_hang_has_a_health_check(name: str) -> None:
    assert services()[name]["healthcheck"]["test"]


def test_every_queue_has_a_worker_and_there_is_one_beat() -> None:
    commands = [" ".join(service.get("command", [])) for service in services().values()]
    for queue in ("default", "notify", "solve"):
        assert sum(f"--queues={queue}" in command for command in commands) == 1
    assert sum(" beat " in f"{command} " for command in commands) == 1


def test_the_image_runs_without_rights_and_installs_only_what_is_locked() -> None:
    image = (ROOT / "Dockerfile").read_text()
    assert "USER foodrelay" in image
    assert "--require-hashes" in image
    assert "ENTRYPOINT" not in image


def test_the_image_holds_machine_code_for_any_processor() -> None:
    image = (ROOT / "Dockerfile").read_text()
    made = image.index("RUN python -m logistics.domain.solver.kernel")
    assert image.index("ENV NUMBA_CPU_NAME=generic") < made < image.index("USER foodrelay")
