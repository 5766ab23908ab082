"""Donors, recipients, hubs and authorities: their places, hours, members and verification."""
