"""The Django project and the core of the marketplace."""
