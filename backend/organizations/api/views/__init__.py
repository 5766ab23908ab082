"""Views of the REST interface: organizations, their people, their places, imports."""
