"""Doors of the editors: who may change the library."""

from django.urls import path

from exercises.views import editor

urlpatterns = [
    path("library/new/", editor.NewExercise.as_view(), name="exercise_new"),
    path("library/<uuid:pk>/edit/", editor.EditExercise.as_view(), name="exercise_edit"),
    path("library/<uuid:pk>/copy/", editor.CopyExercise.as_view(), name="exercise_copy"),
]
