"""Doors that exist only in the demo."""

from django.urls import path

from portal.views import demo, mailbox

app_name = "demo"
urlpatterns = [
    path("", demo.Clock.as_view(), name="clock"),
    path("mailbox/", mailbox.inbox, name="mailbox"),
    path("mailbox/<int:stamp>/", mailbox.letter, name="letter"),
]
