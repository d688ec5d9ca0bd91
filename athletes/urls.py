"""Doors of the big room: the runner's here, the clinic's in urls_staff."""

from django.urls import include, path

from athletes import api
from athletes.views import my_record, preferences, session_log, today, wrong

app_name = "athletes"
urlpatterns = [
    path("me/", today.Today.as_view(), name="today"),
    path("me/morning/", today.Morning.as_view(), name="morning"),
    path("me/log/<uuid:block>/", session_log.LogSession.as_view(), name="log"),
    path("me/log/<uuid:log>/correct/", session_log.CorrectSession.as_view(), name="correct"),
    path("me/history/", my_record.History.as_view(), name="history"),
    path("me/program/", my_record.MyProgram.as_view(), name="my_program"),
    path("me/reminders/", preferences.Preferences.as_view(), name="preferences"),
    path("me/wrong/", wrong.Wrong.as_view(), name="wrong"),
    path("api/v1/me/today/", api.TodayAPI.as_view(), name="api_today"),
    path("api/v1/me/sessions/", api.SessionsAPI.as_view(), name="api_sessions"),
    path("", include("athletes.urls_staff")),
]
