"""Commands of the event log: relay, verify_audit, retry_dead_letters, new_epoch."""
