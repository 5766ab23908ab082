"""What `record` writes, and what it refuses to."""

from uuid import uuid4

import pytest
from django.db import transaction
from django.db.transaction import TransactionManagementError

from backend.accounts.models import User
from backend.common.actor import person
from backend.common.append_only import AppendOnly
from backend.common.correlation import correlated
from backend.events import audiences
from backend.events.models import AuditEntry, Event, EventAudience
from backend.events.record import audit, record
from tests.conftest import MORNING
from tests.events.happenings import SOMEBODY, happen


@pytest.mark.django_db
def test_a_change_is_recorded_as_one_event_one_audit_entry_and_its_audiences(user: User) -> None:
    event = record(
        "person.renamed",
        subject=user,
        by=person(user.pk),
        now=MORNING,
        audiences=[audiences.person(user.pk), audiences.public(), audiences.public()],
        payload={"length": 4},
        changed=["name"],
        reason="asked_for",
    )
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.subject_id, entry.reason) == (event.type, user.pk, "asked_for")
    assert (entry.actor_id, entry.outcome) == (str(user.pk), "done")
    assert entry.correlation_id == event.correlation_id
    told = set(EventAudience.objects.values_list("audience", "position"))
    assert told == {("public", None), (f"person:{user.pk}", None)}
    assert Event.objects.get().payload == {"length": 4}


@pytest.mark.django_db(transaction=True)
def test_recording_outside_a_transaction_is_refused(user: User) -> None:
    with pytest.raises(TransactionManagementError):
        record("crate.opened", subject=user, by=SOMEBODY, now=MORNING, audiences=[])
    assert not Event.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("type_", ["crate", "Crate.opened", "crate.opened.twice", "crate."])
def test_a_malformed_type_is_refused(user: User, type_: str) -> None:
    with pytest.raises(ValueError, match="event type"):
        record(type_, subject=user, by=SOMEBODY, now=MORNING, audiences=[])


@pytest.mark.django_db
@pytest.mark.parametrize("reason", ["Mrs Lin was not at home", "line\nbreak", "x" * 81])
def test_free_text_never_enters_the_audit_log(user: User, reason: str) -> None:
    with pytest.raises(ValueError, match="codes"):
        record("crate.opened", subject=user, by=SOMEBODY, now=MORNING, audiences=[], reason=reason)


@pytest.mark.django_db
def test_records_of_one_request_share_its_correlation(user: User) -> None:
    request_id, cause = uuid4(), uuid4()
    with correlated(request_id, cause=cause):
        first = happen(subject=user)
        second = happen(subject=user)
    assert {first.correlation_id, second.correlation_id} == {request_id}
    assert first.causation_id == cause
    assert happen(subject=user).causation_id is None


@pytest.mark.django_db
def test_an_audit_entry_alone_tells_nobody(user: User) -> None:
    with transaction.atomic():
        audit("person.read", subject=user, by=person(user.pk), now=MORNING, outcome="refused")
    assert AuditEntry.objects.get().outcome == "refused"
    assert not Event.objects.exists()


@pytest.mark.django_db
def test_written_rows_can_neither_be_changed_nor_deleted(user: User) -> None:
    event = happen(subject=user)
    entry = AuditEntry.objects.get()
    event.type = "crate.closed"
    with pytest.raises(AppendOnly):
        event.save()
    with pytest.raises(AppendOnly):
        entry.delete()
    with pytest.raises(AppendOnly):
        Event.objects.filter(pk=event.pk).delete()
    with pytest.raises(AppendOnly):
        AuditEntry.objects.update(reason="another")
    assert Event.objects.get().type == "crate.opened"


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_was_never_recorded(user: User) -> None:
    with transaction.atomic():
        happen(subject=user)
        transaction.set_rollback(True)
    assert not Event.objects.exists()
    assert not AuditEntry.objects.exists()
    assert not EventAudience.objects.exists()
