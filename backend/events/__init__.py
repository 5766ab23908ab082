"""The event log, audit entries, the relay that publishes them and the socket hub."""
