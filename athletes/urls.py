"""Doors of the big room."""

from django.urls import URLPattern, URLResolver

app_name = "athletes"
urlpatterns: list[URLPattern | URLResolver] = []
