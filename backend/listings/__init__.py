"""Surplus on offer: listings, lots, recurring schedules and the mass ledger."""
