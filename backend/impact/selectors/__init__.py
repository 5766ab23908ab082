"""Figures that trace back to hand-overs, and the checks that they can be trusted."""
