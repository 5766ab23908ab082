"""Calls out of the process: the shared cache that counts failed sign-ins."""
