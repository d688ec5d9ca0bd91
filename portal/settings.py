"""One settings file; the environment says the rest (docs/settings.md lists each variable).

Neither DEBUG nor DEMO set means production, and production refuses to start on a missing or insecure setting.
"""

import secrets
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
env.read_env(BASE_DIR / ".env")  # a developer's own; what is already in the environment wins

DEBUG: bool = env.bool("DEBUG", default=False)
DEMO: bool = env.bool("DEMO", default=False)
PRODUCTION = not (DEBUG or DEMO)
PORT: int = env.int("PORT", default=8000)
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))


def _local_secret() -> str:
    """Return this checkout's own key, made on first use: sessions of a demo survive its restart."""
    path = VAR_DIR / "secret-key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text()


# ---- who we are --------------------------------------------------------------------------------------------------

SECRET_KEY: str = (
    env.str("SECRET_KEY", default="") if PRODUCTION else env.str("SECRET_KEY", default="") or _local_secret()
)
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", default=[])
SITE_URL: str = env.str("SITE_URL", default="" if PRODUCTION else f"http://localhost:{PORT}").rstrip("/")
ALLOWED_HOSTS: list[str] = env.list(
    "ALLOWED_HOSTS",
    default=[] if PRODUCTION else ["localhost", "127.0.0.1", "[::1]", "testserver"],
)
BEHIND_PROXY: bool = env.bool("BEHIND_PROXY", default=False)
HEALTH_TOKEN: str = env.str("HEALTH_TOKEN", default="")
EMAIL_URL_GIVEN = bool(env.str("EMAIL_URL", default=""))


LONG = 50  # characters; what `check --deploy` asks for


def _is_weak(key: str) -> bool:
    return len(key) < LONG or key.startswith("django-insecure-") or len(set(key)) < LONG // 5


def _refuse_insecure() -> None:
    wrong = {
        "SECRET_KEY must be set, to 50 random characters or more": _is_weak(SECRET_KEY),
        "SECRET_KEY_FALLBACKS holds a weak key": any(map(_is_weak, SECRET_KEY_FALLBACKS)),
        "ALLOWED_HOSTS must name the hosts that serve the portal": not ALLOWED_HOSTS,
        "ALLOWED_HOSTS must not hold a wildcard": any("*" in host or host.startswith(".") for host in ALLOWED_HOSTS),
        "SITE_URL must be an https:// address": urlsplit(SITE_URL).scheme != "https" or not urlsplit(SITE_URL).hostname,
        "EMAIL_URL must name the mail server": not EMAIL_URL_GIVEN,
    }
    if reasons := [reason for reason, is_wrong in wrong.items() if is_wrong]:
        raise ImproperlyConfigured("; ".join(reasons) + ". See docs/settings.md.")


if PRODUCTION:
    _refuse_insecure()

# ---- the parts ---------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "portal",
    "athletes",
    "exercises",
    "clinic",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "rest_framework",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_htmx",
    "template_partials",
    "allauth",
    "allauth.account",
    "axes",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",  # above static files: an SVG opened by itself is a page too
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "portal.middleware.NoStoreMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
    "portal.middleware.ClockMiddleware",
    "clinic.middleware.ScopeMiddleware",  # last: the scope, and its transaction, hold the view and its rendering
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.context.shell",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static"],
        },
    }
]
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
INSTALLED_APPS.append("django.forms")

# ---- the database ------------------------------------------------------------------------------------------------
# DATABASE_URL is the app role, for web, worker and beat. Migrations run with DATABASE_URL=$OWNER_DATABASE_URL.

DATABASES: dict[str, dict[str, Any]] = {
    "default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'backstride.sqlite3'}")
}
OWNER_DATABASE_URL: str = env.str("OWNER_DATABASE_URL", default="")
APP_ROLE: str = env.str("APP_ROLE", default="backstride_app")

_database = DATABASES["default"]
if _database["ENGINE"].endswith("sqlite3"):
    if _database["NAME"] != ":memory:":
        _database["NAME"] = str(BASE_DIR / _database["NAME"])
        Path(_database["NAME"]).parent.mkdir(parents=True, exist_ok=True)
    _database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",  # a deferred transaction that turns writer fails with "locked", busy timeout or not
        "timeout": 5,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL",  # NORMAL may lose the last commits
    }
else:
    _database["OPTIONS"] = {
        "connect_timeout": 5,
        "server_side_binding": True,  # statements are parsed and planned once per connection, not at every call
        "prepare_threshold": 3,
        **_database.get("OPTIONS", {}),
    }
    _database["CONN_MAX_AGE"] = 600
    _database["CONN_HEALTH_CHECKS"] = True

# Limits on sign-in must hold across processes, and without Redis.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "portal_cache",
    }
}

# ---- signing in --------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "clinic.User"
MEMBER_BRINGS = ("athlete",)  # read with the member at the door: a runner's pages are all about it
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["email"]},
    },
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_RESET_TIMEOUT = 60 * 60  # seconds
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"

ACCOUNT_ADAPTER = "clinic.adapters.AccountAdapter"
ACCOUNT_FORMS = {"request_login_code": "clinic.adapters.CodeForm"}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # an invitation proved the address
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 3
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 10 * 60  # seconds
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_DEFAULT_HTTP_PROTOCOL = urlsplit(SITE_URL).scheme
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "30/m/ip",  # by account and address is axes' part: two limits of one kind would surprise
    "request_login_code": "20/m/ip,3/m/key,10/h/key",  # by the minute alone, guessing would get somewhere in a day
    "reset_password": "20/m/ip,5/m/key",
    "reset_password_from_key": "20/m/ip",
    "change_password": "5/m/user",
    "manage_email": "10/m/user",
    "reauthenticate": "10/m/user",
}

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 5 / 60  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]  # nobody can lock another person out from elsewhere
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_ENABLE_ACCESS_FAILURE_LOG = False
AXES_DISABLE_ACCESS_LOG = True
AXES_USERNAME_FORM_FIELD = "login"
AXES_USERNAME_CALLABLE = "portal.lockout.account"
AXES_CLIENT_IP_CALLABLE = "portal.lockout.client_ip"
ALLAUTH_TRUSTED_PROXY_COUNT = int(BEHIND_PROXY)
AXES_LOCKOUT_TEMPLATE = "account/locked.html"
AXES_SENSITIVE_PARAMETERS: list[str] = []

SESSION_COOKIE_AGE = 30 * 24 * 60 * 60  # seconds
SESSION_COOKIE_NAME = "__Host-session" if PRODUCTION else "session"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "__Host-csrf" if PRODUCTION else "csrf"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # may name a person: not into a cookie

# ---- what every answer says --------------------------------------------------------------------------------------

SECURE_SSL_REDIRECT = PRODUCTION
SECURE_REDIRECT_EXEMPT = [r"^(livez|readyz|pipelinez)$"]  # asked over loopback, behind the proxy
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_REFERRER_POLICY = SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "media-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
    }
}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],  # ClinicAPI brings its own; naming it here would import in a circle
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "EXCEPTION_HANDLER": "clinic.problems.handler",
}

# ---- words, times, files -----------------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True


def media_storage() -> dict[str, Any]:
    """Keep clinics' photos and videos on this machine's disk, or in an S3-compatible store when one is named."""
    bucket = env.str("MEDIA_S3_BUCKET", default="")
    if not bucket:
        return {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(VAR_DIR / "media"), "base_url": None, "file_permissions_mode": 0o600},
        }
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": bucket,
            "endpoint_url": env.str("MEDIA_S3_ENDPOINT", default="") or None,
            "region_name": env.str("MEDIA_S3_REGION", default="") or None,
            "default_acl": "private",
            "file_overwrite": False,
            "object_parameters": {"ContentType": "application/octet-stream"},  # nobody is meant to open it from there
        },
    }


UPLOAD_MAX_BYTES = env.int("MEDIA_VIDEO_MB", default=100) * 1_000_000
MEDIA_LIMITS = {
    "photo_bytes": env.int("MEDIA_PHOTO_MB", default=15) * 1_000_000,
    "video_bytes": UPLOAD_MAX_BYTES,
    "video_seconds": env.int("MEDIA_VIDEO_SECONDS", default=180),
}
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000  # a long protocol is one form of some two thousand fields
FILE_UPLOAD_HANDLERS = [
    "portal.uploads.Bounded",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "media": media_storage(),
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG

# ---- mail --------------------------------------------------------------------------------------------------------

vars().update(env.email_url("EMAIL_URL", default="consolemail://"))
EMAIL_TIMEOUT = 15  # seconds; Django's default waits for ever
DEFAULT_FROM_EMAIL: str = env.str("DEFAULT_FROM_EMAIL", default=f"Backstride <portal@{urlsplit(SITE_URL).hostname}>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# ---- work in the background --------------------------------------------------------------------------------------

REDIS_URL: str = env.str("REDIS_URL", default="redis://127.0.0.1:6379/0")
CELERY_BROKER_URL = REDIS_URL
# A ring is acknowledged when it is heard, not when its round is done: nothing rests on it, the next tick rings again.
CELERY_TASK_ACKS_LATE = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_IGNORE_RESULT = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # the broker may be away for an hour; the worker must outlive that
CELERY_TASK_TIME_LIMIT = 600  # seconds; a round that hangs gives its process back
CELERY_TASK_PUBLISH_RETRY = False  # a doorbell that cannot ring must not hold up a request
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "ack_emulation": False,  # a worker that holds a receipt when the broker dies would die of it (kombu#582)
    "socket_connect_timeout": 2,
    "socket_timeout": 5,
}
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULE = {
    "sweep": {
        "task": "portal.tasks.sweep",
        "schedule": 60.0,
        "options": {"expires": 55},
    },
    "deliver": {
        "task": "portal.tasks.deliver",
        "schedule": 15.0,
        "options": {"expires": 14},
    },
    "tidy": {"task": "portal.tasks.tidy", "schedule": 3600.0, "options": {"expires": 3500}},
    "beat": {"task": "portal.tasks.beat", "schedule": 60.0, "options": {"expires": 55}},
}
# A tick late enough to have expired is dropped: the next one finds the same rows due.

# ---- what is logged: no personal data ----------------------------------------------------------------------------

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"routes": {"()": "portal.logs.RouteNotPath"}},
    "formatters": {
        "plain": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"},
        "json": {"()": "portal.logs.JsonLine"},
    },
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "json" if PRODUCTION else "plain",
            "filters": ["routes"],
        }
    },
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "axes": {"level": "WARNING"},
        "gunicorn.http.wsgi": {"level": "ERROR"},  # warns of every HEAD: Django leaves its body to the server
    },
}
