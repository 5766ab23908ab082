"""Our routing solver beside the solvers that one could install instead."""
