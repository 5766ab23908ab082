"""Who decides about organizations, and along which steps."""

from datetime import date, datetime, timedelta

import pytest

from backend.common.actor import Actor
from backend.common.refusals import IllegalTransition, Invalid, NotAllowed, Stale
from backend.events.models import AuditEntry, Event
from backend.organizations.actions.apply_again import apply_again
from backend.organizations.actions.reinstate_organization import reinstate_organization
from backend.organizations.actions.reject_organization import reject_organization
from backend.organizations.actions.suspend_organization import suspend_organization
from backend.organizations.actions.verify_organization import verify_organization
from backend.organizations.models import Organization
from backend.organizations.models.organization import DecisionReason, OrganizationStatus
from backend.organizations.tasks import mark_due
from tests.builders.accounts import actor_of
from tests.builders.organizations import make_coordinator, make_member, make_organization
from tests.organizations.roles import Role

CHECKED = DecisionReason.PAPERS_CHECKED


@pytest.fixture
def applicant(db: None) -> Organization:
    return make_organization(status=OrganizationStatus.APPLIED)


def test_a_coordinator_of_the_county_verifies_with_one_event_and_one_audit_entry(
    applicant: Organization, coordinator: Actor, now: datetime
) -> None:
    verified = verify_organization(
        organization_id=applicant.pk, reason=CHECKED, note="seen on site", by=coordinator, now=now
    )
    assert verified.status == OrganizationStatus.VERIFIED
    assert verified.may_act
    assert verified.version == applicant.version + 1
    assert verified.verified_until_date == date(2027, 6, 10)
    event = Event.objects.get(subject_id=applicant.pk)
    assert event.type == "organization.verified"
    assert event.payload == {"status": "verified", "was": "applied", "reason": "papers_checked"}
    assert set(event.audience_rows.values_list("audience", flat=True)) == {
        f"organization:{applicant.pk}",
        "county:63000",
    }
    entry = AuditEntry.objects.get(subject_id=applicant.pk)
    assert (entry.action, entry.reason, entry.actor_id) == (
        "organization.verified",
        "papers_checked",
        str(coordinator.user_id),
    )


def test_the_note_stays_out_of_events_and_audit(
    applicant: Organization, coordinator: Actor, now: datetime
) -> None:
    note = "Ms Chen phoned"
    reject_organization(
        organization_id=applicant.pk,
        reason=DecisionReason.PAPERS_MISSING,
        note=note,
        by=coordinator,
        now=now,
    )
    applicant.refresh_from_db()
    assert applicant.decision_note == note
    assert note not in str(list(Event.objects.values())) + str(list(AuditEntry.objects.values()))


def test_a_coordinator_of_another_county_may_not_decide(
    applicant: Organization, far_coordinator: Actor, now: datetime
) -> None:
    with pytest.raises(NotAllowed):
        verify_organization(
            organization_id=applicant.pk, reason=CHECKED, by=far_coordinator, now=now
        )
    applicant.refresh_from_db()
    assert applicant.status == OrganizationStatus.APPLIED
    assert not Event.objects.exists()


def test_nobody_vouches_for_their_own_organization(applicant: Organization, now: datetime) -> None:
    both = make_coordinator(user=make_member(applicant))
    with pytest.raises(NotAllowed):
        verify_organization(
            organization_id=applicant.pk, reason=CHECKED, by=actor_of(both), now=now
        )


def test_a_key_for_the_organization_decides_nothing(applicant: Organization, now: datetime) -> None:
    user = make_coordinator()
    key = actor_of(user, organization_id=applicant.pk, scopes=frozenset({"organizations"}))
    with pytest.raises(NotAllowed):
        verify_organization(organization_id=applicant.pk, reason=CHECKED, by=key, now=now)


def test_an_unknown_reason_is_refused(
    applicant: Organization, coordinator: Actor, now: datetime
) -> None:
    with pytest.raises(Invalid) as refused:
        verify_organization(organization_id=applicant.pk, reason="because", by=coordinator, now=now)
    assert refused.value.fields["reason"][0].code == "unknown_reason"


@pytest.mark.parametrize("days", [-1, 2000])
def test_a_verification_holds_until_a_plausible_date(
    applicant: Organization, coordinator: Actor, now: datetime, days: int
) -> None:
    with pytest.raises(Invalid):
        verify_organization(
            organization_id=applicant.pk,
            reason=CHECKED,
            until_date=(now + timedelta(days=days)).date(),
            by=coordinator,
            now=now,
        )


def test_a_second_decision_on_what_was_read_before_is_stale(
    applicant: Organization, coordinator: Actor, now: datetime
) -> None:
    seen = applicant.version
    verify_organization(organization_id=applicant.pk, reason=CHECKED, by=coordinator, now=now)
    with pytest.raises(Stale):
        suspend_organization(
            organization_id=applicant.pk,
            reason=DecisionReason.MISUSE,
            version=seen,
            by=coordinator,
            now=now,
        )


def test_a_suspended_organization_is_reinstated_but_not_rejected(
    donor: Role, coordinator: Actor, now: datetime
) -> None:
    pk = donor.organization.pk
    suspend_organization(
        organization_id=pk, reason=DecisionReason.FOOD_SAFETY, by=coordinator, now=now
    )
    assert not Organization.objects.get(pk=pk).may_act
    with pytest.raises(IllegalTransition):
        reject_organization(
            organization_id=pk, reason=DecisionReason.MISUSE, by=coordinator, now=now
        )
    back = reinstate_organization(
        organization_id=pk, reason=DecisionReason.CLEARED_UP, by=coordinator, now=now
    )
    assert back.status == OrganizationStatus.VERIFIED


def test_only_a_suspension_is_lifted(
    applicant: Organization, coordinator: Actor, now: datetime
) -> None:
    with pytest.raises(IllegalTransition):
        reinstate_organization(
            organization_id=applicant.pk,
            reason=DecisionReason.CLEARED_UP,
            by=coordinator,
            now=now,
        )


def test_a_rejected_applicant_applies_again(
    applicant: Organization, coordinator: Actor, now: datetime
) -> None:
    manager = actor_of(make_member(applicant))
    reject_organization(
        organization_id=applicant.pk,
        reason=DecisionReason.PAPERS_MISSING,
        by=coordinator,
        now=now,
    )
    assert apply_again(organization_id=applicant.pk, by=manager, now=now).status == "applied"
    assert Event.objects.filter(type="organization.applied_again").count() == 1


def test_verifications_that_ran_out_are_marked_once(donor: Role, now: datetime) -> None:
    """The last valid day counts in the region's own time: 10 June began there eight hours ago."""
    Organization.objects.update(verified_until_date=date(2026, 6, 10))
    assert mark_due(now=now) == 0
    Organization.objects.update(verified_until_date=date(2026, 6, 9))
    assert mark_due(now=now) == 1
    assert mark_due(now=now) == 0
    donor.organization.refresh_from_db()
    assert donor.organization.status == OrganizationStatus.RECERTIFICATION_DUE
    assert donor.organization.may_act
    assert Event.objects.filter(type="organization.due_for_recertification").count() == 1


def test_of_two_decisions_at_the_same_instant_the_later_changes_nothing(
    applicant: Organization, coordinator: Actor, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other coordinator is quicker between our reading and our writing."""

    def meanwhile(_organization: Organization, _version: int | None) -> None:
        Organization.objects.filter(pk=applicant.pk).update(status=OrganizationStatus.REJECTED)

    monkeypatch.setattr(
        "backend.organizations.actions.decide_organization.refuse_if_stale", meanwhile
    )
    with pytest.raises(Stale):
        verify_organization(organization_id=applicant.pk, reason=CHECKED, by=coordinator, now=now)
    applicant.refresh_from_db()
    assert applicant.status != OrganizationStatus.VERIFIED
    assert not Event.objects.exists()
