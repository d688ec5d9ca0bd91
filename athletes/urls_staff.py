"""Doors of the clinic's side. `athletes/urls.py` includes them under its name."""

from django.urls import path

from athletes.views import alerts, care, caseload, drafts, new_runner, programs, record

ATHLETE = "athletes/<uuid:athlete>"
PROGRAM = f"{ATHLETE}/programs/<uuid:program>"
ALERT = "alerts/<uuid:alert>"

urlpatterns = [
    path("athletes/", caseload.Caseload.as_view(), name="caseload"),
    path(f"{ATHLETE}/", record.Record.as_view(), name="athlete"),
    path(f"{ATHLETE}/join/", care.Join.as_view(), name="join_care"),
    path(f"{ATHLETE}/invite/", care.Reinvite.as_view(), name="reinvite"),
    path(f"{ATHLETE}/pause/", care.Pause.as_view(), name="pause"),
    path(f"{ATHLETE}/pause/<uuid:pause>/end/", care.EndPause.as_view(), name="end_pause"),
    path(f"{ATHLETE}/hold/", care.Hold.as_view(), name="hold"),
    path(f"{ATHLETE}/resume/", care.Resume.as_view(), name="resume"),
    path(f"{ATHLETE}/discharge/", care.Discharge.as_view(), name="discharge"),
    path("athletes/new/", new_runner.New.as_view(), name="new_runner"),
    path(f"{ATHLETE}/programs/new/", programs.NewProgram.as_view(), name="new_program"),
    path(f"{PROGRAM}/draft/", drafts.Draft.as_view(), name="draft"),
    path(f"{PROGRAM}/publish/", drafts.Publish.as_view(), name="publish"),
    path(f"{PROGRAM}/preview/", programs.Preview.as_view(), name="preview"),
    path(f"{PROGRAM}/end/", programs.End.as_view(), name="end_program"),
    path("alerts/", alerts.Inbox.as_view(), name="alerts"),
    path(f"{ALERT}/", alerts.AlertPage.as_view(), name="alert"),
    path(f"{ALERT}/acknowledge/", alerts.Acknowledge.as_view(), name="acknowledge"),
    path(f"{ALERT}/assign/", alerts.Assign.as_view(), name="assign"),
    path(f"{ALERT}/resolve/", alerts.Resolve.as_view(), name="resolve"),
]
