"""The hash chain over audit entries: how a link is made, and how a broken one is found."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC

from backend.events.models import AuditEntry, RelayLease

#: Entries read at once while verifying.
CHUNK = 2_000


@dataclass(frozen=True, slots=True)
class Broken:
    """The first place at which the chain does not hold."""

    sequence: int
    entry_id: str
    why: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """How many entries hold, and the first that does not."""

    checked: int
    broken: Broken | None


def link(entry: AuditEntry, *, sequence: int, previous_hash: str) -> str:
    """The SHA-256 of the entry, its place and the hash before it, over canonical JSON."""
    content = {
        "id": str(entry.pk),
        "actor_kind": entry.actor_kind,
        "actor_id": entry.actor_id,
        "action": entry.action,
        "subject_type": entry.subject_type,
        "subject_id": str(entry.subject_id or ""),
        "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "reason": entry.reason,
        "outcome": entry.outcome,
        "correlation_id": str(entry.correlation_id),
        "sequence": sequence,
        "previous_hash": previous_hash,
    }
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def verify() -> Verdict:
    """Walks the whole chain, from entry 1 to where the lease says that it ends, and how.

    Finds a changed, removed, inserted or reordered entry, a chain that was cut at its end or goes
    on after it, and one whose end was written anew with fitting hashes. What is published meanwhile
    is left for the next time.
    """
    last = AuditEntry.objects.filter(sequence__isnull=False).order_by("-sequence").first()
    lease = RelayLease.objects.filter(pk=RelayLease.SINGLETON).first() or RelayLease()
    sequence, previous_hash, entry_id = 0, "", ""
    for entry in _chained(until=lease.audit_sequence):
        why = _fault(entry, sequence=sequence + 1, previous_hash=previous_hash)
        if why:
            return Verdict(sequence, Broken(sequence + 1, str(entry.pk), why))
        sequence, previous_hash, entry_id = sequence + 1, entry.hash, str(entry.pk)
    if sequence < lease.audit_sequence:
        return Verdict(sequence, Broken(sequence + 1, "", "missing"))
    if previous_hash != lease.audit_hash:
        return Verdict(sequence - 1, Broken(sequence, entry_id, "not_the_end"))
    if last is not None and (last.sequence or 0) > sequence:
        return Verdict(sequence, Broken(sequence + 1, str(last.pk), "after_the_end"))
    return Verdict(sequence, None)


def _chained(*, until: int) -> Iterator[AuditEntry]:
    return (
        AuditEntry.objects.filter(sequence__lte=until)
        .order_by("sequence")
        .iterator(chunk_size=CHUNK)
    )


def _fault(entry: AuditEntry, *, sequence: int, previous_hash: str) -> str:
    if entry.sequence != sequence:
        return "missing"
    if entry.previous_hash != previous_hash:
        return "previous_hash"
    if entry.hash != link(entry, sequence=sequence, previous_hash=previous_hash):
        return "content"
    return ""
