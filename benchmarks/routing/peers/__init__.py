"""The same problem, modelled as a careful user of each peer would."""
