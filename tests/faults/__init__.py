"""Faults: real processes, really killed. The oracle is the database, and a mail server outside the system."""
