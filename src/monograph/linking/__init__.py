"""The graph's own nodes joined to terms of the outside world."""
