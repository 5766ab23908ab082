"""Sentences that domain code words and pages translate; nothing here knows Django."""


def gettext_noop(message: str) -> str:
    """Marks a message for translation and returns it; callers translate it when they show it."""
    return message
