"""`make bench`: what the hot pages cost beside bare Django views that do only that work, in the same run."""
