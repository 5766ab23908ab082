"""Region packs: counties, townships, food rules and factors as data files."""
