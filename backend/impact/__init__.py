"""Figures that trace back to hand-overs."""
