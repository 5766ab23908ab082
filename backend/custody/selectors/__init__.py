"""Where every gram is by its hand-overs, and what a viewer may see of them."""
