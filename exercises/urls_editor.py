"""Doors of the editors: who may change the library."""

from django.urls import path
from django.urls.resolvers import URLPattern

from exercises.models import Exercise, Protocol
from exercises.views import editor, protocol_editor
from exercises.views.history import BringBack, History, Retire, Version


def _life(noun: str, folder: str, model: type[Exercise] | type[Protocol]) -> list[URLPattern]:
    """Return the doors that an exercise and a protocol have alike."""
    return [
        path(f"{folder}<uuid:pk>/history/", History.as_view(model=model), name=f"{noun}_history"),
        path(f"{folder}<uuid:pk>/history/<int:number>/", Version.as_view(model=model), name=f"{noun}_version"),
        path(f"{folder}<uuid:pk>/retire/", Retire.as_view(model=model), name=f"{noun}_retire"),
        path(f"{folder}<uuid:pk>/bring-back/", BringBack.as_view(model=model), name=f"{noun}_bring_back"),
    ]


urlpatterns = [
    path("library/new/", editor.NewExercise.as_view(), name="exercise_new"),
    path("library/<uuid:pk>/edit/", editor.EditExercise.as_view(), name="exercise_edit"),
    path("library/<uuid:pk>/copy/", editor.CopyExercise.as_view(), name="exercise_copy"),
    path("library/protocols/new/", protocol_editor.NewProtocol.as_view(), name="protocol_new"),
    path("library/protocols/<uuid:pk>/edit/", protocol_editor.EditProtocol.as_view(), name="protocol_edit"),
    path("library/protocols/<uuid:pk>/copy/", protocol_editor.CopyProtocol.as_view(), name="protocol_copy"),
    *_life("exercise", "library/", Exercise),
    *_life("protocol", "library/protocols/", Protocol),
]
