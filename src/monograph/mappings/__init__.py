"""Mapping sets: SSSOM read and written, put together, and joined to the graph."""
