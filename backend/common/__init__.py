"""What every app stands on: ids, mass, the clock, refusals and the shared REST parts."""
