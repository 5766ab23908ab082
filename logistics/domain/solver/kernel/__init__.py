"""Ruin and recreate, compiled: the engine that improves every plan."""
