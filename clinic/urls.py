"""Doors of the bottom room."""

from django.urls import path

from clinic.views import invitations, switch, unsubscribe

app_name = "clinic"
urlpatterns = [
    path("clinics/", switch.Switch.as_view(), name="switch"),
    path("invitation/<str:token>/", invitations.Accept.as_view(), name="invitation"),
    path("u/<str:token>/", unsubscribe.Unsubscribe.as_view(), name="unsubscribe"),
]
