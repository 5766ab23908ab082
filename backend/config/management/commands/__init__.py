"""Commands that run the project itself."""
