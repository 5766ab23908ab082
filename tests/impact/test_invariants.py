"""Each invariant holds on a living marketplace and finds the one row that breaks it."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from io import StringIO
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, models, transaction

from backend.claims.models import Claim, ClaimLine, ClaimStatus
from backend.common.actor import system
from backend.custody.domain.replay import Kind
from backend.custody.models import HandOver, HandOverStatus, Incident
from backend.events.models import AuditEntry, Event, EventAudience, HandlerReceipt
from backend.events.record import record
from backend.events.relay import drain
from backend.impact.selectors.invariants import CHECKS, check_all
from backend.listings.models import Lot
from backend.needs.models import CapacityUse
from logistics.models import Commitment, Route, Shipment, ShipmentStatus, Stop
from matching.models import FairnessEntry, Proposal
from matching.solver_process import matching_process
from tests.builders.claims import make_claim
from tests.builders.couriers import make_shift
from tests.builders.custody import hand_over
from tests.builders.listings import make_lot
from tests.builders.logistics import make_route_under_way, make_shipment
from tests.builders.matching import make_offer, run_round
from tests.builders.needs import make_taker

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stepped_clock")]

LONG_AGO = timedelta(days=365)


@pytest.fixture(autouse=True)
def _marketplace(now: datetime) -> None:
    """Food offered, promised, on the road and delivered; everything is heard of."""
    lot = make_lot(now=now)
    hand_over(make_claim(lot, 2_000, now=now), at=now)
    make_claim(lot, 1_000, now=now)
    make_offer((lot, 3_000), now=now)
    make_route_under_way(now=now)
    drain(now=now)


def broken() -> set[str]:
    return {verdict.name for verdict in check_all() if not verdict.holds}


def test_all_hold() -> None:
    verdicts = check_all()
    assert [verdict for verdict in verdicts if not verdict.holds] == []
    assert len(verdicts) == len(CHECKS)


def rewrite(rows: models.QuerySet[models.Model], **values: object) -> None:
    """Changes rows behind the back of every rule, as a bug or a hand in the database would."""
    unguarded: models.QuerySet[models.Model] = models.QuerySet(model=rows.model).filter(
        pk__in=list(rows.values_list("pk", flat=True)[:1])
    )
    assert unguarded.update(**values) == 1


def gram_moved_without_a_movement(_: datetime) -> None:
    lot = Lot.objects.filter(held_g__gt=0, available_g__gt=0)
    rewrite(lot, available_g=models.F("available_g") - 1, held_g=models.F("held_g") + 1)


def line_that_is_not_its_lot(_: datetime) -> None:
    line = ClaimLine.objects.filter(reserved_g__gt=0)
    rewrite(line, reserved_g=models.F("reserved_g") - 1, lost_g=models.F("lost_g") + 1)


def offer_that_holds_less(_: datetime) -> None:
    rewrite(Proposal.objects.all(), held_g=1)


def delivery_that_the_ledger_forgot(_: datetime) -> None:
    rewrite(ClaimLine.objects.filter(delivered_g__gt=0), delivered_g=0, lost_g=2_000)


def late_delivery_without_an_incident(now: datetime) -> None:
    delivered = HandOver.objects.get(kind=Kind.DELIVERED)
    rewrite(Lot.objects.filter(claim_lines__claim=delivered.claim), safe_until_at=now - LONG_AGO)


def stop_after_the_food_has_ended(now: datetime) -> None:
    rewrite(Stop.objects.filter(tasks__is_pickup=False), service_from_at=now + LONG_AGO)


def shipment_that_is_over_and_still_held(_: datetime) -> None:
    rewrite(Shipment.objects.all(), status=ShipmentStatus.WAITING)


def route_that_is_over_and_still_holds(_: datetime) -> None:
    rewrite(Route.objects.all(), status="finished")


def shipment_on_the_road_that_no_route_holds(_: datetime) -> None:
    Commitment.objects.all().delete()


def room_that_nobody_was_promised(_: datetime) -> None:
    rewrite(CapacityUse.objects.all(), used_g=models.F("used_g") + 1)


def promise_without_room(_: datetime) -> None:
    CapacityUse.objects.all().delete()


def cancelled_claim_with_grams(_: datetime) -> None:
    claims = Claim.objects.filter(lines__reserved_g__gt=0)
    rewrite(claims, status=ClaimStatus.CANCELLED)


def room_whose_row_is_gone(_: datetime) -> None:
    rewrite(CapacityUse.objects.filter(used_g__gt=0), local_date=date(2020, 1, 1))


def claim_that_is_not_where_its_grams_are(_: datetime) -> None:
    rewrite(Claim.objects.filter(status=ClaimStatus.RESERVED), status=ClaimStatus.COLLECTED)


def fairness_that_was_never_received(_: datetime) -> None:
    rewrite(FairnessEntry.objects.all(), mass_g=1)


def delivery_that_fairness_forgot(_: datetime) -> None:
    models.QuerySet(model=FairnessEntry).all().delete()


def audit_entry_of_something_else(now: datetime) -> None:
    """The counts of both agree."""
    record("test.happened", subject=Lot.objects.all()[0], by=system("t"), now=now, audiences=[])
    rewrite(AuditEntry.objects.filter(sequence=None), action="test.happened_not")


def gap_in_the_positions(_: datetime) -> None:
    rewrite(Event.objects.filter(position__gt=3), position=10**6)


def event_that_nobody_audited(now: datetime) -> None:
    record("test.happened", subject=Lot.objects.all()[0], by=system("t"), now=now, audiences=[])

    models.QuerySet(model=AuditEntry).filter(sequence=None).delete()


def audience_at_another_position(_: datetime) -> None:
    rewrite(EventAudience.objects.filter(position__isnull=False), position=10**6)


def event_that_was_given_up(now: datetime) -> None:
    rewrite(HandlerReceipt.objects.all(), handled_at=None, dead_lettered_at=now)


def audit_entry_that_was_rewritten(_: datetime) -> None:
    rewrite(AuditEntry.objects.filter(sequence=5), reason="nothing_happened")


def hand_over_that_waits_unnoticed(_: datetime) -> None:
    rewrite(HandOver.objects.all(), status=HandOverStatus.UNMATCHED)
    Incident.objects.all().delete()


@pytest.mark.parametrize(
    ("breaking", "found"),
    [
        (gram_moved_without_a_movement, "lots_balance"),
        (line_that_is_not_its_lot, "claim_lines_match_their_lots"),
        (offer_that_holds_less, "claim_lines_match_their_lots"),
        (delivery_that_the_ledger_forgot, "custody_is_unbroken"),
        (late_delivery_without_an_incident, "unsafe_hand_overs_are_flagged"),
        (stop_after_the_food_has_ended, "plans_are_safe"),
        (shipment_that_is_over_and_still_held, "shipments_have_one_route"),
        (route_that_is_over_and_still_holds, "shipments_have_one_route"),
        (shipment_on_the_road_that_no_route_holds, "shipments_have_one_route"),
        (room_that_nobody_was_promised, "capacity_is_what_is_promised"),
        (promise_without_room, "capacity_is_what_is_promised"),
        (room_whose_row_is_gone, "capacity_is_what_is_promised"),
        (cancelled_claim_with_grams, "ended_claims_hold_nothing"),
        (claim_that_is_not_where_its_grams_are, "claims_are_where_their_grams_are"),
        (fairness_that_was_never_received, "fairness_is_what_figures_count"),
        (delivery_that_fairness_forgot, "fairness_is_what_figures_count"),
        (audit_entry_of_something_else, "the_log_is_complete"),
        (gap_in_the_positions, "the_log_is_complete"),
        (event_that_nobody_audited, "the_log_is_complete"),
        (audience_at_another_position, "the_log_is_complete"),
        (event_that_was_given_up, "every_event_was_handled"),
        (audit_entry_that_was_rewritten, "the_audit_chain_holds"),
        (hand_over_that_waits_unnoticed, "nothing_waits_unnoticed"),
    ],
)
def test_a_broken_row_is_found(
    breaking: Callable[[datetime], None], found: str, now: datetime
) -> None:
    breaking(now)
    assert found in broken()


def test_every_invariant_is_broken_once() -> None:
    (marker,) = test_a_broken_row_is_found.pytestmark  # type: ignore[attr-defined]
    assert {found for _, found in marker.args[1]} == {check.__name__ for check in CHECKS}


def test_two_routes_of_one_courier_at_once_cannot_even_be_stored(now: datetime) -> None:
    shift = make_shift(from_at=now)
    make_route_under_way(shift, [make_shipment(now=now)], now=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Route.objects.update(courier=shift.courier)


def test_what_is_still_to_be_heard_is_no_breach(now: datetime) -> None:
    """Fairness follows deliveries; until their events are handled it may be behind."""
    hand_over(Claim.objects.get(status=ClaimStatus.RESERVED, lines__mass_g=1_000), at=now)
    assert broken() == set()
    drain(now=now)
    assert broken() == set()


@pytest.fixture
def _solver() -> Iterator[None]:
    yield
    matching_process().close()


class TestTheCommand:
    def test_it_prints_every_verdict(self) -> None:
        printed = StringIO()
        call_command("check_invariants", stdout=printed, no_color=True)
        lines = printed.getvalue().splitlines()
        assert len([line for line in lines if line.startswith("holds")]) == len(CHECKS)
        assert lines[-1] == f"{len(CHECKS)} invariants hold"

    def test_it_fails_and_names_the_row(self, now: datetime) -> None:
        gram_moved_without_a_movement(now)
        printed = StringIO()
        with pytest.raises(CommandError) as failed:
            call_command("check_invariants", stdout=printed, no_color=True)
        assert failed.value.returncode == 1
        lot = Lot.objects.get(held_g=3_001)
        assert "BROKEN  lots balance" in printed.getvalue()
        assert str(UUID(str(lot.pk))) in printed.getvalue()

    def test_it_prints_few_breaches_and_counts_the_rest(self, now: datetime) -> None:
        for _ in range(12):
            make_offer((make_lot(now=now), 500), now=now)
        Proposal.objects.update(held_g=1)
        printed = StringIO()
        with pytest.raises(CommandError):
            call_command("check_invariants", stdout=printed, no_color=True)
        assert " more" in printed.getvalue()

    @pytest.mark.usefixtures("_solver")
    def test_it_runs_rounds_again(self, now: datetime) -> None:
        make_lot(now=now)
        make_taker()
        round_ = run_round()
        printed = StringIO()
        call_command("check_invariants", "--rerun", "3", stdout=printed, no_color=True)
        assert "holds   rounds allot the same again" in printed.getvalue()
        Proposal.objects.filter(offer__round=round_).update(mass_g=models.F("mass_g") + 1)
        with pytest.raises(CommandError):
            call_command("check_invariants", "--rerun", "3", stdout=printed, no_color=True)
        assert "again it is" in printed.getvalue()
