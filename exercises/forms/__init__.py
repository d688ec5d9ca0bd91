"""Shapes of what the library is asked and told, one module per noun."""
