"""What the library's pages read, one module per noun."""
