"""Properties of the rules run without a deadline: a busy machine is not a broken rule."""

from hypothesis import settings

settings.register_profile("rules", max_examples=50, deadline=None)
settings.load_profile("rules")
