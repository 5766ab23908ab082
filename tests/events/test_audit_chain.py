"""The hash chain over the audit log, and the command that checks it."""

from collections.abc import Iterator
from io import StringIO
from itertools import pairwise

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from backend.accounts.models import User
from backend.events import audit_chain
from backend.events.models import AuditEntry, RelayLease
from backend.events.relay import drain
from tests.conftest import MORNING
from tests.events.happenings import happen


@pytest.fixture
def chain(user: User) -> list[AuditEntry]:
    """Six chained entries, over two publications."""
    for _ in range(2):
        for _ in range(3):
            happen(subject=user)
        drain(now=MORNING)
    return list(AuditEntry.objects.order_by("sequence"))


def tamper(sql: str, *values: object) -> None:
    """Changes the table behind the models' back."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def complaint() -> str:
    with pytest.raises(CommandError) as refused:
        call_command("verify_audit", stdout=StringIO())
    return str(refused.value)


def test_an_untouched_chain_holds(chain: list[AuditEntry]) -> None:
    assert [entry.sequence for entry in chain] == [1, 2, 3, 4, 5, 6]
    assert all(later.previous_hash == entry.hash for entry, later in pairwise(chain))
    out = StringIO()
    call_command("verify_audit", stdout=out)
    assert "All 6 audit entries hold" in out.getvalue()


@pytest.mark.parametrize("column", ["action", "actor_id", "reason", "outcome", "subject_type"])
def test_a_changed_entry_is_named(chain: list[AuditEntry], column: str) -> None:
    tamper(f"UPDATE events_auditentry SET {column} = 'forged' WHERE sequence = 4")  # noqa: S608
    assert complaint().startswith(f"Broken at entry 4 (id {chain[3].pk}): content.")


def test_a_removed_entry_is_named(chain: list[AuditEntry]) -> None:
    tamper("DELETE FROM events_auditentry WHERE sequence = 3")
    assert complaint().startswith("Broken at entry 3")


def test_entries_cut_off_at_the_end_are_missed(chain: list[AuditEntry]) -> None:
    tamper("DELETE FROM events_auditentry WHERE sequence >= 5")
    assert complaint().startswith("Broken at entry 5 (id -): missing. The 4 entries before")


def test_a_rewritten_entry_with_a_fitting_hash_breaks_at_the_next(chain: list[AuditEntry]) -> None:
    tamper("UPDATE events_auditentry SET hash = %s WHERE sequence = 6", "0" * 64)
    assert complaint().startswith(f"Broken at entry 6 (id {chain[5].pk}): content")


def test_an_end_rewritten_with_its_hash_is_not_what_was_published(
    chain: list[AuditEntry],
) -> None:
    last = chain[5]
    last.outcome = "forged"
    fitting = audit_chain.link(last, sequence=6, previous_hash=last.previous_hash)
    tamper("UPDATE events_auditentry SET outcome = 'forged', hash = %s WHERE sequence = 6", fitting)
    assert complaint().startswith(f"Broken at entry 6 (id {last.pk}): not_the_end. The 5 entries")


def test_an_entry_added_after_the_end_is_named(chain: list[AuditEntry], user: User) -> None:
    happen(subject=user)
    tamper("UPDATE events_auditentry SET sequence = 7, hash = %s WHERE sequence IS NULL", "0" * 64)
    assert "after_the_end" in complaint()


def test_what_is_published_while_it_walks_is_no_breach(
    chain: list[AuditEntry], user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    walk = audit_chain._chained

    def publish_and_walk(**until: int) -> Iterator[AuditEntry]:
        happen(subject=user)
        drain(now=MORNING)
        return walk(**until)

    monkeypatch.setattr(audit_chain, "_chained", publish_and_walk)
    assert audit_chain.verify() == audit_chain.Verdict(len(chain), None)


@pytest.mark.django_db
def test_a_chain_whose_end_is_not_known_does_not_hold(user: User) -> None:
    happen(subject=user)
    drain(now=MORNING)
    RelayLease.objects.all().delete()
    assert "after_the_end" in complaint()


@pytest.mark.django_db
def test_a_new_epoch_keeps_positions_and_chain(user: User) -> None:
    happen(subject=user)
    drain(now=MORNING)
    before = RelayLease.objects.get()
    call_command("new_epoch", stdout=StringIO())
    after = RelayLease.objects.get()
    assert after.epoch != before.epoch
    assert (after.position, after.audit_hash) == (before.position, before.audit_hash)
    call_command("verify_audit", stdout=StringIO())
