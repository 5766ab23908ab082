"""Ways from logistics to the world outside the database."""
