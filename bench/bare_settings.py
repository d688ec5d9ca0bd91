"""The portal's settings with everything taken away that a bare view does not need."""

from portal.settings import *  # noqa: F403

ROOT_URLCONF = "bench.bare"
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "bench.counting.CountSql",
]
DATABASES["default"]["OPTIONS"]["application_name"] = "bare"  # noqa: F405 - tells its backends from the others
