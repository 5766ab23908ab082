"""The page on which a coordinator brings in a list of places."""
