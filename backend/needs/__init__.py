"""What recipients can take: standing needs, standing consent, capacity and requests."""
