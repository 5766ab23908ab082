"""REST resources of this app."""
