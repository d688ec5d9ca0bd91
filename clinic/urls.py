"""Doors of the bottom room."""

from django.urls import path

from clinic.views import invitations, staff, switch, unsubscribe

app_name = "clinic"
urlpatterns = [
    path("clinics/", switch.Switch.as_view(), name="switch"),
    path("clinic/staff/", staff.Staff.as_view(), name="staff"),
    path("clinic/staff/<uuid:member>/invite/", staff.Resend.as_view(), name="staff_resend"),
    path("clinic/staff/<uuid:member>/end/", staff.End.as_view(), name="staff_end"),
    path("invitation/<str:token>/", invitations.Accept.as_view(), name="invitation"),
    path("u/<str:token>/", unsubscribe.Unsubscribe.as_view(), name="unsubscribe"),
]
