"""The back office looks at hand-overs, shipments and routes, and changes nothing."""

from datetime import datetime
from uuid import uuid4

import pytest
from django.test import Client

from backend.custody.domain.replay import Kind
from logistics.actions.hand_over_at_stop import hand_over_at_stop
from tests.builders.accounts import make_user
from tests.builders.custody import lines_of
from tests.builders.logistics import driver_of, make_route_under_way, make_shipment

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stepped_clock")]

LISTS = (
    *("custody/handover", "custody/attempt", "custody/incident"),
    *("logistics/shipment", "logistics/plan", "logistics/route"),
)


def test_everything_can_be_looked_at_but_not_who_signed(client: Client, now: datetime) -> None:
    shipment = make_shipment(now=now)
    route = make_route_under_way(shipments=[shipment], now=now)
    passed = hand_over_at_stop(
        stop_id=route.stops.get(sequence=1).pk,
        client_id=uuid4(),
        claim_id=shipment.claim_id,
        kind=Kind.COLLECTED,
        lines=lines_of(shipment.claim),
        at=now,
        by=driver_of(route),
        now=now,
        signer_name="Ms Lin",
    )
    client.force_login(make_user(is_staff=True, is_superuser=True))
    for path in LISTS:
        assert client.get(f"/admin/{path}/").status_code == 200, path
        assert client.get(f"/admin/{path}/add/").status_code == 403, path
    page = client.get(f"/admin/custody/handover/{passed.pk}/change/")
    assert page.status_code == 200
    assert "Ms Lin" not in page.content.decode()
    assert client.get(f"/admin/logistics/route/{route.pk}/change/").status_code == 200
    assert client.get(f"/admin/logistics/shipment/{shipment.pk}/change/").status_code == 200
