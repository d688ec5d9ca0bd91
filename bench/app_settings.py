"""The portal's settings, with a counter of SQL that runs only when a request asks for it."""

from portal.settings import *  # noqa: F403
from portal.settings import MIDDLEWARE as PORTAL

MIDDLEWARE = ["bench.counting.CountSql", *PORTAL]

DATABASES["default"]["OPTIONS"]["application_name"] = "app"  # noqa: F405 - tells its backends from the others
