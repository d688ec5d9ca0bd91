"""The demo: two clinics, twelve runners, thirty days of history made by the same actions as everybody's."""
