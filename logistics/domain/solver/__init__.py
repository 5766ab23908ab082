"""The engines behind `solve` and `insert`."""
