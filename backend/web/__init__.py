"""Server-rendered pages, one folder per audience."""
