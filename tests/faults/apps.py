"""Puts the fail-points into the processes under test."""

from django.apps import AppConfig

from tests.faults import failpoints


class FaultsConfig(AppConfig):
    """Last in INSTALLED_APPS: when it is ready, everything that it wraps has been read."""

    name = "tests.faults"

    def ready(self) -> None:
        failpoints.install()
