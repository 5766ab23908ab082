"""What others may read of shipments and routes, and what a plan is made from."""
