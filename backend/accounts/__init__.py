"""People, how they sign in, and API keys."""
