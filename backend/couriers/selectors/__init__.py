"""What a viewer may see of couriers, vehicles and shifts, and which hours are still free."""

from backend.couriers.selectors.visible import visible_couriers, visible_shifts, visible_vehicles

__all__ = ["visible_couriers", "visible_shifts", "visible_vehicles"]
