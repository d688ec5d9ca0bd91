"""The portal's settings with everything taken away that a bare view does not need; its connections persist, too."""

from portal.settings import *  # noqa: F403

ROOT_URLCONF = "bench.bare"
INSTALLED_APPS = [
    "bench",
    "clinic",  # the user's table
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "rest_framework",
]
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "bench.counting.CountSql",
]
DATABASES["default"]["OPTIONS"] = {"application_name": "bare"}  # noqa: F405 - Django's own way of sending statements
