"""Figures: every movement of the library as stills and a loop, drawn from poses/<code>.toml. Pure: no Django, no clock."""
