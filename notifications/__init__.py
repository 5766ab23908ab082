"""Who hears what, when, by which medium."""
