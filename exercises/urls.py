"""Doors of the library."""

from django.urls import path

from exercises import api
from exercises.views import library, protocols

app_name = "exercises"
urlpatterns = [
    path("library/", library.Library.as_view(), name="library"),
    path("library/<uuid:pk>/", library.ExercisePage.as_view(), name="exercise"),
    path("library/protocols/", protocols.Protocols.as_view(), name="protocols"),
    path("library/protocols/<uuid:pk>/", protocols.ProtocolPage.as_view(), name="protocol"),
    path("api/v1/exercises/", api.ExerciseList.as_view(), name="api_list"),
]
