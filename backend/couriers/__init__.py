"""Couriers, their vehicles and their shifts."""
