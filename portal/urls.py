"""Every door of the portal, in one place."""

from importlib.util import find_spec

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

ROOMS = [f"{room}.urls" for room in ("athletes", "exercises", "clinic")]

urlpatterns: list[URLPattern | URLResolver] = [
    path("account/", include("allauth.account.urls")),
    path("admin/", admin.site.urls),
    *(path("", include(room)) for room in ROOMS if find_spec(room)),
]
