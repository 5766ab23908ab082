"""Pages for those who give food."""
