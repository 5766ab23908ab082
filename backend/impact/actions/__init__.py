"""State changes, one verb per file."""
