"""Page views, one package per audience."""
