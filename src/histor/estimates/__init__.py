"""Claims of an incident to low, best and high by a named rule."""
