"""REST: the region's places and terms, and outlines for maps."""
