"""Who drives it, in which order: shipments, plans and routes."""
