"""Forms of the pages, and how refusals are shown beside their fields."""
