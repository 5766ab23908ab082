"""Points, cells, geocoding and travel times."""
