"""Pages for drivers: shifts, offered routes, the route under way, history."""
