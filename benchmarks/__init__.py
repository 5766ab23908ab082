"""Measurements against named baselines; no part of the product, which never imports them."""
