"""Matching on arrays, compiled: pairs, worth, search and prices."""
