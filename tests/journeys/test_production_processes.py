"""The processes of docker-compose.yml, started on this machine, serve and end as they should."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import Any

import pytest
import requests
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from tests.journeys import steps
from tests.journeys.connections import Behind
from tests.journeys.processes import HOST, LASTING, Processes, production
from tests.journeys.world import BOSS, PASSWORD, LiveWorld

pytestmark = [pytest.mark.services, pytest.mark.journey]
#: What a donor hears of a donation, in this order.
PUSHED = ["listing.opened", "claim.reserved", "custody.collected", "custody.delivered"]


@pytest.fixture(scope="module")
def processes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Processes]:
    with production(tmp_path_factory.mktemp("production")) as running:
        yield running


@pytest.mark.parametrize("service", ["api", "live"])
def test_pages_and_sockets_are_ready(processes: Processes, service: str) -> None:
    answer = processes.get(service, "/healthz/ready")
    assert answer.status_code == 200
    assert answer.json()["parts"] == {"database": True, "schema": True, "cache": True}
    assert answer.headers["X-Request-ID"]


def test_people_who_come_without_tls_are_sent_to_it(processes: Processes) -> None:
    answer = requests.get(
        f"http://127.0.0.1:{processes.ports['api']}/accounts/login/",
        headers={"Host": "food.example.org"},
        timeout=10,
        allow_redirects=False,
    )
    assert answer.status_code == 301
    assert answer.headers["Location"] == "https://food.example.org/accounts/login/"


def test_a_foreign_host_name_is_refused(processes: Processes) -> None:
    answer = requests.get(
        f"http://127.0.0.1:{processes.ports['api']}/",
        headers={"Host": "evil.example.net", "X-Forwarded-Proto": "https"},
        timeout=10,
    )
    assert answer.status_code == 400


def test_every_process_is_running(processes: Processes) -> None:
    ended = {name: p.poll() for name, p in processes.running.items() if p.poll() is not None}
    assert ended == {}
    assert set(processes.running) == set(LASTING)


def keep(connection: ClientConnection, heard: list[dict[str, Any]]) -> None:
    """Adds whatever is pushed until the socket is closed."""
    with suppress(ConnectionClosed):
        for text in connection:
            heard.append(json.loads(text))


@contextmanager
def listening(processes: Processes, token: str) -> Iterator[list[dict[str, Any]]]:
    """What a machine with this token hears at the event socket meanwhile."""
    heard: list[dict[str, Any]] = []
    headers = {"Authorization": f"Bearer {token}", "X-Forwarded-Proto": "https"}
    line = socket.create_connection(("127.0.0.1", processes.ports["live"]))
    with connect(f"ws://{HOST}/ws/events", sock=line, additional_headers=headers) as connection:
        ear = threading.Thread(target=keep, args=(connection, heard))
        ear.start()
        yield heard
        connection.close()
        ear.join()


def types(heard: list[dict[str, Any]]) -> list[str]:
    return [str(frame["type"]) for frame in heard]


@pytest.fixture(scope="module")
def world(processes: Processes) -> LiveWorld:
    processes.manage(
        "createsuperuser", "--noinput", f"--email={BOSS}", DJANGO_SUPERUSER_PASSWORD=PASSWORD
    )
    return LiveWorld(
        adapter=Behind(processes.ports["api"]),
        site=f"https://{HOST}",
        clock=lambda: datetime.now(UTC),
        mails=processes.logs / "mail",
        last_words=processes.logs_end,
    )


def test_one_donation_goes_all_the_way_and_is_pushed_to_its_donor(
    processes: Processes, world: LiveWorld
) -> None:
    coordinator = steps.coordinator(world, "coordinator@example.org")
    donor = steps.donor(world, coordinator)
    charity = steps.charity(world, coordinator)
    driver = steps.driver(world, coordinator)
    with listening(processes, donor.manager.token) as heard:
        world.wait_for(lambda: "live" in types(heard))
        listing = donor.manager.post("listings", steps.surplus(donor, world.now()), expect=201)
        charity.manager.post("claims", steps.wish(charity, listing), expect=201)
        route = steps.accepted_route(world, coordinator, driver)
        steps.drive(world, driver, route["id"], donor, charity)
        world.wait_for(lambda: set(PUSHED) <= set(types(heard)))
    assert [each for each in types(heard) if each in PUSHED] == PUSHED
    positions = [frame["position"] for frame in heard if "." in frame["type"]]
    assert positions == sorted(set(positions))
    told = world.wait_for(lambda: steps.public_figures(world))
    assert told["delivered_today_g"] == steps.BREAD_G + steps.MILK_G
