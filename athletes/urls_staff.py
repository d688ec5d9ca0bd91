"""Doors of the clinic's side. `athletes/urls.py` includes them under its name."""

from django.urls import path

from athletes.views import alerts, care, caseload, record

ATHLETE = "athletes/<uuid:athlete>"
ALERT = "alerts/<uuid:alert>"

urlpatterns = [
    path("athletes/", caseload.Caseload.as_view(), name="caseload"),
    path(f"{ATHLETE}/", record.Record.as_view(), name="athlete"),
    path(f"{ATHLETE}/join/", care.Join.as_view(), name="join_care"),
    path(f"{ATHLETE}/pause/", care.Pause.as_view(), name="pause"),
    path(f"{ATHLETE}/pause/<uuid:pause>/end/", care.EndPause.as_view(), name="end_pause"),
    path(f"{ATHLETE}/hold/", care.Hold.as_view(), name="hold"),
    path(f"{ATHLETE}/resume/", care.Resume.as_view(), name="resume"),
    path(f"{ATHLETE}/discharge/", care.Discharge.as_view(), name="discharge"),
    path("alerts/", alerts.Inbox.as_view(), name="alerts"),
    path(f"{ALERT}/", alerts.AlertPage.as_view(), name="alert"),
    path(f"{ALERT}/acknowledge/", alerts.Acknowledge.as_view(), name="acknowledge"),
    path(f"{ALERT}/assign/", alerts.Assign.as_view(), name="assign"),
    path(f"{ALERT}/resolve/", alerts.Resolve.as_view(), name="resolve"),
]
