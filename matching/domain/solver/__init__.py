"""Solvers of the matching problem; `solve` picks the one that suits the size."""

from matching.domain.solver.choose import solve

__all__ = ["solve"]
