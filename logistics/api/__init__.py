"""Shipments, routes, stops and plans over REST."""
