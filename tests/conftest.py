"""The ground all tests stand on; roles (donor, recipient, ...) come from tests/builders."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import hypothesis
import pytest
from django.core.cache import cache
from django.utils import translation
from pytest_django import Settings

from backend.common import clock, sweeping
from tests.settings import ON_POSTGRES

#: A Wednesday, 10:00 in Taipei: shops and charities are open.
MORNING = datetime(2026, 6, 10, 2, 0, tzinfo=UTC)


hypothesis.settings.register_profile("default", deadline=None, derandomize=True)
hypothesis.settings.register_profile("full", deadline=None, max_examples=1_000)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))

#: Fixtures that let a test reach the database; with the marker they tell the two kinds apart.
DATABASE_FIXTURES = frozenset({"db", "transactional_db", "live_server", "django_db_setup"})


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--only",
        choices=["pure", "database"],
        help="run only the tests without (pure) or with a database",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keeps the tests that --only asks for; those of several processes run beside PostgreSQL."""
    for item in items:
        if item.get_closest_marker("services") and not ON_POSTGRES:
            item.add_marker(pytest.mark.skip(reason="runs in ./test postgres"))
    only = config.getoption("--only")
    if only is None:
        return
    kept = [item for item in items if uses_database(item) is (only == "database")]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
    items[:] = kept


def uses_database(item: pytest.Item) -> bool:
    """Whether the test says that it needs a database."""
    fixtures = getattr(item, "fixturenames", ())
    marked = item.get_closest_marker("django_db") or item.get_closest_marker("services")
    return marked is not None or not DATABASE_FIXTURES.isdisjoint(fixtures)


@pytest.fixture(autouse=True)
def _files_of_their_own(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Uploads and sessions of one test never reach another."""
    folder = tmp_path_factory.mktemp("files")
    settings.MEDIA_ROOT = folder / "media"
    settings.EMAIL_FILE_PATH = folder / "mail"
    return folder


@pytest.fixture(autouse=True)
def _empty_cache() -> Iterator[None]:
    yield
    cache.clear()


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """Messages are compared in English unless a test says otherwise."""
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def _strict_sweeps() -> Iterator[None]:
    """What fails in a sweep fails the test."""
    with sweeping.strictly():
        yield


@pytest.fixture
def stepped_clock() -> Iterator[clock.SteppedClock]:
    """The process's clock, standing at MORNING until the test moves it."""
    with clock.use(clock.SteppedClock(MORNING)) as stepped:
        assert isinstance(stepped, clock.SteppedClock)
        yield stepped


@pytest.fixture
def now() -> datetime:
    """The instant at which most tests happen."""
    return MORNING
