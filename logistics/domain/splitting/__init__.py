"""Large plans in parts: neighbourhoods are planned apart, then again with other borders."""
