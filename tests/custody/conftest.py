"""The lot, the charity, the driver and the claims that custody is tested with."""

from datetime import datetime

import pytest

from backend.claims.models import Claim, Transport
from backend.couriers.models import Courier
from backend.listings.models import Lot
from backend.organizations.models import Programme
from tests.builders.claims import make_claim
from tests.builders.couriers import make_courier
from tests.builders.listings import make_lot
from tests.builders.needs import make_taker


@pytest.fixture
def lot(now: datetime) -> Lot:
    return make_lot(now=now)


@pytest.fixture
def taker() -> Programme:
    return make_taker()


@pytest.fixture
def claim(lot: Lot, taker: Programme, now: datetime) -> Claim:
    return make_claim(lot, 4_000, now=now, programme=taker)


@pytest.fixture
def driven(lot: Lot, taker: Programme, now: datetime) -> Claim:
    return make_claim(lot, 4_000, now=now, programme=taker, transport=Transport.COURIER)


@pytest.fixture
def courier() -> Courier:
    return make_courier()
