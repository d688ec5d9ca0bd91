"""The portal's settings, as the tests run them."""

import os

os.environ.setdefault("DEBUG", "1")
os.environ.setdefault("DATABASE_URL", "sqlite://:memory:")

from portal.settings import *  # noqa: F403 - the environment comes first

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # Argon2 is slow on purpose
LOGGING["root"]["level"] = "ERROR"  # noqa: F405
WHITENOISE_AUTOREFRESH = True  # nothing is collected: the finders serve what is there
STORAGES["media"] = {"BACKEND": "django.core.files.storage.InMemoryStorage"}  # noqa: F405
