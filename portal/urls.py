"""Every door of the portal, in one place."""

from allauth.account.urls import urlpatterns as account
from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from clinic.admin import site
from portal.views import health, home

# An address belongs to the membership that the clinic invited: nobody changes it, or signs up, from here.
CLOSED = {"account_email", "account_set_password", "account_confirm_email", "account_email_verification_sent"}

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.Home.as_view(), name="home"),
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
    path("pipelinez", health.pipelinez, name="pipelinez"),
    path("account/", include([door for door in account if door.name not in CLOSED])),
    path("admin/", site.urls),
    path("", include("athletes.urls")),
    path("", include("exercises.urls")),
    path("", include("clinic.urls")),
]

if settings.DEMO:  # elsewhere nothing may move the clock or read the mail, signed in or not
    urlpatterns.append(path("demo/", include("portal.demo_urls")))
