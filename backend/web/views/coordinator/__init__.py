"""The coordinator's desk: exceptions first, then decisions, rounds, plans and the map."""
