"""The terms that an organization agrees to, and the version that holds now."""

TERMS = "taking_part"
VERSION = "2026-06"
