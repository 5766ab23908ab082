"""Pages for those who serve people."""
