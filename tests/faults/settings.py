"""The portal's settings for processes that are to be killed. The environment comes from tests/faults/system.py."""

from portal.settings import *  # noqa: F403
from portal.settings import CELERY_BEAT_SCHEDULE, INSTALLED_APPS, MIDDLEWARE, STORAGES

INSTALLED_APPS.append("tests.faults.apps.FaultsConfig")  # brings the fail-points; last, when every room is read
MIDDLEWARE.insert(0, "tests.faults.failpoints.fail_after_response")
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # nothing is collected

# The clock of these processes is moved (portal/clock.py), so leases and waits stay as they are; only beat is quicker.
for entry in CELERY_BEAT_SCHEDULE.values():
    entry["schedule"] = 1.0
