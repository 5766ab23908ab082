"""`./run job`: one simulated day, the same for the same seed, sound, and mostly delivered."""

import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connections
from pytest_django import DjangoDbBlocker

pytestmark = pytest.mark.journey
Job = Callable[..., dict[str, Any]]
FEW = 8


@pytest.fixture
def job(django_db_blocker: DjangoDbBlocker) -> Iterator[Job]:
    """Runs the command in this process; it works on a database of its own, in memory."""
    settings = connections.databases["default"]
    before, connection = dict(settings), connections["default"]

    def run(**options: Any) -> dict[str, Any]:
        told = io.StringIO()
        call_command("job", json=True, stdout=told, **options)
        report: dict[str, Any] = json.loads(told.getvalue())
        return report

    with django_db_blocker.unblock():
        try:
            yield run
        finally:
            if connections["default"] is not connection:
                connections["default"].connection.close()
            settings.clear()
            settings.update(before)
            connections["default"] = connection


def test_the_same_seed_gives_the_same_day(job: Job) -> None:
    first = job(listings=FEW, seed=3)
    assert first["sound"] is True
    assert first["listings"] == FEW
    assert job(listings=FEW, seed=3)["fingerprint"] == first["fingerprint"]


def test_most_of_what_somebody_could_take_is_delivered(job: Job) -> None:
    report = job(listings=30, seed=1)
    assert report["sound"] is True
    assert report["checker_violations"] == 0
    assert report["invariants"]
    assert not any(report["invariants"].values())
    assert report["share_of_feasible"] > 0.8
    assert report["delivered_g"] == report["by_bucket_g"]["delivered"]
    assert sum(report["by_bucket_g"].values()) == (
        report["offered_g"] + report["weighed_more_or_less_g"]
    )


@pytest.mark.parametrize("listings", [0, -1, 1_000_000])
def test_an_absurd_number_of_listings_is_refused(job: Job, listings: int) -> None:
    with pytest.raises(CommandError, match="--listings"):
        job(listings=listings)


def test_a_file_that_holds_no_places_is_refused(job: Job, tmp_path: Path) -> None:
    path = tmp_path / "places.csv"
    path.write_text("name,colour\nshop,red\n")
    with pytest.raises(CommandError, match="no column"):
        job(listings=FEW, places=path)
