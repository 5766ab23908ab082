"""Hand-overs as facts, and where every gram is because of them."""
