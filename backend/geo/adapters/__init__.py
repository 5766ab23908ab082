"""How the outside is asked: road times and geocoding over HTTP, and the straight line."""
