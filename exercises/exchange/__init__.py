"""The library as files: CSV, XLSX and JSON out and in, without loss. Pure: knows content, not the database."""
