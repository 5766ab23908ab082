"""Measures who gets which food: our engine beside what is usual."""
