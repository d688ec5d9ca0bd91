"""Doors of the library."""

from django.urls import path

from exercises import api, views

app_name = "exercises"
urlpatterns = [
    path("library/", views.Library.as_view(), name="library"),
    path("library/<uuid:pk>/", views.ExercisePage.as_view(), name="exercise"),
    path("library/protocols/", views.Protocols.as_view(), name="protocols"),
    path("library/protocols/<uuid:pk>/", views.ProtocolPage.as_view(), name="protocol"),
    path("api/v1/exercises/", api.ExerciseList.as_view(), name="api_list"),
]
